/** Where a session is shown, and what it tells of it. */

import type { ViewColumn, Webview } from 'vscode';

/** The place where a session is shown. */
export interface Stage {
  readonly webview: Webview;
  readonly viewColumn: ViewColumn | undefined;
  readonly visible: boolean;
  setTitle(title: string): void;
}

export interface Painted {
  readonly rows: number;
  /** Milliseconds from the question to the engine until the rows were on the screen. */
  readonly totalMs: number;
}
