/**
 * From spans and frames to lines, for the waterfall, the tree, CodeLens and the exported API. The ladder itself is `core/source`; this
 * gives it the workspace, source maps and the user's mappings, keeps answers as long as they hold, and makes the words that are shown.
 */

import { type Disposable, EventEmitter, type ExtensionContext, type LogOutputChannel, workspace } from 'vscode';
import {
  languageOf,
  type ParsedStack,
  parseStack,
  type ResolveOptions,
  type ResolveResult,
  resolveAttributes,
  resolveFrame,
  resolveSpan,
  resolveStack,
  type SourceCandidate,
  SourceMaps,
  type SourcePorts,
  type StackLanguage,
} from '../../core/source';
import { uriSegments } from '../../core/source/uri';
import type { ShownException } from '../../protocol/details';
import type { CodeHint, SpanData, TraceKey } from '../../protocol/engineProtocol';
import type { ShownFrame, ShownStack, SourceTarget } from '../../protocol/webviewProtocol';
import { Disposables } from '../services/disposables';
import type { EngineService } from '../services/engine';
import type { Problems } from '../services/problems';
import type { Settings } from '../services/settings';
import { Originals } from './originals';
import { readPathMappings } from './pathMappings';
import { SourceSearch } from './sourceSearch';
import { EditorSymbols } from './symbols';
import { WorkspaceFiles } from './workspaceFiles';

export interface SourceServiceOptions {
  readonly context: ExtensionContext;
  readonly engine: EngineService;
  readonly settings: Settings;
  readonly problems: Problems;
  readonly log: LogOutputChannel;
}

/** A span, by its row in the waterfall or by its id. */
export type SpanRef = TraceKey & ({ readonly row: number } | { readonly spanId: string });

export interface ResolvedSpan {
  readonly span: SpanData;
  readonly result: ResolveResult;
}

const maxKept = 1000;
/** Frames of one exception that are looked up in the workspace; a recursion prints thousands. */
const maxFrames = 200;

export class SourceService implements Disposable {
  private readonly disposables = new Disposables();
  private readonly invalidated = this.disposables.own(new EventEmitter<void>());
  /** Files or mappings changed: what was resolved may be wrong now. */
  readonly onDidInvalidate = this.invalidated.event;
  readonly files = this.disposables.own(new WorkspaceFiles());
  readonly originals = new Originals();
  readonly symbols = this.disposables.own(new EditorSymbols(this.files));
  readonly search: SourceSearch;
  private readonly sourceMaps = new SourceMaps({
    readText: (uri, maxBytes) => this.files.readText(uri, maxBytes),
    loadConsumer: async (map) => (await import('./mapConsumer')).consumerOf(map),
  });
  private readonly resolved = new Map<string, Promise<ResolvedSpan>>();
  private options: ResolveOptions | undefined;

  constructor(private readonly own: SourceServiceOptions) {
    this.search = this.disposables.own(new SourceSearch({ files: this.files, engine: own.engine, log: own.log }));
    const invalidate = (): void => {
      this.options = undefined;
      this.resolved.clear();
      this.invalidated.fire();
    };
    this.disposables.add(
      this.files.onDidChange(invalidate),
      // A build wrote a map anew, or a file that names one: lines of the old one would be wrong.
      this.files.onDidTouch((uri) => this.sourceMaps.forget(uri?.toString())),
      this.symbols.onDidLearn(invalidate),
      // Lines that were found by their text move with every edit; asking again is cheap.
      workspace.onDidChangeTextDocument(({ contentChanges }) => contentChanges.length > 0 && this.resolved.clear()),
      own.settings.onDidChangeOf(['source.pathMappings', 'source.searchWorkspace'], invalidate),
      this.sourceMaps,
      { dispose: () => this.resolved.clear() },
    );
  }

  get ports(): SourcePorts {
    return { workspace: this.files, sourceMaps: this.sourceMaps, search: this.search, symbols: this.symbols };
  }

  get hasFolder(): boolean {
    return this.files.folders().length > 0;
  }

  resolveOptions(): ResolveOptions {
    this.options ??= { pathMappings: readPathMappings(this.own.settings), searchSource: this.own.settings.searchWorkspace };
    return this.options;
  }

  /** The places of a span. Kept until files, mappings or the span change. */
  async resolve(ref: SpanRef, signal?: AbortSignal): Promise<ResolvedSpan> {
    if ('row' in ref) return this.resolveData(ref, await this.own.engine.call('spanData', ref, { signal }));
    const known = this.resolved.get(labelOf(ref, ref.spanId));
    return known ?? this.resolveData(ref, await this.own.engine.call('spanData', ref, { signal }));
  }

  /** What the waterfall shows of a span's source; undefined: none found. */
  async target(ref: SpanRef, signal?: AbortSignal): Promise<SourceTarget | undefined> {
    const { result } = await this.resolve(ref, signal);
    return targetOf(result.candidates);
  }

  /** The places that a log record of a span states; `index` counts through the span's records by time. */
  async log(ref: SpanRef, index: number, signal?: AbortSignal): Promise<ResolveResult> {
    const { logs } = await this.own.engine.call('spanData', ref, { signal });
    return resolveAttributes(logs[index]?.attributes ?? {}, this.ports, this.resolveOptions(), signal);
  }

  async logTarget(ref: SpanRef, index: number, signal?: AbortSignal): Promise<SourceTarget | undefined> {
    return targetOf((await this.log(ref, index, signal)).candidates);
  }

  /** The place that `code.*` attributes name; for CodeLens. */
  resolveAttributes(attributes: Readonly<Record<string, unknown>>): Promise<ResolveResult> {
    return resolveAttributes(attributes, this.ports, this.resolveOptions());
  }

  /** The place of spans that state none, by what else they say; for CodeLens. */
  resolveHint({ name, service, language, scope, attributes }: CodeHint): Promise<ResolveResult> {
    const span = {
      name,
      service,
      attributes,
      resource: { 'telemetry.sdk.language': language },
      scope: { name: scope },
      events: [],
    };
    return resolveSpan(span, this.ports, this.resolveOptions());
  }

  /** Where a span is made, not where it failed: its exceptions are left aside. */
  async resolveMade(ref: SpanRef): Promise<ResolveResult> {
    const span = await this.own.engine.call('spanData', ref);
    const { 'exception.stacktrace': _, ...attributes } = span.attributes;
    return resolveSpan({ ...span, attributes, events: [], logs: [] }, this.ports, this.resolveOptions());
  }

  /** The line that threw, of a stack as it was recorded: its first frame that is in the workspace. `language` is the SDK's. */
  async thrownAt(stack: string, language: unknown): Promise<SourceCandidate | undefined> {
    const parsed = parseStack(stack, languageOf(language));
    if (!parsed) return undefined;
    const { candidates } = await resolveStack(parsed, this.ports, this.resolveOptions());
    const [best] = candidates;
    return best && !best.lineUnknown && !best.outsideWorkspace ? best : undefined;
  }

  /** The first frames of a stack that are in the workspace, nearest to the throw first. */
  async framesHere(stack: string, language: unknown, most: number, signal?: AbortSignal): Promise<readonly SourceCandidate[]> {
    const parsed = parseStack(stack, languageOf(language));
    const here: SourceCandidate[] = [];
    for (const frame of parsed?.exceptions[0].frames.slice(0, maxFrames) ?? []) {
      if (!parsed || here.length >= most) break;
      if (frame.isLibrary || frame.isNative) continue;
      const { candidates } = await resolveFrame(frame, parsed.language, this.ports, this.resolveOptions(), signal);
      const [best] = candidates;
      if (best && !best.lineUnknown && !best.outsideWorkspace && best.content === undefined) here.push(best);
    }
    return here;
  }

  /** The exceptions of a stack with their frames, those in the workspace with a target. */
  async stack(ref: SpanRef, exception: ShownException, signal?: AbortSignal): Promise<ShownStack> {
    const parsed = await this.parse(ref, exception, signal);
    if (!parsed) return { exceptions: [] };
    const exceptions = parsed.exceptions.map(async (one) => ({
      type: one.type,
      message: one.message,
      relation: one.relation,
      frames: await Promise.all(one.frames.slice(0, maxFrames).map((frame) => this.shownFrame(frame, parsed.language, signal))),
    }));
    return { exceptions: await Promise.all(exceptions) };
  }

  /** The places of one frame of a stack; `index` counts through the frames of all its exceptions as `stack` gives them. */
  async frame(ref: SpanRef, exception: ShownException, index: number, signal?: AbortSignal): Promise<ResolveResult> {
    const parsed = await this.parse(ref, exception, signal);
    const frame = parsed?.exceptions.flatMap(({ frames }) => frames.slice(0, maxFrames))[index];
    if (!parsed || !frame) return { candidates: [], tried: [], causes: [] };
    return resolveFrame(frame, parsed.language, this.ports, this.resolveOptions(), signal);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private resolveData(ref: TraceKey, span: SpanData): Promise<ResolvedSpan> {
    const label = labelOf(ref, span.spanId);
    const known = this.resolved.get(label);
    if (known) return known;
    const ports = { ...this.ports, search: this.search.ofTrace(ref) };
    const work = resolveSpan(span, ports, this.resolveOptions()).then((result) => ({ span, result }));
    if (this.resolved.size >= maxKept) this.resolved.clear();
    this.resolved.set(label, work);
    work.catch(() => this.resolved.delete(label));
    return work;
  }

  private async parse(
    ref: SpanRef,
    exception: ShownException,
    signal: AbortSignal | undefined,
  ): Promise<ParsedStack | undefined> {
    const span = await this.own.engine.call('spanData', ref, { signal });
    return parseStack(exception.stack, languageOf(span.resource['telemetry.sdk.language']));
  }

  private async shownFrame(
    frame: ParsedStack['exceptions'][number]['frames'][number],
    language: StackLanguage,
    signal: AbortSignal | undefined,
  ): Promise<ShownFrame> {
    const location = frame.path === undefined ? '' : `${frame.path}${frame.line === undefined ? '' : `:${frame.line}`}`;
    // The function, as the column is narrow; where the frame names none, the frame as printed.
    const text = frame.functionName ?? (frame.path === undefined ? frame.raw : '(anonymous)');
    const shown = { text, location, library: frame.isLibrary || frame.isNative };
    if (shown.library) return shown;
    const { candidates } = await resolveFrame(frame, language, this.ports, this.resolveOptions(), signal);
    return { ...shown, target: targetOf(candidates) };
  }
}

function labelOf(key: TraceKey, spanId: string): string {
  return `${key.dataset} ${key.traceId} ${spanId}`;
}

/** `cartStore.ts:31` */
export function labelOfCandidate(candidate: SourceCandidate): string {
  const name = uriSegments(candidate.file).at(-1) ?? candidate.file;
  return candidate.lineUnknown ? name : `${name}:${candidate.line + 1}`;
}

function targetOf(candidates: readonly SourceCandidate[]): SourceTarget | undefined {
  const [best] = candidates;
  return (
    best && {
      label: labelOfCandidate(best),
      reason: best.reason,
      rung: best.rung,
      confidence: best.confidence,
      candidates: candidates.length,
    }
  );
}
