/**
 * Java, Kotlin, Scala and Groovy: `Throwable.printStackTrace` (https://docs.oracle.com/javase/8/docs/api/java/lang/Throwable.html).
 * A frame names its class in full and its file without a folder: the package says the folder. Before the class may stand a class loader
 * and a module (`app//`, `java.base/`, `loader/module@1.0/`). `Caused by:` follows the exception, `Suppressed:` is
 * indented below it and may have causes of its own; `[CIRCULAR REFERENCE: …]` repeats one that was printed.
 */

import { isLibraryNamespace } from '../uri/libraries';
import { append, ExceptionBuilder, type FrameParts, makeFrame, maxLineLength, type StackParser, splitHeader } from './lines';

const frameLine = /^at ([^\s()]{1,1500})\(([^()]{0,300})\)/;
const sourceFile = /\.(?:java|kts?|scala|groovy|clj)$/i;

export const javaParser: StackParser = {
  language: 'java',
  parse(lines) {
    const exceptions: ExceptionBuilder[] = [];
    let current: ExceptionBuilder | undefined;
    const header: string[] = [];
    for (const line of lines) {
      if (line.length > maxLineLength) continue;
      const text = line.trimStart();
      const nested = /^(Caused by|Suppressed): (.*)$/.exec(text);
      const frame = frameLine.exec(text);
      if (nested) {
        current = undefined;
        if (nested[2].startsWith('[CIRCULAR')) continue;
        current = append(
          exceptions,
          new ExceptionBuilder(splitHeader(nested[2]), nested[1] === 'Suppressed' ? 'suppressed' : 'cause'),
        );
      } else if (frame) {
        const parts = parseCall(frame[1], frame[2]);
        if (!parts) continue;
        if (!current) {
          if (exceptions.length) continue;
          current = append(exceptions, new ExceptionBuilder(splitHeader(headerText(header))));
        }
        current.frames.push(makeFrame(line, parts));
      } else if (current && !current.frames.length) current.message += `\n${text}`;
      else if (!exceptions.length && header.length < 100) header.push(line);
    }
    if (!exceptions.some((exception) => exception.frames.length)) return [];
    return exceptions.map((exception) => exception.build());
  },
};

function headerText(lines: readonly string[]): string {
  return lines.join('\n').replace(/^\s*Exception in thread "[^"]*" /, '');
}

function parseCall(call: string, place: string): FrameParts | undefined {
  const name = call.slice(call.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return undefined;
  const className = name.slice(0, dot);
  const isLibrary = isLibraryNamespace(`${className}.`) || call.startsWith('java.');
  const match = /^(.+?)(?::(\d{1,9}))?$/.exec(place);
  const file = match?.[1] ?? '';
  if (!sourceFile.test(file)) {
    // .NET without symbols: nothing, or parameters.
    if (place === '' || (/^[\w.`[\]&]+ \w+(?:,|$)/.test(place) && !/^(?:Native Method|Unknown Source)/.test(place)))
      return undefined;
    // `Native Method`, `Unknown Source`, `<generated>`, `Unknown Source:12` of minified Android code.
    if (/:\d+:\d+$/.test(place) || /\.php$/.test(file)) return undefined;
    return { functionName: name, className, isNative: true, isLibrary };
  }
  return { functionName: name, className, path: file, line: match?.[2], isLibrary };
}
