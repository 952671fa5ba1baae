/**
 * Notifications, questions and progress. VS Code makes links of `[label](command:…)` in every one of their texts, and runs the command of
 * one that is clicked; so texts are made plain here, and nothing else shows them (`src/build/checkTexts.mjs`).
 */

import { type CancellationToken, type ProgressLocation, window } from 'vscode';
import type { MessageLevel } from '../../app/ports/userInterface';
import { type DisplayText, textOf } from '../../core/text/plainText';

const showing = {
  info: window.showInformationMessage,
  warning: window.showWarningMessage,
  error: window.showErrorMessage,
} as const;

/** A notification; resolves with the button that was pressed, as it was given. */
export async function showMessage<B extends string>(
  level: MessageLevel,
  message: DisplayText,
  ...buttons: readonly B[]
): Promise<B | undefined> {
  const items = buttons.map((button) => ({ title: textOf(button), button }));
  return (await showing[level](textOf(message), ...items))?.button;
}

/**
 * A question in a dialog.
 * @param details paragraphs; empty ones are left out
 */
export async function askModal<B extends string>(
  level: MessageLevel,
  question: DisplayText,
  details: readonly DisplayText[],
  ...buttons: readonly B[]
): Promise<B | undefined> {
  const items = buttons.map((button) => ({ title: textOf(button), button }));
  const paragraphs = details.map((each) => textOf(each)).filter((text) => text !== '');
  const detail = paragraphs.join('\n\n') || undefined;
  return (await showing[level](textOf(question), { modal: true, detail }, ...items))?.button;
}

export interface ProgressOptions {
  readonly location: ProgressLocation | { readonly viewId: string };
  readonly title?: DisplayText;
  readonly cancellable?: boolean;
}

/** Tells how far it is: a word or two, and how much of the whole was done since it was told last, in percent. */
export type Report = (message: DisplayText, increment: number) => void;

/** Shows that something is being done. */
export function showProgress<T>(
  { location, title, cancellable }: ProgressOptions,
  work: (token: CancellationToken, report: Report) => Thenable<T>,
): Thenable<T> {
  return window.withProgress({ location, title: title && textOf(title), cancellable }, (progress, token) =>
    work(token, (message, increment) => progress.report({ message: textOf(message), increment })),
  );
}
