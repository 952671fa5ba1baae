/**
 * Hands each span over to the editor as it ends, and those in progress as they begin, over a stream (`core/spanStream/wire.ts`) whose address is in the
 * environment. A span processor for any copy of the SDK.
 */

import { ProtoWriter } from '../../../core/format/proto/writer';
import type { SpanLike, SpanProcessorLike } from '../spans/spanProcessor';
import { Contexts } from './contextFrames';
import { encodeSpan, isSampled } from './encodeSpan';
import type { Address } from './line';
import { type LineOptions, SpanLine } from './spanLine';
import { SpansInProgress } from './spansInProgress';

/** Where the stream goes: `127.0.0.1:24318`. */
const VARIABLE = 'SPANHOP_STREAM';

/** Begins at once. Undefined where there is nobody to hand over to. */
export function startHandOver(env: NodeJS.ProcessEnv, options?: LineOptions): SpanProcessorLike | undefined {
  const address = addressIn(env[VARIABLE]);
  return address && new HandOver(new SpanLine(address, options), isDebugged(env));
}

class HandOver implements SpanProcessorLike {
  private readonly writer = new ProtoWriter(1 << 13);
  private readonly contexts = new Contexts();
  private readonly inProgress: SpansInProgress;

  constructor(
    private readonly line: SpanLine,
    debugged: boolean,
  ) {
    this.inProgress = new SpansInProgress((span) => this.give(span, false), debugged);
  }

  onStart(span: SpanLike): void {
    if (!this.line.isOff && isSampled(span)) this.inProgress.started(span);
  }

  onEnd(span: SpanLike): void {
    this.inProgress.ended(span);
    if (!this.line.isOff && isSampled(span)) this.give(span, true);
  }

  /** All is with the system already, and spans of other providers may come. */
  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  private give(span: SpanLike, ended: boolean): void {
    const { writer, line } = this;
    writer.reset();
    try {
      encodeSpan(writer, span, ended);
      line.give(writer, this.contexts.of(span), ended);
    } catch {
      // A value that cannot be read, or is too long.
      if (ended) line.lose();
    }
  }
}

/** @returns undefined for what is no address of this machine */
function addressIn(text: string | undefined): Address | undefined {
  const [, host, port] = /^(?:tcp:\/\/)?(127(?:\.\d{1,3}){3}|\[::1\]|localhost):(\d{1,5})$/i.exec(text?.trim() ?? '') ?? [];
  if (host === undefined || Number(port) > 65_535 || Number(port) === 0) return undefined;
  return { host: host === '[::1]' ? '::1' : host === 'localhost' ? '127.0.0.1' : host, port: Number(port) };
}

/** A debugger is there, or may come soon. One that attaches later to a program that was started without is not seen. */
function isDebugged({ VSCODE_INSPECTOR_OPTIONS, NODE_OPTIONS = '' }: NodeJS.ProcessEnv): boolean {
  return VSCODE_INSPECTOR_OPTIONS !== undefined || [...process.execArgv, NODE_OPTIONS].some((text) => text.includes('--inspect'));
}
