/**
 * From spans and frames to lines, for whoever shows them. The ladder itself is `src/source`; this gives it the workspace, source maps and the
 * user's mappings, keeps answers as long as they hold, and makes the texts that are shown.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Slices } from '../../base/slices';
import { Throttle } from '../../base/throttle';
import type { CodeHint } from '../../protocol/code';
import type { ShownException } from '../../protocol/details';
import { isSampleDataset, isSampleFile } from '../../protocol/sample';
import type { SourceSpan } from '../../protocol/source';
import type { TraceKey } from '../../protocol/traces';
import type { ShownFrame, ShownStack, SourceTarget } from '../../protocol/view';
import type {
  Dependencies,
  ParsedStack,
  ResolveOptions,
  ResolveResult,
  SourceCandidate,
  SourcePorts,
  StackFrame,
} from '../../source';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { noting } from './dependencies';
import type { WorkspaceGit } from './git/workspaceGit';
import { HintAnswers } from './hintAnswers';
import { type LadderInputOptions, LadderInputs } from './ladderInputs';
import type { InferredMappings } from './mappings/inferredMappings';
import { SourceChanges } from './sourceChanges';
import { targetOf } from './sourceTarget';
import { type ResolvedSpan, SpanAnswers, type SpanRef } from './spanAnswers';
import { TracePreparation } from './tracePreparation';

/** A stack, and what is known of the span that it came from. */
interface ParsedException {
  readonly stack: ParsedStack;
  readonly options: ResolveOptions;
}

/** Milliseconds without a question until what may be asked next is prepared. */
const quietMs = 200;
/** Milliseconds after an answer until the other spans of its trace are resolved. */
const othersMs = 30;
const maxKept = 1000;
/** A file that is longer is not looked through for texts. */
const maxSourceBytes = 4 * 1024 * 1024;
/** Frames of one exception that are looked up in the workspace; a recursion prints thousands. */
const maxFrames = 200;
/** Texts that are looked for so that many hints can be judged; what is beyond is asked for one by one. */
const maxHintNeedles = 4_000;
/** Milliseconds of work between two pauses. */
const sliceMs = 8;
/** How long the first answer waits for mappings to be inferred; later ones come when they come. */
const inferWaitMs = 100;
/** And how long a person who asked for a place. */
const inferPatienceMs = 2000;
/** From here on a place is opened without asking. */
const sure = 0.9;

export interface SourceServiceOptions extends LadderInputOptions {
  /** Makes the one that answers for the sample trace, out of its own files. Undefined: there is no sample. */
  readonly sample?: () => SourceService;
}

export class SourceService implements Disposable {
  private readonly disposables = new Disposables();
  private readonly inputs: LadderInputs;
  private readonly answers: SpanAnswers;
  private readonly hints: HintAnswers<CodeHint, ResolveResult>;
  private readonly changes: SourceChanges;
  private readonly preparation: TracePreparation;
  private latest: TraceKey | undefined;
  private readonly realOf = (uri: string): Promise<string | undefined> => this.files.fence.readable(uri);
  /** Who asks for one span of a trace asks for others. Once nobody does for a moment: starting a search would only keep them waiting. */
  private readonly preparing = this.disposables.own(new Throttle(() => this.prepare(), { waitMs: quietMs, after: 'last' }));

  /** Soon after the first answer, so that it is shown first. */
  private readonly preparingOthers = this.disposables.own(
    new Throttle(() => this.prepareOthers(), { waitMs: othersMs, after: 'first' }),
  );

  private sample: SourceService | undefined;

  constructor(private readonly own: SourceServiceOptions) {
    this.inputs = this.disposables.own(new LadderInputs(own));
    this.answers = new SpanAnswers({
      engine: own.engine,
      most: maxKept,
      readText: (uri) => this.files.readText(uri, maxSourceBytes),
      resolve: (trace, span, into) => this.resolveFresh(trace, span, into),
    });
    this.hints = new HintAnswers((uri) => this.files.readText(uri, maxSourceBytes));
    this.changes = this.disposables.own(new SourceChanges(this.inputs, this.answers, this.hints, own));
    this.preparation = this.disposables.own(
      new TracePreparation({
        engine: own.engine,
        resolve: (trace, spanId) => this.answers.of({ ...trace, spanId }),
      }),
    );
    this.disposables.add(this.changes.onDidInvalidate(() => this.preparation.forget()));
  }

  get onDidInvalidate(): SourceChanges['onDidInvalidate'] {
    return this.changes.onDidInvalidate;
  }

  get onDidChangeTargets(): SourceChanges['onDidChangeTargets'] {
    return this.changes.onDidChangeTargets;
  }

  get files(): WorkspaceFiles {
    return this.inputs.files;
  }

  get git(): WorkspaceGit {
    return this.inputs.git;
  }

  get inferred(): InferredMappings {
    return this.inputs.inferred;
  }

  /** For questions whose answers are kept elsewhere, until `onDidInvalidate`. */
  get ports(): SourcePorts {
    return noting(this.inputs.ports, this.changes.asked, this.realOf);
  }

  get hasFolder(): boolean {
    return this.files.folders().length > 0;
  }

  /** Who answers about a document: the sample's files know the sample's spans alone, and no others know these. */
  of(uri: string): SourceService {
    return isSampleFile(uri) ? this.ofSample() : this;
  }

  private ofSample(): SourceService {
    const { sample } = this.own;
    if (!this.sample && sample) this.sample = this.disposables.own(sample());
    return this.sample ?? this;
  }

  private forSpan({ dataset }: TraceKey): SourceService {
    return isSampleDataset(dataset) ? this.ofSample() : this;
  }

  resolveOptions(): ResolveOptions {
    return this.inputs.options;
  }

  /** The places of a span. Kept until its trace, or a file that they were found by, is another. */
  async resolve(ref: SpanRef, signal?: AbortSignal): Promise<ResolvedSpan> {
    const other = this.forSpan(ref);
    if (other !== this) return other.resolve(ref, signal);
    this.inputs.sourceMaps.prepare();
    this.latest = ref;
    this.preparing.ask();
    const answer = await this.answers.of(ref, signal);
    this.preparingOthers.ask();
    return answer;
  }

  /** The same for a person who asked for it: is it not sure, it waits for mappings that are being inferred. */
  async resolveFully(ref: SpanRef): Promise<ResolvedSpan> {
    const first = await this.resolve(ref);
    const isSure = (first.result.candidates[0]?.confidence ?? 0) >= sure;
    return !isSure && (await this.inferred.settled(inferPatienceMs)) ? this.resolve(ref) : first;
  }

  /** The places of a span where a search that was cut goes on: slower, and not kept. */
  async resolveFurther(ref: SpanRef): Promise<ResolveResult> {
    const other = this.forSpan(ref);
    if (other !== this) return other.resolveFurther(ref);
    const span = await this.answers.span(ref);
    const ports = { ...this.inputs.ports, search: this.inputs.search.ofTrace(ref) };
    const result = await (await loadLadder()).resolveSpan(span, ports, { ...this.resolveOptions(), searchFurther: true });
    return { ...result, isCut: false };
  }

  /** What the waterfall shows of a span's source; undefined: none found. */
  async target(ref: SpanRef, signal?: AbortSignal): Promise<SourceTarget | undefined> {
    const { result } = await this.resolve(ref, signal);
    return targetOf(result, true);
  }

  /** The places that a log record of a span states; `index` counts through the span's records by time. */
  async log(ref: SpanRef, index: number, signal?: AbortSignal): Promise<ResolveResult> {
    const other = this.forSpan(ref);
    if (other !== this) return other.log(ref, index, signal);
    const span = await this.answers.span(ref, signal);
    const ladder = await loadLadder();
    return ladder.resolveAttributes(span.logs[index]?.attributes ?? {}, this.ports, await this.optionsOf(span), signal);
  }

  async logTarget(ref: SpanRef, index: number, signal?: AbortSignal): Promise<SourceTarget | undefined> {
    return targetOf(await this.log(ref, index, signal), false);
  }

  /** The place that `code.*` attributes name; for CodeLens. */
  async resolveAttributes(attributes: Readonly<Record<string, unknown>>): Promise<ResolveResult> {
    const ladder = await loadLadder();
    const result = await ladder.resolveAttributes(attributes, this.ports, this.resolveOptions());
    await this.inferred.heed('', result);
    return result;
  }

  /**
   * Finds the places of spans that state none, by what else they say, for CodeLens; `all` of them are looked for in one search, but for those whose
   * answer still holds. Who asks is to ask again after `onDidInvalidate`.
   */
  async hintResolver(all: readonly CodeHint[]): Promise<(hint: CodeHint) => Promise<ResolveResult>> {
    const { hintNeedles, hintResolver } = await loadLadder();
    const { ports, hints } = this;
    const options = this.resolveOptions();
    const slices = new Slices(undefined, sliceMs);
    const needles = new Set<string>();
    for (const hint of all) {
      await slices.maybePause();
      if (await hints.of(hint)) continue;
      if (options.searchSource !== false) for (const needle of hintNeedles(hint)) needles.add(needle);
    }
    // Questions of the same moment are answered by one search.
    await Promise.all([...needles].slice(0, maxHintNeedles).map((needle) => ports.search?.find(needle)));
    const places = new Map<string, string>();
    const noted = (into: Dependencies): SourcePorts => noting(ports, into, this.realOf, places);
    const resolve = hintResolver(ports, options, undefined, noted);
    return async (hint) => (await hints.of(hint))?.value ?? (await hints.make(hint, (into) => resolve(hint, into)));
  }

  /** Where a span is made, not where it failed: its exceptions are left aside. */
  async resolveMade(ref: SpanRef): Promise<ResolveResult> {
    const other = this.forSpan(ref);
    if (other !== this) return other.resolveMade(ref);
    const span = await this.answers.span(ref);
    const { 'exception.stacktrace': _, ...attributes } = span.attributes;
    const ladder = await loadLadder();
    return ladder.resolveSpan({ ...span, attributes, events: [], logs: [] }, this.ports, this.resolveOptions());
  }

  /** The line that threw, of a stack as it was recorded: its first frame that is in the workspace. `language` is the SDK's. */
  async thrownAt(stack: string, language: unknown): Promise<SourceCandidate | undefined> {
    const ladder = await loadLadder();
    const parsed = ladder.parseStack(stack, ladder.languageOf(language));
    if (!parsed) return undefined;
    const { candidates } = await ladder.resolveStack(parsed, this.ports, this.resolveOptions());
    const [best] = candidates;
    return best && !best.lineUnknown && !best.outsideWorkspace ? best : undefined;
  }

  /** The places of a stack trace that stands alone; none where it has no frames. */
  async pasted(text: string): Promise<ResolveResult> {
    const ladder = await loadLadder();
    const stack = ladder.parseStack(text);
    if (!stack) return { candidates: [], tried: [], causes: [] };
    return ladder.resolveStack(stack, this.ports, this.resolveOptions());
  }

  /** The first frames of a stack that are in the workspace, nearest to the throw first. */
  async framesHere(stack: string, language: unknown, most: number, signal?: AbortSignal): Promise<readonly SourceCandidate[]> {
    const ladder = await loadLadder();
    const parsed = ladder.parseStack(stack, ladder.languageOf(language));
    const here: SourceCandidate[] = [];
    for (const frame of parsed?.exceptions[0].frames.slice(0, maxFrames) ?? []) {
      if (!parsed || here.length >= most) break;
      if (frame.isLibrary || frame.isNative) continue;
      const { candidates } = await ladder.resolveFrame(frame, parsed.language, this.ports, this.resolveOptions(), signal);
      const [best] = candidates;
      if (best && !best.lineUnknown && !best.outsideWorkspace && best.content === undefined) here.push(best);
    }
    return here;
  }

  /** The exceptions of a stack with their frames, those in the workspace with a target. */
  async stack(ref: SpanRef, exception: ShownException, signal?: AbortSignal): Promise<ShownStack> {
    const other = this.forSpan(ref);
    if (other !== this) return other.stack(ref, exception, signal);
    const parsed = await this.parse(ref, exception, signal);
    if (!parsed) return { exceptions: [] };
    const exceptions = parsed.stack.exceptions.map(async (one) => ({
      type: one.type,
      message: one.message,
      relation: one.relation,
      frames: await Promise.all(one.frames.slice(0, maxFrames).map((frame) => this.shownFrame(frame, parsed, signal))),
    }));
    return { exceptions: await Promise.all(exceptions) };
  }

  /** The places of one frame of a stack; `index` counts through the frames of all its exceptions as `stack` gives them. */
  async frame(ref: SpanRef, exception: ShownException, index: number, signal?: AbortSignal): Promise<ResolveResult> {
    const other = this.forSpan(ref);
    if (other !== this) return other.frame(ref, exception, index, signal);
    const parsed = await this.parse(ref, exception, signal);
    const frame = parsed?.stack.exceptions.flatMap(({ frames }) => frames.slice(0, maxFrames))[index];
    if (!parsed || !frame) return { candidates: [], tried: [], causes: [] };
    return (await loadLadder()).resolveFrame(frame, parsed.stack.language, this.ports, parsed.options, signal);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private prepareOthers(): void {
    const { latest } = this;
    if (!latest || !this.resolveOptions().searchSource) return;
    void this.preparation.prepare({ dataset: latest.dataset, traceId: latest.traceId });
  }

  private prepare(): void {
    void this.files.prepare().catch(() => {});
    if (this.latest && this.resolveOptions().searchSource) void this.inputs.search.warm(this.latest).catch(() => {});
  }

  /** The first answer with a path that leads nowhere has build files looked at, and waits a moment for them. */
  private async resolveFresh(trace: TraceKey, span: SourceSpan, into: Dependencies): Promise<ResolveResult> {
    const ports = noting({ ...this.inputs.ports, search: this.inputs.search.ofTrace(trace) }, into, this.realOf);
    const ladder = await loadLadder();
    const result = await ladder.resolveSpan(span, ports, this.resolveOptions());
    if (!(await this.inferred.heed(span.service, result, inferWaitMs))) return result;
    const better = await ladder.resolveSpan(span, ports, this.resolveOptions());
    await this.inferred.heed(span.service, better);
    return better;
  }

  private async parse(
    ref: SpanRef,
    exception: ShownException,
    signal: AbortSignal | undefined,
  ): Promise<ParsedException | undefined> {
    const span = await this.answers.span(ref, signal);
    const ladder = await loadLadder();
    const stack = ladder.parseStack(exception.stack, ladder.languageOf(span.resource['telemetry.sdk.language']));
    return stack && { stack, options: await this.optionsOf(span) };
  }

  /**
   * For what belongs to a span: its lines are those of the span's commit, and its service tells apart what is in the same folder of two
   * containers.
   */
  private async optionsOf(span: SourceSpan): Promise<ResolveOptions> {
    const ladder = await loadLadder();
    const options = this.resolveOptions();
    return { ...options, services: ladder.servicesOf(span), revisions: ladder.revisionsOf(span, options.versionAttributes) };
  }

  private async shownFrame(
    frame: StackFrame,
    { stack, options }: ParsedException,
    signal: AbortSignal | undefined,
  ): Promise<ShownFrame> {
    const location = frame.path === undefined ? '' : `${frame.path}${frame.line === undefined ? '' : `:${frame.line}`}`;
    // The function, as the column is narrow; where the frame names none, the frame as printed.
    const text = frame.functionName ?? (frame.path === undefined ? frame.raw : '(anonymous)');
    const plain = { text, location, library: frame.isLibrary || frame.isNative };
    if (plain.library) return plain;
    const result = await (await loadLadder()).resolveFrame(frame, stack.language, this.ports, options, signal);
    return { ...plain, target: targetOf(result, false) };
  }
}

function loadLadder(): Promise<typeof import('./ladder')> {
  return import('./ladder');
}
