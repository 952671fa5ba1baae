/** Painting, as golden text: what is drawn for which trace, at which view and theme. */

import { describe, expect, it } from 'vitest';
import { drawLog, namedTheme, sceneOf, viewOf } from './support/drawLog';

const checkout = `
  POST /checkout   storefront  0..100 server
    validate       storefront  0..10
    POST /payments payments    50..100 client error`;

describe('bars', () => {
  it('puts bars, labels and the critical path where their times are', () => {
    const view = viewOf(checkout);
    view.criticalPath = false;
    expect(drawLog(sceneOf(view))).toEqual([
      'bar 0 29 100 12 service',
      'text "100 ms" 105 35.5 dimmed',
      'bar 0 51 10 12 service',
      'text "10 ms" 15 57.5 dimmed',
      'bar 50 73 50 12 service',
      'bar 49.3 72.3 51.5 13.5 stroke error 1.5',
      'text "100 ms" 105 79.5 error'.replace('100 ms', '50 ms'),
    ]);
  });

  it('draws the critical path as lines of two pixels below the bars', () => {
    const lines = drawLog(sceneOf(viewOf(checkout))).filter((line) => / 2 (foreground|onSelection)$/.test(line));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) expect(line).toMatch(/^rect [\d.]+ (43|65|87) [\d.]+ 2 foreground$/);
  });

  it('never draws a bar under two pixels', () => {
    const view = viewOf(`
      root storefront 0..50000
        tiny storefront 250..250`);
    view.criticalPath = false;
    expect(drawLog(sceneOf(view))[2]).toBe('bar 0.5 51 2 12 service');
  });

  it('puts the label left where there is no room at the right, and inside where there is none at all', () => {
    const view = viewOf(`
      root storefront 0..1000
        late storefront 900..1000`);
    view.criticalPath = false;
    // Zoomed so that the root goes beyond both edges, and the child ends at the right edge.
    view.setView({ startNs: 800e6, endNs: 939e6 });
    const texts = drawLog(sceneOf(view)).filter((line) => line.startsWith('text'));
    expect(texts).toEqual(['text "1.00 s" 96.9 35.5 onService', 'text "100 ms" 24.9 57.5 dimmed']);
  });

  it('points to bars outside of the view', () => {
    const view = viewOf(`
      root storefront 0..1000
        early storefront 0..10
        late storefront 900..1000`);
    view.criticalPath = false;
    view.setView({ startNs: 300e6, endNs: 400e6 });
    const arrows = drawLog(sceneOf(view)).filter((line) => line.startsWith('M'));
    expect(arrows).toEqual(['M4 57 L9 52 L9 62 Z service', 'M160 79 L155 74 L155 84 Z service']);
  });

  it('draws a closed group as one segment a member, with the failed one in the error colour', () => {
    const view = viewOf(`
      root storefront 0..100
${Array.from({ length: 10 }, (_, index) => `        SELECT product storefront ${index * 10}..${index * 10 + 8}${index === 3 ? ' error' : ''}`).join('\n')}`);
    view.criticalPath = false;
    const log = drawLog(sceneOf(view));
    const segments = log.filter((line) => line.startsWith('rect'));
    expect(segments).toHaveLength(10);
    expect(segments[0]).toBe('rect 0 51 7 12 service');
    expect(segments[3]).toBe('rect 30 51 7 12 error');
  });

  it('merges segments that pixels cannot tell apart', () => {
    const view = viewOf(`
      root storefront 0..10000
${Array.from({ length: 2000 }, (_, index) => `        SELECT product storefront ${index * 5}..${index * 5 + 4}`).join('\n')}`);
    view.criticalPath = false;
    const segments = drawLog(sceneOf(view)).filter((line) => line.startsWith('rect'));
    expect(segments.length).toBeLessThan(40);
    const covered = segments.map((line) => Number(line.split(' ')[3])).reduce((sum, width) => sum + width, 0);
    expect(covered).toBeGreaterThan(65);
  });

  it('draws a running span with stripes and an open end', () => {
    const view = viewOf(`
      root storefront 0..100
        waiting storefront 40..`);
    view.criticalPath = false;
    const log = drawLog(sceneOf(view));
    expect(log.some((line) => line.includes('stroke service 2'))).toBe(true);
    expect(log.at(-1)).toMatch(/^text "no end"/);
  });

  it('outlines bars in high contrast', () => {
    const view = viewOf(checkout);
    view.criticalPath = false;
    const log = drawLog(sceneOf(view, { theme: namedTheme('contrast') }));
    expect(log[0]).toBe('bar 0.5 29.5 99 11 stroke service 1');
    expect(log.some((line) => line.startsWith('bar') && line.endsWith('service') && !line.includes('stroke'))).toBe(false);
  });

  it('in a narrow editor draws lines of three pixels without labels, with the critical path and a thin axis', () => {
    const view = viewOf(checkout);
    expect(drawLog(sceneOf(view, { narrow: true }))).toEqual([
      'bar 0 38 100 3 service',
      'rect 10 42 40 2 foreground',
      'bar 0 64 10 3 service',
      'rect 0 68 10 2 foreground',
      'bar 50 90 50 3 error',
      'rect 50 94 50 2 foreground',
    ]);
    const axis = drawLog(sceneOf(view, { narrow: true, timeWidth: 320, grid: true })).filter((line) => line.startsWith('text'));
    expect(axis.map((line) => /"(.*)"/.exec(line)?.[1])).toEqual(['0', '20 ms', '40 ms', '60 ms', '80 ms']);
    for (const line of axis) expect(line).toMatch(/ 9 dimmed$/);
  });

  it('draws events as diamonds, and moves them with a corrected clock', () => {
    const view = viewOf(`
      root storefront 0..100
        call storefront 10..60 event=sent@30`);
    view.criticalPath = false;
    const scene = sceneOf(view);
    scene.events = new Map([[1, Float64Array.of(30e6)]]);
    expect(drawLog(scene)).toContain('M26 57 L30 53 L34 57 L30 61 Z background');
  });

  it('gives the selected row the colours of the selection', () => {
    const view = viewOf(checkout);
    view.criticalPath = false;
    view.selected = 2;
    expect(drawLog(sceneOf(view)).at(-1)).toBe('text "50 ms" 105 79.5 onSelection');
  });

  it('draws the hairline and the selected range', () => {
    const view = viewOf(checkout);
    view.range = { startNs: 20e6, endNs: 40e6 };
    const scene = sceneOf(view);
    scene.hoverX = 37.2;
    scene.hoverLabel = { text: '37.2 ms', widthPx: 49 };
    const log = drawLog(scene);
    expect(log.slice(0, 3)).toEqual(['rect 20 0 20 90 range', 'rect 20 0 1 90 accent', 'rect 39 0 1 90 accent']);
    expect(log.slice(-3)).toEqual(['rect 37 24 1 66 accent', 'bar 8.5 4 57 16 accent', 'text "37.2 ms" 12.5 12.5 onAccent']);
  });

  it('has the time of the pointer on the axis, whole at both edges, in a narrow editor as well', () => {
    const view = viewOf(checkout);
    for (const narrow of [false, true]) {
      const scene = sceneOf(view, { narrow, timeWidth: 320 });
      for (const x of [0, 160, scene.width]) {
        scene.hoverX = x;
        scene.hoverLabel = { text: '37.2 ms', widthPx: 49 };
        const [left, top, width, height] = (drawLog(scene).at(-2) ?? '').split(' ').slice(1, 5).map(Number);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top + height).toBeLessThanOrEqual(scene.geometry.rulerHeight);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(scene.width);
      }
    }
  });

  it('keeps labels off events at the end of a bar, and off the segments of a group that fills the view', () => {
    const events = viewOf(`
      root storefront 0..100
        call storefront 10..60 event=sent@60`);
    events.criticalPath = false;
    expect(drawLog(sceneOf(events))).toContain('text "50 ms" 69 57.5 dimmed');
    const group = viewOf(`
      root storefront 0..100
${Array.from({ length: 10 }, (_, index) => `        SELECT product storefront ${index * 10}..${index * 10 + 8}`).join('\n')}`);
    group.criticalPath = false;
    expect(drawLog(sceneOf(group)).at(-1)).toBe('text "98 ms" 103 57.5 dimmed');
    group.setView({ startNs: 10e6, endNs: 50e6 });
    expect(drawLog(sceneOf(group)).slice(-2)).toEqual(['rect 121 51 41 12 background', 'text "98 ms" 124 57.5 dimmed']);
  });

  it('has room at the right for the longest label of a long trace', () => {
    const view = viewOf(`
      root storefront 0..3599000`);
    view.criticalPath = false;
    const scene = sceneOf(view, { timeWidth: 400 });
    const [text] = drawLog(scene).filter((line) => line.startsWith('text'));
    expect(text).toMatch(/^text "59 min 59 s" \d+/);
    expect(Number(text.split('" ')[1].split(' ')[0]) + 11 * 7).toBeLessThanOrEqual(scene.width);
    expect(text).toContain(' dimmed');
  });
});
