import type { Expected } from '../sample/start.mjs';
import type { JsonRequest, SpanInContext } from './otlpReceiver.mjs';

export type Bundling = 'esbuild' | 'esbuild, inline maps' | 'webpack' | 'webpack after tsc';

export const bundlings: Readonly<Record<Bundling, (folder: string) => Promise<unknown>>>;

export interface BundledRun {
  /** Sources, build and source maps, as the developer has them. */
  readonly developer: string;
  /** The sources alone. */
  readonly sources: string;
  /** Where it ran: bundles, and packages beside them. */
  readonly container: string;
  /** As posted. */
  readonly requests: readonly JsonRequest[];
  readonly spans: readonly SpanInContext[];
  readonly expected: readonly Expected[];
  /** Takes the folders away. */
  remove(): Promise<void>;
}

/** Builds the shop and makes every request once. */
export function runBundled(bundling: Bundling): Promise<BundledRun>;
