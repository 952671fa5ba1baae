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
export function legible(colour: string, backgrounds: readonly string[]): string {
  const parsed = parseColour(colour);
  const behind = backgrounds.map(parseColour).filter((each) => each !== undefined);
  if (!parsed || behind.length === 0) return colour;
  const [base] = behind;
  const solid = [0, 1, 2].map((channel) => parsed[channel] * parsed[3] + base[channel] * (1 - parsed[3]));
  const fits = (hex: string): boolean => behind.every((each) => contrast(hex, hexOf(each)) >= TEXT_CONTRAST);
  if (fits(hexOf(solid))) return colour;
  const towards = luminance([base[0], base[1], base[2]]) > 0.18 ? 0 : 255;
  for (let share = 0.04; share <= 1; share += 0.04) {
    const mixed = hexOf(solid.map((channel) => channel + (towards - channel) * share));
    if (fits(mixed)) return mixed;
  }
  return hexOf([towards, towards, towards]);
}
