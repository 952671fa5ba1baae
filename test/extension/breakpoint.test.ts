// A Node program under the debugger that VS Code brings along: what is known of a request that stands at a breakpoint, and after the debugger's Stop, which
// kills the program.

import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SpanhopApi, Trace } from '../../src/api';

const PROGRAM = `const http = require('node:http');
const inner = http.createServer((request, response) => response.end()).listen(0, '127.0.0.1');
const server = http.createServer((request, response) => {
  http.get({ port: inner.address().port, host: '127.0.0.1' }, (answer) => {
    answer.resume();
    answer.on('end', () => {
      response.end('stops here');
    });
  });
}).listen(0, '127.0.0.1', () => http.get({ port: server.address().port, host: '127.0.0.1' }));
`;
const LINES = { inner: 4, stop: 7, outer: 10 };

describe('a request that stands at a breakpoint', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'spanhop-breakpoint-')));
  const file = join(folder, 'server.js');
  let api: SpanhopApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<SpanhopApi>('spanhop.spanhop');
    assert.ok(extension);
    api = await extension.activate();
    await api.capture.start();
    writeFileSync(file, PROGRAM);
  });
  after(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await api.capture.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The program's trace, when it is as wanted. */
  async function traceWhere(isWanted: (trace: Trace) => boolean): Promise<Trace> {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        const listening = api.onDidChangeTraces(() => {
          listening.dispose();
          resolve();
        });
      });
      for (const { traceId } of await api.findTraces('{ resource.service.name = "stopped" }', { backend: 'local' })) {
        const trace = await api.getTrace(traceId, { backend: 'local' });
        if (isWanted(trace)) return trace;
      }
      await changed;
    }
  }

  const linesOf = ({ spans }: Trace): unknown[] => spans.map((span) => span.attributes['code.line.number'] ?? 'none').sort();

  it('is in view as far as it got, and stays so when the program is stopped', async () => {
    const position = new vscode.Position(LINES.stop - 1, 0);
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(vscode.Uri.file(file), position))]);
    const stopped = new Promise<void>((resolve) => {
      const tracker = vscode.debug.registerDebugAdapterTrackerFactory('*', {
        createDebugAdapterTracker: () => ({
          onDidSendMessage: ({ type, event }: { type: string; event?: string }) => {
            if (type !== 'event' || event !== 'stopped') return;
            tracker.dispose();
            resolve();
          },
        }),
      });
    });
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession(({ configuration }) => {
        if (configuration.name !== 'stopped') return;
        listening.dispose();
        resolve();
      });
    });
    const launch = { type: 'node', request: 'launch', name: 'stopped', program: file, console: 'internalConsole' };
    assert.ok(await vscode.debug.startDebugging(undefined, launch));
    await stopped;
    const trace = await traceWhere(({ spans }) => spans.length === 4 && spans.filter((span) => span.durationNs > 0).length === 2);
    assert.deepEqual(linesOf(trace), [LINES.outer, LINES.inner, 'none', 'none'].sort());
    await vscode.debug.stopDebugging();
    await ended;
    const after = await traceWhere(({ traceId }) => traceId === trace.traceId);
    assert.equal(after.spans.length, 4);
  });
});
