/** Topics and addresses: short texts, which mean something only beside the right words. */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { matchRoute, parseRoute, routeNeedles } from '../routes/route';
import { isCommentLine, type LiteralFiles, quotedAround } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { LanguageHit, SourceFile } from '../search/sourceSearch';
import { display } from '../uri/paths';

/** Lines whose file is read. */
const maxRead = 24;

interface Read {
  readonly hit: LanguageHit;
  readonly source: SourceFile;
  readonly lines: readonly string[];
  readonly column: number;
  /** The whole string. */
  readonly text: string;
}

/** Strings with a needle in them that pass a look at their line, with their file. */
async function read(needle: string, passes: (text: string) => boolean, files: LiteralFiles): Promise<readonly Read[]> {
  const found: Read[] = [];
  let count = 0;
  for (const hit of (await files.search.find(needle)).hits) {
    if (count >= maxRead) break;
    if (hit.text.length > 5_000 || isCommentLine(hit.text)) continue;
    for (const { text, column } of quotedAround(hit, needle)) {
      const source = passes(text) ? files.search.file(hit.file) : undefined;
      const lines = source && (await files.search.context.lines(source.file));
      if (!source || !lines) continue;
      count++;
      const literal = await files.at(source, hit.line, column);
      if (literal) found.push({ hit, source, lines, column, text: hit.language === 'config' ? text : literal.text });
    }
  }
  return found;
}

const topicWords =
  /topic|queue|publish|subscri|produc|consum|send|listen|channel|exchange|routing|stream|kafka|rabbit|sqs|sns|nats|emit|receive|message|broker|event|worker|task|job/i;
const sends = /publish|produc|send|emit|enqueue|\bpush|add_?task|dispatch/i;
const receives = /subscri|consum|listen|receive|worker|process|handle|\bon\b/i;

/** `operation`: what the span does to the topic (`publish`, `process`). */
export async function findTopic(hint: TextHint, operation: string | undefined, files: LiteralFiles): Promise<readonly Finding[]> {
  const direction =
    operation === undefined ? undefined : sends.test(operation) ? sends : receives.test(operation) ? receives : undefined;
  const found = await read(hint.text, (text) => text === hint.text, files);
  return found.map(({ hit, source, lines, column }) => {
    const beside = lines.slice(Math.max(0, hit.line - 2), hit.line + 3).join('\n');
    const isMessaging = topicWords.test(beside.replaceAll(hint.text, ''));
    const onLine = direction?.test(lines[hit.line].replaceAll(hint.text, '')) ?? false;
    const isDirected = onLine || (direction?.test(beside.replaceAll(hint.text, '')) ?? false);
    return {
      source,
      line: hit.line,
      column,
      rung: 'literal',
      fit: 1 + (isMessaging ? 0.3 : 0) + (isDirected ? 0.2 : 0) + (onLine ? 0.2 : 0),
      confidence: isMessaging ? literalConfidence.topic : literalConfidence.topicAlone,
      reason: `from ${hint.from}, the name ${display(hint.text, 60)} stands in ${display(lines[hit.line].trim(), 80)}`,
    };
  });
}

const calls = /fetch|http|request|axios|client|get\(|post\(|put\(|delete\(|url|uri|endpoint|curl|got|open|call|send/i;

/** An address as it was called: the whole of it, or its path behind a host that is said elsewhere. */
export async function findUrl(hint: TextHint, files: LiteralFiles): Promise<readonly Finding[]> {
  const address = withoutQuery(hint.text);
  const route = parseRoute(address);
  const host = /^[a-z]+:\/\/[^/]+/i.exec(address)?.[0];
  if (!route || host === undefined) return [];
  const findings: Finding[] = [];
  for (const needle of urlNeedles(hint.text)) {
    for (const { hit, source, lines, column, text } of await read(needle, () => true, files)) {
      const code = lines[hit.line];
      const isWhole = withoutQuery(text) === address;
      const literal = parseRoute(withoutQuery(text).replace(/^\$?\{[^{}]*\}(?=\/)/, ''));
      const shared = literal ? matchRoute(literal, route, true) : 0;
      const isPath = !isWhole && shared > 0 && shared === route.segments.length;
      const isHost = !isWhole && text.startsWith(host);
      if (!isWhole && !isPath && !isHost) continue;
      const isCall = calls.test(code) || calls.test(lines[hit.line - 1] ?? '');
      const isServer = /@\w*Mapping|\bapp\.|router|HandleFunc|@(?:app|bp|api)\b|\.route\(/i.test(code);
      const sure = isWhole ? literalConfidence.url : isHost && !isPath ? 0.35 : isCall ? literalConfidence.urlPath : 0.4;
      findings.push({
        source,
        line: hit.line,
        column,
        rung: 'literal',
        fit: 1 + (isWhole ? 1 : isPath ? 0.6 : 0) + (isCall ? 0.2 : 0) - (isServer ? 0.7 : 0),
        confidence: isServer ? 0.3 : sure,
        reason: `from ${hint.from}, ${isWhole ? 'the address' : isPath ? 'its path' : 'its host'} stands in ${display(code.trim(), 80)}`,
      });
    }
  }
  return findings;
}

export function urlNeedles(url: string): readonly string[] {
  const address = withoutQuery(url);
  const host = /^[a-z]+:\/\/[^/]+/i.exec(address)?.[0];
  if (host === undefined) return [];
  const path = address.slice(host.length);
  return [...new Set([address, ...routeNeedles(path).slice(0, 2), host])].filter((needle) => needle.length >= 4).slice(0, 4);
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/$/, '');
}
