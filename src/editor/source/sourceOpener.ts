/**
 * Opening source: the place of a span or a frame, a question where there are several, and where there is none a message that says
 * what was tried and what would help.
 */

import { commands, type Disposable, QuickPickItemKind, Uri, type ViewColumn, workspace } from 'vscode';
import type { Problems } from '../../app/messages/problems';
import type { SourceService } from '../../app/source/sourceService';
import { labelOfCandidate } from '../../app/source/sourceTarget';
import type { SpanRef } from '../../app/source/spanAnswers';
import type { Event } from '../../base/emitter';
import { plain } from '../../core/text/plainText';
import type { ShownException } from '../../protocol/details';
import type { ResolveResult, SourceCandidate } from '../../source';
import { type Advice, advise, fetchText, isOnlyOffered, missingCommit, shouldAsk } from '../../source/advice';
import { pinOf, pinTo } from '../../source/paths/pin';
import { uriSegments } from '../../source/uri/uri';
import type { Gate } from '../opening/gate';
import type { Originals } from '../opening/originals';
import { LineShower, type ShowOptions } from '../opening/showLine';
import { showMessage } from '../plain/messages';
import { pickOne } from '../plain/quickPick';
import { addPathMapping } from './mappings/addPathMapping';
import { chooseFile } from './mappings/chooseFile';
import { Pins } from './mappings/pinning';
import { type PlaceItem, type PlaceList, pickPlace } from './placePicker';

/** What source is looked for, what was found, and how to look again. */
interface Question {
  /** For a person: a span's name in quotes, "this frame". */
  readonly what: string;
  readonly result: ResolveResult;
  readonly options: ShowOptions;
  readonly resolve: () => Promise<ResolveResult>;
  /** The same, where a search was cut. */
  readonly further?: () => Promise<ResolveResult>;
}

export interface SourceOpenerOptions {
  readonly source: SourceService;
  readonly gate: Gate;
  readonly originals: Originals;
  readonly problems: Problems;
  readonly extensionUri: Uri;
}

export class SourceOpener implements Disposable {
  private readonly source: SourceService;
  private readonly shower: LineShower;
  private readonly pins: Pins;

  constructor(private readonly own: SourceOpenerOptions) {
    this.source = own.source;
    this.pins = new Pins(own.problems);
    this.shower = new LineShower(own.gate);
  }

  /** The column that source was opened in last. */
  get lastColumn(): ViewColumn | undefined {
    return this.shower.lastColumn;
  }

  /** A line was opened. */
  get onDidShow(): Event<void> {
    return this.shower.onDidShow;
  }

  /** Opens the place of a span. */
  async openSpan(ref: SpanRef, options: ShowOptions): Promise<void> {
    const { span, result } = await this.source.resolveFully(ref);
    await this.open(this.questionOf(ref, span.name, result, options));
  }

  /** Opens the place of one frame. `frame` counts through the frames of all exceptions of the stack, outermost first. */
  async openFrame(ref: SpanRef, exception: ShownException, frame: number, options: ShowOptions): Promise<void> {
    const resolve = (): Promise<ResolveResult> => this.source.frame(ref, exception, frame);
    await this.open({ what: 'this frame', result: await resolve(), options, resolve });
  }

  /** Opens the place where a log record of a span was logged. */
  async openLog(ref: SpanRef, log: number, options: ShowOptions): Promise<void> {
    const resolve = (): Promise<ResolveResult> => this.source.log(ref, log);
    await this.open({ what: 'this log record', result: await resolve(), options, resolve });
  }

  /** Opens a place that was resolved already. */
  async openCandidate(candidate: SourceCandidate, options: ShowOptions = {}): Promise<void> {
    const uri = await this.addressOf(candidate);
    const { line, drift, reason: why, lineUnknown } = candidate;
    // The column is of a line that is no more.
    const column = drift?.kind === 'changed' || drift?.kind === 'gone' ? undefined : candidate.column;
    if (uri) await this.shower.show(uri, line, { ...options, column, lineUnknown, remark: drift?.label, why });
  }

  /** Opens a file at a line, wherever it is known from. @param line from 0 */
  async showLine(uri: Uri, line: number, options: ShowOptions = {}): Promise<void> {
    await this.shower.show(uri, line, options);
  }

  /** "Why this line?": the places found with their reasons, and what was tried; choosing one opens it. */
  async explain(ref: SpanRef, options: ShowOptions): Promise<void> {
    const { span, result } = await this.source.resolveFully(ref);
    const found = result.candidates.map((candidate) => this.itemOf(candidate));
    const tried: PlaceItem[] = result.tried.map(({ what, outcome }) => ({
      label: plain`$(circle-slash) ${what}`,
      detail: outcome,
    }));
    const items: PlaceItem[] = [];
    const question = this.questionOf(ref, span.name, result, options);
    if (found.length) items.push({ label: 'Found', kind: QuickPickItemKind.Separator }, ...found);
    // What was tried is told only; the entry that Enter takes leads on.
    else items.push({ label: plain`$(lightbulb) What would help…`, run: () => this.explainNothing(question) });
    const history = historyItems(result, () => this.source.git.fetch());
    if (history.length) items.push({ label: 'Since the trace', kind: QuickPickItemKind.Separator }, ...history);
    if (tried.length) items.push({ label: 'Tried without result', kind: QuickPickItemKind.Separator }, ...tried);
    const placeholder = found.length ? 'Places for this span, best first' : 'No place was found for this span';
    const title = found.length ? `Why this line? ${span.name}` : `Why no line? ${span.name}`;
    await this.pick(question, { title, placeholder, items });
  }

  dispose(): void {
    this.shower.dispose();
  }

  private questionOf(ref: SpanRef, name: string, result: ResolveResult, options: ShowOptions): Question {
    const further = (): Promise<ResolveResult> => this.source.resolveFurther(ref);
    return { what: `"${name}"`, result, options, resolve: () => this.resolve(ref), further };
  }

  private async resolve(ref: SpanRef): Promise<ResolveResult> {
    return (await this.source.resolve(ref)).result;
  }

  private async open(question: Question): Promise<void> {
    const { what, result, options } = question;
    const [best] = result.candidates;
    if (!best) {
      await this.explainNothing(question);
      return;
    }
    if (!shouldAsk(result.candidates)) {
      await this.openCandidate(best, options);
      return;
    }
    const items = result.candidates.map((candidate) => this.itemOf(candidate));
    const placeholder = isOnlyOffered(best) ? 'None of these is sure: which one is it?' : 'Several places may be meant';
    await this.pick(question, { title: `Source of ${what}`, placeholder, items });
  }

  /** Lets a person choose a place, and does what was chosen: opens it, pins it, or has another file chosen. */
  private async pick(question: Question, list: Omit<PlaceList, 'canChoose'>): Promise<void> {
    const path = pathOf(question.result);
    const choice = await pickPlace({ ...list, canChoose: path !== undefined });
    if (choice?.kind === 'run') await choice.run();
    if (choice?.kind === 'open') await this.openCandidate(choice.candidate, question.options);
    if (choice?.kind === 'another' && path !== undefined) await this.pinAnother(path, question);
    if (choice?.kind !== 'pin') return;
    const { files } = this.source;
    const { candidate } = choice;
    const pin = pinOf(candidate, files.folders(), files.caseSensitive);
    const original = candidate.generated && labelOfCandidate(candidate);
    const open = (best: SourceCandidate): Promise<void> => this.openCandidate(best, question.options);
    if (pin) await this.pins.add({ pin, original, resolve: question.resolve, open });
  }

  private async pinAnother(path: string, { options, resolve }: Question): Promise<void> {
    const { files } = this.source;
    const choice = await chooseFile(path, files);
    if (!choice) return;
    const { file, chosen } = choice;
    const pin = pinTo(path, file, files.folders(), files.caseSensitive);
    const open = (best: SourceCandidate): Promise<void> => this.openCandidate(best, options);
    if (pin && (await this.pins.add({ pin, resolve, open }))) return;
    // Without a mapping it is only looked at.
    await this.shower.show(Uri.parse(file), 0, { ...options, chosen, lineUnknown: true });
  }

  private itemOf(candidate: SourceCandidate): PlaceItem {
    const { files } = this.source;
    const folder = uriSegments(workspace.asRelativePath(Uri.parse(candidate.file)))
      .slice(0, -1)
      .join('/');
    return {
      label: plain`$(go-to-file) ${labelOfCandidate(candidate)}`,
      description: [whereOf(candidate, folder), candidate.drift?.label].filter((part) => part).join(' · '),
      detail: `${candidate.reason} · ${Math.round(candidate.confidence * 100)} % sure`,
      candidate,
      canPin: pinOf(candidate, files.folders(), files.caseSensitive) !== undefined,
    };
  }

  /**
   * Where the candidate can be opened; undefined when the person does not want to. A text that a source map carries is shown as that: the file of
   * its name may be another one, and is none of the workspace's.
   */
  private async addressOf({ file, content, generated, reason }: SourceCandidate): Promise<Uri | undefined> {
    if (content === undefined) return Uri.parse(file);
    const isAllowed = generated === undefined || (await this.own.gate.allows(Uri.parse(generated.file), reason));
    return isAllowed ? this.own.originals.add(file, content) : undefined;
  }

  private async explainNothing(question: Question): Promise<void> {
    const { what, result, resolve } = question;
    const tried = result.tried.slice(0, 3).map((step) => `${step.what}: ${step.outcome}`);
    const advice = advise(result, this.source.hasFolder);
    const help = advice[0] ? ` ${advice[0].text}` : '';
    const labels = advice.map(labelOf).filter((label) => label !== undefined);
    const all = 'Show What Was Tried';
    const choose = 'Choose File…';
    const path = this.source.hasFolder ? pathOf(result) : undefined;
    const buttons = [...labels, ...(path === undefined ? [] : [choose]), ...(result.tried.length > 3 ? [all] : [])];
    const message = `No source found for ${what}. Tried ${tried.join('; ') || 'nothing, as the span says nothing of its source'}.${help}`;
    const chosen = await showMessage('info', message, ...buttons);
    if (chosen === all) {
      await pickOne(
        result.tried.map((step) => ({ label: step.what, detail: step.outcome })),
        { title: `What was tried for ${what}` },
      );
      return;
    }
    if (chosen === choose && path !== undefined) {
      await this.own.problems.guard(() => this.pinAnother(path, question));
      return;
    }
    const step = advice.find((one) => labelOf(one) === chosen && chosen !== undefined);
    if (step?.kind === 'openFolder') await commands.executeCommand('vscode.openFolder');
    if (step?.kind === 'captureCodeAttributes')
      await commands.executeCommand('markdown.showPreview', Uri.joinPath(this.own.extensionUri, 'media', 'codeAttributes.md'));
    const { further } = question;
    if (step?.kind === 'searchFurther' && further)
      await this.own.problems.guard(async () => this.open({ ...question, result: await further() }));
    if (step?.kind === 'fetchCommit') {
      await this.own.problems.guard(async () => {
        await this.source.git.fetch();
        await this.open({ ...question, result: await resolve() });
      });
    }
    if (step?.kind === 'addMapping' && (await addPathMapping(step.prefix ?? ''))) {
      await this.own.problems.guard(async () => this.open({ ...question, result: await resolve() }));
    }
  }
}

/** The folder of a place, and what is special about it. */
function whereOf({ content, outsideWorkspace }: SourceCandidate, folder: string): string {
  if (content !== undefined) return `${folder} (text in a source map)`;
  return outsideWorkspace ? `${folder} (outside of the workspace)` : folder;
}

/** What came of the revision that the span names: which it was, or why lines are as the trace has them. */
function historyItems(result: ResolveResult, fetchCommit: () => Promise<void>): readonly PlaceItem[] {
  const { revision } = result;
  if (!revision) return [];
  const { name, from, problem } = revision;
  if (problem === undefined) {
    const drift = result.candidates.find((candidate) => candidate.drift)?.drift;
    if (!drift) return [];
    const isOther = drift.kind === 'changed' || drift.kind === 'gone';
    // A row of the list has a line for a sentence and a smaller one for the others.
    const [first, ...others] = drift.note.split(/(?<=\.) /);
    return [
      {
        label: isOther ? plain`$(warning) ${first}` : plain`$(git-commit) ${first}`,
        detail: [...others, `${name}, from ${from}`].join(' · '),
      },
    ];
  }
  const items: PlaceItem[] = [
    { label: plain`$(git-commit) Lines are as the trace has them: ${name}, from ${from}`, detail: problem },
  ];
  const missing = missingCommit(result);
  if (missing !== undefined) items.push({ label: plain`$(repo-fetch) ${fetchText(missing)}`, run: fetchCommit });
  return items;
}

/** The path of the trace that a file may be chosen for: what led to the best place, else the first that led nowhere. */
function pathOf({ candidates, foreign }: ResolveResult): string | undefined {
  return candidates[0]?.statedPath ?? foreign?.[0];
}

/** The button for an advice that the editor can carry out. */
function labelOf(advice: Advice): string | undefined {
  switch (advice.kind) {
    case 'openFolder':
      return 'Open Folder…';
    case 'addMapping':
      return 'Map Folder…';
    case 'searchFurther':
      return 'Search Further';
    case 'fetchCommit':
      return 'Fetch';
    case 'captureCodeAttributes':
      return 'How to Get Code Attributes';
    case 'buildSourceMaps':
      return undefined;
  }
}
