// Formats that are nearly each other's are told apart: each document of every fixture is of one kind, and by no other is it taken for one of its own.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isMembers } from '../../../src/core/format/documents/kind';
import { LiteralReader, type Members } from '../../../src/core/format/documents/literal';
import { documentKinds } from '../../../src/core/format/mixed/kinds';
import { peoplesFiles } from '../../support/peoplesFiles';
import { decode } from './spans';

const folder = join(__dirname, '../../fixtures/formats');
const fixtures = readdirSync(folder)
  .filter((name) => !name.endsWith('.pb'))
  .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
const files = [...fixtures, ...peoplesFiles.filter(({ path }) => !path.startsWith(folder))];

/** The objects of a text that stand in no other one. */
function documentsOf(bytes: Uint8Array): Members[] {
  const reader = new LiteralReader();
  const found: Members[] = [];
  for (let at = bytes.indexOf(123); at >= 0; at = bytes.indexOf(123, at)) {
    try {
      const value = reader.read(bytes, at, bytes.length);
      if (isMembers(value)) found.push(value);
      at = reader.at;
    } catch {
      at++;
    }
  }
  return found;
}

it.each(files.map(({ name, bytes }) => [name, bytes] as const))('%s', (_, bytes) => {
  for (const document of documentsOf(bytes)) {
    // Rows of a table have the plainest names of all, and are asked last.
    const kinds = documentKinds.slice(0, -1).filter((kind) => kind.is(document));
    expect(kinds.map(({ format }) => format).slice(1)).toEqual([]);
  }
});

const documents = files.flatMap(({ name, bytes }) => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const read = decode(bytes);
    return read.spanCount === 0 ? [] : [[name, value, read] as const];
  } catch {
    return [];
  }
});

it.each(documents)('%s, its members in the opposite order', (_, value, { format, spanCount }) => {
  const turned = decode(JSON.stringify(reversed(value)));
  // Tempo answers OTLP, and is told by how its answers begin.
  const family = (one: string): string => (one === 'tempo' ? 'otlp-json' : one);
  expect([family(turned.format), turned.spanCount]).toEqual([family(format), spanCount]);
});

it.each(documents)('%s, with so many spans that its end is far away', (_, value, { format, spanCount }) => {
  const long = repeated(value, Math.ceil(200_000 / JSON.stringify(value).length) + 1);
  if (JSON.stringify(long).length < 100_000) return;
  for (const indent of [0, 2]) {
    const read = decode(JSON.stringify(long, undefined, indent));
    expect([indent, read.format]).toEqual([indent, format]);
    expect(read.spanCount).toBeGreaterThanOrEqual(spanCount);
  }
});

/** The outermost lists of several objects have each of them so many times. */
function repeated(value: unknown, times: number): unknown {
  if (Array.isArray(value)) {
    if (value.length > 1 && value.every(isMembers)) return Array.from({ length: times }, () => value).flat();
    return value.map((one) => repeated(one, times));
  }
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, repeated(inner, times)]));
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
