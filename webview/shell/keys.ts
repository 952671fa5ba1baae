/** The keys of the waterfall: one table that both the keyboard and the help read. */

export interface KeyCommands {
  moveBy(rows: number): void;
  moveByPage(pages: number): void;
  moveTo(end: 'first' | 'last'): void;
  expandOrEnter(): void;
  collapseOrLeave(): void;
  openSource(beside: boolean): void;
  toggleDetails(): void;
  find(): void;
  findNext(backwards: boolean): void;
  nextError(backwards: boolean): void;
  nextFinding(): void;
  nextMark(backwards: boolean): void;
  zoom(direction: 'in' | 'out'): void;
  panBy(direction: -1 | 1): void;
  wholeTrace(): void;
  zoomToSpan(): void;
  expandBelow(): void;
  expandToLevel(levels: number): void;
  sibling(backwards: boolean): void;
  makeRoot(): void;
  undo(): boolean;
  toggleCritical(): void;
  history(direction: -1 | 1): void;
  showKeys(): void;
}

interface KeyBinding {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly text: string;
  readonly run: (commands: KeyCommands, event: KeyboardEvent) => unknown;
}

/** Left and right turn around where the reading direction does not; it does not here. */
const bindings: readonly KeyBinding[] = [
  { keys: ['ArrowDown'], shown: '↓', text: 'next row', run: (c) => c.moveBy(1) },
  { keys: ['ArrowUp'], shown: '↑', text: 'previous row', run: (c) => c.moveBy(-1) },
  { keys: ['Home'], shown: 'Home', text: 'first row', run: (c) => c.moveTo('first') },
  { keys: ['End'], shown: 'End', text: 'last row', run: (c) => c.moveTo('last') },
  { keys: ['PageUp'], shown: 'PageUp', text: 'one page up', run: (c) => c.moveByPage(-1) },
  { keys: ['PageDown'], shown: 'PageDown', text: 'one page down', run: (c) => c.moveByPage(1) },
  { keys: ['ArrowRight'], shown: '→', text: 'expand, or go to the first child', run: (c) => c.expandOrEnter() },
  { keys: ['ArrowLeft'], shown: '←', text: 'collapse, or go to the parent', run: (c) => c.collapseOrLeave() },
  {
    keys: ['Enter', 'Mod+Enter'],
    shown: 'Enter',
    text: 'open the source (with Ctrl: beside)',
    run: (c, event) => c.openSource(event.ctrlKey || event.metaKey),
  },
  { keys: [' '], shown: 'Space', text: 'show or hide the details', run: (c) => c.toggleDetails() },
  { keys: ['Mod+f'], shown: 'Ctrl+F', text: 'find', run: (c) => c.find() },
  { keys: ['F3'], shown: 'F3', text: 'next match', run: (c) => c.findNext(false) },
  { keys: ['Shift+F3'], shown: 'Shift+F3', text: 'previous match', run: (c) => c.findNext(true) },
  { keys: ['e'], shown: 'e', text: 'next error', run: (c) => c.nextError(false) },
  { keys: ['Shift+e'], shown: 'Shift+E', text: 'previous error', run: (c) => c.nextError(true) },
  { keys: ['f'], shown: 'f', text: 'next finding', run: (c) => c.nextFinding() },
  { keys: ['m'], shown: 'm', text: 'next span of the code at the cursor', run: (c) => c.nextMark(false) },
  { keys: ['Shift+m'], shown: 'Shift+M', text: 'previous span of the code at the cursor', run: (c) => c.nextMark(true) },
  { keys: ['w'], shown: 'w', text: 'zoom in around the selection', run: (c) => c.zoom('in') },
  { keys: ['s'], shown: 's', text: 'zoom out', run: (c) => c.zoom('out') },
  { keys: ['a'], shown: 'a', text: 'earlier', run: (c) => c.panBy(-1) },
  { keys: ['d'], shown: 'd', text: 'later', run: (c) => c.panBy(1) },
  { keys: ['0'], shown: '0', text: 'the whole trace', run: (c) => c.wholeTrace() },
  { keys: ['z'], shown: 'z', text: 'zoom to the span', run: (c) => c.zoomToSpan() },
  { keys: ['*'], shown: '*', text: 'expand all below', run: (c) => c.expandBelow() },
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(
    (digit): KeyBinding => ({
      keys: [digit],
      shown: digit === '1' ? '1 – 9' : '',
      text: 'expand to that depth',
      run: (c) => c.expandToLevel(Number(digit)),
    }),
  ),
  { keys: ['['], shown: '[', text: 'previous sibling of the same name', run: (c) => c.sibling(true) },
  { keys: [']'], shown: ']', text: 'next sibling of the same name', run: (c) => c.sibling(false) },
  { keys: ['r'], shown: 'r', text: 'make it the root', run: (c) => c.makeRoot() },
  { keys: ['Escape'], shown: 'Esc', text: 'undo that; close what is open', run: (c) => c.undo() },
  { keys: ['c'], shown: 'c', text: 'critical path', run: (c) => c.toggleCritical() },
  { keys: ['Alt+ArrowLeft'], shown: 'Alt+←', text: 'back to the selection before', run: (c) => c.history(-1) },
  { keys: ['Alt+ArrowRight'], shown: 'Alt+→', text: 'forward again', run: (c) => c.history(1) },
  { keys: ['?'], shown: '?', text: 'these keys', run: (c) => c.showKeys() },
];

const byKey = new Map(bindings.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

/** What the help shows, in order. */
export const shownKeys: readonly { readonly key: string; readonly text: string }[] = bindings
  .filter((binding) => binding.shown !== '')
  .map((binding) => ({ key: binding.shown, text: binding.text }));

/** The name of a key press in the table: `Mod` is Ctrl or Cmd; Shift counts for letters and function keys, not for signs. */
export function keyName(event: KeyboardEvent): string {
  const { key } = event;
  const letter = /^[a-z]$/i.test(key);
  const modified = event.ctrlKey || event.metaKey;
  const shift = event.shiftKey && (letter || key.length > 1);
  return `${modified ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${letter ? key.toLowerCase() : key}`;
}

/** Keys that work wherever the focus is. */
const everywhere = new Set(['Mod+f', 'F3', 'Shift+F3', 'Alt+ArrowLeft', 'Alt+ArrowRight', 'Escape']);

/** Runs what the key stands for. True when it stood for something, so that nobody else takes it. */
export function handleKey(event: KeyboardEvent, commands: KeyCommands, inList: boolean): boolean {
  const name = keyName(event);
  const binding = byKey.get(name);
  if (!binding || (!inList && !everywhere.has(name))) return false;
  return binding.run(commands, event) !== false;
}
