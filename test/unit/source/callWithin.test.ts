// Spans of a library that say little: the line of the user's function that made the call.
import { expect, it } from 'vitest';
import { resolveSpan, type SourcePorts } from '../../../src/source';
import { placeOf } from './support/memory';
import { memorySearch } from './support/search';
import { memoryWorkspace } from './support/workspace';

const files = {
  'file:///w/cart.ts': `export async function loadCart(id) {
  const key = keyOf(id);
  const known = await cache.hgetall(key);
  if (known) return known;
  return remember(key, await fetchCart(id));
}

async function remember(key, cart) {
  await redis.hset(key, cart);
  return cart;
}
`,
};
const ports: SourcePorts = { workspace: memoryWorkspace(['file:///w'], files), search: memorySearch(files) };
const parent = { name: 'x', service: 'shop', kind: 1, attributes: { 'code.function.name': 'loadCart' } };

async function place(name: string, attributes: Record<string, string>, kind = 3, ancestors = [parent]): Promise<string> {
  const span = { name, service: 'shop', kind, attributes, resource: {}, events: [] };
  const family = { ancestors, before: [], children: [] };
  const [best] = (await resolveSpan({ ...span, family }, ports, { pathMappings: {} })).candidates;
  return best ? `${best.line + 1} ${best.confidence}` : 'none';
}

async function places(
  name: string,
  attributes: Record<string, string>,
  kind: number,
  own: Record<string, string>,
): Promise<readonly string[]> {
  const span = { name, service: 'shop', kind, attributes, resource: {}, events: [] };
  const all: SourcePorts = { workspace: memoryWorkspace(['file:///w'], own), search: memorySearch(own) };
  const family = { ancestors: [parent], before: [], children: [] };
  const { candidates } = await resolveSpan({ ...span, family }, all, { pathMappings: {} });
  return candidates.map(({ line, confidence }) => `${line + 1} ${confidence}`);
}

it('is found by the operation and what it is done to', async () => {
  expect(await place('HGETALL', { 'db.system.name': 'redis', 'db.operation.name': 'HGETALL' })).toBe('3 0.75');
});

it('is found in a function that the caller calls', async () => {
  expect(await place('redis-HSET', { 'db.system': 'redis' })).toBe('9 0.7');
});

it('is the caller itself where no call is found, as a guess', async () => {
  expect(await place('FLUSHALL', { 'db.system': 'mysql' })).toBe('1 0.3');
});

it('is not looked for where a request came in, nor where nobody called', async () => {
  expect(await place('HGETALL', { 'db.system': 'redis' }, 2)).toBe('none');
  expect(await place('HGETALL', { 'db.system': 'redis' }, 3, [])).toBe('none');
});

it('comes after a place that has something of the span itself, and is no second reason for it', async () => {
  const said = await places('carts publish', { 'messaging.destination.name': 'carts' }, 4, {
    'file:///w/cart.ts': "export async function loadCart(id) {\n  channel.consume('carts', done);\n  return id;\n}\n",
  });
  expect(said).toEqual(['2 0.3', '1 0.06']);
});

it('is found in a service that the caller calls, before a call of the system alone', async () => {
  const own = {
    'file:///w/cart.ts': `import { CacheService } from './cache.service';
export async function loadCart(id) {
  const cacheService = new CacheService(client);
  await cacheService.remember(id, 'x');
}
`,
    'file:///w/cache.service.ts': `export class CacheService {
  constructor(private readonly redis: Redis) {}
  async remember(key: string, value: string) {
    await this.redis.set(key, value);
  }
}
`,
  };
  expect((await places('set', { 'db.system': 'redis', 'db.statement': 'set cart:4 [1 other arguments]' }, 3, own))[0]).toMatch(
    /^4 0\.[567]/,
  );
});

it('may be called like a word that begins statements elsewhere', async () => {
  const php = {
    'app/Health.php':
      "<?php\nclass Health\n{\n    public function show()\n    {\n        if (DB::select('select 2 + 2')) {\n            return 'ok';\n        }\n    }\n}\n",
  };
  const ancestors = [
    { name: 'show', service: '', kind: 1, attributes: { 'code.function.name': 'show', 'code.file.path': '/app/app/Health.php' } },
  ];
  const attributes = { 'db.system.name': 'mysql', 'db.operation.name': 'SELECT', 'db.query.text': 'select 2 + 2' };
  const asked = { name: 'sql SELECT', kind: 3, language: 'php', attributes, family: { ancestors, before: [], children: [] } };
  expect(await placeOf(asked, php)).toBe('app/Health.php:6');
});

it('is what a search engine is asked for, where only its path says that', async () => {
  const own = {
    'src/Charts.java': `class Charts {
    Response show(String query) {
        return shaped(this.charts.searchCharts(query));
    }
}
`,
    'src/ChartSearch.java': `class ChartSearch {
    SearchResponse searchCharts(String query) {
        return this.openSearchClient.search(s -> s.index("charts"));
    }
}
`,
  };
  const around = {
    name: 'x',
    service: '',
    kind: 1,
    language: 'java',
    attributes: { 'code.function.name': 'Charts.show', 'code.file.path': '/app/src/Charts.java' },
  };
  const asked = {
    name: 'POST',
    kind: 3,
    scope: 'io.opentelemetry.opensearch-rest-1.0',
    language: 'java',
    attributes: { 'db.system': 'opensearch', 'db.operation': 'POST', 'db.statement': 'POST /charts/_search' },
  };
  expect(await placeOf({ ...asked, family: { ancestors: [around], before: [], children: [] } }, own)).toBe(
    'src/ChartSearch.java:3',
  );
});

it('hands over a job of a library’s class, by the only call of the function that does', async () => {
  const job = { 'code.namespace': 'ActionMailer::MailDeliveryJob', 'messaging.system': 'active_job' };
  const ruby = (body: string, more: Record<string, string> = {}): Record<string, string> => ({
    'file:///w/carts.rb': `def loadCart\n${body}\nend\n\ndef remind_of(cart)\n    CartMailer.remind(cart).deliver_later\nend\n`,
    ...more,
  });
  expect(await places('default publish', job, 4, ruby('    a = 1\n    CartMailer.paid(a).deliver_later'))).toEqual(['3 0.6']);
  // What it calls.
  expect(await places('default publish', job, 4, ruby('    remind_of(1)'))).toEqual(['6 0.6']);
  // The words of the class tell which.
  const two = ruby('    AuditJob.perform_later(1)\n    CartMailer.paid(1).deliver_later');
  expect((await places('default publish', job, 4, two))[0]).toBe('3 0.6');
  const own = { 'file:///w/job.rb': 'module ActionMailer\n  class MailDeliveryJob\n  end\nend\n' };
  const [best] = await places('default publish', job, 4, ruby('    Audit.later(1)', own));
  expect(Number(best?.split(' ')[1] ?? 0)).toBeLessThan(0.5);
});

it('is found by the name that a library calls its function', async () => {
  const own = {
    'file:///w/exports.go': `package exports

func loadCart(ctx context.Context, s *Service) error {
	reader, err := s.files.NewRangeReader(ctx, "a", 0, -1)
	if err != nil {
		return err
	}
	return s.tell(ctx, reader)
}

func (s *Service) tell(ctx context.Context, reader io.Reader) error {
	return s.topic.Send(ctx, &pubsub.Message{Body: read(reader)})
}
`,
  };
  expect((await places('gocloud.dev/pubsub.Topic.Send', { gocdk_method: 'Topic.Send' }, 1, own))[0]).toBe('12 0.7');
  expect((await places('gocloud.dev/blob.NewRangeReader', {}, 1, own))[0]).toMatch(/^4 /);
});

it('is where the request was made, for what its library did for it', async () => {
  const own = {
    'file:///w/boats.ts': `export async function loadCart(id) {
  const key = keyOf(id);
  const boats = await axios.get(\`https://api.boats.example/v1/harbours/\${id}/boats\`);
  return boats.data;
}
`,
  };
  const ports: SourcePorts = { workspace: memoryWorkspace(['file:///w'], own), search: memorySearch(own) };
  const request = {
    name: 'GET',
    service: 'shop',
    kind: 3,
    attributes: { 'http.request.method': 'GET', 'url.full': 'https://api.boats.example/v1/harbours/7/boats' },
  };
  const found = async (ancestors: readonly (typeof request)[], attributes: Record<string, string>): Promise<string> => {
    const span = { name: 'tls.connect', service: 'shop', kind: 1, attributes, resource: {}, events: [] };
    const family = { ancestors, before: [], children: [] };
    const [best] = (await resolveSpan({ ...span, family }, ports, { pathMappings: {} })).candidates;
    return best ? `${best.line + 1} ${best.confidence}${best.ofRequest ? ' of it' : ''}` : 'none';
  };
  expect(await found([request], { 'net.peer.name': 'api.boats.example' })).toBe('3 0.75 of it');
  expect(await found([{ ...request, name: 'tcp.connect', kind: 1, attributes: {} as never }, request], {})).toBe('3 0.75 of it');
  expect(await found([{ ...request, service: 'harbour' }], {})).toBe('none');
});
