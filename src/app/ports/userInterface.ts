/** The person in front of it: what they are told and asked, and the commands that a button of it runs. */

import type { URI } from 'vscode-uri';

export type MessageLevel = 'info' | 'warning' | 'error';

/** A program that runs where the person sees it. */
export interface RunnableTask {
  readonly name: string;
  /** Path, or name on the PATH. */
  readonly program: string;
  readonly args: readonly string[];
  /** Path that it runs in. */
  readonly folder: string | undefined;
}

export interface UserInterface {
  /** Shows a message, in which nothing of the text is an order. Resolves with the button that was pressed; undefined when it was dismissed. */
  showMessage<B extends string>(level: MessageLevel, message: string, ...buttons: readonly B[]): Promise<B | undefined>;
  /** Shows that something is being done, which the person may stop: the signal aborts then. As the work. */
  showProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Runs a command. */
  run(command: string, ...given: readonly unknown[]): PromiseLike<unknown>;
  /** Opens an address of the web; asks where it is not trusted. */
  openAddress(url: string): PromiseLike<unknown>;
  /** Opens a new text that is on no disk. @param language VS Code's identifier */
  openDraft(text: string, language: string): PromiseLike<unknown>;
  /** Has a file chosen; its path, undefined where none was. @param kinds file name extensions by what they are */
  pickFile(title: string, kinds: Readonly<Record<string, string[]>>): Promise<string | undefined>;
  /** Opens a new terminal with a command that is typed, and not run. @param folder where it is open, a path */
  typeInTerminal(name: string, folder: string | undefined, command: string): void;
  /** Runs a program in a terminal of its own. Resolves with its exit code; undefined where it was stopped (with the signal, or there) or did not start. */
  runTask(task: RunnableTask, signal: AbortSignal): Promise<number | undefined>;
  /** Opens a file as the text that it is. */
  openAsText(file: URI): PromiseLike<unknown>;
}
