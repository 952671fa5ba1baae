/**
 * Where in the user's own code a span was started: the first frame that is, asynchronous callers included. For spans that do not say so themselves, and
 * not for those of a framework's layers, whose callers are the layers before them. What is found goes on the span before anybody else sees it.
 * Source of the names: OpenTelemetry semantic conventions, "Code attributes".
 */

import type { SpanLike, SpanProcessorLike } from '../spans/spanProcessor';
import { callerPlace, setPlace } from './callerPlace';
import { Callers } from './callers';
import type { Place } from './place';
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
    this.callers.watchFetch((below) => callerPlace(below, FEW, this.files));
  }

  onStart(span: SpanLike, context: unknown): void {
    if (saysItself(span)) return;
    const scope = (span.instrumentationScope ?? span.instrumentationLibrary)?.name ?? '';
    if (LAYERS.test(scope)) return;
    const isEntry = span.kind === SERVER || span.kind === CONSUMER;
    const place = isEntry ? callerPlace(this.onStart, ENTRY, this.files) : this.caller(scope, context);
    this.callers.began(span.name, context, place);
    if (!place) return;
    setPlace(span, place);
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  private caller(scope: string, context: unknown): Place | undefined {
    const found = callerPlace(this.onStart, FEW, this.files) ?? this.callers.of(scope, context);
    return found ?? callerPlace(this.onStart, MANY, this.files);
  }
}

function saysItself({ attributes }: SpanLike): boolean {
  for (const key in attributes) if (key.startsWith('code.')) return true;
  return false;
}
