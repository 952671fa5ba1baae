import { expect, it } from 'vitest';
import { type ProgramPlace, placeOf } from '../../../src/capture/programPlace';

it.each<[ProgramPlace, object]>([
  ['here', { type: 'node', request: 'launch', program: 'x' }],
  ['here', { type: 'go', request: 'launch', mode: 'debug', host: '127.0.0.1' }],
  ['here', { type: 'php', request: 'launch', program: 'x.php' }],
  ['running', { type: 'node', request: 'attach' }],
  ['running', { type: 'go', request: 'launch', mode: 'remote' }],
  ['running', { type: 'php', request: 'launch', port: 9003 }],
  ['container', { type: 'node', request: 'attach', dockerOptions: {} }],
  ['container', { type: 'coreclr', request: 'launch', pipeTransport: { pipeProgram: 'C:\\bin\\Docker.exe' } }],
  ['elsewhere', { type: 'coreclr', request: 'launch', pipeTransport: { pipeProgram: '/usr/bin/ssh' } }],
  ['elsewhere', { type: 'cppdbg', request: 'launch', miDebuggerServerAddress: 'board:1234' }],
  ['elsewhere', { type: 'go', request: 'launch', host: '10.0.0.5' }],
  ['here', { type: 'node', request: 'launch', pipeTransport: 'text', dockerOptions: null }],
])('%s: %j', (place, configuration) => expect(placeOf({ ...configuration })).toBe(place));
