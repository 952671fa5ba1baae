/** Service colours, measured: contrast against real themes, and whether people tell them apart. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrast, legible, parseColour, readableOn, rgbOf, solidOn } from '../../../webview/theme/contrast';
import { assignColours, PALETTE_SIZE, palette, type ThemeKind } from '../../../webview/theme/palette';
import { rowTexts } from '../../../webview/theme/rowTexts';

const folder = join(process.cwd(), 'test', 'ui', 'waterfall', 'themes');
const themes = readdirSync(folder).map((file) => {
  const { bodyClass, theme, variables } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    bodyClass: string;
    theme: string;
    variables: Record<string, string>;
  };
  const kind: ThemeKind = bodyClass.includes('high-contrast-light')
    ? 'contrastLight'
    : bodyClass.includes('high-contrast')
      ? 'contrast'
      : bodyClass.includes('light')
        ? 'light'
        : 'dark';
  return { theme, kind, variables, background: variables['--vscode-editor-background'].slice(0, 7) };
});

type Rgb = readonly [number, number, number];
const linear = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);

/** Oklab. Source: B. Ottosson, "A perceptual color space for image processing", 2020. */
function oklab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map(linear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** As people with deuteranopia see it. Source: Machado, Oliveira, Fernandes 2009, severity 1. */
function deuteranopia(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map(linear);
  const encode = (value: number): number => {
    const cut = Math.min(1, Math.max(0, value));
    return 255 * (cut <= 0.0031308 ? 12.92 * cut : 1.055 * cut ** (1 / 2.4) - 0.055);
  };
  return [
    encode(0.367322 * r + 0.860646 * g - 0.227968 * b),
    encode(0.280085 * r + 0.672501 * g + 0.047413 * b),
    encode(-0.01182 * r + 0.04294 * g + 0.968881 * b),
  ];
}

function leastDistance(colours: readonly Rgb[]): number {
  const points = colours.map(oklab);
  let least = Number.POSITIVE_INFINITY;
  points.forEach((a, i) => {
    for (const b of points.slice(0, i)) least = Math.min(least, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  });
  return least;
}

describe('palette', () => {
  it('was measured against themes of every kind', () => {
    expect(new Set(themes.map(({ kind }) => kind))).toEqual(new Set(['dark', 'light', 'contrast', 'contrastLight']));
  });

  it.each(themes)('has a contrast of 3:1 against $theme', ({ kind, background }) => {
    for (const colour of palette(kind))
      expect(contrast(colour, background), `${colour} on ${background}`).toBeGreaterThanOrEqual(3);
  });

  it.each(['dark', 'light'] as const)('tells twelve services apart in %s themes, also under deuteranopia', (kind) => {
    const colours = palette(kind).map(rgbOf);
    expect(new Set(palette(kind)).size).toBe(PALETTE_SIZE);
    expect(leastDistance(colours)).toBeGreaterThan(0.09);
    expect(leastDistance(colours.map(deuteranopia))).toBeGreaterThan(0.06);
  });

  it('writes readably on its colours', () => {
    for (const kind of ['dark', 'light'] as const)
      for (const colour of palette(kind)) expect(contrast(colour, readableOn(colour))).toBeGreaterThanOrEqual(4.5);
  });
});

describe('texts of a row', () => {
  const tests = themes.map((each) => ({ ...each, outlined: each.kind === 'contrast' || each.kind === 'contrastLight' }));
  it.each(tests)('are read and told apart in $theme, selected and under the pointer as well', ({ variables, outlined }) => {
    const named = (...names: readonly string[]): string =>
      names.map((name) => variables[`--vscode-${name}`]).find((value) => value !== undefined && value !== 'transparent') ?? '';
    const texts = rowTexts(named, outlined);
    const editor = named('editor-background');
    const least = outlined ? 7 : 4.5;
    const hovered = outlined ? editor : solidOn(named('list-hoverBackground', 'editor-background'), editor);
    const selected = outlined ? editor : solidOn(named('list-activeSelectionBackground', 'editor-background'), editor);
    for (const [name, quiet, ...behind] of [
      [texts.name, texts.quiet, editor, hovered],
      [texts.selectedName, texts.selectedQuiet, selected],
    ]) {
      for (const background of behind) {
        const seen = (colour: string): string => solidOn(colour, background);
        expect(contrast(seen(name), background), `${name} on ${background}`).toBeGreaterThanOrEqual(least);
        expect(contrast(seen(quiet), background), `${quiet} on ${background}`).toBeGreaterThanOrEqual(least - 0.1);
        if (behind.length === 1 && texts.selectedStyle === 'italic') continue;
        expect(contrast(seen(name), seen(quiet)), `${name} beside ${quiet}`).toBeGreaterThanOrEqual(1.45);
        expect(contrast(seen(quiet), background)).toBeLessThan(contrast(seen(name), background));
      }
    }
  });
});

describe('assignColours', () => {
  it('gives a service the same colour whatever the order', () => {
    const some = ['storefront', 'cart', 'pricing', 'payments', 'mailer'];
    const forwards = assignColours(some);
    const backwards = assignColours([...some].reverse());
    some.forEach((_, index) => {
      expect(backwards[some.length - 1 - index]).toBe(forwards[index]);
    });
  });

  it('shares no colour while one is free', () => {
    for (let count = 1; count <= PALETTE_SIZE; count++) {
      const colours = assignColours(Array.from({ length: count }, (_, index) => `service-${index}`));
      expect(new Set(colours).size).toBe(count);
    }
  });

  it('has a colour for the thirteenth and the four thousandth', () => {
    const colours = assignColours(Array.from({ length: 4000 }, (_, index) => `s${index}`));
    expect(Math.max(...colours)).toBeLessThan(PALETTE_SIZE);
  });
});

describe('legible', () => {
  it.each(themes)('makes words readable in $theme', ({ variables }) => {
    const backgrounds = ['editor-background', 'sideBar-background'].map((name) => variables[`--vscode-${name}`]);
    for (const name of [
      'errorForeground',
      'editorWarning-foreground',
      'descriptionForeground',
      'textLink-foreground',
      'foreground',
    ]) {
      const colour = variables[`--vscode-${name}`];
      if (!colour) continue;
      const shown = legible(colour, backgrounds);
      const parsed = parseColour(shown);
      if (!parsed) throw new Error(`${name} is ${shown}`);
      for (const background of backgrounds) {
        const behind = parseColour(background);
        if (!behind) continue;
        const solid = [0, 1, 2].map((channel) => Math.round(parsed[channel] * parsed[3] + behind[channel] * (1 - parsed[3])));
        const hex = `#${solid.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
        expect(contrast(hex, background.slice(0, 7)), `${name} ${shown} on ${background}`).toBeGreaterThanOrEqual(4.4);
      }
    }
  });

  it('leaves alone what reads, and what it cannot parse', () => {
    expect(legible('#cccccc', ['#1f1f1f'])).toBe('#cccccc');
    expect(legible('color(display-p3 1 0 0)', ['#1f1f1f'])).toBe('color(display-p3 1 0 0)');
  });
});
