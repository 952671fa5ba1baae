// What every extension test needs: the exported API, the fixtures, and waiting for events instead of for time.

import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Event, extensions, Uri, workspace } from 'vscode';
import type { SpanhopApi } from '../../../src/api';

/** The extension under test, activated. */
export async function spanhop(): Promise<SpanhopApi> {
  const extension = extensions.getExtension<SpanhopApi>('spanhop.spanhop');
  if (!extension) throw new Error('The extension is not installed in this window.');
  return extension.activate();
}

/** Folder of the project that is tested. */
export function projectFolder(): string {
  const extension = extensions.getExtension('spanhop.spanhop');
  if (!extension) throw new Error('The extension is not installed in this window.');
  return extension.extensionUri.fsPath;
}

/** Public sample traces that may lie beside the project; undefined where they do not. */
export function sharedFolder(): string | undefined {
  const folder = process.env.SPANHOP_SHARED_DATA ?? join(projectFolder(), '..', 'shared', 'data');
  return existsSync(join(folder, 'README.md')) ? folder : undefined;
}

export function fixturePath(...names: string[]): string {
  return join(projectFolder(), 'test', 'fixtures', ...names);
}

export function fixture(...names: string[]): Uri {
  return Uri.file(fixturePath(...names));
}

export function fixtureJson(...names: string[]): unknown {
  return JSON.parse(readFileSync(fixturePath(...names), 'utf8'));
}

/** The first folder of the workspace. */
export function workspaceFolder(): Uri {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('These tests need a window with a folder.');
  return folder.uri;
}

/** Puts the sample's sources, and what was compiled of them, into the workspace, as its developer would have them. */
export function openSampleSources(): void {
  for (const part of ['src', 'dist']) {
    const from = join(projectFolder(), 'test', 'sample', part);
    if (existsSync(from)) cpSync(from, join(workspaceFolder().fsPath, part), { recursive: true });
  }
}

/** Waits until an event fires with what is wanted; rejects after `timeoutMs`. */
export function eventOf<T>(event: Event<T>, wanted: (value: T) => boolean = () => true, timeoutMs = 20_000): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`The event did not come within ${timeoutMs} ms.`));
    }, timeoutMs);
    const listening = event((value) => {
      if (!wanted(value)) return;
      clearTimeout(timer);
      listening.dispose();
      resolve(value);
    });
  });
}

/** Posts an OTLP/JSON body to the capture. */
export async function send(httpPort: number, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body });
}

/** Runs work until it gives something, each time one of the events fires; for what follows an event by an unknown number of steps. */
export async function eventually<T>(event: Event<unknown>, work: () => Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    // Listened to before the look, so that nothing falls between.
    const next = eventOf(event, undefined, Math.max(1, deadline - Date.now()));
    next.catch(() => {});
    const found = await work();
    if (found !== undefined) return found;
    await next;
  }
}

/** Looks again and again, for what no event tells; rejects after `timeoutMs`. */
export async function until(look: () => Promise<boolean> | boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`It did not become true within ${timeoutMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
