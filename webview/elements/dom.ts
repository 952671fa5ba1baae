/**
 * Building DOM from code. Text goes in as text nodes only, so nothing that a trace says can become markup; and what hides or turns a line around
 * is shown as a sign wherever a person or a screen reader gets it. Nothing else writes texts (`src/build/checkTexts.mjs`).
 */

import { visibleLines, visibleText } from '../../src/core/text/visibleText';

export type Child = Node | string | undefined | false;

export interface ElementOptions {
  readonly class?: string;
  readonly role?: string;
  readonly title?: string;
  readonly type?: string;
  readonly tabIndex?: number;
  readonly hidden?: boolean;
  readonly id?: string;
  /** Further attributes, `aria-label` for example. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

/** Attributes that are read by people. */
const read: ReadonlySet<string> = new Set(['title', 'alt', 'placeholder', 'aria-label', 'aria-description', 'aria-valuetext']);

/** An element with its attributes, listeners and children. Strings are shown with control characters made visible. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (options.class !== undefined) made.className = options.class;
  if (options.role !== undefined) made.setAttribute('role', options.role);
  if (options.title !== undefined) setTitle(made, options.title);
  if (options.type !== undefined) made.setAttribute('type', options.type);
  if (options.tabIndex !== undefined) made.tabIndex = options.tabIndex;
  if (options.hidden !== undefined) made.hidden = options.hidden;
  if (options.id !== undefined) made.id = options.id;
  for (const [name, value] of Object.entries(options.attributes ?? {})) setAttribute(made, name, value);
  for (const [type, listener] of Object.entries(options.on ?? {})) made.addEventListener(type, listener as EventListener);
  append(made, children);
  return made;
}

export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false) continue;
    parent.append(typeof child === 'string' ? visibleText(child) : child);
  }
}

/** Sets the text when it differs: writing the same text again would cost layout. */
export function setText(target: Element, text: string): void {
  const shown = visibleText(text);
  if (target.textContent !== shown) target.textContent = shown;
}

/** Sets a text of several lines. */
export function setLines(target: Element, text: string): void {
  target.textContent = visibleLines(text);
}

/** Has a screen reader say it, once more where it is the same as before. */
export function announce(target: Element, text: string): void {
  target.textContent = visibleText(text);
}

/** What is shown where the pointer rests. */
export function setTitle(target: HTMLElement, ...lines: readonly string[]): void {
  target.title = lines.map(visibleText).join('\n');
}

/** Sets or removes an attribute when it differs. */
export function setAttribute(target: Element, name: string, value: string | undefined): void {
  const shown = value !== undefined && read.has(name) ? visibleText(value) : value;
  if (shown === undefined) {
    if (target.hasAttribute(name)) target.removeAttribute(name);
  } else if (target.getAttribute(name) !== shown) target.setAttribute(name, shown);
}

/** A plain button, named by its text or by `title`. */
export function button(
  options: ElementOptions & { readonly press: (event: MouseEvent) => void },
  ...children: readonly Child[]
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...options }, ...children);
  made.addEventListener('click', options.press);
  return made;
}
