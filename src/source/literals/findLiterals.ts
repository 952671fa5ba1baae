/** Rung 6: from a text that a span carries to the line of the source that a person wrote it in. */

import { findCall } from '../calls/findCall';
import { findCloudFunction } from '../calls/findCloudFunction';
import { findCommand, findJob } from '../calls/findJob';
import { findNamedJob } from '../calls/findNamedJob';
import { findRpcCall } from '../calls/findRpcCall';
import { findTopic } from '../calls/findTopic';
import { findMessageHandler, findTypeHandler } from '../calls/messageHandler';
import { isOfFramework } from '../frameworks/frameworkNames';
import { findFrameworkText, findPlainRoute } from '../frameworks/frameworkTexts';
import { literalConfidence, messagingConfidence, routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { parseFunctionName } from '../names/functionName';
import { findQueries } from '../queries/findQueries';
import { findMapped } from '../queries/mappers';
import type { Question } from '../question/question';
import { findActionOfPath } from '../routes/actionFiles';
import { findByHabit } from '../routes/actionsByHabit';
import { describedOperations } from '../routes/describedRoutes';
import { findServerRoute } from '../routes/findRoutes';
import { findLikeNamed } from '../routes/likeNamed';
import { findNamedRoute, isRouteName } from '../routes/namedRoutes';
import { boundMethods } from '../routes/protoRoutes';
import { askedPath, pathsBelowWildcard } from '../routes/routeHints';
import { findRoute } from '../routes/routeLines';
import { findTabled } from '../routes/tabledRoutes';
import type { Finding } from '../search/rankFindings';
import { findSpanName } from '../spanNames/findSpanName';
import { findSymbols } from '../symbols/findSymbols';
import { display } from '../uri/paths';
import { findNamedStatement } from './namedStatements';
import { findSql } from './sqlLines';
import { withUses } from './statementUses';

/** What a description says of all of a route fits better than a declaration of its end, and of a part of it mostly. */
const fitOfDescribed = { whole: 5, part: 2 };

export async function findLiteral(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { hints, files } = question;
  switch (hint.kind) {
    case 'route': {
      const below = await findBelowWildcard(hint, question);
      if (below.length) return below;
      const named = await findNamedRoute(hint, hints.method, question);
      if (named.length || (hint.from === 'span name' && isRouteName(hint.text))) return named;
      // Where no name is told, a path that was asked for may be.
      const asked =
        isNamesOnly(question.span.scope?.name) && isRouteName(hint.text) ? askedPath(question.span.attributes) : undefined;
      if (asked) return findServerRoute(asked, hints.method, question);
      // Yii's routes are no paths.
      const ofYii = /\.yii$/.test(question.span.scope?.name ?? '') ? await findActionOfPath(hint, hints.method, question) : [];
      if (ofYii.length) return ofYii;
      const declared = await findServerRoute(hint, hints.method, question);
      const isWhole = !pathsBelowWildcard(question.span).length;
      const described = isCertain(declared, routeConfidence.likened) ? [] : await findDescribed(hint, question);
      if (described.length) return [...described, ...declared];
      if (isWhole && isCertain(declared, 0.5)) return declared;
      const habitual = await findByHabit(hint, hints.method, question);
      if (habitual.length) return habitual;
      const tabled = await findTabled(hint, hints.method, question);
      if (tabled.length) return tabled;
      const bound = await findBound(hint, question);
      if (bound.length) return bound;
      if (!isWhole && declared.length) return declared;
      const acted = await findActionOfPath(hint, hints.method, question);
      if (acted.length) return [...acted, ...declared];
      const found = [...declared, ...(await findRoute(hint, hints.method, files))];
      const isFound = found.some(({ source, confidence }) => source.standing === 'source' && confidence >= 0.5);
      if (isFound) return found;
      const filed = await findPlainRoute(hint, question);
      // A guess is no better than a line that names who answers.
      const isAnswered = isCertain([...found, ...filed], 0.4) || isOfFramework(question.span.attributes);
      return [...found, ...filed, ...(isAnswered ? [] : await findLikeNamed(hint, hints.method, question))];
    }
    case 'sql': {
      const called = await findNamedStatement(hint, question.search);
      if (called.length) return [...called, ...(await findSql(hint, question))];
      const found = await withUses(await findSql(hint, question), question.search);
      // SQL that stands in the source was written there; no call of a model makes it.
      const isWritten = found.some(
        ({ source, confidence }) => source.standing === 'source' && confidence >= literalConfidence.sql,
      );
      if (isWritten) return found;
      const { findings: mapped, generated } = await findMapped(hint, question);
      const others = found.filter(({ source }) => !mapped.some((each) => each.source.file === source.file));
      const isMapped = generated === undefined && mapped.some(({ confidence }) => confidence >= literalConfidence.sqlPart);
      return isMapped ? [...mapped, ...others] : [...mapped, ...others, ...(await findQueries(question, generated))];
    }
    case 'query':
      return findQueries(question);
    case 'url':
      return findCall(hint, question);
    case 'topic':
      return lessInTests(await findTopic(hint, question));
    case 'job':
      return lessInTests(await findJob(hint, question));
    case 'namedJob': {
      if (hint.text.includes('\\')) return lessInTests(await findMessageHandler(hint, question));
      const handled = /^\p{Lu}\w*$/u.test(hint.text) ? await findTypeHandler(hint, question) : [];
      if (handled.length) return lessInTests(handled);
      const found = await findNamedJob(hint, question);
      const isFound = found.some(({ source, confidence }) => source.standing === 'source' && confidence >= 0.5);
      return lessInTests(isFound ? found : [...found, ...(await findTopic(hint, question))]);
    }
    case 'faas':
      return lessInTests(await findCloudFunction(hint, question));
    case 'command':
      return findCommand(hint, question);
    case 'rpcCall':
      return findRpcCall(hint, question);
    case 'spanName':
      return findSpanName(hint, files);
    case 'fileRoute':
    case 'view':
    case 'graphql':
    case 'procedure':
      return findFrameworkText(hint.kind, question);
  }
}

/** Who tells routes by their names, and never by their paths. */
function isNamesOnly(scope: string | undefined): boolean {
  return scope !== undefined && /symfony/i.test(scope);
}

function isCertain(findings: readonly Finding[], least: number): boolean {
  return findings.some(({ source, confidence }) => source.standing === 'source' && confidence >= least);
}

/** By a description of the interface that gives the path's operation a name: to the function of that name. */
async function findDescribed(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { search, hints } = question;
  const found: Finding[] = [];
  for (const { names, isWhole } of await describedOperations(hint.text, hints.method, search)) {
    for (const text of names) {
      const from = `from ${hint.from}, which a description calls ${display(text, 100)}`;
      const { findings } = await findSymbols(
        { name: parseFunctionName(text), text, from, isStated: false, isRpc: true },
        question,
      );
      const written = findings.filter(({ source }) => source.standing === 'source');
      const fit = isWhole ? fitOfDescribed.whole : fitOfDescribed.part;
      const sure = isWhole ? routeConfidence.described : routeConfidence.end;
      found.push(...written.map((each) => ({ ...each, fit, confidence: sure })));
    }
  }
  return found;
}

/** By a description of a service that binds the path to a method: to who implements that. */
async function findBound(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { search, span, hints } = question;
  // Servers that were made of the description say the route itself.
  const isOwn = hint.text.startsWith('/') && search.languages?.has('go') === true;
  const asked = hint.from === 'http.route' ? (pathsBelowWildcard(span)[0] ?? (isOwn ? hint : undefined)) : undefined;
  if (!asked) return [];
  for (const { service, method } of await boundMethods(asked.text, hints.method, search)) {
    for (const name of new Set([method, method[0].toLowerCase() + method.slice(1)])) {
      const from = `from ${hint.from}, which is bound to ${display(`${service}.${method}`, 100)}`;
      const text = `${service}.${name}`;
      const { findings } = await findSymbols(
        { name: parseFunctionName(text), text, from, isStated: false, isRpc: true },
        question,
      );
      if (findings.length) return findings;
    }
  }
  return [];
}

/** Nothing that a service did was handed over by a test. */
function lessInTests(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((each) =>
    each.source.standing === 'test' ? { ...each, confidence: Math.min(each.confidence, messagingConfidence.inTest) } : each,
  );
}

/** Who takes all paths hands them on: the route that is declared for this one, all of it stated. */
async function findBelowWildcard(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  if (hint.from !== 'http.route') return [];
  for (const path of pathsBelowWildcard(question.span)) {
    const found = await findServerRoute(path, question.hints.method, question);
    const least = routeConfidence.likely - routeConfidence.anyMethod;
    if (found.some(({ source, confidence }) => source.standing === 'source' && confidence >= least)) return found;
  }
  return [];
}
