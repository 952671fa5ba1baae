// Routes that stand in a description of the interface alone: the operation's id is called like the function that answers.
import { describe, expect, it } from 'vitest';
import { hintsOf, shown } from './support/memory';

const server = (method: string, route: string, language?: string) => ({
  name: `${method} ${route}`,
  kind: 2,
  language,
  attributes: { 'http.route': route, 'http.request.method': method },
});

const description = `openapi: 3.0.3
info:
  title: Reeds
servers:
  - url: https://reeds.example.com/garden/v1
paths:
  # all of them
  /reeds/{reedId}/cuts:
    parameters:
      - $ref: '#/components/parameters/reed'
    get:
      operationId: listReedCuts
      responses:
        '200':
          description: cuts
    post:
      summary: cut
      operationId: cutReed
  /reeds:
    get:
      operationId: garden.reeds.list_reeds
`;
const java = `package garden;
@RestController
public class CutController implements CutsApi {
  @Override
  public ResponseEntity<List<Cut>> listReedCuts(Long reedId) {
    return ok(cuts.of(reedId));
  }
  @Override
  public ResponseEntity<Cut> cutReed(Long reedId, CutRequest request) {
    return ok(cuts.add(reedId, request));
  }
}
`;
const files = {
  'api/reeds.yaml': description,
  'src/main/java/garden/CutController.java': java,
  'src/main/java/garden/OldController.java':
    '@RestController\npublic class OldController {\n  @GetMapping("/cuts")\n  public List<Cut> old() {\n    return all;\n  }\n}\n',
  'garden/reeds.py': 'def list_reeds(limit=10):\n    return all_reeds()[:limit]\n',
  'web/src/cuts.ts': 'export const listReedCuts = (id) => http.get(`/reeds/${id}/cuts`);\n',
};

describe('a route of a description', () => {
  it.each([
    ['GET', '/garden/v1/reeds/{reedId}/cuts', 'java', /CutController\.java:5 0\.76/],
    ['POST', '/garden/v1/reeds/{id}/cuts', 'java', /CutController\.java:9 0\.76/],
    ['POST', '/reeds/{id}/cuts', 'java', /CutController\.java:9 0\.76/],
    ['GET', '/reeds', 'python', /reeds\.py:1 0\.76/],
    // Nothing says what the beginning is.
    ['GET', '/other/reeds/{reedId}/cuts', 'java', /CutController\.java:5 0\.6/],
  ])('leads %s %s of %s to who answers', async (method, route, language, place) => {
    expect(shown(await hintsOf(server(method, route, language), files))[0]).toMatch(place);
  });

  it('is none of another interface that has but the last word, or no word of it', async () => {
    const other = {
      ...files,
      'web/theirs.yaml':
        'paths:\n  /cuts:\n    get:\n      operationId: listReedCuts\n  /{id}:\n    get:\n      operationId: listReedCuts\n',
    };
    delete (other as Record<string, string>)['api/reeds.yaml'];
    for (const route of ['/admin/cuts', '/admin/stones/{id}'])
      expect(shown(await hintsOf(server('GET', route, 'java'), other)).filter((place) => /\/CutController/.test(place))).toEqual(
        [],
      );
  });

  it('is none for a method that the path does not have', async () => {
    const found = shown(await hintsOf(server('DELETE', '/reeds/{reedId}/cuts', 'java'), files));
    expect(found.filter((place) => place.includes('CutController'))).toEqual([]);
  });

  it('gives way to who declares all of it', async () => {
    const declared = java
      .replace('  @Override\n', '')
      .replace('  public Resp', '  @GetMapping("/reeds/{reedId}/cuts")\n  public Resp');
    const found = shown(
      await hintsOf(server('GET', '/reeds/{reedId}/cuts', 'java'), {
        ...files,
        'src/main/java/garden/CutController.java': declared,
      }),
    );
    expect(found[0]).toMatch(/CutController\.java:[45] 0\.[78]/);
  });

  it('is read in JSON too, of 2.0', async () => {
    const swagger = JSON.stringify(
      { swagger: '2.0', basePath: '/v2', paths: { '/reeds/{id}': { put: { operationId: 'ReplaceReed' } } } },
      undefined,
      2,
    );
    const go =
      'package reeds\n\nfunc (s *Server) ReplaceReed(ctx context.Context, request ReplaceReedRequest) (Reed, error) {\n\treturn s.store.Put(request)\n}\n';
    expect(shown(await hintsOf(server('PUT', '/v2/reeds/:id', 'go'), { 'api.json': swagger, 'server.go': go }))[0]).toMatch(
      /server\.go:3 0\.76/,
    );
  });

  it('takes no time to speak of for a description that leads astray', async () => {
    const hostile = `paths:\n  /reeds:\n${'    get:\n'.repeat(30_000)}    operationId: x\n${"  '/reeds': ".repeat(20_000)}\n`;
    const start = process.cpuUsage();
    await hintsOf(server('GET', '/reeds', 'python'), { 'a.yaml': hostile, 'b.yaml': `${' '.repeat(100_000)}/reeds:` });
    const { user } = process.cpuUsage(start);
    expect(user / 1000).toBeLessThan(1_000);
  });
});
