/**
 * Colours of services. Twelve for each kind of theme, searched by program for three things at once: a contrast of at least 3:1 against
 * the editor backgrounds of widespread themes of that kind, the largest least distance of any two (Oklab), and the same under deuteranopia
 * (matrix of Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency"). Reds and
 * yellows are left out: they mean error and warning. The unit test measures all of that again.
 */

export type ThemeKind = 'dark' | 'light' | 'contrast' | 'contrastLight';

const onDark: readonly string[] = [
  ...['#0087ab', '#c08343', '#c2a7f4', '#57b588', '#1d9330', '#e0a040'],
  ...['#86dcd8', '#7fea85', '#c272b2', '#9b6ce0', '#9a6980', '#4ba6ea'],
];
const onLight: readonly string[] = [
  ...['#3e6596', '#7b5d33', '#4934a3', '#2e8f66', '#2a4072', '#b06a00'],
  ...['#0c5c63', '#67310d', '#c158ae', '#7a3fc0', '#a42c71', '#1f80c8'],
];

export const PALETTE_SIZE = 12;

export function palette(kind: ThemeKind): readonly string[] {
  switch (kind) {
    case 'dark':
    case 'contrast':
      return onDark;
    case 'light':
    case 'contrastLight':
      return onLight;
    default:
      return kind satisfies never;
  }
}

/** FNV-1a over UTF-16 units, folded. Source: IETF draft "The FNV Non-Cryptographic Hash Algorithm". */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

/**
 * Palette index per service. A service takes the colour of its name's hash, the same in every trace and view; where two of one trace
 * meet, the later name in the alphabet takes the next unused one. Only beyond twelve services are colours shared.
 */
export function assignColours(services: readonly string[]): Uint8Array {
  const assigned = new Uint8Array(services.length);
  const taken = new Uint8Array(PALETTE_SIZE);
  const order = services
    .map((_, index) => index)
    .sort((a, b) => (services[a] < services[b] ? -1 : services[a] > services[b] ? 1 : 0));
  let free = PALETTE_SIZE;
  for (const index of order) {
    let colour = hash(services[index]) % PALETTE_SIZE;
    if (free > 0) {
      while (taken[colour] === 1) colour = (colour + 1) % PALETTE_SIZE;
      taken[colour] = 1;
      free--;
    }
    assigned[index] = colour;
  }
  return assigned;
}
