/**
 * V8 (`Error.stack` of Node, Chromium, Deno, Bun) and the shorter form of Firefox and Safari.
 *
 * V8's form is described at https://v8.dev/docs/stack-trace-api. A frame ends with `path:line:column`, the path may hold
 * colons, blanks and parentheses, so it is read from the end. `async`, `new` and `[as alias]` belong to the call, not to the name.
 * For code from `eval` the place that counts is the innermost one that names a file. A stack has no causes; Node's inspector
 * prints them as `[cause]: Error: …` with deeper frames, and those are taken too.
 */

import { append, ExceptionBuilder, type FrameParts, makeFrame, maxLineLength, type StackParser, splitHeader } from './lines';

export const javascriptParser: StackParser = {
  language: 'javascript',
  parse(lines) {
    const exceptions: ExceptionBuilder[] = [];
    let current: ExceptionBuilder | undefined;
    let header: string[] = [];
    for (const line of lines) {
      const cause = line.length <= maxLineLength && current ? /^\s*\[?(cause|errors?)\]?: (.*)$/.exec(line) : undefined;
      const parts = parseLine(line);
      if (parts) {
        if (!current) current = append(exceptions, new ExceptionBuilder(splitHeader(header.join('\n'))));
        current.frames.push(makeFrame(line, parts));
      } else if (cause) {
        current = append(exceptions, new ExceptionBuilder(splitHeader(cause[2]), cause[1] === 'cause' ? 'cause' : 'member'));
      } else if (!current) header.push(line);
      if (header.length > 200) header = header.slice(0, 100);
    }
    return exceptions.filter((exception) => exception.frames.length > 0).map((exception) => exception.build());
  },
};

function parseLine(line: string): FrameParts | undefined {
  const text = line.trimStart();
  if (text.length > maxLineLength) return undefined;
  if (text.startsWith('at ')) return text === line ? undefined : parseV8(text.slice(3).trimEnd());
  return parseGecko(text);
}

function parseV8(call: string): FrameParts | undefined {
  // Node appends ` {` to the last frame when it prints the error's own properties after it.
  const body = call.endsWith(' {') ? call.slice(0, -2) : call;
  if (!body.endsWith(')')) {
    const place = splitPlace(body.replace(/^async /, ''));
    return place && { ...place };
  }
  const open = openingParenthesis(body);
  if (open <= 0 || body[open - 1] !== ' ') return undefined;
  const name = callName(body.slice(0, open - 1));
  const inside = body.slice(open + 1, -1);
  if (
    inside === 'native' ||
    inside === '<anonymous>' ||
    inside === 'unknown location' ||
    /^index \d+$/.test(inside) ||
    inside.startsWith('wasm:')
  )
    return { functionName: name, isNative: true, isLibrary: true };
  const place = inside.startsWith('eval at ') ? evalPlace(inside) : splitPlace(inside);
  if (place) return { functionName: name, ...place };
  return undefined;
}

/** Index of the parenthesis that the last one closes, so that folders like `(app)` don't confuse. */
function openingParenthesis(body: string): number {
  let depth = 0;
  for (let i = body.length - 1; i >= 0; i--) {
    if (body[i] === ')') depth++;
    else if (body[i] === '(' && --depth === 0) return i;
  }
  return -1;
}

/** `eval at <anonymous> (/srv/app/a.js:3:143), <anonymous>:1:13`, nested to any depth: the place in parentheses. */
function evalPlace(inside: string): FrameParts | undefined {
  const open = inside.lastIndexOf('(');
  const close = inside.indexOf(')', open);
  return open < 0 || close < 0 ? undefined : splitPlace(inside.slice(open + 1, close));
}

function callName(text: string): string {
  return text
    .replace(/^async /, '')
    .replace(/^new /, '')
    .replace(/ \[as [^\]]*\]$/, '');
}

/** `path:line:column` from the end. Both numbers must be there: `:line` alone is how others end a frame. */
function splitPlace(place: string): FrameParts | undefined {
  const match = /:(\d{1,9}):(\d{1,9})$/.exec(place);
  if (!match || match.index === 0) return undefined;
  const path = place.slice(0, match.index);
  if (path === '<anonymous>') return { isNative: true, isLibrary: true };
  const isRuntime = path.startsWith('node:') || path.startsWith('internal/');
  return { path, line: match[1], column: match[2], isNative: isRuntime, isLibrary: isRuntime ? true : undefined };
}

/**
 * Firefox and Safari: `charge@http://localhost:5173/src/pricing.ts:12:9`. Firefox says what was asynchronous in front of the name
 * (`async*charge`, `EventListener.handleEvent*charge`), and where code from `eval` was run: `a.js line 13 > eval:1:9`.
 */
function parseGecko(text: string): FrameParts | undefined {
  const at = text.indexOf('@');
  if (at < 0) return undefined;
  const evaluated = /^(\S+) line (\d{1,9}) > (?:eval|Function)\b/.exec(text.slice(at + 1));
  if (evaluated) return { functionName: geckoName(text.slice(0, at)), path: evaluated[1], line: evaluated[2] };
  const place = text.slice(at + 1);
  if (!/^(?:[a-z][a-z0-9+.-]*:\/\/|\/)\S*:\d{1,9}:\d{1,9}$/i.test(place)) return undefined;
  const name = text.slice(0, at);
  if (/\s/.test(name.replace(/^(?:promise callback|[\w.]+ handler)\*/, ''))) return undefined;
  return { functionName: geckoName(name), ...splitPlace(place) };
}

function geckoName(name: string): string {
  return name.slice(name.lastIndexOf('*') + 1).replace(/[/<]+$/, '');
}
