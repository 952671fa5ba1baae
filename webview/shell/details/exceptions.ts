/** Exceptions: type and message, the program's own frames as links, runs of library frames folded into one line. */

import { formatCount } from '../../../src/core/text/formatText';
import { visibleLines } from '../../../src/core/text/visibleText';
import type { ShownException } from '../../../src/protocol/details';
import type { ShownFrame, ShownStack } from '../../../src/protocol/view';
import { button, element, setLines } from '../../elements/dom';
import { icon } from '../../elements/icons';
import { type DetailsContext, offsetText } from './context';
import { refresh } from './refresh';
import { section } from './section';

const relations: Readonly<Record<string, string>> = {
  cause: 'Caused by',
  suppressed: 'Suppressed',
  context: 'While handling',
  member: 'One of',
};

export function exceptionSections(context: DetailsContext): HTMLElement[] {
  const { exceptions } = context.details;
  return exceptions.map((exception, index) =>
    section(context, {
      id: index === 0 ? 'exception' : `exception-${index}`,
      title: exceptions.length > 1 ? `Exception ${index + 1}` : 'Exception',
      figure: exception.atNs === undefined ? '' : offsetText(exception.atNs, context),
      body: () => exceptionBody(context, exception, index),
    }),
  );
}

function heading(type: string, message: string, relation?: string): HTMLElement {
  const head = element('div', { class: 'exception-head' });
  if (relation !== undefined) head.append(`${relations[relation] ?? 'Then'} `);
  if (type) head.append(element('strong', { class: 'exception-type' }, type), message ? ': ' : '');
  head.append(visibleLines(message || (type ? '' : 'Exception without type and message')));
  return head;
}

function exceptionBody(context: DetailsContext, exception: ShownException, index: number): HTMLElement {
  const body = element('div', { class: 'exception' }, heading(exception.type, exception.message));
  if (!exception.stack) return body;
  const { host, span } = context;
  let shown = '';
  const show = (): void =>
    void host.call('stack', { ...span, exception }).then(
      (stack) => {
        const said = JSON.stringify(stack);
        // Most changes of files are about others.
        if (said === shown) return;
        if (stack.exceptions.length > 0) refresh(body, ...stackNodes(context, stack, exception, index));
        else if (shown === '') body.append(element('pre', { class: 'raw-stack', tabIndex: 0 }, visibleLines(exception.stack)));
        shown = said;
      },
      (error) => {
        context.report(error);
        if (shown === '') body.append(rawStack(exception.stack));
      },
    );
  show();
  context.onSourcesChanged(show);
  return body;
}

function rawStack(text: string): HTMLElement {
  const pre = element('pre', { class: 'raw-stack', tabIndex: 0 });
  setLines(pre, text);
  return pre;
}

function stackNodes(context: DetailsContext, stack: ShownStack, exception: ShownException, index: number): Node[] {
  const nodes: Node[] = [];
  let frameIndex = 0;
  stack.exceptions.forEach((each, position) => {
    const type = each.type || (position === 0 ? exception.type : '');
    const message = each.message || (position === 0 ? exception.message : '');
    nodes.push(heading(type, message, position === 0 ? undefined : (each.relation ?? 'cause')));
    const list = element('ol', { class: 'frames' });
    let folded: ShownFrame[] = [];
    const flush = (): void => {
      if (folded.length > 0) list.append(foldedFrames(folded));
      folded = [];
    };
    for (const frame of each.frames) {
      const at = frameIndex++;
      if (frame.library && !frame.target) {
        folded.push(frame);
        continue;
      }
      flush();
      list.append(frameRow(context, frame, index, at));
    }
    flush();
    nodes.push(list);
  });
  return nodes;
}

function frameRow(context: DetailsContext, frame: ShownFrame, exception: number, at: number): HTMLElement {
  const { host, span } = context;
  const open = (event: MouseEvent): void =>
    void host.call('openSource', { ...span, beside: event.ctrlKey || event.metaKey, exception, frame: at }).catch(context.report);
  const title = `${frame.text} ${frame.location}`;
  const row = element('li', { class: 'frame', title });
  row.append(
    frame.target
      ? button({ class: 'link', title: frame.target.drift?.note ?? frame.target.reason, press: open }, frame.text)
      : element('span', {}, frame.text),
    ' ',
    element('span', { class: 'location' }, frame.target?.label ?? frame.location),
  );
  const drift = frame.target?.drift;
  if (drift && drift.kind !== 'moved')
    row.append(
      ' ',
      element(
        'span',
        { class: 'frame-drift', title: drift.note, attributes: { role: 'img', 'aria-label': drift.text } },
        icon('warning'),
      ),
    );
  return row;
}

function foldedFrames(frames: readonly ShownFrame[]): HTMLElement {
  const item = element('li', { class: 'frame library' });
  const summary = frames.length === 1 ? frames[0].text : `${frames[0].text} ${formatCount(frames.length, 'library frame')}`;
  const toggle = button(
    {
      class: 'link quiet',
      attributes: { 'aria-expanded': 'false' },
      press: () => {
        item.replaceChildren(
          ...frames.map((frame) =>
            element(
              'div',
              { title: `${frame.text} ${frame.location}` },
              frame.text,
              ' ',
              element('span', { class: 'location' }, frame.location),
            ),
          ),
        );
      },
    },
    summary,
  );
  item.append(toggle);
  return item;
}
