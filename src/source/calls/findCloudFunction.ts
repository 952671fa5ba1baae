/**
 * From the name of a function in a cloud to the function of the source that handles its events: what a deployment's settings state
 * (`handler: src/orders.create` of Serverless, SAM, Terraform, the CDK), what a call or an annotation registers under the name (Azure, Google), or
 * what a module exports under it (Firebase).
 */

import { faasConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionsNamed } from '../outline/functions';
import { indentOf, isBlank } from '../outline/textLines';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { cloudFunctionNames } from './callHints';
import { handlerBelow, statedHandler } from './cloudHandler';

interface Place {
  readonly source: SourceFile;
  readonly line: number;
  readonly confidence: number;
}

const maxJudged = 60;
const maxLine = 1_000;
const maxBlock = 60;

export async function findCloudFunction(hint: TextHint, { search }: Question): Promise<readonly Finding[]> {
  const places: Place[] = [];
  for (const [i, name] of cloudFunctionNames(hint.text).entries()) {
    if (places.some(({ confidence }) => confidence >= faasConfidence.named)) break;
    for (const place of [...(await byText(name, search)), ...(await byFolder(name, search))])
      places.push(i === 0 ? place : { ...place, confidence: Math.max(0.1, place.confidence - faasConfidence.partLess) });
  }
  return places.map(({ source, line, confidence }) => ({
    source,
    line,
    rung: 'literal',
    fit: 1 + confidence,
    confidence,
    reason: `from ${hint.from}, the handler of ${display(hint.text, 60)}`,
  }));
}

async function byText(name: string, search: SourceSearch): Promise<readonly Place[]> {
  const places: Place[] = [];
  let judged = 0;
  for (const { file, line, text } of (await search.find(name)).hits) {
    const source = search.file(file);
    const at = text.indexOf(name);
    if (!source || source.standing === 'documentation' || source.standing === 'output' || text.length > maxLine) continue;
    if (isCommentLine(text) || /[\w-]/.test(text[at - 1] ?? '') || /[\w-]/.test(text[at + name.length] ?? '')) continue;
    if (judged++ >= maxJudged) break;
    const lines = (await search.context.lines(file)) ?? [];
    const before = text.slice(0, at);
    if (source.language === 'config') {
      const stated = statedIn(lines, line, before, text.slice(at + name.length));
      const place = stated && (await statedHandler(stated, source, search));
      if (place) places.push({ ...place, confidence: place.isFunction ? faasConfidence.stated : faasConfidence.file });
      continue;
    }
    // `@app.function_name(name="bills")`, `[Function("bills")]`
    if (/[@[]\s*(?:\w+\.)?(?:Function|FunctionName|function_name)\s*\(\s*(?:name\s*=\s*)?["']$/.test(before)) {
      const below = handlerBelow(lines, line);
      if (below !== undefined) places.push({ source, line: below, confidence: faasConfidence.registered });
    } else if (/\bnew\s+[\w.]{0,80}Function\w*\([^()]*["'`]$|\b[Ff]unction_?[Nn]ame\s*[:=]\s*["'`]$/.test(before)) {
      const stated = statedInCode(lines, line);
      const place = stated && (await statedHandler(stated, source, search));
      if (place) places.push({ ...place, confidence: place.isFunction ? faasConfidence.stated : faasConfidence.file });
    } else if (
      /\b(?:functions(?:_framework)?\.(?:http|HTTP|cloudEvent|CloudEvent|cloud_event|typed)|app\.(?:http|timer|storageQueue|storageBlob|serviceBusQueue|serviceBusTopic|eventGrid|eventHub|cosmosDB|generic|get|post|put|deleteRequest))\s*\(\s*["'`]$/.test(
        before,
      )
    ) {
      const given = /^["'`]\s*,\s*(.{0,200})/.exec(text.slice(at + name.length))?.[1] ?? '';
      const own = /^(?:\{.*\bhandler:\s*)?(?:exports\.)?([A-Za-z_$]\w*)\s*[)},]/.exec(given)?.[1] ?? handlerKey(lines, line);
      const found = own === undefined ? [] : functionsNamed(lines, own);
      places.push({ source, line: found[0]?.start ?? line, confidence: faasConfidence.registered });
    } else if (/^\s*(?:module\.)?exports\.$|^\s*export\s+const\s+$/.test(before)) {
      const isMade =
        /^\s*=\s*(?:\w+\.){0,6}(?:on[A-Z]\w*|https|http|pubsub|schedule|region|runWith|firestore|storage|auth)\b/.test(
          text.slice(at + name.length),
        );
      places.push({ source, line, confidence: isMade ? faasConfidence.registered : faasConfidence.named });
    } else if (
      source.language === 'python' &&
      /^\s*(?:async\s+)?def\s+$/.test(before) &&
      lines.slice(Math.max(0, line - 4), line).some((each) => /^\s*@(?:functions_framework\.|https_fn\.|app\.)/.test(each))
    )
      places.push({ source, line, confidence: faasConfidence.registered });
  }
  return places;
}

function handlerKey(lines: readonly string[], line: number): string | undefined {
  for (let i = line + 1; i < Math.min(lines.length, line + 12); i++) {
    const found = /^\s*handler:\s*([A-Za-z_$]\w*)\s*,?\s*$/.exec(lines[i].slice(0, maxLine))?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

const handlerSetting = /^\s*(?:-\s*)?["']?(?:handler|Handler)["']?\s*[:=]\s*["']?([\w./\\:+-]{1,300})["']?/;

/** A function's block of settings has its handler. */
function statedIn(lines: readonly string[], line: number, before: string, after: string): string | undefined {
  const isKey = /^\s*["']?$/.test(before) && /^["']?\s*:\s*(?:\{|$|#)/.test(after);
  const isResource = /^\s*resource\s+"aws_lambda_function"\s+"$/.test(before);
  const isName = /^\s*["']?(?:FunctionName|function_name|functionName|name|Name)["']?\s*[:=]\s*["']?(?:[^"']{0,100}[-}])?$/.test(
    before,
  );
  if (!isKey && !isResource && !isName) return undefined;
  const indent = indentOf(lines[line]);
  const inBlock = (i: number): boolean =>
    isBlank(lines[i]) || (isName ? indentOf(lines[i]) >= indent : indentOf(lines[i]) > indent);
  for (let i = line + 1; i < Math.min(lines.length, line + maxBlock) && inBlock(i); i++) {
    const found = handlerSetting.exec(lines[i].slice(0, maxLine))?.[1];
    if (found !== undefined) return found;
  }
  for (let i = line - 1; isName && i >= 0 && i > line - maxBlock && inBlock(i); i--) {
    const found = handlerSetting.exec(lines[i].slice(0, maxLine))?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `entry: 'src/orders.ts', handler: 'create'` of the CDK. */
function statedInCode(lines: readonly string[], line: number): string | undefined {
  let entry: string | undefined;
  let handler: string | undefined;
  for (let i = Math.max(0, line - 3); i < Math.min(lines.length, line + 20); i++) {
    const text = lines[i].slice(0, maxLine);
    entry ??= /\bentry\s*[:=][^"'`]{0,100}(?:["'`][^"'`]{0,200}["'`]\s*,\s*){0,6}["'`]([^"'`]{1,300})["'`]/.exec(text)?.[1];
    handler ??= /\b(?:handler|index)\s*[:=]\s*["'`]([\w./\\:-]{1,300})["'`]/.exec(text)?.[1];
    if (i > line && /^\s*\}?\s*\);?\s*$/.test(text)) break;
  }
  if (entry === undefined) return handler;
  const stem = entry.replace(/\.(?:[cm]?[jt]sx?|py|go)$/, '');
  return `${stem}.${handler?.split('.').pop() ?? 'handler'}`;
}

/** A folder with a `function.json` of Azure. */
async function byFolder(name: string, search: SourceSearch): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const uri of (await search.context.ports.workspace.findByBaseName('function.json')).slice(0, 200)) {
    const folder = uri.slice(0, uri.lastIndexOf('/'));
    if (decodeURIComponent(folder.slice(folder.lastIndexOf('/') + 1)) !== name) continue;
    const text = (await search.context.text(uri))?.slice(0, 20_000) ?? '';
    const script = /"scriptFile"\s*:\s*"([^"]{1,300})"/.exec(text)?.[1];
    const entry = /"entryPoint"\s*:\s*"(\w{1,100})"/.exec(text)?.[1];
    const base = script?.split('/').pop();
    for (const each of base === undefined ? ['index.ts', 'index.js', '__init__.py'] : [base, base.replace(/\.js$/, '.ts')]) {
      const files = await search.context.ports.workspace.findByBaseName(each);
      const file =
        files.find((one) => one.startsWith(`${folder}/`)) ?? (base !== undefined && files.length === 1 ? files[0] : undefined);
      const source = file === undefined ? undefined : search.file(file);
      const lines = source && (await search.context.lines(source.file));
      if (!source || !lines) continue;
      const known = [entry, 'main', 'run', 'httpTrigger'].flatMap((one) =>
        one ? functionsNamed(lines, one).slice(0, 1) : [],
      )[0];
      const line =
        known?.start ?? lines.findIndex((one) => /^(?:module\.exports|exports\.default)\s*=|^export\s+default\b/.test(one));
      places.push({ source, line: Math.max(0, line), confidence: line >= 0 ? faasConfidence.stated : faasConfidence.file });
      break;
    }
  }
  return places;
}
