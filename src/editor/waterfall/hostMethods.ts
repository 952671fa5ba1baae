/** What a waterfall's page may ask of the host: questions for the engine, source, and the editor's own doings. */

import { commands, env, Uri, ViewColumn } from 'vscode';
import type { SpanRef } from '../../app/source/spanAnswers';
import { TraceService } from '../../app/traces/traceService';
import { SpanhopError } from '../../base/errors';
import { plain } from '../../core/text/plainText';
import type { ShownException } from '../../protocol/details';
import type { CallContext, Handlers } from '../../protocol/rpc';
import type { HostMethods } from '../../protocol/view';
import { showInStatusBar } from '../plain/statusBar';
import type { WaterfallSession } from './session';

export function hostMethods(session: WaterfallSession): Handlers<HostMethods> {
  const { context } = session;
  const { engine, source, memory, problems } = context;
  const span = (row: number): SpanRef => ({ ...session.requireKey(), row });
  /** Exceptions as the details had them, for `openSource` of a frame. */
  const exceptionOf = async (row: number, index: number, { signal }: CallContext): Promise<ShownException> => {
    const { exceptions } = await engine.call('spanDetails', span(row), { signal });
    const found = exceptions[index];
    if (!found) throw new SpanhopError('NotFound', 'This exception is not part of the span any more.');
    return found;
  };
  return {
    ready() {
      // The answer goes first; what there is to show follows.
      queueMicrotask(() => session.ready());
      return { layout: memory.layout() };
    },
    details: ({ row }, { signal }) => engine.call('spanDetails', span(row), { signal }),
    spanIds: (_, { signal }) => engine.call('spanIds', session.requireKey(), { signal }),
    stack: ({ row, exception }, { signal }) => source.stack(span(row), exception, signal),
    async eventTimes({ rows }, { signal }) {
      const times = await engine.call('eventTimes', { ...session.requireKey(), rows }, { signal });
      return { row: Array.from(times.row), atNs: Array.from(times.atNs) };
    },
    async find({ text }, { signal }) {
      const { rows } = await engine.call('findSpans', { ...session.requireKey(), text }, { signal });
      return { rows: exact(rows) };
    },
    source: ({ row }, { signal }) => source.target(span(row), signal),
    logSource: ({ row, log }, { signal }) => source.logTarget(span(row), log, signal),
    openSource({ row, beside, exception, frame, log }, call) {
      const shown = { keep: session.stage.viewColumn, beside };
      // Not awaited: a person may take their time over a question, and the page does not care.
      void problems.guard(async () => {
        if (log !== undefined) await context.opener.openLog(span(row), log, shown);
        else if (exception === undefined || frame === undefined) await context.opener.openSpan(span(row), shown);
        else await context.opener.openFrame(span(row), await exceptionOf(row, exception, call), frame, shown);
      });
    },
    explainSource({ row }) {
      void problems.guard(() => context.opener.explain(span(row), { keep: session.stage.viewColumn }));
    },
    async openTrace({ traceId, spanId, beside }, { signal }) {
      const key =
        session.key ?? (session.subject.type === 'file' ? { dataset: context.datasetOf(session.subject.uri) } : undefined);
      const sameFile = key && (await context.traces.ask(traceId, key.dataset, signal));
      if (sameFile && session.subject.type === 'file' && !beside) {
        void session.showTrace(sameFile, spanId);
        return;
      }
      const backend = sameFile ? TraceService.backendOf(sameFile.dataset) : undefined;
      context
        .openTrace(traceId, { backend, spanId, viewColumn: beside ? ViewColumn.Beside : session.stage.viewColumn })
        .catch((error: unknown) => problems.show(error));
    },
    backToList: () => void session.load(),
    async copy({ text, what }) {
      await env.clipboard.writeText(text);
      showInStatusBar(plain`$(check) Copied ${what}`, 2000);
    },
    searchAttribute: ({ key, value }) => void commands.executeCommand('spanhop.search', { text: attributeQuery(key, value) }),
    async openExternal({ url }) {
      const target = URL.canParse(url) ? new URL(url) : undefined;
      if (target?.protocol !== 'http:' && target?.protocol !== 'https:') {
        throw new SpanhopError('BadData', `"${url.slice(0, 80)}" is no address of the web, so it is not opened.`);
      }
      // This command asks before it opens a domain that is not trusted; `env.openExternal` does not.
      await commands.executeCommand('vscode.open', Uri.parse(url));
    },
    saveState({ state }) {
      if (session.key) memory.saveState(session.key.traceId, state);
    },
    saveLayout: ({ layout }) => memory.saveLayout(layout),
    async runAction({ id }) {
      const { shown } = session;
      if (shown.type !== 'problem') return;
      const step = shown.steps.find((candidate) => candidate.id === id);
      await problems.guard(() => step?.run());
    },
    cancel: () => session.cancel(),
    exportTrace: () => void commands.executeCommand('spanhop.exportTrace'),
  };
}

/** The bytes of an array and nothing around them: the whole buffer behind it goes to the webview. */
function exact(rows: Uint32Array): ArrayBuffer {
  return rows.slice().buffer;
}

/** `{ .http.route = "/cart" }` */
function attributeQuery(key: string, value: string): string {
  const name = /^[A-Za-z_][\w.-]*$/.test(key) ? key : JSON.stringify(key);
  return `{ .${name} = ${JSON.stringify(value)} }`;
}
