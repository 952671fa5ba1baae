// Runs the mocha tests inside the extension host: VS Code loads this file and calls `run`. Text goes over a socket to the terminal that
// started it all (the console of an extension host is not connected to anything there), results as JSON into a file.

import { readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Runner, Test } from 'mocha';

/** One test, as the runner outside counts it. */
export interface TestResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly error?: string;
}

/** Called by VS Code; the window ends with code 1 when it rejects. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const print = await openTerminal();
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base, grep: process.env.SPANHOP_TEST_GREP });
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.js'));
  for (const file of files.sort()) mocha.addFile(join(__dirname, file));
  const results: TestResult[] = [];
  const failures = await new Promise<number>((resolve) => report(mocha.run(resolve), results, print));
  const path = process.env.SPANHOP_TEST_RESULTS;
  if (path) writeFileSync(path, JSON.stringify(results));
  await print.close();
  if (failures > 0) throw new Error(`${failures} of ${results.length} tests failed.`);
}

/** Prints as tests end, so that a hanging run shows where it hangs. */
function report(runner: Runner, results: TestResult[], print: (line: string) => void): void {
  let depth = 0;
  const add = (test: Test, state: TestResult['state'], mark: string, error?: unknown): void => {
    const text = error === undefined ? undefined : error instanceof Error ? (error.stack ?? error.message) : inspect(error);
    const durationMs = test.duration ?? 0;
    results.push({ title: test.fullTitle(), state, durationMs, error: text });
    print(`${'  '.repeat(depth)}${mark} ${test.title}${durationMs >= 500 ? ` (${durationMs} ms)` : ''}`);
    if (text !== undefined) print(text.replace(/^/gm, '      '));
  };
  runner.on('suite', (suite) => {
    if (suite.title !== '') print(`${'  '.repeat(depth)}${suite.title}`);
    depth++;
  });
  runner.on('suite end', () => {
    depth--;
  });
  runner.on('pass', (test) => add(test, 'passed', '✓'));
  runner.on('pending', (test) => add(test, 'skipped', '-'));
  // A failing hook comes here as well, under its own title.
  runner.on('fail', (test, error) => add(test, 'failed', '✗', error));
}

/** A printer of lines that can be closed. */
interface Terminal {
  (line: string): void;
  close(): Promise<void>;
}

async function openTerminal(): Promise<Terminal> {
  const port = Number(process.env.SPANHOP_TEST_TERMINAL);
  const socket = port > 0 ? await open(port) : undefined;
  const print = (line: string): void => {
    if (socket === undefined) console.log(line);
    else socket.write(`${line}\n`);
  };
  const close = (): Promise<void> => new Promise((resolve) => (socket === undefined ? resolve() : socket.end(resolve)));
  return Object.assign(print, { close });
}

function open(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
