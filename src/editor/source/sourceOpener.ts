/**
 * Opening source: the place of a span or a frame, a question where there are several, and where there is none a message that says
 * what was tried and what would help.
 */

import { commands, type Disposable, type QuickPickItem, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import {
  type Advice,
  advise,
  fetchText,
  missingCommit,
  type ResolveResult,
  type SourceCandidate,
  shouldAsk,
} from '../../core/source';
import { uriSegments } from '../../core/source/uri';
import type { ShownException } from '../../protocol/details';
import type { Problems } from '../services/problems';
import type { Settings } from '../services/settings';
import { addPathMapping } from './pathMappings';
import { LineShower, type ShowOptions } from './showLine';
import { labelOfCandidate, type SourceService, type SpanRef } from './sourceService';

interface CandidateItem extends QuickPickItem {
  readonly candidate?: SourceCandidate;
  /** Fetches the commit of the trace. */
  readonly fetch?: true;
}

export class SourceOpener implements Disposable {
  private readonly shower = new LineShower();

  constructor(
    private readonly source: SourceService,
    private readonly settings: Settings,
    private readonly problems: Problems,
  ) {}

  /** Opens the place of a span. */
  async openSpan(ref: SpanRef, options: ShowOptions): Promise<void> {
    const { span, result } = await this.source.resolve(ref);
    await this.open(`"${span.name}"`, result, options, () => this.openSpan(ref, options));
  }

  /** Opens the place of one frame. `frame` counts through the frames of all exceptions of the stack, outermost first. */
  async openFrame(ref: SpanRef, exception: ShownException, frame: number, options: ShowOptions): Promise<void> {
    const result = await this.source.frame(ref, exception, frame);
    await this.open('this frame', result, options, () => this.openFrame(ref, exception, frame, options));
  }

  /** Opens the place where a log record of a span was logged. */
  async openLog(ref: SpanRef, log: number, options: ShowOptions): Promise<void> {
    const result = await this.source.log(ref, log);
    await this.open('this log record', result, options, () => this.openLog(ref, log, options));
  }

  /** Opens a place that was resolved already. */
  async openCandidate(candidate: SourceCandidate, options: ShowOptions = {}): Promise<void> {
    const uri = await this.addressOf(candidate);
    if (uri) await this.shower.show(uri, candidate.line, { ...options, remark: candidate.drift?.label });
  }

  /** "Why this line?": the places found with their reasons, and what was tried; choosing one opens it. */
  async explain(ref: SpanRef, options: ShowOptions): Promise<void> {
    const { span, result } = await this.source.resolve(ref);
    const found = result.candidates.map((candidate) => this.itemOf(candidate));
    const tried: CandidateItem[] = result.tried.map(({ what, outcome }) => ({
      label: `$(circle-slash) ${what}`,
      detail: outcome,
    }));
    const items: CandidateItem[] = [];
    if (found.length) items.push({ label: 'Found', kind: QuickPickItemKind.Separator }, ...found);
    const history = historyItems(result);
    if (history.length) items.push({ label: 'Since the trace', kind: QuickPickItemKind.Separator }, ...history);
    if (tried.length) items.push({ label: 'Tried without result', kind: QuickPickItemKind.Separator }, ...tried);
    const chosen = await window.showQuickPick(items, {
      title: `Why this line? ${span.name}`,
      placeHolder: found.length ? 'Places for this span, best first' : 'No place was found for this span',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (chosen?.candidate) await this.openCandidate(chosen.candidate, options);
    if (chosen?.fetch) await this.source.git.fetch();
  }

  dispose(): void {
    this.shower.dispose();
  }

  private async open(what: string, result: ResolveResult, options: ShowOptions, again: () => Promise<void>): Promise<void> {
    const [best] = result.candidates;
    if (!best) {
      await this.explainNothing(what, result, again);
      return;
    }
    if (!shouldAsk(result.candidates)) {
      await this.openCandidate(best, options);
      return;
    }
    const chosen = await window.showQuickPick(
      result.candidates.map((candidate) => this.itemOf(candidate)),
      { title: `Source of ${what}`, placeHolder: 'Several places may be meant', matchOnDescription: true, matchOnDetail: true },
    );
    if (chosen?.candidate) await this.openCandidate(chosen.candidate, options);
  }

  private itemOf(candidate: SourceCandidate): CandidateItem {
    const folder = uriSegments(workspace.asRelativePath(Uri.parse(candidate.file)))
      .slice(0, -1)
      .join('/');
    return {
      label: `$(go-to-file) ${labelOfCandidate(candidate)}`,
      description: [candidate.outsideWorkspace ? `${folder} (outside of the workspace)` : folder, candidate.drift?.label]
        .filter((part) => part)
        .join(' · '),
      detail: `${candidate.reason} · ${Math.round(candidate.confidence * 100)} % sure`,
      candidate,
    };
  }

  /** Where the candidate can be opened; undefined when the person does not want to. */
  private async addressOf(candidate: SourceCandidate): Promise<Uri | undefined> {
    if (candidate.content !== undefined && !(await this.source.files.exists(candidate.file))) {
      return this.source.originals.add(candidate.file, candidate.content);
    }
    const uri = Uri.parse(candidate.file);
    if (!candidate.outsideWorkspace) return uri;
    const open = 'Open';
    const answer = await window.showWarningMessage(
      `${workspace.asRelativePath(uri)} is outside of the workspace. Open it?`,
      { modal: true, detail: candidate.reason },
      open,
    );
    return answer === open ? uri : undefined;
  }

  private async explainNothing(what: string, result: ResolveResult, again: () => Promise<void>): Promise<void> {
    const tried = result.tried.slice(0, 3).map((step) => `${step.what}: ${step.outcome}`);
    const advice = advise(result, this.source.hasFolder);
    const help = advice[0] ? ` ${advice[0].text}` : '';
    const labels = advice.map(labelOf).filter((label) => label !== undefined);
    const all = 'Show What Was Tried';
    const buttons = [...labels, ...(result.tried.length > 3 ? [all] : [])];
    const message = `No source found for ${what}. Tried ${tried.join('; ') || 'nothing, as the span says nothing of its source'}.${help}`;
    const chosen = await window.showInformationMessage(message, ...buttons);
    if (chosen === all) {
      await window.showQuickPick(
        result.tried.map((step) => ({ label: step.what, detail: step.outcome })),
        { title: `What was tried for ${what}` },
      );
      return;
    }
    const step = advice.find((one) => labelOf(one) === chosen && chosen !== undefined);
    if (step?.kind === 'openFolder') await commands.executeCommand('vscode.openFolder');
    if (step?.kind === 'fetchCommit') {
      await this.problems.guard(async () => {
        await this.source.git.fetch();
        await again();
      });
    }
    if (step?.kind === 'addMapping' && (await addPathMapping(this.settings, step.prefix ?? ''))) {
      await this.problems.guard(again);
    }
  }
}

/** What came of the revision that the span names: which it was, or why lines are as the trace has them. */
function historyItems(result: ResolveResult): readonly CandidateItem[] {
  const { revision } = result;
  if (!revision) return [];
  const { name, from, problem } = revision;
  if (problem === undefined) {
    const drift = result.candidates.find((candidate) => candidate.drift)?.drift;
    if (!drift) return [];
    const icon = drift.kind === 'changed' || drift.kind === 'gone' ? 'warning' : 'git-commit';
    // A row of the list has a line for a sentence and a smaller one for the others.
    const [first, ...others] = drift.note.split(/(?<=\.) /);
    return [{ label: `$(${icon}) ${first}`, detail: [...others, `${name}, from ${from}`].join(' · ') }];
  }
  const items: CandidateItem[] = [
    { label: `$(git-commit) Lines are as the trace has them: ${name}, from ${from}`, detail: problem },
  ];
  const missing = missingCommit(result);
  if (missing !== undefined) items.push({ label: `$(repo-fetch) ${fetchText(missing)}`, fetch: true });
  return items;
}

/** The button for an advice that the editor can carry out. */
function labelOf(advice: Advice): string | undefined {
  switch (advice.kind) {
    case 'openFolder':
      return 'Open Folder…';
    case 'addMapping':
      return 'Map Folder…';
    case 'fetchCommit':
      return 'Fetch';
    case 'buildSourceMaps':
    case 'captureCodeAttributes':
      return undefined;
  }
}
