/** Commands and keys as data: one table that the keyboard, the help and the host's keybindings read. */

/** What the help lists together, in this order. */
export const commandGroups = ['Move', 'Fold', 'Source and details', 'Find', 'Time', 'Page'] as const;

export interface Command {
  /** What VS Code's keybindings call it by, where it has one; unique among the commands of a view. */
  readonly id: string;
  /** Names of key presses (`keyName`). */
  readonly keys: readonly string[];
  /** How the help names the key; empty: not listed. */
  readonly keyLabel: string;
  readonly text: string;
  readonly group: (typeof commandGroups)[number];
  /** Works wherever the focus is. */
  readonly everywhere?: boolean;
  /** False when there was nothing to do, so that somebody else may take the key. */
  readonly run: (event?: KeyboardEvent) => unknown;
}

/** The name of a key press in a command: `Mod` is Ctrl or Cmd; Shift counts for letters and function keys, not for signs. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const { key } = event;
  const letter = /^[a-z]$/i.test(key);
  const modified = event.ctrlKey || event.metaKey;
  const shift = event.shiftKey && (letter || key.length > 1);
  return `${modified ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${letter ? key.toLowerCase() : key}`;
}

export class CommandTable {
  private readonly byKey: ReadonlyMap<string, Command>;
  private readonly byId: ReadonlyMap<string, Command>;
  /** What the help lists, in order. */
  readonly listed: readonly Command[];

  constructor(commands: readonly Command[]) {
    this.byKey = new Map(commands.flatMap((command) => command.keys.map((key) => [key, command] as const)));
    this.byId = new Map(commands.map((command) => [command.id, command]));
    this.listed = commands.filter(({ keyLabel }) => keyLabel !== '');
  }

  /** Runs what the key stands for. True when it stood for something, so that nobody else takes it. */
  press(event: KeyboardEvent, takesKeys: boolean): boolean {
    const command = this.byKey.get(keyName(event));
    if (!command || (!takesKeys && command.everywhere !== true)) return false;
    return command.run(event) !== false;
  }

  run(id: string): void {
    this.byId.get(id)?.run();
  }
}
