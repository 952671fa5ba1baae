/**
 * Folders of which the window's watcher tells. The watcher of VS Code on Linux begins to watch a folder some time after it came, and misses
 * folders that were made in it until then, for good; so they are made one after the other, each until something that happens in it is told.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Disposable, Uri } from 'vscode';
import { until } from './spanhop';

/** Paths of folders, outer ones first; each gets made anew as often as it takes. */
export async function watchedFolders(
  folders: readonly string[],
  onDidTouch: (listener: (file: { readonly uri: string } | undefined) => void) => Disposable,
): Promise<void> {
  for (const folder of folders) {
    const probe = join(folder, 'watched.tmp');
    let isTold = false;
    const listening = onDidTouch((file) => {
      isTold ||= file !== undefined && Uri.parse(file.uri).fsPath === probe;
    });
    let tries = 0;
    try {
      await until(async () => {
        if (tries++ % 10 === 0) {
          rmSync(folder, { recursive: true, force: true });
          await new Promise((resolve) => setTimeout(resolve, 200));
          mkdirSync(folder, { recursive: true });
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        writeFileSync(probe, String(tries));
        return isTold;
      });
    } catch {
      throw new Error(`the window does not watch ${folder}`);
    } finally {
      listening.dispose();
      rmSync(probe, { force: true });
    }
  }
}
