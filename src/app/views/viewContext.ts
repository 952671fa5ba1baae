/** What sessions of a view need of the rest of the application, and of the editor. */

import type { Event } from '../../base/emitter';
import type { ShownException } from '../../protocol/details';
import type { TextKey } from '../../protocol/texts';
import type { TraceKey } from '../../protocol/traces';
import type { ShownStack, SourceTarget } from '../../protocol/view';
import type { EngineService } from '../engine/engineService';
import type { TraceFiles } from '../files/traceFiles';
import type { Problems } from '../messages/problems';
import type { Log } from '../ports/log';
import type { TraceService } from '../traces/traceService';
import type { ViewColumn } from './stage';
import type { TabTitles } from './tabTitles';
import type { ViewMemory } from './viewMemory';

/** A span of a trace, by its id. */
export type SpanAddress = TraceKey & { readonly spanId: string };

/** Where spans are in code. */
export interface SpanSources {
  /** What was answered may be wrong now. */
  readonly onDidChangeTargets: Event<void>;
  target(span: SpanAddress, signal?: AbortSignal): Promise<SourceTarget | undefined>;
  logTarget(span: SpanAddress, log: number, signal?: AbortSignal): Promise<SourceTarget | undefined>;
  stack(span: SpanAddress, exception: ShownException, signal?: AbortSignal): Promise<ShownStack>;
}

export interface ShowSourceOptions {
  /** The column of the view, which stays visible. */
  readonly keep: ViewColumn | undefined;
  readonly beside?: boolean;
}

/** Shows source, and asks where there are several places. */
export interface SourceShower {
  openSpan(span: SpanAddress, options: ShowSourceOptions): Promise<void>;
  /** `frame` counts through the frames of all exceptions of the stack, outermost first. */
  openFrame(span: SpanAddress, exception: ShownException, frame: number, options: ShowSourceOptions): Promise<void>;
  openLog(span: SpanAddress, log: number, options: ShowSourceOptions): Promise<void>;
  explain(span: SpanAddress, options: ShowSourceOptions): Promise<void>;
}

/** What else of the editor a page's buttons reach. */
export interface ViewActions {
  copy(text: string, what: string): Promise<void>;
  /** A question about a long text, with the answers that there are. */
  ask<B extends string>(question: string, detail: string, ...buttons: readonly B[]): Promise<B | undefined>;
  /** Shows a text of a span in an editor of its own, to be read. */
  openText(text: TextKey, name: string, keep: ViewColumn | undefined): Promise<void>;
  /** Opens the search for traces with this query. */
  search(query: string): void;
  /** Opens an address of the web, and asks before it opens one that is not trusted. */
  openExternal(url: string): Promise<void>;
}

export interface ViewServices {
  readonly engine: Pick<EngineService, 'call' | 'started' | 'onDidRestart'>;
  readonly traces: Pick<TraceService, 'locate' | 'ask' | 'onDidChange'>;
  readonly files: Pick<TraceFiles, 'open' | 'content' | 'hold' | 'onDidReload'>;
  readonly source: SpanSources;
  readonly opener: SourceShower;
  readonly actions: ViewActions;
  readonly problems: Pick<Problems, 'page' | 'record' | 'guard' | 'show'>;
  readonly log: Pick<Log, 'debug' | 'error'>;
}

export interface OpenTraceOptions {
  /** 'local', a backend's name, or the dataset of a file. */
  readonly backend?: string;
  readonly spanId?: string;
  readonly viewColumn?: ViewColumn;
  readonly preserveFocus?: boolean;
  /** A look in passing: takes the place of the last such look, unless the person has begun to read there. */
  readonly preview?: boolean;
}

export interface ViewContext extends ViewServices {
  readonly memory: ViewMemory;
  readonly titles: TabTitles;
  /** Opens another trace, in a panel of its own. */
  openTrace(traceId: string, options?: OpenTraceOptions): Promise<unknown>;
}
