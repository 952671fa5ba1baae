/** Paints a trace written as text and gives what was drawn, as lines of text: golden text for bars, labels and marks. */

import type { ThemeKind } from '../../../../webview/theme/palette';
import type { Theme } from '../../../../webview/theme/theme';
import { makeTrace, type TraceModel } from '../../../../webview/trace/model';
import { ViewModel } from '../../../../webview/trace/state';
import { paintTimeline } from '../../../../webview/views/waterfall/paint';
import type { Pen } from '../../../../webview/views/waterfall/pen';
import {
  LABEL_GUTTER_PX,
  NARROW_GUTTER_PX,
  narrowGeometry,
  type Scene,
  wideGeometry,
} from '../../../../webview/views/waterfall/scene';
import { SceneMaker } from '../../../../webview/views/waterfall/sceneMaker';
import { analyseTrace, packSnapshot } from '../../../support/atOnce';
import { traceFromText } from '../../../support/traceText';

export function traceModel(text: string): TraceModel {
  const table = traceFromText(text);
  return makeTrace(packSnapshot(table, analyseTrace(table), { revision: 1, dataset: 'test', live: false }));
}

/** Colours that name themselves. */
export function namedTheme(kind: ThemeKind = 'dark'): Theme {
  const outlined = kind === 'contrast' || kind === 'contrastLight';
  return {
    kind,
    outlined,
    background: 'background',
    foreground: 'foreground',
    dimmed: 'dimmed',
    nameText: 'name',
    error: 'error',
    errorText: 'error',
    warningText: 'warning',
    linkText: 'link',
    numberText: 'number',
    booleanText: 'boolean',
    cursor: 'cursor',
    warning: 'warning',
    grid: 'grid',
    accent: 'accent',
    accentForeground: 'onAccent',
    selectionForeground: 'onSelection',
    selectionDimmed: 'quietOnSelection',
    selectionDimmedStyle: 'normal',
    rangeBackground: 'range',
    services: Array.from({ length: 12 }, () => 'service'),
    onService: Array.from({ length: 12 }, () => 'onService'),
    labelFont: '12px font',
  };
}

/** Seven pixels a character. */
export const textWidth = (text: string): number => text.length * 7;

export interface SceneOptions {
  /** CSS pixels of the timeline, without the room for labels. */
  readonly timeWidth?: number;
  readonly narrow?: boolean;
  readonly theme?: Theme;
  readonly height?: number;
  /** With the lines of the time grid. */
  readonly grid?: boolean;
}

/** All rows of the view, as the page makes the scene of those in sight. */
export function sceneOf(view: ViewModel, options: SceneOptions = {}): Scene {
  const geometry = options.narrow ? narrowGeometry : wideGeometry;
  const timeWidth = options.timeWidth ?? 100;
  const scene = new SceneMaker(textWidth).make({
    view,
    theme: options.theme ?? namedTheme(),
    geometry,
    width: timeWidth + (options.narrow ? NARROW_GUTTER_PX : LABEL_GUTTER_PX),
    height: options.height ?? view.rows.count * geometry.rowHeight + geometry.rulerHeight,
    scrollTop: 0,
    firstRow: 0,
    endRow: view.rows.count,
    selectedRow: view.selectedRow,
    hoverX: -1,
    events: new Map(),
  });
  // Golden texts are of bars and labels; the grid has tests of its own.
  return options.grid ? scene : { ...scene, ticks: [] };
}

/** Everything that is drawn, one line each: what, where (rounded to tenths), in which colour. */
export function drawLog(scene: Scene): string[] {
  const log: string[] = [];
  const at = (...numbers: number[]): string => numbers.map((number) => Math.round(number * 10) / 10).join(' ');
  let path: string[] = [];
  const pen: Pen = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    font: '',
    textBaseline: 'alphabetic',
    globalAlpha: 1,
    clearRect: () => {},
    fillRect: (x, y, width, height) => log.push(`rect ${at(x, y, width, height)} ${pen.fillStyle}`),
    strokeRect: (x, y, width, height) => log.push(`outline ${at(x, y, width, height)} ${pen.strokeStyle}`),
    fillText: (text, x, y) => log.push(`text "${text}" ${at(x, y)} ${pen.fillStyle}`),
    beginPath: () => {
      path = [];
    },
    moveTo: (x, y) => path.push(`M${at(x, y)}`),
    lineTo: (x, y) => path.push(`L${at(x, y)}`),
    closePath: () => path.push('Z'),
    roundRect: (x, y, width, height) => path.push(`bar ${at(x ?? 0, y ?? 0, width ?? 0, height ?? 0)}`),
    rect: () => {},
    clip: () => {},
    fill: () => log.push(`${path.join(' ')} ${pen.fillStyle}`),
    stroke: () => log.push(`${path.join(' ')} stroke ${pen.strokeStyle} ${pen.lineWidth}`),
    save: () => {},
    restore: () => {},
  };
  paintTimeline(pen, scene);
  return log;
}

export function viewOf(text: string): ViewModel {
  return new ViewModel(traceModel(text));
}
