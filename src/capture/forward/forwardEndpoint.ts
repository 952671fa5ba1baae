/**
 * Where captures are forwarded to, as a person writes it, and the headers that go with it, as `OTEL_EXPORTER_OTLP_HEADERS` has them. Source: OpenTelemetry
 * specification, "OpenTelemetry Protocol Exporter", endpoints for OTLP/HTTP and "Specifying headers via environment variables".
 */

export interface ForwardEndpoint {
  /** `http://localhost:4318`, with a path where one is given; no slash at the end. */
  readonly base: string;
  /** `http://localhost:4318` */
  readonly origin: string;
  /** Lower case, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The endpoint, or what is wrong with it: the end of a sentence that begins with its name. */
export function parseEndpoint(text: string): ForwardEndpoint | string {
  const trimmed = text.trim();
  const whole = /^[\w.-]+(?::\d+)?(?:\/|$)/.test(trimmed) ? `http://${trimmed}` : trimmed;
  if (!URL.canParse(whole)) return 'is no address; it should look like http://localhost:4318';
  const url = new URL(whole);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `begins with ${url.protocol}, not with http: or https:`;
  if (url.username !== '' || url.password !== '') return 'has a user or a password in it; set them as a header instead';
  if (url.search !== '' || url.hash !== '') return 'has a query in it, for which there is no place before /v1/traces';
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v1\/(?:traces|logs|metrics)$/, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const host = url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return { base: `${url.origin}${path}`, origin: url.origin, host, port };
}

/** Whether a host is this machine, whatever it is called. @param own its name and addresses, lower case */
export function isThisMachine(host: string, own: readonly string[]): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^127\.\d+\.\d+\.\d+$/.test(host) ||
    /^(?:::1|::|0\.0\.0\.0|::ffff:(?:127\.|7f[\da-f]{2}:).*)$/.test(host) ||
    own.includes(host)
  );
}

/** Names a header may have. Source: RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/;
/** Headers that the client makes, or that say what the body is. */
const OURS = /^(?:content-(?:type|encoding|length)|host|connection|transfer-encoding|keep-alive|te|trailer|upgrade|expect)$/;
const maxHeaders = 32;
const maxLength = 16 << 10;

/** Headers of `name=value,name=value`, values percent-encoded, or of lines `name: value`; or what is wrong with them, a sentence. */
export function parseHeaders(text: string): Readonly<Record<string, string>> | string {
  if (text.length > maxLength) return 'That is too long for headers.';
  const headers: Record<string, string> = {};
  const lines = text.includes('\n') || /^[^=,]+:\s/.test(text.trim()) ? text.split('\n') : text.split(',');
  for (const line of lines.map((each) => each.trim()).filter((each) => each !== '')) {
    const match = /^([^=:\s]+)\s*(?:=|:)\s*(.*)$/s.exec(line);
    if (!match) return 'Write each header as name=value, with commas between them.';
    const name = match[1].toLowerCase();
    if (!TOKEN.test(name) || OURS.test(name)) return `${name} cannot be a header here.`;
    const value = decoded(match[2].trim());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no header may hold.
    if (value === undefined || /[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/.test(value))
      return `The value of ${name} has characters that no header may have.`;
    headers[name] = value;
  }
  return Object.keys(headers).length > maxHeaders ? 'Those are too many headers.' : headers;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    // A percent sign of its own, as in a token that nobody encoded.
    return value;
  }
}
