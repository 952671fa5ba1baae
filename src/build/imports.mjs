// @ts-check
// The import statements of a text, for the checks of what may import what.

const importPattern = new RegExp(
  [
    String.raw`^[ \t]*(?:import|export)\s+(?<type>type\s+)?(?:[\w$*\s{},]|\btype\b)*?\bfrom\s*['"](?<from>[^'"\n]+)['"]`,
    String.raw`^[ \t]*import\s*['"](?<bare>[^'"\n]+)['"]`,
    String.raw`\b(?:import|require)\(\s*['"](?<called>[^'"\n]+)['"]`,
  ].join('|'),
  'gm',
);

/**
 * The import statements of a TypeScript or JavaScript text, with their lines (from 1).
 * @param {string} text
 */
export function importsOf(text) {
  // Comments become blanks of the same length, so that positions stay. Only those at the start of a line: `//` inside a string is none.
  const code = text.replace(/^[ \t]*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/gm, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(importPattern)].map((match) => {
    const { type, from, bare, called } = match.groups ?? {};
    const specifier = from ?? bare ?? called;
    const line = code.slice(0, match.index + match[0].lastIndexOf(specifier)).split('\n').length;
    return { specifier, typeOnly: type !== undefined, line };
  });
}
