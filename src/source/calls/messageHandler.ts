/**
 * From the class of a message to the method that handles it, as a bus of PHP knows it: what is called when such a message comes is told by the type
 * of its parameter. https://symfony.com/doc/current/messenger.html
 */

import { messagingConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt } from '../outline/functions';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';

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
