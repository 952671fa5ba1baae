/** Where a view is shown: a panel of the editor, as the application sees it. */

import type { URI } from 'vscode-uri';
import type { Event } from '../../base/emitter';
import type { Port } from '../../protocol/rpc';

/** A column of editors: from 1, or one of the two below. Numbered as VS Code does (`vscode.ViewColumn`). */
export type ViewColumn = number;
export const activeColumn: ViewColumn = -1;
export const besideColumn: ViewColumn = -2;

export interface Stage {
  /** To the page and from it, whichever load of it there is. What is posted while it is hidden is lost. */
  readonly port: Port;
  readonly viewColumn: ViewColumn | undefined;
  readonly visible: boolean;
  setTitle(title: string): void;
}

/** A stage that opens, comes to the front and closes. */
export interface Panel extends Stage {
  /** It has the focus. */
  readonly active: boolean;
  /** It became visible or hidden, took the focus or lost it. */
  readonly onDidChangeState: Event<unknown>;
  readonly onDidClose: Event<unknown>;
  reveal(viewColumn: ViewColumn | undefined, preserveFocus: boolean | undefined): void;
  close(): void;
}

export interface Panels {
  /** A new panel, in front. */
  create(title: string, options: { readonly viewColumn: ViewColumn; readonly preserveFocus?: boolean }): Panel;
  /** Opens the editor for a trace file; a session of it is created meanwhile, unless it is open. */
  openFile(uri: URI, viewColumn: ViewColumn): PromiseLike<unknown>;
}
