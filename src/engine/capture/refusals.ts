/**
 * What reached a port and was not taken, or of which something is not kept, told to a person: as a state that the view and the status bar show while
 * the capture runs, in the log at first and then at most once a minute with how many there were (for a program sends such requests again and
 * again), and once for each kind in the window where it is a program's that must be set up anew.
 */

import type { Refusal } from '../../capture/listen/refusal';
import type { Untaken } from '../../protocol/capture';
import type { Emit } from '../store/notifier';

const LOG_EVERY_MS = 60_000;

/** `part`: some records of a request are not kept. `flaw`: all are, but not as they were sent. */
type Kind = Refusal | 'part' | 'flaw';

/**
 * Any page that is open in a browser can bring these about, or a program that looks for ports, and they need no setting up: no reason to disturb
 * anybody.
 */
const QUIET: ReadonlySet<Kind> = new Set<Kind>(['foreign', 'token', 'tls', 'http', 'part', 'flaw']);

interface Kept {
  since: number;
  /** Not in the log yet. */
  more: number;
  count: number;
  sentence: string;
}

export class Refusals {
  private readonly kinds = new Map<Kind, Kept>();
  private readonly remarks = new Set<string>();

  /** @param changed `untaken` has another sentence */
  constructor(
    private readonly emit: Emit,
    private readonly now: () => number = () => performance.now(),
    private readonly changed: () => void = () => {},
  ) {}

  /** Since the capture began, one of each kind, the newest kind first; flaws are no such. */
  get untaken(): readonly Untaken[] {
    const told = [...this.kinds].filter(([kind]) => kind !== 'flaw');
    return told.map(([, { sentence, count }]) => ({ message: sentence, count })).reverse();
  }

  report(kind: Kind, message: string): void {
    const known = this.kinds.get(kind);
    if (known) known.count++;
    if (known && this.now() - known.since < LOG_EVERY_MS) {
      known.more++;
      return;
    }
    const before = known && known.more > 0 ? ` (${known.more} more of this kind came before)` : '';
    const sentence = kind === 'part' || kind === 'flaw' ? message : `A request of telemetry was refused: ${message}`;
    this.kinds.set(kind, { since: this.now(), more: 0, count: known?.count ?? 1, sentence });
    this.emit('log', { level: 'warn', message: sentence + before });
    if (!QUIET.has(kind)) this.emit('notice', { key: keyOf(kind), level: 'warning', message: sentence });
    this.changed();
  }

  /** What is not kept, or not in memory, though nothing failed: told once while the capture runs. */
  remark(where: 'notice' | 'info', message: string): void {
    if (this.remarks.has(message)) return;
    this.remarks.add(message);
    this.emit('log', { level: 'info', message });
    if (where === 'notice') this.emit('notice', { key: `capture.remark:${message}`, level: 'info', message });
  }

  /** A capture begins: what is refused in it is told again. */
  begin(): void {
    this.remarks.clear();
    for (const kind of this.kinds.keys()) this.emit('notice', { key: keyOf(kind), level: 'info', message: '', over: true });
    this.kinds.clear();
  }
}

function keyOf(kind: Kind): string {
  return `capture.refused.${kind}`;
}
