/**
 * Building DOM from code. Text goes in as text nodes only, so nothing that a trace says can become markup.
 */

import { visibleText } from '../src/core/text/visibleText';

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

/** An element with its attributes, listeners and children. Strings are shown with control characters made visible. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (options.class !== undefined) made.className = options.class;
  if (options.role !== undefined) made.setAttribute('role', options.role);
  if (options.title !== undefined) made.title = visibleText(options.title);
  if (options.type !== undefined) made.setAttribute('type', options.type);
  if (options.tabIndex !== undefined) made.tabIndex = options.tabIndex;
  if (options.hidden !== undefined) made.hidden = options.hidden;
  if (options.id !== undefined) made.id = options.id;
  for (const [name, value] of Object.entries(options.attributes ?? {})) made.setAttribute(name, value);
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

/** Sets or removes an attribute when it differs. */
export function setAttribute(target: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    if (target.hasAttribute(name)) target.removeAttribute(name);
  } else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
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
