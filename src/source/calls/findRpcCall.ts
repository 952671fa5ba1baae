/**
 * From the method of a remote service to the line that calls it on a stub: gRPC in every language, Twirp and Connect, the clients of clouds
 * (`s3.putObject(`, `new PutObjectCommand(`). What implements the method, and generated code, is none.
 */

import { rpcConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { rpcForms } from './callHints';
import { wordsOf } from './clients';

const maxJudged = 60;
const defined = /\b(?:func|def|fn|fun|function|override|class|interface|rpc|async def|public|protected|private|impl)\s[^=]*$/;

export async function findRpcCall(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { search } = question;
  const slash = hint.text.lastIndexOf('/');
  const service = hint.text.slice(0, slash);
  const method = hint.text.slice(slash + 1);
  const ofService = wordsOf(service.slice(service.lastIndexOf('.') + 1)).filter(
    (word) => !/^(?:service|api|grpc|rpc)$/.test(word),
  );
  const findings: Finding[] = [];
  let judged = 0;
  for (const form of search.begin(rpcForms(method))) {
    for (const hit of (await search.find(form)).hits) {
      if (judged >= maxJudged) break;
      const source = search.file(hit.file);
      if (!source || hit.text.length > 2_000 || isCommentLine(hit.text)) continue;
      const call = callOn(hit.text, form);
      if (!call) continue;
      judged++;
      const lines = await search.context.lines(hit.file);
      if (!lines) continue;
      const words = wordsOf(call.receiver || chainAbove(lines, hit.line));
      const isStub =
        call.isCommand ||
        words.some((word) => /^(?:client|clients|stub|cli|grpc|rpc|svc|conn|blocking|future|proxy|channel|remote)$/.test(word));
      const isNamed = ofService.length > 0 && ofService.every((word) => words.includes(word));
      const text = isStub || isNamed ? '' : ((await search.context.text(hit.file)) ?? '');
      const isKnown = isStub || isNamed || (service !== '' && text.includes(service.slice(service.lastIndexOf('.') + 1)));
      findings.push({
        source,
        line: hit.line,
        rung: 'literal',
        fit: 1 + (isStub ? 0.4 : 0) + (isNamed ? 0.3 : 0) + (isKnown ? 0.1 : 0),
        confidence: isNamed && isStub ? rpcConfidence.stub : isKnown ? rpcConfidence.likely : rpcConfidence.bare,
        reason: `from ${hint.from}, ${display(method, 60)} is called in ${display(hit.text.trim(), 80)}`,
      });
    }
  }
  return findings;
}

/** A call of the method on something. */
function callOn(text: string, form: string): { readonly receiver: string; readonly isCommand: boolean } | undefined {
  for (let at = text.indexOf(form), n = 0; at >= 0 && n < 4; at = text.indexOf(form, at + 1), n++) {
    const before = text.slice(Math.max(0, at - 200), at);
    const after = text.slice(at + form.length, at + form.length + 60);
    if (/\bnew\s+(?:\w+\.)?$/.test(before) && /^Command\s*\(/.test(after)) return { receiver: '', isCommand: true };
    if (/\w$/.test(before) || !/^(?:Async|Sync|WithResponse)?[!?]?\s*(?:<[^<>]*>)?\s*[({]/.test(after)) continue;
    const receiver = /([\p{L}\p{N}_$@()[\].>!?-]*?)(?:\?\.|!?\.|->|::)\s*$/u.exec(before)?.[1];
    if (receiver === undefined || defined.test(before.slice(Math.max(before.lastIndexOf('{'), before.lastIndexOf('=>')) + 1)))
      continue;
    return { receiver, isCommand: false };
  }
  return undefined;
}

/** What a chain over lines begins with. */
function chainAbove(lines: readonly string[], line: number): string {
  for (let i = line - 1; i >= Math.max(0, line - 6); i--)
    if (!/^\s*(?:\.|->|\?\.|\))/.test(lines[i])) return lines[i].trim().slice(-80);
  return '';
}
