/** Backends as tests make and read them. */

import type { BackendContext, BackendSettings, FindPage } from '../../src/backends/common/backend';
import { HttpTransport } from '../../src/backends/common/httpTransport';
import { backendKind } from '../../src/backends/kinds';
import type { TraceOverview } from '../../src/core/model/table';
import { engineReader } from './engineReader';

/** What a backend is made with: real HTTP and the engine's reader, but for what is given. */
export function backendContext(
  settings: Partial<BackendSettings> & { readonly type: string },
  given: Partial<Omit<BackendContext, 'settings'>> = {},
): BackendContext {
  return {
    windowMs: given.windowMs ?? backendKind(settings.type)?.defaultWindowMs ?? 0,
    settings: { name: 'test', url: 'http://localhost', options: {}, ...settings },
    transport: given.transport ?? new HttpTransport({ timeoutMs: 5000, maxBytes: 64 << 20 }),
    reader: given.reader ?? engineReader(),
    nowMs: given.nowMs ?? Date.now,
  };
}

/** The first page of a search, whole. */
export interface ReadPage extends Omit<FindPage, 'bodies'> {
  readonly bodies: readonly Uint8Array<ArrayBuffer>[];
  /** There are whole traces to be filtered, or nothing but overviews. */
  readonly isWhole: boolean;
  /** Where the next one begins, as far as the overviews tell. */
  readonly cursor: string | undefined;
}

/** @param seen what the engine would make of the bodies */
export async function firstPage(pages: AsyncIterable<FindPage>, seen?: readonly TraceOverview[]): Promise<ReadPage> {
  for await (const page of pages) {
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    for await (const body of page.bodies ?? []) bodies.push(body);
    return { ...page, bodies, isWhole: page.bodies !== undefined, cursor: page.next?.([seen ?? page.traces]) };
  }
  throw new Error('There is no page.');
}
