/**
 * Asks about spans of public repositories and says how many answers are right: `npm run evaluate`. `-- mealie koel` takes those sets, `--misses`
 * prints what is not right and why, `--sets FOLDER` takes other sets, `--json FILE` writes every verdict.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleEngine } from '../support/engineBundle';
import { ask } from './answers';
import { readSets } from './question';
import { bring } from './repositories.mjs';
import { calibration, judge, share, table, type Verdict } from './verdicts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { misses: { type: 'boolean' }, sets: { type: 'string' }, json: { type: 'string' } },
});

async function main(): Promise<void> {
  const sets = readSets(values.sets ?? 'test/evaluation/sets', positionals);
  const bundle = await bundleEngine();
  const verdicts: Verdict[] = [];
  const skipped: string[] = [];
  try {
    for (const set of sets) {
      const brought = await bring(set);
      if ('problem' in brought) {
        skipped.push(`${set.repository}: ${brought.problem}`);
        continue;
      }
      const answers = await ask(set, brought.folder, bundle);
      const judged = judge(set, brought.folder, answers);
      verdicts.push(...judged);
      const right = judged.filter(({ line }) => line === 'right').length;
      const later = judged.slice(1).map(({ tookMs }) => tookMs);
      const times = `first ${ms(judged[0]?.tookMs)}, later ${ms(median(later))} (at most ${ms(Math.max(0, ...later))}), lenses ${ms(answers.firstLensMs)}`;
      console.log(`${set.name.padEnd(28)} ${share(right, judged.length)}   ${times}`);
      for (const line of answers.told) console.log(`    told: ${line}`);
      if (values.misses) printMisses(judged);
    }
  } finally {
    bundle.remove();
  }
  const print = (title: string, lines: readonly string[]): void => console.log(`\n${title}\n${lines.join('\n')}`);
  print(
    'By set',
    table(verdicts, ({ set }) => set),
  );
  print(
    'By kind',
    table(verdicts, ({ expected }) => expected.kind),
  );
  print(
    'By language',
    table(verdicts, ({ expected }) => expected.language),
  );
  print('By confidence', calibration(verdicts));
  const sure = verdicts.filter(({ line, confidence }) => confidence >= 0.9 && line !== 'right');
  if (sure.length) print('Sure and not right', sure.map(headOf));
  if (skipped.length) print('Skipped: could not be had here', skipped);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(verdicts, undefined, 1));
}

function printMisses(verdicts: readonly Verdict[]): void {
  for (const verdict of verdicts) {
    if (verdict.line === 'right' && (verdict.lens ?? 'right') === 'right') continue;
    console.log(headOf(verdict));
    for (const line of verdict.shown) console.log(`        ${line.slice(0, 300)}`);
  }
}

function headOf({ set, id, name, expected, line, lens, confidence }: Verdict): string {
  const { kind, file, line: wanted } = expected;
  return `    ${line}, lens ${lens ?? '-'}: ${set} ${id} [${kind}] ${name.slice(0, 80)} at ${confidence}, wanted ${file}:${wanted}`;
}

function median(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;
}

function ms(value = 0): string {
  return `${value.toFixed(0)} ms`;
}

void main();
