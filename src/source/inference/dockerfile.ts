/**
 * The instructions of a Dockerfile, as far as they say where files go. Comments, line continuations (also with the directive `escape`),
 * heredocs, the JSON form and flags are understood; what an instruction does else is not looked at.
 * https://docs.docker.com/reference/dockerfile/
 */

export interface Instruction {
  /** In capitals. */
  readonly name: string;
  /** `--from=build` as `from: build`; a flag that is given more than once has all its values. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** As written, after the flags. */
  readonly rest: string;
  /** `rest` in words, or the strings of the JSON form. */
  readonly words: readonly string[];
  /** From 0. */
  readonly line: number;
}

const maxInstructions = 2000;
const maxInstruction = 20_000;

export function parseDockerfile(text: string): readonly Instruction[] {
  const lines = text.split(/\r?\n/);
  const joiner = /^#\s*escape\s*=\s*`/im.test(lines.slice(0, 5).join('\n')) ? '`' : '\\';
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length && instructions.length < maxInstructions; at++) {
    const first = lines[at].trim();
    if (first === '' || first.startsWith('#')) continue;
    const line = at;
    let whole = '';
    for (; at < lines.length; at++) {
      const next = lines[at].trim();
      // Comments and empty lines inside an instruction are no part of it.
      if (next.startsWith('#') || (whole !== '' && next === '')) continue;
      const goesOn = next.endsWith(joiner);
      whole += goesOn ? `${next.slice(0, -1)} ` : next;
      if (!goesOn || whole.length > maxInstruction) break;
    }
    const match = /^([A-Za-z]+)\s+(.*)$/s.exec(whole);
    if (!match || whole.length > maxInstruction) continue;
    const name = match[1].toUpperCase();
    instructions.push(instruction(name, match[2], line));
    if (name === 'RUN' || name === 'COPY' || name === 'ADD') at = skipHeredocs(match[2], lines, at);
  }
  return instructions;
}

function instruction(name: string, text: string, line: number): Instruction {
  const flags: Record<string, string[]> = Object.create(null);
  let rest = text.trim();
  for (let match = flag.exec(rest); match; match = flag.exec(rest)) {
    flags[match[1]] ??= [];
    flags[match[1]].push(match[2] ?? '');
    rest = rest.slice(match[0].length);
  }
  return {
    name,
    flags,
    rest,
    words:
      jsonForm(rest) ??
      rest
        .split(/\s+/)
        .map(unquote)
        .filter((word) => word !== ''),
    line,
  };
}

const flag = /^--([a-z-]+)(?:=(\S*))?(?:\s+|$)/;

function jsonForm(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
  } catch {
    // Docker, too, takes what isn't JSON for words.
    return undefined;
  }
}

/** Without quotes around it. */
function unquote(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}

/** The last line of the heredocs that an instruction begins: `RUN <<EOF`, `COPY <<-"A" <<B /dest/`. */
function skipHeredocs(text: string, lines: readonly string[], from: number): number {
  let at = from;
  for (const [, dash, , word] of text.matchAll(/<<(-?)(["']?)([A-Za-z_]\w*)\2/g)) {
    const end = lines.findIndex((line, i) => i > at && (dash ? line.replace(/^\t+/, '') : line) === word);
    // One that doesn't end is none: a shift in shell arithmetic.
    if (end < 0) break;
    at = end;
  }
  return at;
}
