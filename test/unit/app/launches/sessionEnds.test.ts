// How a program ended, out of messages of debug adapters as they were recorded.
import { expect, it } from 'vitest';
import { SessionEndWatch } from '../../../../src/app/launches/sessionEnds';

type Line = readonly ['to' | 'from', object];
const endOf = (lines: readonly Line[]) => {
  const watch = new SessionEndWatch();
  for (const [way, message] of lines) {
    if (way === 'to') watch.sent(message);
    else watch.received(message);
  }
  return watch.end;
};
const request = (command: string, given: object = {}): Line => ['to', { type: 'request', command, arguments: given }];
const event = (name: string, body: object = {}): Line => ['from', { type: 'event', event: name, body }];
const output = (text: string): Line => event('output', { category: 'stderr', output: text });

it.each<[string, readonly Line[], object]>([
  [
    'a crash, as JavaScript tells it',
    [output('Process exited with code 1\r\n'), event('terminated'), request('disconnect', { terminateDebuggee: false })],
    { exitCode: 1, isStopped: false },
  ],
  [
    'a crash, as the protocol has it',
    [event('exited', { exitCode: 137 }), event('terminated')],
    { exitCode: 137, isStopped: false },
  ],
  ['its own end', [event('exited', { exitCode: 0 })], { exitCode: 0, isStopped: false }],
  ['Stop', [request('disconnect', { restart: false, terminateDebuggee: true }), event('terminated')], { isStopped: true }],
  ['Stop that asks first', [request('terminate'), event('exited', { exitCode: 143 })], { exitCode: 143, isStopped: true }],
  [
    'what VS Code tidies up after the end',
    [event('terminated'), request('disconnect', { terminateDebuggee: true })],
    { isStopped: false },
  ],
  ['a restart', [request('disconnect', { restart: true, terminateDebuggee: true })], { isStopped: false }],
  ['what the program writes itself', [output('Process exited with code 1 said the log\n')], { isStopped: false }],
  [
    'nonsense',
    [['from', { type: 'event', event: 'exited', body: null }], ['to', {}], event('exited', { exitCode: 'x' })],
    { isStopped: false },
  ],
])('%s', (_what, lines, end) => expect(endOf(lines)).toEqual(end));
