/**
 * What the receiver did not take, or what of it is not kept, told to a person: in the window once for each kind while the capture runs, and in the log at first and then at
 * most once a minute with how many there were, for a program sends such requests again and again.
 */

import type { Refusal } from '../../capture/listen/listener';
import type { Emit } from '../store/notifier';

const LOG_EVERY_MS = 60_000;

interface Kept {
  since: number;
  /** Not in the log yet. */
  more: number;
}

export class Refusals {
  private readonly kinds = new Map<Refusal, Kept>();
  private readonly remarks = new Set<string>();

  constructor(
    private readonly emit: Emit,
    private readonly now: () => number = () => performance.now(),
  ) {}

  report(kind: Refusal, message: string): void {
    const known = this.kinds.get(kind);
    if (known && this.now() - known.since < LOG_EVERY_MS) {
      known.more++;
      return;
    }
    const before = known && known.more > 0 ? ` (${known.more} more of this kind came before)` : '';
    this.kinds.set(kind, { since: this.now(), more: 0 });
    const sentence = `A request of telemetry was refused: ${message}`;
    this.emit('log', { level: 'warn', message: sentence + before });
    // Any page that is open in a browser can send such a request: no reason to disturb anybody.
    if (kind !== 'foreign') this.emit('notice', { key: keyOf(kind), level: 'warning', message: sentence });
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

function keyOf(kind: Refusal): string {
  return `capture.refused.${kind}`;
}
