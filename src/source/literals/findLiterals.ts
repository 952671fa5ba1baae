/** Rung 6: from a text that a span carries to the line of the source that a person wrote it in. */

import { findFrameworkText, findPlainRoute } from '../frameworks/frameworkTexts';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import { findServerRoute } from '../routes/findRoutes';
import { findRoute } from '../routes/routeLines';
import type { Finding } from '../search/rankFindings';
import { findCollection } from './collectionLines';
import { findTopic, findUrl } from './otherLines';
import { findSpanName } from './spanNameLines';
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
    case 'sql':
      return findSql(hint, files);
    case 'url':
      return findUrl(hint, files);
    case 'collection':
      return findCollection(hint, hints.operation, hints.texts.find(({ kind }) => kind === 'sql')?.text, files);
    case 'topic':
      return findTopic(hint, hints.operation, files);
    case 'spanName':
      return findSpanName(hint, files);
    case 'fileRoute':
    case 'view':
    case 'graphql':
      return findFrameworkText(hint.kind, question);
  }
}
