// Every line that a person would open in the captures of real programs (test data, programs/README.md): found, wrong, nothing.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  parseStack,
  type ResolveResult,
  resolveAttributes,
  resolveSpan,
  resolveStack,
  type SourcePorts,
} from '../../../src/core/source';
import { carriedFolder, type Expectation, expectations, programs, programsFolder, recordOf, stackText } from './support/programs';
import { diskWorkspace, withSourceMaps } from './support/workspace';

const options = { pathMappings: {} };

async function resolve(expected: Expectation, ports: SourcePorts, root: string): Promise<ResolveResult> {
  if (expected.stack !== undefined) {
    const stack = parseStack(stackText(expected, root));
    return stack ? resolveStack(stack, ports, options) : { candidates: [], tried: [], causes: [] };
  }
  const record = recordOf(expected, root);
  if (expected.event !== undefined) {
    const event = record.events.find(({ name }) => name === expected.event);
    return resolveAttributes(event?.attributes ?? {}, ports, options);
  }
  return expected.body === undefined ? resolveSpan(record, ports, options) : resolveAttributes(record.attributes, ports, options);
}

interface Outcome {
  readonly expected: Expectation;
  readonly result: ResolveResult;
  readonly verdict: 'right' | 'rightFile' | 'wrong' | 'nothing';
}

/** `folder` is where the program is in this workspace; undefined: it isn't, so every answer is wrong. */
async function judge(
  expected: Expectation,
  ports: SourcePorts,
  folder: string | undefined,
  root = programsFolder,
): Promise<Outcome> {
  const result = await resolve(expected, ports, root);
  const [best] = result.candidates;
  const lines = [expected.line, ...(expected.accept ?? [])];
  const isFile = best !== undefined && folder !== undefined && best.file === `${folder}/${expected.file}`;
  const verdict = !best ? 'nothing' : !isFile ? 'wrong' : lines.includes(best.line + 1) ? 'right' : 'rightFile';
  return { expected, result, verdict };
}

function table(title: string, outcomes: readonly Outcome[]): string {
  const rows = new Map<string, Record<string, number>>();
  for (const { expected, result, verdict } of outcomes) {
    const rung = result.candidates[0]?.rung ?? '-';
    const key = `${expected.program.padEnd(16)} ${expected.kind.padEnd(16)} ${rung.padEnd(12)}`;
    const row = rows.get(key) ?? { right: 0, rightFile: 0, wrong: 0, nothing: 0, sure: 0 };
    row[verdict]++;
    if ((result.candidates[0]?.confidence ?? 0) >= 0.9) row.sure++;
    rows.set(key, row);
  }
  const head = `${'program'.padEnd(16)} ${'kind'.padEnd(16)} ${'rung'.padEnd(12)} right  file wrong  none >=0.9`;
  const line = (row: Record<string, number>): string =>
    Object.values(row)
      .map((n) => String(n).padStart(5))
      .join(' ');
  return [title, head, ...[...rows].map(([key, row]) => `${key} ${line(row)}`)].join('\n');
}

/** What isn't right, as text, so that a failure shows it. */
function misses(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes
    .filter(({ verdict }) => verdict !== 'right')
    .map(
      ({ expected, result, verdict }) =>
        `${verdict}: ${expected.program} ${expected.spanId ?? expected.stack} ${expected.file}:${expected.line} ${JSON.stringify(result)}`,
    );
}

/** Answers at 0.9 or more that are not the right file. */
function wrongAndSure(outcomes: readonly Outcome[], folderOf: (program: string) => string | undefined): readonly string[] {
  return outcomes.flatMap(({ expected, result }) => {
    const folder = folderOf(expected.program);
    const answers = [...result.candidates.slice(0, 1), ...result.causes.flatMap((cause) => cause.candidates.slice(0, 1))];
    return answers
      .filter(({ confidence, file }) => confidence >= 0.9 && (folder === undefined || !file.startsWith(`${folder}/`)))
      .map((answer) => `${expected.program} ${expected.file}: ${JSON.stringify(answer)}`);
  });
}

const home = 'file:///home/dev';
const all = programs().flatMap((program) => expectations(program).map((expected) => ({ program, expected })));

describe('captures of real programs', () => {
  it('has the entries to judge', () => {
    // 63 places: 15 from code attributes, 48 from stacks, of eight programs.
    expect(all).toHaveLength(63);
  });

  it('finds every line in the workspace of its program, and every place of a cause', async () => {
    const outcomes: Outcome[] = [];
    for (const program of programs()) {
      const ports = withSourceMaps(diskWorkspace({ [`${home}/${program}`]: join(programsFolder, program) }));
      for (const expected of expectations(program)) outcomes.push(await judge(expected, ports, `${home}/${program}`));
    }
    console.log(table('each program in its own workspace', outcomes));
    expect(misses(outcomes)).toEqual([]);
    for (const { expected, result } of outcomes) {
      const causes = result.causes.map(({ type, candidates: [best] }) => ({
        type,
        file: best?.file,
        line: best && best.line + 1,
      }));
      const wanted = (expected.causes ?? []).map(({ type, file, line }) => ({
        type,
        file: `${home}/${expected.program}/${file}`,
        line,
      }));
      if (wanted.length) expect(causes).toEqual(expect.arrayContaining(wanted));
    }
    const sure = outcomes.filter(({ result }) => result.candidates[0].confidence >= 0.9);
    expect(sure.length).toBeGreaterThanOrEqual(50);
  });

  it('finds them with all programs as folders of one workspace', async () => {
    const folders = Object.fromEntries(programs().map((program) => [`${home}/${program}`, join(programsFolder, program)]));
    const ports = withSourceMaps(diskWorkspace(folders));
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all) outcomes.push(await judge(expected, ports, `${home}/${program}`));
    console.log(table('all programs as folders of one workspace', outcomes));
    expect(misses(outcomes)).toEqual([]);
  });

  it('finds them in one folder that holds all programs', async () => {
    const ports = withSourceMaps(diskWorkspace({ [home]: programsFolder }));
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all) outcomes.push(await judge(expected, ports, `${home}/${program}`));
    console.log(table('all programs below one folder', outcomes));
    expect(misses(outcomes)).toEqual([]);
    expect(wrongAndSure(outcomes, (program) => `${home}/${program}`)).toEqual([]);
  });

  it('is never sure in the workspace of another program', async () => {
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all) {
      const others = programs().filter((other) => other !== program);
      const ports = withSourceMaps(
        diskWorkspace(Object.fromEntries(others.map((other) => [`${home}/${other}`, join(programsFolder, other)]))),
      );
      outcomes.push(await judge(expected, ports, undefined));
    }
    console.log(table('the program is not there, the others are', outcomes));
    expect(wrongAndSure(outcomes, () => undefined)).toEqual([]);
  });

  it('is never sure of one of two copies', async () => {
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all) {
      const root = join(programsFolder, program);
      const ports = withSourceMaps(diskWorkspace({ [`${home}/one`]: root, [`${home}/two`]: root }));
      outcomes.push(await judge(expected, ports, undefined));
    }
    expect(wrongAndSure(outcomes, () => undefined)).toEqual([]);
    // Both are offered.
    expect(
      outcomes
        .filter(({ result }) => new Set(result.candidates.map(({ file }) => file)).size < 2)
        .map(({ expected }) => expected),
    ).toEqual([]);
  });

  it('finds the same in the fixtures that the project carries', async () => {
    const outcomes: Outcome[] = [];
    for (const program of programs(carriedFolder)) {
      const ports = withSourceMaps(diskWorkspace({ [`${home}/${program}`]: join(carriedFolder, program) }));
      for (const expected of expectations(program, carriedFolder))
        outcomes.push(await judge(expected, ports, `${home}/${program}`, carriedFolder));
    }
    expect(outcomes).toHaveLength(63);
    expect(misses(outcomes)).toEqual([]);
  });
});
