/** Rung 6: from a text that a span carries to the line of the source that a person wrote it in. */

import { findCall } from '../calls/findCall';
import { findCommand, findJob } from '../calls/findJob';
import { findRpcCall } from '../calls/findRpcCall';
import { findTopic } from '../calls/findTopic';
import { findFrameworkText, findPlainRoute } from '../frameworks/frameworkTexts';
import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { findQueries } from '../queries/findQueries';
import type { Question } from '../question/question';
import { findServerRoute } from '../routes/findRoutes';
import { findRoute } from '../routes/routeLines';
import type { Finding } from '../search/rankFindings';
import { findSpanName } from '../spanNames/findSpanName';
import { findSql } from './sqlLines';

export async function findLiteral(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { hints, files } = question;
  switch (hint.kind) {
    case 'route': {
      const declared = await findServerRoute(hint, hints.method, question);
      if (declared.some(({ source, confidence }) => source.standing === 'source' && confidence >= 0.5)) return declared;
      const found = [...declared, ...(await findRoute(hint, hints.method, files))];
      const isFound = found.some(({ source, confidence }) => source.standing === 'source' && confidence >= 0.5);
      return isFound ? found : [...found, ...(await findPlainRoute(hint, question))];
    }
    case 'sql': {
      const found = await findSql(hint, files);
      // SQL that stands in the source was written there; no call of a model makes it.
      const isWritten = found.some(
        ({ source, confidence }) => source.standing === 'source' && confidence >= literalConfidence.sql,
      );
      return isWritten ? found : [...found, ...(await findQueries(question))];
    }
    case 'query':
      return findQueries(question);
    case 'url':
      return findCall(hint, question);
    case 'topic':
      return findTopic(hint, question);
    case 'job':
      return findJob(hint, question);
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
