/** One row of the tree: chevron, stripe of the service, error, name, chips, service, source, duration where bars have no labels. Writes to the DOM only what changed. */

import { formatDuration, speakDuration } from '../../../src/core/text/formatText';
import { visibleText } from '../../../src/core/text/visibleText';
import { isError, serviceOf } from '../../../src/protocol/columns';
import { element, setAttribute, setText } from '../../elements/dom';
import { icon } from '../../elements/icons';
import { isMarked } from '../../trace/codeMarks';
import { isDim } from '../../trace/litServices';
import { type Chip, hasLength, hasLinks, isRunning, nameText, serviceText, type TraceModel } from '../../trace/model';
import { runStateOf, spokenRun } from '../../trace/running';
import type { ViewModel } from '../../trace/state';
import { durationText } from './labels';

/** CSS pixels of a level. */
export const INDENT_PX = 12;

const UNNAMED = '(no name)';
/** The name of a row that is being read and grows changes so often. */
const SPOKEN_AGAIN_MS = 10_000;
/** Characters of a link to the source that stay. */
const LEAST_SOURCE = 13;

export class TreeRow {
  readonly root: HTMLElement;
  private readonly cell = element('div', { class: 'tree-cell', role: 'gridcell' });
  private readonly guides = element('span', { class: 'guides' });
  private readonly twisty = element('span', { class: 'twisty' });
  private readonly stripe = element('span', { class: 'stripe' });
  private readonly errorIcon = element('span', { class: 'error-icon' });
  private readonly name = element('bdi', { class: 'name' });
  private readonly chips = element('span', { class: 'chips' });
  private readonly service = element('bdi', { class: 'service' });
  private readonly sourceFile = element('span', { class: 'source-file' });
  private readonly sourceLine = element('span');
  private readonly source = element('span', { class: 'source', hidden: true }, this.sourceFile, this.sourceLine);
  private readonly duration = element('span', { class: 'duration' });

  private entry = Number.NaN;
  private generation = -1;
  private level = -1;
  private indentShift = -1;
  private row = -1;
  private top = Number.NaN;
  private chipKey = '';
  private colour = -1;
  private shownLevels = -1;
  private spanId: string | undefined;
  private narrow = false;
  private spokenAt = Number.NEGATIVE_INFINITY;
  private spokenSpan = -1;

  constructor() {
    this.errorIcon.append(icon('error'));
    this.cell.append(
      this.guides,
      this.twisty,
      this.stripe,
      this.errorIcon,
      element(
        'span',
        { class: 'row-texts' },
        element('span', { class: 'row-label' }, element('span', { class: 'row-name' }, this.name, this.chips), this.service),
        this.source,
      ),
      this.duration,
    );
    this.twisty.append(icon('chevronRight'), icon('chevronDown'));
    this.root = element('div', { class: 'row', role: 'row', tabIndex: -1 }, this.cell);
  }

  moveTo(top: number): void {
    if (top === this.top) return;
    this.top = top;
    this.root.style.transform = `translateY(${top}px)`;
  }

  /** Selected, reached by Tab, under the pointer. */
  mark(selected: boolean, tabStop: boolean, hovered: boolean): void {
    const { classList } = this.root;
    if (classList.contains('selected') !== selected) {
      classList.toggle('selected', selected);
      this.root.setAttribute('aria-selected', String(selected));
    }
    if (classList.contains('hovered') !== hovered) classList.toggle('hovered', hovered);
    const index = tabStop ? 0 : -1;
    if (this.root.tabIndex !== index) this.root.tabIndex = index;
  }

  setSource(label: string | undefined): void {
    if (label === undefined) {
      if (!this.source.hidden) this.source.hidden = true;
      return;
    }
    // Where there is no room the file's name is cut, and never the line.
    const colon = label.lastIndexOf(':');
    setText(this.sourceFile, colon < 0 ? label : label.slice(0, colon));
    setText(this.sourceLine, colon < 0 ? '' : label.slice(colon));
    this.source.style.setProperty('--least', String(Math.min(label.length, LEAST_SOURCE)));
    this.source.hidden = false;
  }

  /** For VS Code's menu: its commands get the span. */
  setContext(spanId: string | undefined): void {
    if (spanId === this.spanId) return;
    this.spanId = spanId;
    const context = { webviewSection: 'span', spanId, preventDefaultContextMenuItems: true };
    setAttribute(this.root, 'data-vscode-context', spanId === undefined ? undefined : JSON.stringify(context));
  }

  write(view: ViewModel, row: number, { generation, treeWidth, narrow }: RowStyle, indentShift: number): void {
    const entry = view.rows.entryAt(row);
    const level = view.rows.levelAt(row);
    if (level !== this.level || indentShift !== this.indentShift) {
      this.level = level;
      this.indentShift = indentShift;
      this.writeIndent(Math.max(0, level - indentShift), treeWidth);
    }
    if (entry === this.entry && generation === this.generation && row === this.row && narrow === this.narrow) return;
    this.narrow = narrow;
    this.row = row;
    this.entry = entry;
    this.generation = generation;
    this.writeContent(view, entry, row, level);
  }

  private writeIndent(levels: number, treeWidth: number): void {
    if (levels === this.shownLevels) return;
    this.shownLevels = levels;
    this.guides.style.width = `${Math.min(levels * INDENT_PX, treeWidth)}px`;
  }

  private writeContent(view: ViewModel, entry: number, row: number, level: number): void {
    const { trace } = view;
    const span = view.spanOf(entry);
    const isGroup = entry < 0;
    const error = isGroup ? groupErrors(trace, ~entry) > 0 : isError(trace, span);
    const name = nameText(trace, span) || UNNAMED;
    const service = serviceText(trace, span);
    setText(this.name, name);
    setText(this.service, service);
    if (this.narrow) {
      setText(this.duration, durationText(view, entry, view.entryTimes(entry)));
      this.service.hidden = row > 0 && serviceOf(trace, view.rows.spanAt(row - 1)) === serviceOf(trace, span);
    } else if (this.service.hidden) this.service.hidden = false;
    const colour = trace.colourOf[serviceOf(trace, span)];
    if (colour !== this.colour) {
      this.colour = colour;
      this.stripe.style.background = `var(--service-${colour})`;
    }
    const foldable = view.canFold(entry);
    const open = foldable && view.isOpen(entry);
    setAttribute(
      this.root,
      'class',
      rowClass(this.root, {
        error,
        foldable,
        open,
        dimmed: view.rows.isDimmed(row) || isDim(view.lit, trace, span),
        match: !isGroup && view.find.isMatch[span] === 1,
        atCursor: isMarked(view, entry),
      }),
    );
    const chips = chipsOf(trace, entry, span);
    this.writeChips(chips);
    const { root } = this;
    setAttribute(root, 'aria-level', String(level + 1));
    setAttribute(root, 'aria-rowindex', String(row + 2));
    setAttribute(root, 'aria-posinset', String(trace.siblings.position[span]));
    setAttribute(root, 'aria-setsize', String(trace.siblings.size[span]));
    setAttribute(root, 'aria-expanded', foldable ? String(open) : undefined);
    this.speak(() => spokenName(view, entry, span, level, error, chips), span, entry >= 0 && isRunning(trace, span));
  }

  /** What grows is told again, but not every second to who reads just that row. */
  private speak(name: () => string, span: number, grows: boolean): void {
    const now = performance.now();
    const isRead = grows && span === this.spokenSpan && document.activeElement === this.root;
    if (isRead && now - this.spokenAt < SPOKEN_AGAIN_MS) return;
    this.spokenAt = now;
    this.spokenSpan = span;
    setAttribute(this.root, 'aria-label', name());
  }

  private writeChips(chips: readonly Chip[]): void {
    const key = chips.map((chip) => `${chip.kind}${chip.text}${chip.title}`).join('|');
    if (key === this.chipKey) return;
    this.chipKey = key;
    this.chips.replaceChildren(
      ...chips.map((chip) => element('span', { class: `chip chip-${chip.kind}`, title: chip.title }, chip.text)),
    );
  }
}

export interface RowStyle {
  /** Grows when anything that rows show has changed, other than scroll, hover and selection. */
  readonly generation: number;
  /** CSS pixels of the tree column. */
  readonly treeWidth: number;
  /** The duration stands in the row, and the service where it is another one than above. */
  readonly narrow: boolean;
}

interface RowMarks {
  readonly error: boolean;
  readonly foldable: boolean;
  readonly open: boolean;
  readonly dimmed: boolean;
  readonly match: boolean;
  readonly atCursor: boolean;
}

function rowClass(root: HTMLElement, marks: RowMarks): string {
  let name = 'row';
  if (marks.error) name += ' error';
  if (marks.foldable) name += marks.open ? ' foldable open' : ' foldable';
  if (marks.dimmed) name += ' dimmed';
  if (marks.match) name += ' match';
  if (marks.atCursor) name += ' at-cursor';
  if (root.classList.contains('selected')) name += ' selected';
  if (root.classList.contains('hovered')) name += ' hovered';
  return name;
}

function groupErrors(trace: TraceModel, group: number): number {
  const { start, rows } = trace.groups;
  let errors = 0;
  for (let k = start[group]; k < start[group + 1]; k++) if (isError(trace, rows[k])) errors++;
  return errors;
}

const noChips: readonly Chip[] = [];

function chipsOf(trace: TraceModel, entry: number, span: number): readonly Chip[] {
  if (entry < 0) {
    const group = ~entry;
    const size = trace.groups.start[group + 1] - trace.groups.start[group];
    return [
      { kind: 'group', text: `${size}×`, title: `${size} spans with this name and service` },
      ...(trace.groupChips.get(group) ?? []),
    ];
  }
  const grouped = trace.groups.count > 0 && trace.groups.groupOf[span] > 0;
  const findings = grouped && trace.groupChips.has(trace.groups.groupOf[span] - 1) ? undefined : trace.findingChips.get(span);
  const correctionNs = ownCorrection(trace, span);
  const linked = hasLinks(trace, span);
  if (!findings && correctionNs === undefined && !linked) return noChips;
  const chips: Chip[] = findings ? [...findings] : [];
  if (correctionNs !== undefined) {
    const text = correctionNs > 0 ? `+${formatDuration(correctionNs)}` : formatDuration(correctionNs);
    chips.push({ kind: 'clock', text, title: `The clock of ${serviceText(trace, span)} was corrected by ${text}` });
  }
  if (linked) chips.push({ kind: 'link', text: 'link', title: 'Linked with other spans' });
  return chips;
}

/** The correction where it begins: what a span shares with its parent is told once. */
function ownCorrection(trace: TraceModel, span: number): number | undefined {
  const correctionNs = trace.corrections.get(span);
  if (correctionNs === undefined || correctionNs === 0) return undefined;
  const parent = trace.tree.parent[span];
  return parent >= 0 && trace.corrections.get(parent) === correctionNs ? undefined : correctionNs;
}

/** "PaymentService.charge, payments, error, 438 milliseconds, starts at 770 milliseconds, level 4" */
export function spokenName(
  view: ViewModel,
  entry: number,
  span: number,
  level: number,
  error: boolean,
  chips: readonly Chip[],
): string {
  const { trace } = view;
  const times = view.entryTimes(entry);
  const parts = [nameText(trace, span) || UNNAMED, serviceText(trace, span)];
  if (error) parts.push('error');
  if (hasLength(trace, entry)) {
    if (entry >= 0 && isRunning(trace, span)) parts.push(spokenRun(runStateOf(trace.running, span), trace.durationNs[span]));
    else parts.push(speakDuration(entry >= 0 ? trace.durationNs[span] : times.endNs - times.startNs));
    parts.push(`starts at ${speakDuration(times.startNs)}`);
  } else parts.push('times not known');
  parts.push(`level ${level + 1}`);
  for (const chip of chips) parts.push(chip.kind === 'group' ? `${chip.text.slice(0, -1)} spans` : chip.text);
  if (isMarked(view, entry)) parts.push('at the cursor');
  return visibleText(parts.filter((part) => part !== '').join(', '));
}
