/** Commands and keys as data: what the keyboard, the help and VS Code's keybindings find in them. */

import { beforeEach, describe, expect, it } from 'vitest';
import { Findings, traceCommands } from '../../../webview/shell/traceCommands';
import { TraceStore } from '../../../webview/trace/traceStore';
import { type Command, CommandTable, keyName } from '../../../webview/views/commands';
import { rowCommands } from '../../../webview/views/waterfall/rowCommands';
import { traceModel } from './support/drawLog';
import { FakeHost } from './support/fakeHost';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

let store: TraceStore;
let commands: readonly Command[];
let done: string[];

beforeEach(() => {
  const report = (error: unknown): void => {
    throw error;
  };
  done = [];
  const note = (what: string) => () => void done.push(what);
  store = new TraceStore({ host: new FakeHost(), report, announce: () => {}, hasFocus: () => true, requestFrame: () => {} });
  store.open(traceModel('root shop 0..100\n  a shop 1..20 error\n  b shop 30..60\n    c shop 40..50'), undefined, {});
  store.select(0, { reveal: false });
  const scroller = { scrollTo: note('scroll') };
  commands = [
    ...rowCommands(store, { rowsOfPage: 2, scroller } as unknown as Parameters<typeof rowCommands>[1]),
    ...traceCommands(
      {
        store,
        openSource: (beside) => void done.push(beside ? 'source beside' : 'source'),
        focusFind: note('find'),
        toggleDetails: note('details'),
        leaveDetails: () => false,
        showKeys: note('keys'),
        copy: (text, what) => void done.push(`copy ${what} ${text}`),
        legend: { toggle: note('legend'), close: () => false },
        announce: () => {},
        togglePause: () => {},
      },
      new Findings(store, () => {}),
    ),
  ];
});

describe('commands of a view', () => {
  it('have ids and keys of their own', () => {
    const ids = commands.map(({ id }) => id);
    const keys = commands.flatMap((command) => command.keys);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are those that VS Code has keybindings for, among others', () => {
    const table = new CommandTable(commands);
    for (const id of [
      'find',
      'findNext',
      'findPrevious',
      'back',
      'forward',
      'zoomToSpan',
      'makeRoot',
      'expandBelow',
      'copySpanId',
    ]) {
      expect(commands.map((command) => command.id)).toContain(id);
      table.run(id);
    }
    table.run('none such');
    expect(done).toEqual(['find', 'scroll']);
    expect(store.view?.root).toBe(0);
  });

  it('run where the keyboard is theirs, and some everywhere; what had nothing to do leaves the key to others', () => {
    const table = new CommandTable(commands);
    const press = (key: string, takesKeys: boolean, more = {}): boolean =>
      table.press({ ...plain, key, ...more } as KeyboardEvent, takesKeys);
    expect(press('ArrowDown', true)).toBe(true);
    expect(store.view?.selected).toBe(1);
    expect(press('ArrowDown', false)).toBe(false);
    expect(press('f', false, { ctrlKey: true })).toBe(true);
    expect(press('Enter', true, { metaKey: true })).toBe(true);
    expect(press('Escape', true)).toBe(false);
    expect(press('r', true)).toBe(true);
    expect(press('Escape', true)).toBe(true);
    expect(store.view?.root).toBe(-1);
    expect(done).toEqual(['find', 'source beside', 'scroll']);
  });

  it('are named as keyboards name their keys', () => {
    expect(keyName({ ...plain, key: 'E', shiftKey: true })).toBe('Shift+e');
    expect(keyName({ ...plain, key: '*', shiftKey: true })).toBe('*');
    expect(keyName({ ...plain, key: 'F3', shiftKey: true })).toBe('Shift+F3');
    expect(keyName({ ...plain, key: 'ArrowLeft', altKey: true })).toBe('Alt+ArrowLeft');
    expect(keyName({ ...plain, key: 'f', metaKey: true })).toBe('Mod+f');
  });
});
