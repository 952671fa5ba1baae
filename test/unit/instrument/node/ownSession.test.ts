// Whose session a program in a debugger's terminal is of: its launch's, whatever the window's terminals have.
import { expect, it } from 'vitest';
import { takeOwnSession } from '../../../../src/instrument/node/ownSession';

const terminals = 'vscode.debug.session.id=terminals-12345678-1234-1234-1234-123456789abc';
const seen = (attributes: string | undefined, session: string | undefined): string | undefined => {
  const env: NodeJS.ProcessEnv = { OTEL_RESOURCE_ATTRIBUTES: attributes, SPANHOP_SESSION: session };
  takeOwnSession(env);
  return env.OTEL_RESOURCE_ATTRIBUTES;
};

it.each([
  [terminals, 'own', 'vscode.debug.session.id=own'],
  [`team=x,${terminals},a=b`, 'own', 'team=x,vscode.debug.session.id=own,a=b'],
  ['team=x,vscode.debug.session.id=other', 'own', 'team=x,vscode.debug.session.id=other'],
  [`my.${terminals}`, 'own', `my.${terminals}`],
  [terminals, undefined, terminals],
  [undefined, 'own', undefined],
])('%s with session %s', (attributes, session, expected) => expect(seen(attributes, session)).toBe(expected));
