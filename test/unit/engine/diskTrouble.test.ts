import { describe, expect, it } from 'vitest';
import { DiskTrouble } from '../../../src/engine/capture/diskTrouble';
import type { EngineNotice } from '../../../src/protocol/engine';

/** Trouble with a clock of its own. */
function trouble(): { disk: DiskTrouble; notices: EngineNotice[]; changes: (string | undefined)[]; pass: (ms: number) => void } {
  let now = 0;
  const notices: EngineNotice[] = [];
  const changes: (string | undefined)[] = [];
  const disk: DiskTrouble = new DiskTrouble(
    (name, event) => {
      if (name === 'notice' && 'key' in event) notices.push(event);
    },
    () => changes.push(disk.current),
    () => now,
  );
  return {
    disk,
    notices,
    changes,
    pass: (ms) => {
      now += ms;
    },
  };
}

describe('DiskTrouble', () => {
  it('is told once, however many requests fail and whether or not one gets through between them', () => {
    const { disk, notices, changes, pass } = trouble();
    for (let i = 0; i < 100; i++) {
      disk.failed('The disk is full.', 1000);
      pass(100);
      disk.succeeded();
    }
    expect(notices.map(({ key, over }) => [key, over])).toEqual([['capture.disk', undefined]]);
    expect(changes).toEqual(['The disk is full.']);
    expect(disk.current).toBe('The disk is full.');
  });

  it('is over with a request that is kept after some seconds without a failure, and told again when it comes again', () => {
    const { disk, notices, changes, pass } = trouble();
    disk.failed('The disk is full.', 1000);
    pass(2_999);
    disk.succeeded();
    expect(disk.current).toBeDefined();
    pass(1);
    disk.succeeded();
    expect(disk.current).toBeUndefined();
    disk.failed('The disk is full.', 1000);
    expect(notices.map(({ over }) => over)).toEqual([undefined, true, undefined]);
    expect(changes).toEqual(['The disk is full.', undefined, 'The disk is full.']);
  });

  it('changes its reason without a second message', () => {
    const { disk, notices, changes } = trouble();
    disk.failed('The disk is full.', 1);
    disk.failed('The disk reports an error.', 1);
    expect(notices).toHaveLength(1);
    expect(changes).toEqual(['The disk is full.', 'The disk reports an error.']);
  });

  it('finds out by itself that it is over, with as much as was not kept', async () => {
    const { disk, pass } = trouble();
    const asked: number[] = [];
    const full = (bytes: number): Promise<void> => {
      asked.push(bytes);
      return Promise.reject(new Error('ENOSPC'));
    };
    disk.failed('The disk is full.', 10);
    disk.failed('The disk is full.', 5_000);
    await disk.look(full);
    expect(asked).toEqual([]);
    pass(3_000);
    await disk.look(full);
    expect([asked, disk.current]).toEqual([[5_000], 'The disk is full.']);
    await disk.look(() => Promise.resolve());
    expect(disk.current).toBeUndefined();
    await disk.look(full);
    expect(asked).toEqual([5_000]);
  });

  it('is not over when something failed while it was being found out', async () => {
    const { disk, pass } = trouble();
    disk.failed('The disk is full.', 10);
    pass(3_000);
    await disk.look(async () => disk.failed('The disk is full.', 10));
    expect(disk.current).toBe('The disk is full.');
  });
});
