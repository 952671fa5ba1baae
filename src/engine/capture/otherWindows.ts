/** Looks now and then whether captures of other windows still run: how that ends is told by nobody else. */

import type { CaptureInfo } from '../../protocol/capture';

const WATCH_MS = 30_000;

export class OtherWindows {
  private watching: NodeJS.Timeout | undefined;

  /**
   * @param isOwn whether a capture runs in this window
   * @param changed one of another window ended
   */
  constructor(
    private readonly list: () => Promise<readonly CaptureInfo[]>,
    private readonly isOwn: (id: string) => boolean,
    private readonly changed: () => void,
  ) {}

  watch(list: readonly CaptureInfo[]): void {
    clearTimeout(this.watching);
    const others = list.filter(({ live, id }) => live && !this.isOwn(id));
    if (others.length === 0) return;
    this.watching = setTimeout(async () => {
      const now = await this.list().catch(() => list);
      this.watch(now);
      if (others.some(({ id }) => now.every((one) => one.id !== id || !one.live))) this.changed();
    }, WATCH_MS);
    this.watching.unref();
  }
}
