// The corpus in test/fixtures/source/cases: the line that a person would open, for eight languages and every rung.
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStack, type ResolveResult, resolveSpan, resolveStack, type SourcePorts } from '../../../src/source';
import { type Case, casePrograms, lineOf, readCases, rootsOf, uriOf } from './support/cases';
import { diskPorts, judge, misses, type Outcome, share, table, wrongAndSure } from './support/judge';

const cases = readCases();
const languages = ['javascript', 'python', 'java', 'go', 'dotnet', 'ruby', 'php', 'rust'];
const rungs = ['attributes', 'pathMapping', 'sourceMap', 'stack', 'symbol', 'literal'];

async function resolve(each: Case, ports: SourcePorts): Promise<ResolveResult> {
  const options = { pathMappings: each.pathMappings ?? {} };
  if (each.span) return resolveSpan(each.span, ports, options);
  const stack = parseStack(each.stackText ?? '');
  return stack ? resolveStack(stack, ports, options) : { candidates: [], tried: [], causes: [] };
}

function outcomeOf(each: Case, result: ResolveResult, isThere = true): Outcome<Case> {
  const file = each.file.split('/').map(encodeURIComponent).join('/');
  return judge({ ...each, file }, result, isThere ? uriOf(each.program) : undefined);
}

const portsByRoots = new Map<string, SourcePorts>();

function portsOf(roots: Readonly<Record<string, string>>): SourcePorts {
  const key = Object.keys(roots).join('\n');
  const ports = portsByRoots.get(key) ?? diskPorts(roots);
  portsByRoots.set(key, ports);
  return ports;
}

const rowOf = ({ language, rung }: Case): [string, string] => [language, rung];

function expectFound(outcomes: readonly Outcome<Case>[]): void {
  for (const miss of misses(outcomes)) console.log(miss);
  if (share('right', outcomes) < 95) expect(misses(outcomes)).toEqual([]);
  expect(wrongAndSure(outcomes, (program) => uriOf(program))).toEqual([]);
}

describe('the corpus', () => {
  it('has cases of every language and of every rung', () => {
    for (const language of languages) {
      expect([language, cases.filter((each) => each.language === language).length >= 12]).toEqual([language, true]);
    }
    for (const rung of rungs) expect([rung, cases.filter((each) => each.rung === rung).length >= 3]).toEqual([rung, true]);
    expect(new Set(cases.map(({ program, name, kind }) => `${program} ${kind} ${name}`)).size).toBe(cases.length);
  });

  it('names lines in which the text that it says stands', () => {
    for (const each of cases)
      expect([each.program, each.name, lineOf(each, each.line)]).toEqual([each.program, each.name, each.text]);
  });
});

describe('each program in its own workspace', () => {
  let outcomes: Outcome<Case>[] = [];

  beforeAll(async () => {
    outcomes = await Promise.all(
      cases.map(async (each) => outcomeOf(each, await resolve(each, portsOf(rootsOf(each.program, each.folders))))),
    );
    console.log(table('each program in its own workspace', outcomes, rowOf));
  });

  it('finds 95 lines of 100, and is never sure of a wrong file', () => expectFound(outcomes));

  it('finds where causes were thrown', () => {
    for (const [index, each] of cases.entries()) {
      for (const cause of each.causes ?? []) {
        const found = outcomes[index].result.causes.map(({ type, candidates: [best] }) => [
          type,
          best?.file,
          best && best.line + 1,
        ]);
        expect([each.program, each.name, found]).toEqual([
          each.program,
          each.name,
          expect.arrayContaining([[cause.type, uriOf(each.program, cause.file), cause.line]]),
        ]);
      }
    }
  });
});

describe('all programs in one workspace', () => {
  it('finds 95 lines of 100, and is never sure of a wrong file', async () => {
    const outcomes: Outcome<Case>[] = [];
    for (const each of cases) {
      const others = casePrograms().filter((program) => program !== each.program);
      const roots = [rootsOf(each.program, each.folders), ...others.map((program) => rootsOf(program))];
      outcomes.push(outcomeOf(each, await resolve(each, portsOf(Object.assign({}, ...roots)))));
    }
    console.log(table('all programs in one workspace', outcomes, rowOf));
    expectFound(outcomes);
  });
});

describe('a workspace without the program', () => {
  it('is never sure', async () => {
    const outcomes: Outcome<Case>[] = [];
    for (const each of cases) {
      const others = casePrograms().filter((program) => program !== each.program);
      const ports = portsOf(Object.assign({}, ...others.map((program) => rootsOf(program))));
      outcomes.push(outcomeOf(each, await resolve(each, ports), false));
    }
    console.log(table('the program is not there, the others are', outcomes, rowOf));
    expect(wrongAndSure(outcomes, () => undefined)).toEqual([]);
  });
});
