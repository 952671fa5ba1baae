/**
 * From the class of a message to the method that handles it, as a bus of PHP knows it: what is called when such a message comes is told by the type
 * of its parameter. https://symfony.com/doc/current/messenger.html
 */

import { messagingConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt } from '../outline/functions';
import { headerAt } from '../outline/headers';
import type { Question } from '../question/question';
import { isCode } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { isImport } from './addressNames';

const maxHits = 200;
/** Lines above a method in which it may be marked. */
const marked = 8;

export async function findMessageHandler({ text, from }: TextHint, { search }: Question): Promise<readonly Finding[]> {
  const type = text.slice(text.lastIndexOf('\\') + 1);
  const taken = new RegExp(`[(\\s,|?\\\\]${type}\\s+\\$\\w+`);
  const findings: Finding[] = [];
  for (const hit of (await search.find(type)).hits.slice(0, maxHits)) {
    if (hit.language !== 'php' || hit.text.length > 1_000 || isCommentLine(hit.text) || !taken.test(` ${hit.text}`)) continue;
    const source = search.file(hit.file);
    const lines = source && (await search.context.lines(hit.file));
    const around = lines && functionAt(lines, hit.line);
    if (!source || !lines || !around || hit.line - around.start > 4) continue;
    const above = lines.slice(Math.max(0, around.start - marked), around.start + 1).join('\n');
    const file = (source.path[source.path.length - 1] ?? '').replace(/\.\w+$/, '');
    const isHandling =
      /AsMessageHandler|MessageHandlerInterface|MessageSubscriberInterface/.test(
        lines
          .slice(0, around.start + 1)
          .join('\n')
          .slice(-20_000),
      ) || /AsMessageHandler/.test(above);
    const isInvoked = around.name === '__invoke' || /^(?:handle|on[A-Z])/.test(around.name ?? '');
    if (!isHandling && !(isInvoked && /Handler|Subscriber|Listener|Consumer/.test(file))) continue;
    // A handler hands on to methods of its own what it was given.
    if (!isInvoked && !/AsMessageHandler/.test(above)) continue;
    findings.push({
      source,
      line: around.start,
      rung: 'literal',
      fit: 1.5 + (isHandling ? 0.2 : 0) + (around.name === '__invoke' ? 0.1 : 0),
      confidence: messagingConfidence.job,
      reason: `from ${from}, ${display(type, 60)} is handled by ${display((lines[around.start] ?? '').trim(), 80)}`,
    });
  }
  return findings;
}

const ofHandlers = /(?:Handler|Consumer|Job|Listener|Subscriber|Processor|Worker|Observer|Saga|Receiver|Projection|Reactor)/;
const does =
  /^(?:handle|consume|process|on|receive|execute|run|when|apply|perform|listen|work|invoke|call)(?:\p{Lu}\w*|_\w+)?$|^(?:Handle|Consume|Process|On|Receive|Execute|Run|When|Apply|Perform|Listen|Work|Invoke)(?:\p{Lu}\w*)?$/u;
const maxClass = 400;

/** By the type of a message, as buses of other languages know it: a class of handlers of the type or called after it, a method that is given one. */
export async function findTypeHandler({ text: type, from }: TextHint, { search }: Question): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const generic = new RegExp(`${ofHandlers.source}\\w*(?:<[^<>]{0,100},\\s*|[<[])(?:[\\w.]{1,100}\\.)?${type}\\b`);
  const after = new RegExp(`\\b(?:class|struct|object)\\s+${type}s?${ofHandlers.source}\\b`);
  const taken = new RegExp(`[(,\\s<.*&]${type}(?:>|\\s+\\w|\\])|:\\s*(?:[\\w.]+\\.|&)?${type}\\b`);
  for (const { file, line, text } of (await search.find(type)).hits.slice(0, maxHits)) {
    const source = search.file(file);
    if (!source || !isCode(source.language) || text.length > 1_000 || isCommentLine(text) || isImport(text)) continue;
    const lines = await search.context.lines(file);
    const header = lines && headerAt(lines, line);
    if (!lines) continue;
    const note = (at: number, fit: number, sure: number): void => {
      const reason = `from ${from}, ${display(type, 60)} is handled by ${display((lines[at] ?? '').trim(), 80)}`;
      findings.push({ source, line: at, rung: 'literal', fit, confidence: sure, reason });
    };
    if (header?.kind === 'container') {
      const isGeneric = generic.test(text);
      if (!isGeneric && !after.test(text)) continue;
      const work = workIn(lines, line, type);
      note(work ?? line, isGeneric ? 2 : 1.8, work === undefined ? messagingConfidence.about : messagingConfidence.job);
      continue;
    }
    const own = functionAt(lines, line);
    const stem = (source.path[source.path.length - 1] ?? '').replace(/\.\w+$/, '');
    const holder = own?.containers[own.containers.length - 1] ?? '';
    if (!own || line - own.start > 4 || !does.test(own.name ?? '') || !taken.test(text)) continue;
    const isOfHandlers = [stem, holder].some((each) => ofHandlers.test(each)) || (own.name ?? '').includes(type);
    note(own.start, isOfHandlers ? 1.9 : 1.6, isOfHandlers ? messagingConfidence.followed : messagingConfidence.alone);
  }
  return findings;
}

/** Of a class the method that is given the type, else the one that does what handlers do. */
function workIn(lines: readonly string[], line: number, type: string): number | undefined {
  let first: number | undefined;
  const deep = (lines[line] ?? '').search(/\S/);
  for (let i = line + 1; i < Math.min(lines.length, line + maxClass); i++) {
    const text = lines[i];
    if (text.length < 1_000 && text.trim() !== '' && text.search(/\S/) <= deep && headerAt(lines, i)?.kind === 'container') break;
    const header = /\(/.test(text) && text.length < 1_000 ? headerAt(lines, i) : undefined;
    if (header?.kind !== 'function' || !does.test(header.name ?? '')) continue;
    if (lines.slice(i, Math.min(header.end, i + 4)).some((each) => each.includes(type))) return i;
    first ??= i;
  }
  return first;
}
