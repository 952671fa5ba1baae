/**
 * What stands in and beside code: lenses, quick fixes, entries of Problems, links, words behind a line. VS Code makes icons of `$(name)` in
 * lenses, and in entries of Problems where the status bar shows one; Markdown of the tooltips of links.
 */

import {
  CodeAction,
  type CodeActionKind,
  CodeLens,
  type DecorationInstanceRenderOptions,
  Diagnostic,
  DiagnosticRelatedInformation,
  type DiagnosticSeverity,
  DocumentLink,
  type Location,
  type Range,
  type Uri,
} from 'vscode';
import { escapeMarkdown } from '../../core/text/markdown';
import { type DisplayText, textOf } from '../../core/text/plainText';

const maxTitle = 200;
const maxRemark = 200;
const maxMessage = 600;

/** What a lens or a quick fix does. */
export interface Does {
  readonly command: string;
  readonly arguments: unknown[];
}

export function codeLens(range: Range, title: DisplayText, tooltip: DisplayText, { command, arguments: given }: Does): CodeLens {
  return new CodeLens(range, { title: textOf(title, maxTitle), tooltip: textOf(tooltip), command, arguments: given });
}

export function codeAction(title: DisplayText, kind: CodeActionKind, { command, arguments: given }: Does): CodeAction {
  const text = textOf(title, maxTitle);
  const action = new CodeAction(text, kind);
  action.command = { command, title: text, arguments: given };
  return action;
}

/** An entry of Problems. */
export interface Entry {
  readonly range: Range;
  readonly message: string;
  readonly severity: DiagnosticSeverity;
  /** Whose it is; ours. */
  readonly source: string;
  /** What is shown beside it, and where a press on it leads. */
  readonly code: string | { readonly value: string; readonly target: Uri };
  readonly related: readonly { readonly location: Location; readonly label: string }[];
}

export function diagnostic({ range, message, severity, source, code, related }: Entry): Diagnostic {
  const made = new Diagnostic(range, textOf(message, maxMessage), severity);
  made.source = source;
  made.code = typeof code === 'string' ? textOf(code) : { value: textOf(code.value), target: code.target };
  made.relatedInformation = related.map(
    ({ location, label }) => new DiagnosticRelatedInformation(location, textOf(label, maxTitle)),
  );
  return made;
}

/** Leads nowhere until a target is set. */
export class PlainLink extends DocumentLink {
  constructor(range: Range, tooltip: string) {
    super(range);
    this.tooltip = linkTooltip(tooltip);
  }
}

/** The tooltip of a link in a document or a terminal, which is Markdown. */
export function linkTooltip(text: string): string {
  return escapeMarkdown(text, maxTitle);
}

/** Words behind a line; `look` has no text. */
export function textBehind(
  text: string,
  look: Omit<NonNullable<DecorationInstanceRenderOptions['after']>, 'contentText'>,
): DecorationInstanceRenderOptions {
  return { after: { ...look, contentText: textOf(text, maxRemark) } };
}
