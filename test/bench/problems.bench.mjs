// @ts-check
// Errors in Problems, in a real VS Code: five hundred distinct exceptions come at once, in a workspace of two hundred files; then a file
// changes, and all of them are looked for again. What it takes until they stand there, and what it costs the extension host, against one error.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../support/budget.mjs';
import { openWorkbench } from '../vscode/workbench.mjs';
import { rendererPids, settleHost, watch } from './lib/watch.mjs';

const FILES = 200;
const LINES = 400;
const ERRORS = 500;
const FRAMES = 12;
const BLOCK_MS = 50;

const folder = mkdtempSync(join(tmpdir(), 'spanhop-problems-'));
mkdirSync(join(folder, 'src'));
for (let file = 0; file < FILES; file++) {
  const lines = Array.from({ length: LINES }, (_, line) =>
    line % 10 === 0 ? `export function work${file}_${line}(): void {` : '  step();',
  );
  writeFileSync(join(folder, 'src', `module${file}.ts`), `${lines.join('\n')}\n`);
}
const settings = {
  'spanhop.capture.wellKnownPort': false,
  'remote.autoForwardPorts': false,
  'git.enabled': false,
  'typescript.validate.enable': false,
  'js/ts.validate.enabled': false,
};
const workbench = await openWorkbench({ workspace: folder, settings });
try {
  const port = await workbench.host(async ({ api }) => (await (await api()).capture.start()).httpPort);
  await settleHost(workbench);
  const renderers = await rendererPids(workbench);
  const one = await measure(renderers, 1, () => send(port, [9_000]));
  report({ what: 'one error: until it stands in Problems', value: one.wallMs, unit: 'ms', atMost: 2000 });
  report({ what: '  longest block of the extension host', value: one.blockMs, unit: 'ms', atMost: BLOCK_MS });
  const many = await measure(renderers, ERRORS, () =>
    send(
      port,
      Array.from({ length: ERRORS }, (_, i) => i),
    ),
  );
  report({
    what: `${ERRORS} distinct errors at once: until all stand in Problems`,
    value: many.wallMs,
    unit: 'ms',
    note: `${(many.wallMs / one.wallMs).toFixed(1)} times one; ${many.hostCpuMs.toFixed(0)} ms of processor in the host, engine ${many.engineCpuMs.toFixed(0)}`,
  });
  report({
    what: '  longest block of the extension host',
    value: many.blockMs,
    unit: 'ms',
    atMost: BLOCK_MS,
    note: `${many.blockWallMs.toFixed(0)} with waiting for a processor`,
  });
  const again = await workbench.unattended(() =>
    watch(
      workbench,
      async () => {
        writeFileSync(join(folder, 'src', 'another.ts'), 'export const another = 1;\n');
        await new Promise((resolve) => setTimeout(resolve, 6000));
      },
      renderers,
    ),
  );
  report({
    what: '  after a file came and all are looked for again: longest block',
    value: again.blockMs,
    unit: 'ms',
    atMost: BLOCK_MS,
    note: `${again.blockWallMs.toFixed(0)} with waiting for a processor; ${again.hostCpuMs.toFixed(0)} ms of processor in all`,
  });
} finally {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {readonly number[]} renderers
 * @param {number} count of entries that are awaited besides those that are there
 * @param {() => Promise<void>} begin
 */
async function measure(renderers, count, begin) {
  return workbench.unattended(() =>
    watch(
      workbench,
      async () => {
        await begin();
        await workbench.host(
          async ({ vscode }, wanted) => {
            const ours = () =>
              vscode.languages
                .getDiagnostics()
                .flatMap(([, all]) => all)
                .filter(({ source }) => source === 'Spanhop').length;
            for (let tries = 0; ours() < wanted && tries < 600; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
            if (ours() < wanted) throw new Error(`${ours()} of ${wanted} errors are in Problems.`);
          },
          count,
          { timeoutMs: 60_000 },
        );
      },
      renderers,
    ),
  );
}

/**
 * @param {number | undefined} port
 * @param {readonly number[]} numbers
 */
async function send(port, numbers) {
  const text = (/** @type {string} */ value) => ({ stringValue: value });
  const spans = numbers.map((number) => {
    const frames = Array.from({ length: FRAMES }, (_, depth) => {
      const file = (number * 7 + depth * 13) % FILES;
      const line = ((number * 3 + depth * 10) % LINES) + 1;
      return `    at work${file}_${line} (/usr/src/app/src/module${file}.ts:${line}:3)`;
    });
    const stack = [`Error: it broke at step ${words(number)}`, ...frames].join('\n');
    return {
      traceId: (number + 1).toString(16).padStart(32, 'e'),
      spanId: (number + 1).toString(16).padStart(16, 'e'),
      name: `step ${number}`,
      kind: 1,
      startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
      endTimeUnixNano: String(BigInt(Date.now() + 5) * 1_000_000n),
      status: { code: 2 },
      events: [
        {
          name: 'exception',
          timeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
          attributes: [
            { key: 'exception.type', value: text('Error') },
            { key: 'exception.message', value: text(`it broke at step ${words(number)}`) },
            { key: 'exception.stacktrace', value: text(stack) },
          ],
        },
      ],
    };
  });
  const resource = {
    attributes: [
      { key: 'service.name', value: text('shop') },
      { key: 'telemetry.sdk.language', value: text('nodejs') },
    ],
  };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
  if (answer.status !== 200) throw new Error(`The receiver answered ${answer.status}.`);
}

/** A number in letters: messages that differ only in their digits are one error. @param {number} number */
function words(number) {
  return [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
}
