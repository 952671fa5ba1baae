/**
 * Where in the user's own code a span was started: the first frame that is, asynchronous callers included. For spans that do not say so themselves, and
 * not for those of a framework's layers, whose callers are the layers before them. What is found goes on the span before anybody else sees it.
 * Source of the names: OpenTelemetry semantic conventions, "Code attributes".
 */

import type { SpanLike, SpanProcessorLike } from '../spans/spanProcessor';
import { Callers } from './callers';
import { type Frame, framesBelow } from './frames';
import { type Place, placeOf } from './place';
import { UserFiles } from './userFile';

/** `0` switches it off. */
const VARIABLE = 'SPANHOP_CODE_ATTRIBUTES';

/** Frames that are looked at first, and where that was not enough. Between a call and its span there are some of the SDK and of a library. */
const FEW = 12;
const MANY = 64;
/** Of a span that others begin: there is no caller but a loop of events, unless the user's code made the span. */
const ENTRY = 10;

const SERVER = 1;
const CONSUMER = 4;

/** The scopes of layers: a layer is called by the one before it, which may be the user's. */
const LAYERS = /(?:^|[/-])(?:express|connect|koa|router|hapi|restify|fastify|otel|nestjs-core|graphql)$/;

/** Undefined where it is not wanted. @param own folder of what is ours */
export function codeFrames(env: NodeJS.ProcessEnv, own: string = __dirname): SpanProcessorLike | undefined {
  return env[VARIABLE] === '0' ? undefined : new CodeFrames(new UserFiles(own));
}

class CodeFrames implements SpanProcessorLike {
  private readonly callers = new Callers();

  constructor(private readonly files: UserFiles) {
    this.callers.watchFetch((below) => this.find(below, FEW));
  }

  onStart(span: SpanLike, context: unknown): void {
    if (saysItself(span)) return;
    const scope = (span.instrumentationScope ?? span.instrumentationLibrary)?.name ?? '';
    if (LAYERS.test(scope)) return;
    const isEntry = span.kind === SERVER || span.kind === CONSUMER;
    const place = isEntry ? this.find(this.onStart, ENTRY) : this.caller(scope, context);
    this.callers.began(span.name, context, place);
    if (!place) return;
    if (place.functionName !== '') span.setAttribute('code.function.name', place.functionName);
    span.setAttribute('code.file.path', place.path);
    span.setAttribute('code.line.number', place.line);
    span.setAttribute('code.column.number', place.column);
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  private caller(scope: string, context: unknown): Place | undefined {
    return this.find(this.onStart, FEW) ?? this.callers.of(scope, context) ?? this.find(this.onStart, MANY);
  }

  private find(below: (...args: never[]) => unknown, most: number): Place | undefined {
    for (const frame of framesBelow(below, most)) {
      const name = frame.getFileName() ?? (frame.isEval() ? frame.getScriptNameOrSourceURL?.() : undefined);
      if (!name) continue;
      const path = this.files.pathOf(name);
      if (path !== '') return placeOf(frame, name, path);
      if (isOthersTurn(frame, name)) return undefined;
    }
    return undefined;
  }
}

/** Who gives a connection back to a pool of pg has the next call that waits go on, and is not its caller. */
function isOthersTurn(frame: Frame, name: string): boolean {
  return (name.endsWith('pg-pool/index.js') || name.endsWith('pg-pool\\index.js')) && frame.getFunctionName() === '_pulseQueue';
}

function saysItself({ attributes }: SpanLike): boolean {
  for (const key in attributes) if (key.startsWith('code.')) return true;
  return false;
}
