/** A capture as lists have it. */

import type { CaptureAbout } from '../../capture/directory/captureAbout';
import { endOf, type KeptCapture } from '../../capture/directory/keptCapture';
import type { CaptureInfo } from '../../protocol/capture';
import type { CaptureArchive } from './captureArchive';
import type { RunningCaptures } from './runningCaptures';

export interface CaptureSurroundings {
  readonly archive: Pick<CaptureArchive, 'isLoaded'>;
  readonly running: Pick<RunningCaptures, 'indexOf' | 'bytesOf'>;
  /** Spans of it are in memory: what was loaded may have left it for later spans. */
  readonly isInMemory: boolean;
  readonly isRead: boolean;
}

export function infoOf(capture: KeptCapture, { archive, running, isInMemory, isRead }: CaptureSurroundings): CaptureInfo {
  const { id, startedAt, live, path, aside } = capture;
  const own = running.indexOf(id);
  const index = own ?? capture.index;
  const { damage } = capture.index ?? {};
  return {
    id,
    startedAt,
    ...(live ? {} : { endedAt: endOf(capture) }),
    ...shown(capture.about),
    live,
    path,
    bytes: own ? running.bytesOf(id) : capture.allBytes,
    spans: (index?.spans ?? 0) - (index?.again ?? 0),
    errors: index?.errors ?? 0,
    traces: index?.traces ?? 0,
    ...(capture.logs && capture.logs.bytes > 0 ? { hasRecords: true } : {}),
    services: index?.services ?? [],
    loaded: archive.isLoaded(id) && (!index?.spans || isInMemory),
    ...(isRead ? { reading: true } : {}),
    ...(damage || aside.paths.length > 0 ? { damage: { parts: 0, bytes: aside.bytes, ...damage, files: aside.paths } } : {}),
  };
}

function shown({ run: _run, ...about }: CaptureAbout): Omit<CaptureAbout, 'run'> {
  return about;
}
