/** `OTEL_RESOURCE_ATTRIBUTES` with the id of a session, and the id of one that has it. Source: OpenTelemetry specification, "Resource SDK"; W3C Baggage, "value". */

/** Key of the resource attribute that names the session. */
const KEY = 'vscode.debug.session.id';

/** The person's own as they stand, and the session's id behind them; that of another session goes. */
export function withSession(attributes: string, sessionId: string): string {
  const own = attributes
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !pair.startsWith(`${KEY}=`));
  return [...own, `${KEY}=${encodeURIComponent(sessionId)}`].join(',');
}

/** The session's id of an environment that was given one. */
export function sessionIdOf(environment: Readonly<Record<string, string | null | undefined>>): string | undefined {
  const attributes = environment.OTEL_RESOURCE_ATTRIBUTES ?? '';
  return new RegExp(`(?:^|,)${KEY.replaceAll('.', '\\.')}=([0-9a-z-]{8,80})(?:,|$)`).exec(attributes)?.[1];
}
