/**
 * What a program could not hand over by its end, handed over by a process of its own: on systems where a socket cannot be written to before Node
 * knows that it is connected, and only for a program that ends before that, or while the system takes nothing more. The program waits for it,
 * as bounded as all of this is.
 */

import { spawnSync } from 'node:child_process';
import type { Address } from './line';

const LONGEST_MS = 1_500;

const PROGRAM = `const [host,port]=process.argv.slice(1);const s=require('node:net').connect(+port,host);process.stdin.pipe(s);s.on('error',()=>process.exit());`;

export function handOverByProcess({ host, port }: Address, head: Buffer, pieces: readonly Buffer[]): void {
  // Of this process, the child is to have nothing that starts things in it.
  const { NODE_OPTIONS: _options, SPANHOP_STREAM: _stream, ...env } = process.env;
  spawnSync(process.execPath, ['-e', PROGRAM, host, String(port)], {
    input: Buffer.concat([head, ...pieces]),
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: LONGEST_MS,
    windowsHide: true,
  });
}
