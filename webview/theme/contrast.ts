/** Contrast of colours, as accessibility guidelines measure it. Source: WCAG 2.2, "relative luminance" and "contrast ratio". */

/** Red, green, blue of `#rrggbb`, 0 to 255. */
export function rgbOf(hex: string): readonly [number, number, number] {
  const at = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  return [at(1), at(3), at(5)];
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function luminance([red, green, blue]: readonly [number, number, number]): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** 1 (none) to 21. Colours as `#rrggbb`. */
export function contrast(a: string, b: string): number {
  const first = luminance(rgbOf(a));
  const second = luminance(rgbOf(b));
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** Black or white, whichever reads better on the colour. */
export function readableOn(colour: string): string {
  return contrast(colour, '#000000') >= contrast(colour, '#ffffff') ? '#000000' : '#ffffff';
}

export type Rgba = readonly [number, number, number, number];

/** A CSS colour as themes write them: `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)`, `rgba(…)`. Undefined for anything else. */
export function parseColour(text: string): Rgba | undefined {
  const hex = /^#([\da-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const long = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const [red, green, blue] = rgbOf(`#${long.slice(0, 6)}`);
    return [red, green, blue, long.length === 8 ? Number.parseInt(long.slice(6), 16) / 255 : 1];
  }
  const parts = /^rgba?\(([^)]+)\)$/i.exec(text.trim())?.[1].match(/[\d.]+%?/g);
  if (!parts || parts.length < 3) return undefined;
  const [red, green, blue, alpha = 1] = parts.map((part) => (part.endsWith('%') ? Number.parseFloat(part) / 100 : Number(part)));
  return [red, green, blue, alpha];
}

function hexOf(rgb: readonly number[]): string {
  return `#${rgb
    .slice(0, 3)
    .map((channel) =>
      Math.round(Math.min(255, Math.max(0, channel)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** Text that is read needs this much (WCAG 2.2, 1.4.3). */
const TEXT_CONTRAST = 4.5;

/**
 * The colour as it is if it reads on all the backgrounds, else made darker or lighter until it does. Some themes' error and warning
 * colours are made for icons and squiggles and are too pale for words. A colour that cannot be parsed stays.
 */
export function legible(colour: string, backgrounds: readonly string[], least = TEXT_CONTRAST): string {
  const behind = backgrounds.filter((each) => parseColour(each) !== undefined);
  if (parseColour(colour) === undefined || behind.length === 0) return colour;
  const solid = solidOn(colour, behind[0]);
  const fits = (hex: string): boolean => behind.every((each) => contrast(hex, solidOn(each, behind[0])) >= least);
  if (fits(solid)) return colour;
  return firstMixed(solid, farFrom(behind[0]), fits) ?? farFrom(behind[0]);
}

/** A colour as it is seen on a background: `#rrggbb`; the colour itself where one of them cannot be parsed. */
export function solidOn(colour: string, background: string): string {
  const above = parseColour(colour);
  const below = parseColour(background);
  if (!above || !below) return colour;
  return hexOf([0, 1, 2].map((channel) => above[channel] * above[3] + below[channel] * (1 - above[3])));
}

/** Black on what is light, white on what is dark. */
function farFrom(background: string): string {
  return luminance(rgbOf(solidOn(background, '#000000'))) > 0.18 ? '#000000' : '#ffffff';
}

const MIX_STEP = 0.04;

/** The first colour on the way from one to another that is good enough. */
function firstMixed(from: string, to: string, isGood: (hex: string) => boolean): string | undefined {
  const start = rgbOf(from);
  const end = rgbOf(to);
  for (let share = MIX_STEP; share <= 1; share += MIX_STEP) {
    const mixed = hexOf(start.map((channel, index) => channel + (end[index] - channel) * share));
    if (isGood(mixed)) return mixed;
  }
  return undefined;
}

/** A contrast below this is not seen between two greys. */
export const APART = 1.5;

/**
 * Two texts that stand beside each other, the second one less loud: both legible, and told apart. Themes may have one colour for both: then the second
 * comes nearer to the background, as far as it can be read, and where that is not enough, the first one goes away from it.
 */
export function apart(
  loud: string,
  quiet: string,
  backgrounds: readonly string[],
  least = TEXT_CONTRAST,
): { readonly loud: string; readonly quiet: string } {
  const [behind] = backgrounds;
  const first = legible(loud, backgrounds, least);
  const second = legible(quiet, backgrounds, least);
  if ([behind, first, second].some((each) => parseColour(each) === undefined)) return { loud: first, quiet: second };
  const loudHex = solidOn(first, behind);
  const quietHex = solidOn(second, behind);
  const isApart = (a: string, b: string): boolean => contrast(a, b) >= APART;
  const isLess = contrast(quietHex, solidOn(behind, behind)) < contrast(loudHex, solidOn(behind, behind));
  if (isLess && isApart(loudHex, quietHex)) return { loud: first, quiet: second };
  const nearer = firstMixed(loudHex, solidOn(behind, behind), (hex) => isApart(loudHex, hex)) ?? loudHex;
  const shown = solidOn(legible(nearer, backgrounds, least), behind);
  const louder = isApart(loudHex, shown) ? loudHex : firstMixed(loudHex, farFrom(behind), (hex) => isApart(hex, shown));
  return { loud: louder ?? farFrom(behind), quiet: shown };
}
