/**
 * Elixir: `Exception.format/3` and `format_stacktrace/1` (https://hexdocs.pm/elixir/Exception.html), `** (Type) message` and below it
 * `(app 0.1.0) lib/app/cart.ex:12: App.Cart.add/2`, the app only where it is known. Erlang prints terms, `{cart,add,2,[{file,"src/cart.erl"},{line,12}]}`,
 * many of them in one line.
 */

import type { StackFrame } from '../model/types';
import { append, ExceptionBuilder, makeFrame, maxLineLength, type StackParser } from './lines';

const header = /^\*\* \(([\w.:]{1,200})(?: from [^()]{0,100})?\) ?(.*)$/;
const frameText =
  /^(?:\((\w{1,100})(?: [^()\s]{1,60})?\) )?([^\s:(){}"][^:(){}"]{0,500}\.(?:exs?|erl|[hl]?eex)):(?:(\d{1,9}):)? (\S.*)$/;
const term =
  /\{'?([\w.@]{1,200})'?,'?([^\s,'{}[\]]{1,200})'?,(\d{1,3})?[^{}]{0,200}\[\{file,"([^"]{1,500})"\},\{line,(\d{1,9})\}/g;
/** Applications of the language, and those that are around every request. */
const libraries =
  /^(?:elixir|stdlib|kernel|erts|compiler|logger|ex_unit|mix|iex|eex|phoenix\w*|plug\w*|ecto\w*|postgrex|myxql|db_connection|cowboy\w*|ranch|bandit|thousand_island|absinthe\w*|oban|broadway|gen_stage|finch|mint|tesla|hackney|jason|telemetry\w*|opentelemetry\w*)$/;
/** Beyond this a line of terms is not looked at. */
const maxTerms = 20_000;

export const elixirParser: StackParser = {
  language: 'elixir',
  parse(lines) {
    const exceptions: ExceptionBuilder[] = [];
    let current: ExceptionBuilder | undefined;
    for (const line of lines) {
      for (const frame of framesOf(line)) {
        current ??= append(exceptions, new ExceptionBuilder({ type: '', message: '' }));
        current.frames.push(frame);
      }
      if (line.length > maxLineLength) continue;
      const head = header.exec(line.trimStart());
      if (head)
        current = append(
          exceptions,
          new ExceptionBuilder({ type: head[1], message: head[2] }, exceptions.length ? 'cause' : undefined),
        );
      else if (current && current.frames.length === 0) current.message += `\n${line.trim()}`;
    }
    return exceptions.map((exception) => exception.build()).filter(({ frames }) => frames.length > 0);
  },
};

function framesOf(line: string): readonly StackFrame[] {
  if (line.length <= maxLineLength) {
    const match = frameText.exec(line.trimStart());
    if (match) {
      const [, app, path, number, name] = match;
      const isFunction = /\/\d+$/.test(name);
      const isLibrary = app !== undefined && libraries.test(app) ? true : undefined;
      return [makeFrame(line, { path, line: number, functionName: isFunction ? name.replace(/^:/, '') : undefined, isLibrary })];
    }
  }
  if (!line.includes('{file,"')) return [];
  return [...line.slice(0, maxTerms).matchAll(term)].map(([raw, module, name, arity, path, number]) => {
    const own = module.replace(/^Elixir\./, '');
    return makeFrame(raw, { path, line: number, functionName: `${own}.${name}${arity === undefined ? '' : `/${arity}`}` });
  });
}
