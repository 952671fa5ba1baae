// Files of thousands of lines that look alike, as generators and nobody else write them: what reads lines for routes and queries does so in short steps.
import { expect, it } from 'vitest';
import type { Steps } from '../../../src/base/steps';
import { composed, statementsIn } from '../../../src/source/queries/sourceStatements';
import { comparedDeclarations } from '../../../src/source/routes/comparedRoutes';
import { objectDeclarations } from '../../../src/source/routes/objectDeclarations';
import { processorTime } from '../../support/leastTime';

/** Milliseconds of processor time. */
const longestStep = 60;
const count = 3_000;

/** The longest of the steps, each the least of three runs. */
function longest(begin: () => Steps<unknown>): number {
  const runs = [begin(), begin(), begin()];
  let most = 0;
  for (let isDone = false; !isDone; ) {
    const times = runs.map((steps) =>
      processorTime(() => {
        isDone = steps.next().done === true;
      }),
    );
    most = Math.max(most, Math.min(...times));
  }
  return most;
}

it.each([
  ['arms of words', (i: number) => `    case "word${i}": return ${i}`],
  ['paths compared to names', (i: number) => `    if path == Path${i} {`],
  ['expressions', (i: number) => `    orders${i}.MatchString(r.URL.Path)`],
  ['brackets that nobody closes', () => '    "/x" => match y {'],
  ['rows', (i: number) => `    ['GET', '/orders/${i}', Orders.list],`],
])('routes are looked for in short steps: %s', (_, line) => {
  const lines = ['switch (name) {', ...Array.from({ length: count }, (_each, i) => line(i)), '}'];
  for (const language of ['javascript', 'go', 'rust'] as const) {
    expect(longest(() => comparedDeclarations([...lines], language))).toBeLessThan(longestStep);
    expect(longest(() => objectDeclarations([...lines], language))).toBeLessThan(longestStep);
  }
});

it('statements of spaces are put together in a time that grows with them', () => {
  const wide = ' '.repeat(1_990);
  const lines = Array.from({ length: 60 }, () => ['q = a(', wide, wide, 'b)', 'q = q.filter(', wide, wide, 'c)']).flat();
  expect(processorTime(() => composed(statementsIn(lines, 0, lines.length)))).toBeLessThan(300);
});
