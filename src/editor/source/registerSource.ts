/** From spans to code: the commands, and originals that only a source map holds. */

import { commands, type Disposable, type ViewColumn, workspace } from 'vscode';
import type { App } from '../../app/app';
import { readSpanArgument } from '../../app/links/spanArgument';
import type { SpanRef } from '../../app/source/spanAnswers';
import { Disposables } from '../../base/disposables';
import { SpanhopError } from '../../base/errors';
import type { TraceKey } from '../../protocol/traces';
import type { Originals } from '../opening/originals';
import { originalScheme } from '../opening/ownSchemes';
import type { ShowOptions } from '../opening/showLine';
import { Pins } from './mappings/pinning';
import type { SourceOpener } from './sourceOpener';

/** The waterfall of which a span may be selected. */
export interface SpanSelection {
  readonly active:
    | {
        readonly key: TraceKey | undefined;
        readonly selected: { readonly spanId: string } | undefined;
        readonly stage: { readonly visible: boolean; readonly viewColumn: ViewColumn | undefined };
      }
    | undefined;
}

export interface SourceFeature extends Pick<App, 'traces' | 'engine' | 'problems' | 'source'> {
  readonly originals: Originals;
  readonly opener: SourceOpener;
  readonly views: SpanSelection;
}

export function registerSource(services: SourceFeature): Disposable {
  const { source, originals, opener, problems } = services;
  const register = (id: string, run: (ref: SpanRef, options: ShowOptions) => Promise<void>): Disposable =>
    commands.registerCommand(id, (given?: unknown) =>
      problems.guard(async () => {
        const { ref, options } = await spanOf(services, given);
        await run(ref, options);
      }),
    );
  return new Disposables(
    workspace.registerTextDocumentContentProvider(originalScheme, originals),
    register('spanhop.goToSource', (ref, options) => opener.openSpan(ref, options)),
    commands.registerCommand('spanhop.managePathMappings', () =>
      problems.guard(async () => {
        // Its rows and questions are needed by few windows.
        const { managePathMappings } = await import('./mappings/managePathMappings');
        await managePathMappings(source.inferred, new Pins(problems), (uri, line) => opener.showLine(uri, line));
      }),
    ),
    register('spanhop.explainSource', (ref, options) => opener.explain(ref, options)),
  );
}

/** The span of a row of the tree, or the one that is selected in the active waterfall. */
async function spanOf({ traces, engine, views }: SourceFeature, given: unknown): Promise<{ ref: SpanRef; options: ShowOptions }> {
  const session = views.active;
  // A waterfall that can be seen stays visible, wherever the question came from.
  const keep = session?.stage.visible ? session.stage.viewColumn : undefined;
  const named = readSpanArgument(given);
  if (named) {
    const key = await traces.locate(named.traceId, { backend: named.backend });
    if (named.spanId !== undefined) return { ref: { ...key, spanId: named.spanId }, options: { keep } };
    // A trace stands for its first error, else for its root.
    const { errors } = await engine.call('highlights', { ...key, limit: 1 });
    const ref = errors[0] ? { ...key, spanId: errors[0].spanId } : { ...key, row: 0 };
    return { ref, options: { keep } };
  }
  // The context menu of a view tells the span.
  if (session?.key && isSpanInView(given)) return { ref: { ...session.key, spanId: given.spanId }, options: { keep } };
  if (!session?.key) throw new SpanhopError('NotFound', 'No trace is open. Open one, and select a span.');
  if (!session.selected) throw new SpanhopError('NotFound', 'No span is selected. Select one in the trace first.');
  return { ref: { ...session.key, spanId: session.selected.spanId }, options: { keep } };
}

function isSpanInView(value: unknown): value is { readonly spanId: string } {
  return typeof value === 'object' && value !== null && 'spanId' in value && typeof value.spanId === 'string';
}
