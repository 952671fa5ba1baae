/** What a view's page may ask of the host: questions for the engine and about source, and what the editor does. All of it names its trace. */

import { SpanhopError } from '../../base/errors';
import { formatCount } from '../../core/text/formatText';
import type { ShownException } from '../../protocol/details';
import type { CallContext, Handlers } from '../../protocol/rpc';
import type { TextKey } from '../../protocol/texts';
import type { TraceKey } from '../../protocol/traces';
import type { HostMethods, PictureKey, SpanKey } from '../../protocol/view';
import { TraceService } from '../traces/traceService';
import type { Content, Subject } from './content';
import { firstPiece, lengthToCopy, wholeText } from './spanTexts';
import { besideColumn, type Stage } from './stage';
import type { SpanAddress, ViewContext } from './viewContext';

/** The view that the page is of. */
export interface PageView {
  readonly stage: Pick<Stage, 'viewColumn'>;
  readonly subject: Subject;
  readonly content: Content;
  readonly dataset: string | undefined;
  load(): Promise<void>;
  showTrace(key: TraceKey, spanId?: string): void;
  cancel(): void;
  /** Holds the picture still, or lets it go on. */
  setPaused(paused: boolean): Promise<void>;
}

export function pageMethods(session: PageView, context: ViewContext, onReady: () => void): Handlers<HostMethods> {
  const { engine, source, opener, actions, memory, problems } = context;
  /** Exceptions as the details had them, for `openSource` of a frame. */
  const exceptionOf = async (span: SpanAddress, index: number, { signal }: CallContext): Promise<ShownException> => {
    const { exceptions } = await engine.call('spanDetails', span, { signal });
    const found = exceptions[index];
    if (!found) throw new SpanhopError('NotFound', 'This exception is not part of the span any more.');
    return found;
  };
  return {
    ready() {
      // The answer goes first; what there is to show follows.
      queueMicrotask(onReady);
      return { layout: memory.layout() };
    },
    async details({ trace, row }, { signal }) {
      return ofPicture(trace, await engine.call('spanDetails', { ...trace, row }, { signal }));
    },
    async spanIds({ trace }, { signal }) {
      return ofPicture(trace, await engine.call('spanIds', trace, { signal }));
    },
    stack: ({ exception, ...span }, { signal }) => source.stack(addressOf(span), exception, signal),
    async eventTimes({ trace, rows }, { signal }) {
      const times = ofPicture(trace, await engine.call('eventTimes', { ...trace, rows }, { signal }));
      return { row: Array.from(times.row), atNs: Array.from(times.atNs) };
    },
    async glance({ trace, ...what }, { signal }) {
      const { revision, ...glance } = await engine.call('spanGlance', { ...trace, ...what }, { signal });
      ofPicture(trace, { revision });
      return glance;
    },
    async services({ trace: { dataset, traceId } }, { signal }) {
      const { services } = await engine.call('highlights', { dataset, traceId, limit: 1 }, { signal });
      return { services };
    },
    async find({ trace, text }, { signal }) {
      const { rows } = ofPicture(trace, await engine.call('findSpans', { ...trace, text }, { signal, timeoutMs: 0 }));
      // The bytes of the array and nothing around them: the whole buffer behind it goes to the webview.
      return { rows: rows.slice().buffer };
    },
    attributeKeys: ({ trace: { dataset } }, { signal }) => engine.call('attributeKeys', { dataset }, { signal }),
    attributeValues: ({ trace: { dataset }, field }, { signal }) => engine.call('tagValues', { dataset, key: field }, { signal }),
    source: (span, { signal }) => source.target(addressOf(span), signal),
    logSource: ({ log, ...span }, { signal }) => source.logTarget(addressOf(span), log, signal),
    openSource({ beside, exception, frame, log, ...key }, call) {
      const where = { keep: session.stage.viewColumn, beside };
      const span = addressOf(key);
      // Not awaited: a person may take their time over a question, and the page does not care.
      void problems.guard(async () => {
        if (log !== undefined) await opener.openLog(span, log, where);
        else if (exception === undefined || frame === undefined) await opener.openSpan(span, where);
        else await opener.openFrame(span, await exceptionOf(span, exception, call), frame, where);
      });
    },
    explainSource(span) {
      void problems.guard(() => opener.explain(addressOf(span), { keep: session.stage.viewColumn }));
    },
    async openTrace({ from, traceId, spanId, beside }, { signal }) {
      const dataset = from?.dataset ?? session.dataset;
      const same = dataset === undefined ? undefined : await context.traces.ask(traceId, dataset, signal);
      if (same && session.subject.type === 'file' && !beside) {
        session.showTrace(same, spanId);
        return;
      }
      const backend = same && TraceService.backendOf(same.dataset);
      context
        .openTrace(traceId, { backend, spanId, viewColumn: beside ? besideColumn : session.stage.viewColumn })
        .catch((error: unknown) => problems.show(error));
    },
    backToList: () => void session.load(),
    copy: ({ text, what }) => actions.copy(text, what),
    copyText({ address, what, ...span }) {
      void problems.guard(() => copyText({ ...addressOf(span), address }, what, session, context));
    },
    openText({ address, name, ...span }) {
      void problems.guard(() => actions.openText({ ...addressOf(span), address }, name, session.stage.viewColumn));
    },
    searchAttribute: ({ key, value }) => actions.search(attributeQuery(key, value)),
    async openExternal({ url }) {
      const target = URL.canParse(url) ? new URL(url) : undefined;
      if (target?.protocol !== 'http:' && target?.protocol !== 'https:') {
        throw new SpanhopError('BadData', `"${url.slice(0, 80)}" is no address of the web, so it is not opened.`);
      }
      await actions.openExternal(url);
    },
    saveState: ({ trace, state }) => memory.saveState(trace.traceId, state),
    saveLayout: ({ layout }) => memory.saveLayout(layout),
    runAction: ({ id }) => runStep(session.content, id, context),
    cancel: () => session.cancel(),
    setPaused: ({ paused }) => session.setPaused(paused),
  };
}

function addressOf({ trace: { dataset, traceId }, spanId }: SpanKey): SpanAddress {
  return { dataset, traceId, spanId };
}

/** Copies all of a text, and asks first where that is much. */
async function copyText(key: TextKey, what: string, session: PageView, { engine, actions }: ViewContext): Promise<void> {
  const first = await firstPiece(engine, key);
  const size = lengthToCopy(first.length);
  if (size !== 'short') {
    const question = `${what} has ${formatCount(first.length, 'character')}. ${size === 'long' ? 'Copy all of them?' : 'That is too much for the clipboard.'}`;
    const detail =
      size === 'long' ? 'Programs that watch the clipboard may take long over it.' : 'Export the trace to have all of it.';
    const answer = await actions.ask(
      question,
      detail,
      ...(size === 'long' ? (['Copy', 'Open in Editor'] as const) : (['Open in Editor'] as const)),
    );
    if (answer === 'Open in Editor') await actions.openText(key, what, session.stage.viewColumn);
    if (answer !== 'Copy') return;
  }
  await actions.copy(first.text.length === first.length ? first.text : await wholeText(engine, key), what);
}

/** Rows of another revision would be other spans: they are no answer. */
function ofPicture<T extends { readonly revision: number }>(trace: PictureKey, answer: T): T {
  if (answer.revision === trace.revision) return answer;
  throw new SpanhopError('NotFound', 'The trace has changed since; its new picture follows.');
}

async function runStep(content: Content, id: string, { problems }: ViewContext): Promise<void> {
  if (content.type !== 'problem') return;
  const step = content.steps.find((candidate) => candidate.id === id);
  await problems.guard(() => step?.run());
}

/** `{ .http.route = "/cart" }` */
function attributeQuery(key: string, value: string): string {
  const name = /^[A-Za-z_][\w.-]*$/.test(key) ? key : JSON.stringify(key);
  return `{ .${name} = ${JSON.stringify(value)} }`;
}
