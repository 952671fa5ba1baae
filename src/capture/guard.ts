/**
 * Who may talk to the receiver. It listens on loopback, but a web page can reach loopback through the browser: with a name of its own
 * that it points at 127.0.0.1 (DNS rebinding), or with plain cross-site requests. So the `Host` that a client asks for must be a
 * name of this machine, and a page's `Origin`, where there is one, a local one (a developer's own front end sends its spans so).
 */

const LOCAL_NAMES: readonly string[] = [
  'localhost',
  // Names under which containers reach loopback of the machine that they run on. No web page can have them.
  'host.docker.internal',
  'gateway.docker.internal',
  'host.containers.internal',
  'host.lima.internal',
];

/** Whether a `Host` header, with or without a port, names this machine. */
export function isLocalHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  if (LOCAL_NAMES.includes(name) || name.endsWith('.localhost')) return true;
  return name === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Whether an `Origin` is a page of this machine. */
export function isLocalOrigin(origin: string): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  return match !== null && isLocalHost(match[1]);
}

/** Headers that let a local page read the answer; nothing for other clients. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  return origin !== undefined && isLocalOrigin(origin) ? { 'access-control-allow-origin': origin, vary: 'origin' } : {};
}

/** Headers of the answer to a preflight. Source: Fetch Standard, "CORS protocol"; Private Network Access, "Preflights". */
export function preflightHeaders(origin: string, requested: string | undefined): Record<string, string> {
  return {
    ...corsHeaders(origin),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': requested ?? 'content-type',
    'access-control-allow-private-network': 'true',
    'access-control-max-age': '7200',
  };
}
