/**
 * Hovers: over a function that ran, or a line that spans name or that threw. The engine's answer is bounded in time; what takes longer here
 * (frames of a stack in the workspace) is left out.
 */

import {
  type CancellationToken,
  type Disposable,
  Hover,
  type HoverProvider,
  languages,
  type Position,
  type TextDocument,
} from 'vscode';
import type { CodeTarget } from '../../app/code/codeTargets';
import { type HoverFrame, hoverCommands, hoverText } from '../../app/code/hoverText';
import { trendTexts } from '../../app/code/trendText';
import { labelOfCandidate } from '../../app/source/sourceTarget';
import { Lru } from '../../base/lru';
import type { FunctionStatistics } from '../../code';
import type { CodeDetails, CodeException } from '../../protocol/code';
import type { SourceCandidate } from '../../source';
import { withSignal } from '../adapters/cancellation';
import { documentOf } from '../adapters/workspace';
import { sourceName } from '../diagnostics/publisher';
import { commandHover } from '../plain/markdown';
import type { CodeContext } from './codeContext';

/** Milliseconds that looking for frames may take. */
const framesMs = 40;
const maxFrames = 3;
/** Stacks whose frames are kept. */
const maxKnown = 50;
/** Functions of one line that are told of. */
const maxListed = 3;

export class CodeHoverProvider implements HoverProvider, Disposable {
  /** Frames by document and stack. */
  private readonly known = new Lru<string, Promise<readonly HoverFrame[]>>({ maxSize: maxKnown });
  private readonly listening: Disposable;

  constructor(private readonly context: CodeContext) {
    this.listening = context.services.source.onDidInvalidate(() => this.known.clear());
  }

  dispose(): void {
    this.listening.dispose();
  }

  async provideHover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | undefined> {
    const { services } = this.context;
    const { enabled, attributes } = services.settings.codeHover(document);
    if (!enabled || !isOnText(document, position)) return undefined;
    return withSignal(token, async (signal) => {
      const targets = await this.targetsAt(document, position);
      if (targets.length === 0 || signal.aborted) return undefined;
      const told = problemsAt(document, position);
      const texts = await Promise.all(targets.map((target) => this.text(document, target, attributes, told, signal)));
      return new Hover(texts.filter((text) => text !== '').map((text) => commandHover(text, hoverCommands)));
    });
  }

  /** What the position stands for: functions whose name or line it is, and what the line threw. */
  private async targetsAt(document: TextDocument, position: Position): Promise<(CodeTarget & Subject)[]> {
    const { services, thrown } = this.context;
    const now = documentOf(document);
    const { uri } = now;
    const { generation, functions } = await services.code.functions(uri);
    const isHead = (line: number): boolean => {
      const range = services.enclosing.around(now, line);
      if (!range || range.headLine !== position.line) return false;
      return position.character >= range.nameStart && position.character <= range.nameEnd;
    };
    const ran = functions.filter(({ line }) => line === position.line || isHead(line)).slice(0, maxListed);
    const threw = (await thrown.in(uri)).find(({ line }) => line === position.line);
    const all: (CodeTarget & Subject)[] = ran.map((statistics) => {
      const { name, line, places } = statistics;
      return { uri, name, line, place: places[0], generation, statistics };
    });
    if (threw) all.push({ uri, name: '', line: threw.line, generation: threw.generation, throws: threw.throws });
    return all;
  }

  /** Empty where its spans have just left memory. */
  private async text(
    document: TextDocument,
    target: CodeTarget & Subject,
    keys: readonly string[],
    told: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const { services, targets, hovers } = this.context;
    const { statistics, ...ref } = target;
    const [details, trends, thrown] = await Promise.all([
      targets.ask(ref, (subject) => services.engine.call('codeDetails', { ...subject, keys }, { signal })),
      statistics && services.settings.codeTrend(document) ? services.code.trends(target.generation ?? -1, [statistics]) : [],
      this.thrownSpans(ref),
    ]);
    if (!details || (details.read === 0 && !statistics)) return '';
    const frames = await this.frames(target.uri, details);
    const [trend] = trends;
    const text = trend && trendTexts(trend)?.tooltip;
    return hoverText({ statistics, thrown, told, details, trend: text, frames, target: hovers.keep(ref) }, Date.now());
  }

  private async thrownSpans({ generation = -1, throws }: CodeTarget): Promise<number> {
    if (!throws) return 0;
    const answer = await this.context.services.engine.call('codeThrown', { generation, groups: [throws] });
    return answer?.[0].spans ?? 0;
  }

  /** What takes too long is there the next time. */
  private async frames(uri: string, { exceptions }: CodeDetails): Promise<readonly HoverFrame[]> {
    const [first] = exceptions;
    if (!first || first.stack === '') return [];
    const key = `${uri} ${first.stack}`;
    let looking = this.known.get(key);
    if (!looking) {
      looking = this.look(uri, first).catch(() => []);
      this.known.set(key, looking);
    }
    const late = new Promise<readonly HoverFrame[]>((resolve) => setTimeout(() => resolve([]), framesMs));
    return Promise.race([looking, late]);
  }

  private async look(uri: string, { stack, language }: CodeException): Promise<readonly HoverFrame[]> {
    const found = await this.context.services.source.of(uri).framesHere(stack, language, maxFrames);
    return found.map((candidate) => ({ label: labelOfCandidate(candidate), uri: linkTo(candidate) }));
  }
}

interface Subject {
  readonly statistics?: FunctionStatistics;
}

/** Address of a line; what would end a link of Markdown is encoded. */
function linkTo({ file, line }: SourceCandidate): string {
  const address = file.replace(/[()<>\s\\]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `${address}#L${line + 1}`;
}

/** Our entries of Problems there, whose texts VS Code shows above what we say. */
function problemsAt(document: TextDocument, position: Position): string[] {
  const here = languages
    .getDiagnostics(document.uri)
    .filter(({ source, range }) => source === sourceName && range.contains(position));
  return here.map(({ message }) => message);
}

/** Beside the text of a line a hover would be in the way. */
function isOnText(document: TextDocument, { line, character }: Position): boolean {
  const { firstNonWhitespaceCharacterIndex, text } = document.lineAt(line);
  return character >= firstNonWhitespaceCharacterIndex && character <= text.trimEnd().length;
}
