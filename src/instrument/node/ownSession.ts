/**
 * VS Code puts the variables of a window's terminals over those that a debugger gives a terminal of its own (JavaScript Debug Terminal, `node-terminal`): the
 * session that the debugger's launch was given is the one that counts.
 */

const KEY = 'vscode.debug.session.id';

export function takeOwnSession(env: NodeJS.ProcessEnv): void {
  const { SPANHOP_SESSION: session, OTEL_RESOURCE_ATTRIBUTES: attributes } = env;
  if (!session || !attributes) return;
  const taken = attributes.replace(
    new RegExp(`(^|,)${KEY.replaceAll('.', '\\.')}=terminals-[0-9a-f-]{36}(?=,|$)`),
    `$1${KEY}=${session}`,
  );
  if (taken !== attributes) env.OTEL_RESOURCE_ATTRIBUTES = taken;
}
