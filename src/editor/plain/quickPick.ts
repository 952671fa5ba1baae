/**
 * Quick picks. VS Code makes icons of `$(name)` in all that a row says, and Markdown of its description and detail when the mouse rests on
 * them, with links and with pictures that are fetched. Rows are given to VS Code as plain copies; callers get their own back, true texts and all.
 */

import { type Disposable, type QuickInputButton, type QuickPick, type QuickPickItem, window } from 'vscode';
import { type DisplayText, textOf, withoutAddresses } from '../../core/text/plainText';

/** A row: as VS Code's own, but its texts may have icons of ours only by `plain`. */
export interface PickItem extends Omit<QuickPickItem, 'label' | 'description' | 'detail' | 'buttons' | 'tooltip'> {
  readonly label: DisplayText;
  readonly description?: DisplayText;
  readonly detail?: DisplayText;
  readonly buttons?: readonly QuickInputButton[];
}

export interface PickOptions {
  readonly title: DisplayText;
  readonly placeholder?: DisplayText;
  readonly matchOnDescription?: boolean;
  readonly ignoreFocusOut?: boolean;
}

interface Row<T> extends QuickPickItem {
  readonly given: T;
}

const maxLabel = 300;

/** Lets a person choose one of the items; undefined: none. */
export async function pickOne<T extends PickItem>(items: readonly T[], options: PickOptions): Promise<T | undefined> {
  const { title, placeholder, matchOnDescription, ignoreFocusOut } = options;
  const chosen = await window.showQuickPick(items.map(rowOf), {
    title: textOf(title),
    placeHolder: placeholder && textOf(placeholder),
    matchOnDescription,
    ignoreFocusOut,
  });
  return chosen?.given;
}

/** A quick pick that the caller fills, shows and disposes. */
export class PlainQuickPick<T extends PickItem> implements Disposable {
  private readonly pick: QuickPick<Row<T>> = window.createQuickPick<Row<T>>();

  constructor({ title, placeholder, matchOnDescription = false, ignoreFocusOut = false }: PickOptions) {
    this.setTitle(title);
    if (placeholder !== undefined) this.setPlaceholder(placeholder);
    this.pick.matchOnDescription = matchOnDescription;
    this.pick.ignoreFocusOut = ignoreFocusOut;
  }

  setTitle(title: DisplayText): void {
    this.pick.title = textOf(title);
  }

  setPlaceholder(placeholder: DisplayText): void {
    this.pick.placeholder = textOf(placeholder);
  }

  get items(): readonly T[] {
    return this.pick.items.map(({ given }) => given);
  }

  set items(items: readonly T[]) {
    this.pick.items = items.map(rowOf);
  }

  set activeItems(items: readonly T[]) {
    this.pick.activeItems = this.pick.items.filter(({ given }) => items.includes(given));
  }

  get selectedItems(): readonly T[] {
    return this.pick.selectedItems.map(({ given }) => given);
  }

  get value(): string {
    return this.pick.value;
  }

  set value(value: string) {
    this.pick.value = value;
  }

  set buttons(buttons: readonly QuickInputButton[]) {
    this.pick.buttons = buttons;
  }

  set busy(busy: boolean) {
    this.pick.busy = busy;
  }

  set matchOnDetail(match: boolean) {
    this.pick.matchOnDetail = match;
  }

  onDidAccept(listener: () => unknown): Disposable {
    return this.pick.onDidAccept(() => listener());
  }

  onDidHide(listener: () => unknown): Disposable {
    return this.pick.onDidHide(() => listener());
  }

  onDidChangeValue(listener: (value: string) => unknown): Disposable {
    return this.pick.onDidChangeValue(listener);
  }

  onDidChangeActive(listener: (items: readonly T[]) => unknown): Disposable {
    return this.pick.onDidChangeActive((rows) => listener(rows.map(({ given }) => given)));
  }

  onDidTriggerButton(listener: (button: QuickInputButton) => unknown): Disposable {
    return this.pick.onDidTriggerButton(listener);
  }

  onDidTriggerItemButton(listener: (event: { readonly item: T; readonly button: QuickInputButton }) => unknown): Disposable {
    return this.pick.onDidTriggerItemButton(({ item, button }) => listener({ item: item.given, button }));
  }

  show(): void {
    this.pick.show();
  }

  hide(): void {
    this.pick.hide();
  }

  dispose(): void {
    this.pick.dispose();
  }
}

function rowOf<T extends PickItem>(given: T): Row<T> {
  const { kind, iconPath, picked, alwaysShow, buttons } = given;
  return {
    given,
    kind,
    iconPath,
    picked,
    alwaysShow,
    buttons,
    label: textOf(given.label, maxLabel),
    description: hovered(given.description),
    detail: hovered(given.detail),
  };
}

/** A text that becomes Markdown in a hover. */
function hovered(text: DisplayText | undefined): string | undefined {
  return text === undefined ? undefined : withoutAddresses(textOf(text));
}
