/** The status bar, in which VS Code makes icons of `$(name)`. Ours come by `plain`. */

import { type Disposable, StatusBarAlignment, type ThemeColor, window } from 'vscode';
import { type DisplayText, textOf } from '../../core/text/plainText';
import { linesTooltip } from './markdown';

/** Says something in passing. */
export function showInStatusBar(text: DisplayText, forMs: number): void {
  window.setStatusBarMessage(textOf(text), forMs);
}

export interface StatusTexts {
  readonly text: DisplayText;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Lines of the hover. */
  readonly tooltip: readonly string[];
  readonly background?: ThemeColor;
}

/** An item of the status bar; hidden until it shows something. */
export class StatusItem implements Disposable {
  private readonly item;

  constructor(id: string, name: string, command: string) {
    this.item = window.createStatusBarItem(id, StatusBarAlignment.Left, 0);
    this.item.name = name;
    this.item.command = command;
  }

  show({ text, spoken, tooltip, background }: StatusTexts): void {
    this.item.text = textOf(text);
    this.item.accessibilityInformation = { label: textOf(spoken) };
    this.item.tooltip = linesTooltip(tooltip);
    this.item.backgroundColor = background;
    this.item.show();
  }

  hide(): void {
    this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }
}
