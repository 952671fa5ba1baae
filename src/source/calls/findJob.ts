/** From the name of a job to the line that hands it over: `HardJob.perform_async(id)`, `SendMail::dispatch($order)`, `send_mail.delay(id)`. */

import { messagingConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt, functionsNamed } from '../outline/functions';
import { headerAt } from '../outline/headers';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { hasName, isImport } from './addressNames';
import { CallFile } from './callFile';
import { jobWords } from './callHints';
import { callsAround, lineOf } from './codeWindow';
import { sideOfName } from './messaging';
import { whereReached } from './requestsWithin';

const maxJudged = 60;
const handsOver =
  /^\s*(?:\(\s*\))?\s*(?:\.|::|->|\?\.)\s*(?:set|new|options|with\w*|on\w*|queue|s|si|signature)?\s*(?:\([^()]*\)\s*(?:\.|::|->)\s*)?(?:perform_?\w*|dispatch\w*|delay\w*|apply_?async|send\w*|enqueue\w*|schedule\w*|publish\w*|defer|queue|push|add|create_task|s|si|start|run_async|kiq|execute_?async|trigger)\b/i;

export async function findJob(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { search } = question;
  const [name] = jobWords(hint.text);
  if (name.length < 3) return [];
  const findings: Finding[] = [];
  let judged = 0;
  const { hits } = await search.find(name);
  // Tests name a job more often than all of the source.
  const isLater = ({ file }: (typeof hits)[number]): number => Number(search.file(file)?.standing !== 'source');
  for (const hit of [...hits].sort((a, b) => isLater(a) - isLater(b))) {
    if (judged >= maxJudged) break;
    const source = search.file(hit.file);
    if (!source || hit.text.length > 2_000 || isCommentLine(hit.text) || isImport(hit.text)) continue;
    if (!hasName(hit.text, name) && !/['"]/.test(hit.text)) continue;
    judged++;
    const file = await CallFile.read(hit.file, question);
    const place = file && handedOverAt(file, hit.line, name);
    if (!file || place === undefined) continue;
    findings.push({
      source,
      line: place,
      rung: 'literal',
      fit: 1.5,
      confidence: messagingConfidence.job,
      reason: `from ${hint.from}, ${display(name, 60)} is handed over in ${display((file.lines[place] ?? '').trim(), 80)}`,
    });
  }
  return findings.length > 1 ? whereReached(findings, undefined, question) : findings;
}

/** The line of the call that hands over what a line names. */
function handedOverAt(file: CallFile, line: number, name: string): number | undefined {
  const spot = file.spotOfName(line, name) ?? file.spotAt(line, (file.lines[line] ?? '').indexOf(name));
  if (!spot) return undefined;
  const { window, at } = spot;
  // A parameter's type; behind the head on the same line, calls stand again.
  if (headerAt(file.lines, line) && !/=>|[{=]/.test((file.lines[line] ?? '').slice(0, spot.literal.column))) return undefined;
  if (
    /(?:\b(?:class|def|function|fun|func|fn|interface|struct|record|module|task|type)|@)\s*$/.test(
      window.code.slice(Math.max(0, at - 30), at),
    )
  )
    return undefined;
  const after = window.code.slice(at + (spot.literal.text === name ? name.length : 1), at + 300);
  // `Audit.new(args) |> Oban.insert()` of Elixir
  if (handsOver.test(after) || (file.source.language === 'elixir' && /^\.new\s*\(/.test(after))) return line;
  const kept = keptAs(file.lines, line, name);
  if (kept !== undefined) return kept;
  const call = callsAround(window.code, at).find(
    ({ callee }) =>
      /dispatch|enqueue|notify|send_?task|push|schedule|publish|^send|\.send|queue|\.add|recurring|delay|later|chain|bus|batch|create|newjob|start|execute|async|perform/i.test(
        callee,
      ) && sideOfName(callee) !== 'receives',
  );
  if (call) return lineOf(window, call.name);
  // `request.task(sendMail).delay(id)`, `signature("shop.sendMail")`
  const [around] = callsAround(window.code, at);
  if (around) {
    const behind = /^[^()\n]{0,200}\)/.exec(window.code.slice(at, at + 300))?.[0].length;
    const isHandedOn = behind !== undefined && handsOver.test(window.code.slice(at + behind, at + behind + 300));
    if (isHandedOn || /(?:^|\.)(?:subtask|signature)$/.test(around.callee)) return lineOf(window, around.name);
  }
  // `Enqueue<OrderJob>(job => job.Run(id))`
  return /(?:enqueue|schedule|add_?or_?update|publish|send|create|dispatch|push)\w*\s*<\s*(?:[\w.]+\.)?$/i.test(
    window.code.slice(Math.max(0, at - 80), at),
  )
    ? line
    : undefined;
}

const maxKept = 30;

/** `$mail = new WelcomeMail($user);`, and lines below `queue($mail)`. */
function keptAs(lines: readonly string[], line: number, name: string): number | undefined {
  const [, variable, behind] =
    /(?:^|[\s(])([$@]?[A-Za-z_]\w{0,60})\s*(?::[^=]{1,60})?:?=\s*\(?(?:await\s+)?(?:new\s+)?&?([\w\\.:]{1,120})/.exec(
      lines[line].slice(0, 400),
    ) ?? [];
  if (variable === undefined || behind === undefined || !behind.split(/[\\.:]/).includes(name)) return undefined;
  const end = Math.min(functionAt(lines, line)?.end ?? lines.length, line + maxKept);
  for (let i = line + 1; i < end; i++) {
    const given =
      /\b(?:queue|send|dispatch|enqueue|push|publish|notify|later|schedule|add|perform|submit|produce)\w*[?!]?\s*\(([^\n]{1,200})/i.exec(
        lines[i].slice(0, 500),
      )?.[1];
    if (given !== undefined && hasName(given, variable.replace(/^[$@]/, ''))) return i;
  }
  return undefined;
}

/** A command of a console: the class that states its signature, at the member that does the work. */
export async function findCommand(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const findings: Finding[] = [...(await inCommandFile(hint, question)), ...(await asTask(hint, question))];
  for (const hit of (await question.search.find(hint.text)).hits.slice(0, maxJudged)) {
    const at = hit.text.indexOf(hint.text);
    if (isCommentLine(hit.text) || !/['"]$/.test(hit.text.slice(0, at)) || /[\w:-]/.test(hit.text[at + hint.text.length] ?? ''))
      continue;
    const file = await CallFile.read(hit.file, question);
    if (!file) continue;
    const states = /signature|\$name|defaultName|AsCommand|name:|setName|['"]command/i.test(hit.text);
    const line = states ? workBelow(file.lines, hit.line) : undefined;
    findings.push({
      source: file.source,
      line: line ?? hit.line,
      rung: 'literal',
      fit: line === undefined ? 1 : 1.5,
      confidence: line === undefined ? messagingConfidence.about : messagingConfidence.job,
      reason: `from the ${hint.from}, the command ${display(hint.text, 60)} stands in ${display(hit.text.trim(), 80)}`,
    });
  }
  return findings;
}

/** `management/commands/pay_bills.py` of Django. */
async function inCommandFile(hint: TextHint, { search }: Question): Promise<readonly Finding[]> {
  if (!/^\w+$/.test(hint.text)) return [];
  const findings: Finding[] = [];
  for (const uri of (await search.context.ports.workspace.findByBaseName(`${hint.text}.py`)).slice(0, 8)) {
    const source = search.file(uri);
    const lines = source?.path.includes('commands') ? await search.context.lines(uri) : undefined;
    const [work] = lines ? functionsNamed(lines, 'handle') : [];
    if (source && work) findings.push(commandFinding(source, work.start, hint, lines ?? []));
  }
  return findings;
}

/** `task :pay_bills` of Rake. */
async function asTask(hint: TextHint, { search }: Question): Promise<readonly Finding[]> {
  const name = hint.text.slice(hint.text.lastIndexOf(':') + 1);
  if (hint.text.includes('.') || name.length < 3) return [];
  const findings: Finding[] = [];
  for (const hit of (await search.find(name)).hits.slice(0, maxJudged)) {
    const source = search.file(hit.file);
    const task = /^\s*task\s*\(?\s*:?["']?(\w+)/.exec(hit.text.slice(0, 200))?.[1];
    if (source?.language === 'ruby' && task === name)
      findings.push(commandFinding(source, hit.line, hint, (await search.context.lines(hit.file)) ?? []));
  }
  return findings;
}

function commandFinding(source: SourceFile, line: number, hint: TextHint, lines: readonly string[]): Finding {
  return {
    source,
    line,
    rung: 'literal',
    fit: 1.5,
    confidence: messagingConfidence.job,
    reason: `from the ${hint.from}, the command ${display(hint.text, 60)} is ${display((lines[line] ?? '').trim(), 80)}`,
  };
}

function workBelow(lines: readonly string[], line: number): number | undefined {
  for (const name of ['handle', '__invoke', 'execute']) {
    const found = functionsNamed(lines, name).find(({ start }) => start > line && start < line + 400);
    if (found) return found.start;
  }
  return undefined;
}
