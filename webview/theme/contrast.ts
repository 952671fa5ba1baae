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

export function luminance([red, green, blue]: readonly [number, number, number]): number {
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
