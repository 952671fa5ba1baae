// The schema of `spanhop.backends` in package.json says what the kinds' descriptors say. After a change of one:
// SPANHOP_WRITE_SCHEMA=1 npx vitest run --project alone test/unit/backends/settingsSchema.test.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backendKinds } from '../../../src/backends/kinds';
import { backendsSchema } from '../../support/backendsSchema';

const file = join(__dirname, '../../../package.json');

it('is what the kinds say', () => {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const { configuration } = manifest.contributes;
  const groups: { properties: Record<string, Record<string, unknown>> }[] = [configuration].flat();
  const setting = groups.map(({ properties }) => properties['spanhop.backends']).find((found) => found !== undefined);
  if (!setting) throw new Error('There is no setting spanhop.backends.');
  const wanted = backendsSchema(backendKinds);
  if (process.env.SPANHOP_WRITE_SCHEMA) {
    Object.assign(setting, wanted);
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  expect(setting).toMatchObject(JSON.parse(JSON.stringify(wanted)));
  expect(setting.items).toEqual(JSON.parse(JSON.stringify(wanted)).items);
});

it('has each kind once, with fields whose patterns are some', () => {
  expect(new Set(backendKinds.map(({ type }) => type)).size).toBe(backendKinds.length);
  const own = ['name', 'type', 'url', 'headers', 'tls', 'headersCommand'];
  for (const { fields, type } of backendKinds) {
    for (const { name, pattern, example, choices, default: fallback } of fields) {
      expect(own, `${type}.${name}`).not.toContain(name);
      const whole = pattern === undefined ? /^/ : new RegExp(`^(?:${pattern})$`);
      if (example !== undefined) expect(example, `${type}.${name}`).toMatch(whole);
      if (typeof fallback === 'string' && fallback !== '') expect(fallback, `${type}.${name}`).toMatch(whole);
      if (choices && fallback !== undefined) expect(choices).toContain(fallback);
    }
  }
});
