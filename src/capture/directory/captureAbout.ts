/**
 * What a person sees of a capture beside what is in its log: its name, what was launched, at which commit. It cannot be worked out again, so it has a
 * file of its own, `<id>.about.json`, which is written when the capture begins and when a person changes it.
 */

export interface CaptureAbout {
  /** Of the launch, or as a person named it. */
  readonly name?: string;
  /** Id of the debug session (task, terminal) that it is of; undefined: of all that came without one. */
  readonly session?: string;
  /** What was launched, as the launch configuration says it. */
  readonly program?: string;
  /** Hexadecimal: HEAD of the folder's repository when it was launched. */
  readonly commit?: string;
  /** The working tree had changes then. */
  readonly changes?: boolean;
  /** No limit deletes it. */
  readonly pinned?: boolean;
  /** The same for all captures of one start-to-stop of a window. */
  readonly run?: string;
}

/** UTF-16 units. */
export const MAX_CAPTURE_NAME = 200;
const MAX_PROGRAM = 1_000;
const MAX_ID = 100;

/** What of a value is known: a file beside a log may hold anything. */
export function parseAbout(value: unknown): CaptureAbout {
  if (typeof value !== 'object' || value === null) return {};
  const { name, session, program, commit, changes, pinned, run }: Partial<Record<keyof CaptureAbout, unknown>> = value;
  return {
    ...textOf('name', name, MAX_CAPTURE_NAME),
    ...textOf('session', session, MAX_ID),
    ...textOf('program', program, MAX_PROGRAM),
    ...(typeof commit === 'string' && /^[0-9a-f]{7,64}$/.test(commit) ? { commit } : {}),
    ...(changes === true ? { changes } : {}),
    ...(pinned === true ? { pinned } : {}),
    ...textOf('run', run, MAX_ID),
  };
}

function textOf<K extends string>(key: K, value: unknown, most: number): { readonly [key in K]?: string } {
  if (typeof value !== 'string' || value.trim() === '') return {};
  const made: { [key in K]?: string } = {};
  made[key] = value.slice(0, most);
  return made;
}
