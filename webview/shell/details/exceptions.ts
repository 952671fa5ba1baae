/** Exceptions: type and message, the program's own frames as links, runs of library frames folded into one line. */

import { formatCount } from '../../../src/core/text/formatText';
import type { ShownException } from '../../../src/protocol/details';
import type { ShownFrame, ShownStack } from '../../../src/protocol/view';
import { button, element, setLines } from '../../elements/dom';
import { icon } from '../../elements/icons';
import { refresh } from '../../elements/refresh';
import { type DetailsContext, offsetText } from './context';
import { openWhole, writeFolded } from './foldedText';
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

interface Heading {
  readonly type: string;
  readonly message: string;
  readonly relation?: string;
  /** It is the message of the exception as a whole. */
  readonly isWhole: boolean;
}

function heading(context: DetailsContext, exception: ShownException, at: number, { type, message, relation, isWhole }: Heading) {
  const head = element('div', { class: 'exception-head' });
  const lead = (): (Node | string)[] => {
    const parts: (Node | string)[] = relation === undefined ? [] : [`${relations[relation] ?? 'Then'} `];
    if (type) parts.push(element('strong', { class: 'exception-type' }, type), message ? ': ' : '');
    return parts;
  };
  const text = message || (type ? '' : 'Exception without type and message');
  const address = { of: 'exception', at, part: 'message' } as const;
  const fullLength = isWhole ? exception.messageLength : undefined;
  writeFolded(context, head, { name: 'Message', text, fullLength, address, lead });
  return head;
}

/** Of a message of many lines, or a long one, the stack has the beginning only. */
function isBeginningOf(message: string, whole: string): boolean {
  return message === '' || whole.startsWith(message.trimEnd().replace(/(?:…|\.\.\.)$/, ''));
}

function exceptionBody(context: DetailsContext, exception: ShownException, index: number): HTMLElement {
  const body = element('div', { class: 'exception' }, heading(context, exception, index, { ...exception, isWhole: true }));
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
        else if (shown === '') body.append(...rawStack(context, exception, index));
        shown = said;
      },
      (error) => {
        context.report(error);
        if (shown === '') body.append(...rawStack(context, exception, index));
      },
    );
  show();
  context.onSourcesChanged(show);
  return body;
}

function rawStack(context: DetailsContext, { stack, stackLength }: ShownException, at: number): HTMLElement[] {
  const pre = element('pre', { class: 'raw-stack', tabIndex: 0 });
  setLines(pre, stack);
  if (stackLength === undefined) return [pre];
  const address = { of: 'exception', at, part: 'stack' } as const;
  const open = (): void => openWhole(context, { name: 'Stack', text: stack, address });
  return [pre, element('div', {}, button({ class: 'link', press: open }, `Open all ${formatCount(stackLength, 'character')}`))];
}

function stackNodes(context: DetailsContext, stack: ShownStack, exception: ShownException, index: number): Node[] {
  const nodes: Node[] = [];
  let frameIndex = 0;
  stack.exceptions.forEach((each, position) => {
    const type = each.type || (position === 0 ? exception.type : '');
    const isWhole = position === 0 && isBeginningOf(each.message, exception.message);
    const message = isWhole ? exception.message : each.message;
    const relation = position === 0 ? undefined : (each.relation ?? 'cause');
    nodes.push(heading(context, exception, index, { type, message, relation, isWhole }));
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
              { tabIndex: -1, title: `${frame.text} ${frame.location}` },
              frame.text,
              ' ',
              element('span', { class: 'location' }, frame.location),
            ),
          ),
        );
        // The button is gone, and who pressed it by a key goes on from here.
        item.querySelector('div')?.focus({ preventScroll: true });
      },
    },
    summary,
  );
  item.append(toggle);
  return item;
}
