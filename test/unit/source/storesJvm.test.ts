// Stores of the JVM and of .NET: commands of caches by what their clients call them, services of MyBatis-Plus, functions of one line.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const around = (type: string, name: string, file: string) => ({
  name: 'x',
  service: '',
  kind: 1,
  language: 'java',
  attributes: { 'code.namespace': type, 'code.function': name, 'code.file.path': `/app/${file}` },
});

async function leads(attributes: Record<string, string>, files: Record<string, string>, ancestor: ReturnType<typeof around>) {
  const family = { ancestors: [ancestor], before: [], children: [] };
  const scope = 'io.opentelemetry.jdbc';
  const name = attributes['db.operation'] ?? 'SELECT';
  return placeOf({ name, kind: 3, scope, language: 'java', attributes, family }, files);
}

it.each([
  ['GET', 'page'],
  ['HINCRBY', 'look'],
])('leads from %s of Redis to the call of a chain', async (operation, name) => {
  const files = {
    'src/Reeds.java': `class Reeds {
    String page(String id) {
        return pages.cachedPage(id);
    }
    void look(String id) {
        pages.cachedLook(id);
    }
}
`,
    'src/ReedPages.java': `class ReedPages {
    String cachedPage(String id) {
        return redisTemplate.opsForValue().get("reed:" + id);
    }
    void cachedLook(String id) {
        redisTemplate.opsForHash().increment("looks", id, 1);
    }
}
`,
  };
  const attributes = { 'db.system': 'redis', 'db.operation': operation, 'db.statement': `${operation} reed:1` };
  const place = await leads(attributes, files, around('Reeds', name, 'src/Reeds.java'));
  expect(place).toBe(operation === 'GET' ? 'src/ReedPages.java:3' : 'src/ReedPages.java:6');
});

it('leads to what a service of MyBatis-Plus calls of its base', async () => {
  const files = {
    'src/ReedController.java':
      'class ReedController {\n    private final ReedService reedService;\n    Object page(Query q) {\n        return reedService.pageReeds(q);\n    }\n}\n',
    'src/ReedService.java': 'interface ReedService extends IService<Reed> {\n    IPage<Reed> pageReeds(Query q);\n}\n',
    'src/ReedServiceImpl.java': `class ReedServiceImpl extends ServiceImpl<ReedMapper, Reed> implements ReedService {
    public IPage<Reed> pageReeds(Query q) {
        LambdaQueryWrapper<Reed> wrapper = Wrappers.lambdaQuery();
        wrapper.like(Reed::getName, q.getName());
        return page(q.page(), wrapper);
    }
}
`,
  };
  const statement = 'SELECT id,name,height FROM reed WHERE (name LIKE ?) LIMIT ?';
  const attributes = { 'db.system': 'mysql', 'db.operation': 'SELECT', 'db.sql.table': 'reed', 'db.statement': statement };
  const place = await leads(attributes, files, around('ReedController', 'page', 'src/ReedController.java'));
  expect(place).toMatch(/^src\/ReedServiceImpl\.java:[35]$/);
});

it('leads to queries of functions of one line', async () => {
  const files = {
    'src/Reeds.java':
      'class Reeds {\n    int count() { return dsl.fetchCount(REED); }\n    void cut(int id) { dsl.deleteFrom(REED).where(REED.ID.eq(id)).execute(); }\n}\n',
  };
  const statement = 'delete from "public"."reed" where "public"."reed"."id" = ?';
  const attributes = { 'db.system': 'postgresql', 'db.operation': 'DELETE', 'db.sql.table': 'reed', 'db.statement': statement };
  expect(await leads(attributes, files, around('Other', 'x', 'src/Other.java'))).toBe('src/Reeds.java:3');
});
