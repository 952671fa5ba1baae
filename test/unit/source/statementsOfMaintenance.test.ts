// Statements that are about no row, of which the source has the words that they begin with.
import { expect, it } from 'vitest';
import { likeMaintenance, maintenanceNeedles } from '../../../src/source/queries/maintenance';
import { hintsOf, shown } from './support/memory';

const files = {
  'jobs/tidy.rs': 'async fn tidy() {\n    sql_query("VACUUM tide_levels;")\n        .execute(&mut conn)\n        .await?;\n}\n',
  'core/views.go':
    'package core\n\nfunc (c *Core) Refresh(name string) error {\n\tq := "REFRESH MATERIALIZED VIEW %s %s"\n\t_, err := c.db.Exec(fmt.Sprintf(q, "", name))\n\treturn err\n}\n',
  'app/Optimize.php':
    "<?php\nfunction optimize($tables) {\n    $sql = 'OPTIMIZE TABLE ';\n    foreach ($tables as $table) {\n        DB::statement($sql . $table);\n    }\n}\n",
  'app/Check.php': "<?php\n$queries = ['mysql' => 'SHOW TABLES;', 'sqlite' => 'VACUUM'];\n",
};

it.each([
  ['VACUUM tide_levels; -- binds: []', 'jobs/tidy.rs:2 0.78'],
  ['REFRESH MATERIALIZED VIEW  mat_levels', 'core/views.go:4 0.66'],
  ['OPTIMIZE TABLE levels', 'app/Optimize.php:3 0.66'],
  ['SHOW TABLES;', 'app/Check.php:2 0.78'],
])('%s', async (text, place) => {
  const span = { name: 'sql', kind: 3, attributes: { 'db.system.name': 'mysql', 'db.query.text': text } };
  expect(shown(await hintsOf(span, files))[0]).toBe(place);
});

it('tells a whole statement from one that begins so', () => {
  expect(maintenanceNeedles('SELECT 1')).toEqual([]);
  expect(maintenanceNeedles('vacuum levels')).toEqual(['vacuum', 'VACUUM']);
  expect(likeMaintenance('VACUUM levels', 'VACUUM levels')).toBe(1);
  expect(likeMaintenance('VACUUM levels', 'VACUUM tides')).toBe(0);
  expect(likeMaintenance('VACUUM levels', 'VACUUM')).toBe(0);
  expect(likeMaintenance('VACUUM levels', 'VACUUM ')).toBe(0.5);
  expect(likeMaintenance('VACUUM levels', 'vacuum $' + '{table}')).toBe(0.5);
});

it('looks past what an instrumentation wrote behind a statement', async () => {
  const probe = { 'src/health.ts': 'export const isUp = () => prisma.$queryRaw`SELECT 1`;\n' };
  const text = 'SELECT 1 /* traceparent=00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b11e-01 */';
  const span = {
    name: 'prisma:engine:db_query',
    kind: 3,
    language: 'nodejs',
    attributes: { 'db.system': 'postgresql', 'db.statement': text },
  };
  expect(shown(await hintsOf(span, probe))).toEqual(['src/health.ts:1 0.45']);
});
