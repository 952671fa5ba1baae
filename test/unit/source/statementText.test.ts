// SQL in attributes that no convention names, and files that a person looks at later.
import { describe, expect, it } from 'vitest';
import { otherStatement } from '../../../src/source/model/statementText';
import { standingOf } from '../../../src/source/search/languages';
import { placeOf } from './support/memory';

describe('a statement in an attribute of another name', () => {
  it.each<[Record<string, string>, string | undefined]>([
    [{ sql: 'SELECT * FROM berths WHERE id = 1' }, 'sql'],
    [{ 'app.jdbc.query': 'insert into berths (deck) values (?)' }, 'app.jdbc.query'],
    [{ statement: 'UPDATE berths SET deck = 2' }, 'statement'],
    [{ query: 'select a berth' }, undefined],
    [{ query: 'query Berths { berths { id } }' }, undefined],
    [{ sql: 'SELECT 1 FROM berths', 'db.query.text': 'SELECT 2 FROM berths' }, undefined],
    [{ 'sql.rows': 'SELECT * FROM berths' }, undefined],
  ])('%o', (attributes, key) => expect(otherStatement(attributes)?.key).toBe(key));

  it('may be of any length and shape', () => {
    const begun = performance.now();
    for (const text of [`select ${'select '.repeat(20_000)}`, `update ${' '.repeat(50_000)}`, `insert ${'into'.repeat(20_000)}`])
      otherStatement({ sql: text });
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe('a notification of what a database was asked', () => {
  const files = {
    'config/initializers/tracing.rb': `ActiveSupport::Notifications.subscribe("sql.active_record") do |event|
  tracer.in_span(event.name) { }
end
`,
    'app/jobs/close_job.rb': 'class CloseJob\n  def perform\n    Berth.where(closed: false).each(&:close)\n  end\nend\n',
    'db/seeds/berths.rb': 'def seed\n  Berth.where(closed: false).each(&:paint)\nend\n',
    'app/tracing.rb': 'ActiveSupport::Notifications.subscribe("berth.closing") { }\n',
  };
  const notified = {
    name: 'sql.active_record',
    language: 'ruby',
    attributes: { sql: 'SELECT "berths".* FROM "berths" WHERE "berths"."closed" = $1', name: 'Berth Load' },
  };

  it('leads to the call, and not to who is told', async () => {
    expect(await placeOf(notified, files)).toBe('app/jobs/close_job.rb:3');
    expect(await placeOf({ name: 'sql.active_record', language: 'ruby' }, files)).toBe('');
    expect(await placeOf({ name: 'berth.closing', language: 'ruby' }, files)).toBe('');
  });
});

describe('where a file stands', () => {
  it.each<[string, string[], string]>([
    ['db/seeds/berths.rb', [], 'sample'],
    ['db/migrate/2024_add_deck.rb', [], 'sample'],
    ['harbour/migrations/0001_initial.py', [], 'sample'],
    ['src/Harbour/SampleData/Berths.cs', [], 'sample'],
    ['database/seeders/BerthSeeder.php', [], 'sample'],
    ['src/migrate/index.ts', [], 'source'],
    ['migrations/runner.go', ['migrations'], 'source'],
    ['seeder/main.go', ['harbour-seeder'], 'source'],
    ['seeder/main.go', ['harbour'], 'sample'],
    ['src/reseeding.ts', [], 'source'],
  ])('%s of %o', (path, services, standing) => expect(standingOf(path.split('/'), 'ruby', services)).toBe(standing));
});
