// Every line that a person would open in the captures of real programs (test data, programs/README.md): found, wrong, nothing.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskPorts, judge, misses, type Outcome, resolveExpected, table, wrongAndSure } from './support/judge';
import { carriedFolder, expectations, programs, programsFolder } from './support/programs';

const home = 'file:///home/dev';
const all = programs().flatMap((program) => expectations(program).map((expected) => ({ program, expected })));

describe('captures of real programs', () => {
  it('has the entries to judge', () => {
    // Of eight programs: 48 places from stacks, 37 from literals, 23 from symbols, 15 from code attributes.
    expect(all).toHaveLength(123);
  });

  it('finds every line in the workspace of its program, and every place of a cause', async () => {
    const outcomes: Outcome[] = [];
    for (const program of programs()) {
      const ports = diskPorts({ [`${home}/${program}`]: join(programsFolder, program) });
      for (const expected of expectations(program))
        outcomes.push(judge(expected, await resolveExpected(expected, ports), `${home}/${program}`));
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
    const ports = diskPorts(folders);
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all)
      outcomes.push(judge(expected, await resolveExpected(expected, ports), `${home}/${program}`));
    console.log(table('all programs as folders of one workspace', outcomes));
    expect(misses(outcomes)).toEqual([]);
  });

  it('finds them in one folder that holds all programs', async () => {
    const ports = diskPorts({ [home]: programsFolder });
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all)
      outcomes.push(judge(expected, await resolveExpected(expected, ports), `${home}/${program}`));
    console.log(table('all programs below one folder', outcomes));
    expect(misses(outcomes)).toEqual([]);
    expect(wrongAndSure(outcomes, (program) => `${home}/${program}`)).toEqual([]);
  });

  it('is never sure in the workspace of another program', async () => {
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all) {
      const others = programs().filter((other) => other !== program);
      const ports = diskPorts(Object.fromEntries(others.map((other) => [`${home}/${other}`, join(programsFolder, other)])));
      outcomes.push(judge(expected, await resolveExpected(expected, ports), undefined));
    }
    console.log(table('the program is not there, the others are', outcomes));
    expect(wrongAndSure(outcomes, () => undefined)).toEqual([]);
  });

  it('is never sure of one of two copies', async () => {
    const outcomes: Outcome[] = [];
    for (const { program, expected } of all) {
      const root = join(programsFolder, program);
      const ports = diskPorts({ [`${home}/one`]: root, [`${home}/two`]: root });
      outcomes.push(judge(expected, await resolveExpected(expected, ports), undefined));
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
      const ports = diskPorts({ [`${home}/${program}`]: join(carriedFolder, program) });
      for (const expected of expectations(program, carriedFolder))
        outcomes.push(judge(expected, await resolveExpected(expected, ports, carriedFolder), `${home}/${program}`));
    }
    expect(outcomes).toHaveLength(123);
    expect(misses(outcomes)).toEqual([]);
  });
});
