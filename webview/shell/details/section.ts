/** A section of the details: a heading that folds it, a figure at the right, and content that is made when it is first open. */

import { button, element } from '../../elements/dom';
import { icon } from '../../elements/icons';
import type { DetailsContext } from './context';

export interface SectionOptions {
  readonly id: string;
  readonly title: string;
  /** Shown at the right of the heading: a count or a time. */
  readonly figure: string;
  readonly body: () => Node | readonly Node[];
  /** Folded until a person opens it. */
  readonly foldedFirst?: boolean;
}

export function section(context: DetailsContext, options: SectionOptions): HTMLElement {
  const body = element('div', { class: 'section-body', id: `section-${options.id}` });
  const key = options.foldedFirst ? `+${options.id}` : options.id;
  let open = context.isFolded(key) === (options.foldedFirst === true);
  let made = false;
  const show = (): void => {
    if (open && !made) {
      made = true;
      const content = options.body();
      body.append(...(content instanceof Node ? [content] : content));
    }
    body.hidden = !open;
    head.setAttribute('aria-expanded', String(open));
    head.classList.toggle('open', open);
  };
  const head = button(
    {
      class: 'section-head',
      attributes: { 'aria-controls': body.id },
      press: () => {
        open = !open;
        context.setFolded(key, open === (options.foldedFirst === true));
        show();
      },
    },
    icon('chevronRight'),
    icon('chevronDown'),
    element('span', { class: 'section-title' }, options.title),
    element('span', { class: 'section-figure' }, options.figure),
  );
  show();
  return element('section', { class: 'section', attributes: { 'aria-label': options.title } }, element('h3', {}, head), body);
}
