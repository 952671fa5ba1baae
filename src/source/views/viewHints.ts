/**
 * Which template a span says that it rendered: a path where the framework knows one, else the name that the program asked for.
 *
 * | framework            | attribute or name                                                                      |
 * |----------------------|------------------------------------------------------------------------------------------|
 * | ActionView           | `identifier` (a path) of `render_template.action_view` and its kin                          |
 * | Sinatra              | `sinatra.template_name`                                                                   |
 * | Jinja2               | `jinja2.template_name`, `jinja2.template_path`                                             |
 * | Spring MVC, JSP      | the name `Render orders/list`, `spring-webmvc.view.name`, `jsp.requestURL`                    |
 * | Laravel              | `template.name`, `view.name` with dots between folders                                       |
 * | Phoenix, Twig, others | `phoenix.template`, `twig.template`, `template.name`                                          |
 */

import { textAttribute } from '../model/attributes';
import type { SpanSource } from '../model/types';

export interface ViewHint {
  readonly from: string;
  /** As the span has it. */
  readonly text: string;
}

const keys: readonly string[] = [
  'identifier',
  'jinja2.template_path',
  'jinja2.template_name',
  'sinatra.template_name',
  'spring-webmvc.view.name',
  'template.name',
  'view.name',
  'twig.template',
  'phoenix.template',
  'django.template.name',
];

/** Attributes that `readView` looks at. */
export const viewKeys = keys;

const maxText = 500;

export function readView({ name, attributes }: Pick<SpanSource, 'name' | 'attributes'>): ViewHint | undefined {
  for (const from of keys) {
    const text = textAttribute(attributes, from)?.trim();
    if (text === undefined || text.length > maxText || !isTemplate(text)) continue;
    // The word may be anybody's.
    if (from === 'identifier' && !/^render_\w+\.action_view$|^action_view render_/.test(name) && !/\.\w+$/.test(text)) continue;
    return { from, text };
  }
  const inName = /^Render (\/?[\w./:-]+)$/.exec(name.slice(0, maxText))?.[1];
  return inName === undefined ? undefined : { from: 'span name', text: inName };
}

/** `inline template`, `text template`, `<string>` and redirects are no files. */
function isTemplate(text: string): boolean {
  return !/^(?:inline|text) template$|^<|^(?:redirect|forward):|\s/.test(text);
}
