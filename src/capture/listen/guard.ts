/**
 * Who may talk to the receiver. It listens on loopback, but a web page can reach loopback through the browser: with a name of its own
 * that it points at 127.0.0.1 (DNS rebinding), or with plain cross-site requests. So the `Host` that a client asks for must be a
 * name of this machine, and a page's `Origin`, where there is one, a local one (a developer's own front end sends its spans so).
 */

/** Names under which containers reach loopback of the machine that they run on; as `Host` only, for a resolver may give a page such a name. */
const CONTAINER_NAMES: readonly string[] = [
  'host.docker.internal',
  'gateway.docker.internal',
  'host.containers.internal',
  'host.lima.internal',
];

/** Whether a `Host` header, with or without a port, names this machine. */
export function isLocalHost(host: string | undefined): boolean {
  const name = nameOf(host);
  return name !== undefined && (isLoopback(name) || CONTAINER_NAMES.includes(name));
}

/** Whether an `Origin` is a page of this machine. Source of its form: RFC 6454, 6.2: scheme, host, port, and nothing else. */
export function isLocalOrigin(origin: string): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  const name = nameOf(match?.[1]);
  return name !== undefined && isLoopback(name);
}

/** The host, in small letters and without a final dot; undefined where that is no host with a possible port. */
function nameOf(authority: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?$/i.exec(authority ?? '');
  if (!match) return undefined;
  const port = match[2] === undefined ? 80 : Number(match[2]);
  return port >= 1 && port <= 65_535 ? match[1].toLowerCase().replace(/\.$/, '') : undefined;
}

function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true;
  const octets = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(name)?.slice(1);
  return octets?.every((octet) => Number(octet) <= 255) ?? false;
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
