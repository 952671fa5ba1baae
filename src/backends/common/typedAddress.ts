/**
 * Addresses of backends as people type and paste them: `localhost:16686`, `//jaeger.example`, `::1`, or what the browser shows while a backend's own
 * page is open. Pure; nothing is asked.
 */

/** Base addresses to try in their order, or what is wrong with the text in words for the one who typed it. */
export type TypedAddress = { readonly urls: readonly [string, ...string[]] } | { readonly problem: string };

/** Longer ones are no addresses. */
const maxLength = 2_000;

/**
 * Where the own pages and the APIs of backends begin, below the base path.
 * Sources: jaegertracing/jaeger-ui, src/components/App/index.jsx (routes); openzipkin/zipkin, zipkin-lens; Grafana's documentation, "URLs".
 */
const pages =
  /^(.*?)\/(?:search|trace|traces|dependencies|dependency|deep-dependencies|quality-metrics|monitor|system-architecture|compare|api|explore|d|a|login)(?:\/.*)?$/;

/** Ports at which traces are received, by what receives them. */
const receivers: Readonly<Record<string, string>> = {
  '4317': 'OTLP over gRPC',
  '4318': 'OTLP over HTTP',
  '14250': "Jaeger's gRPC",
  '14268': "Jaeger's Thrift",
  '6831': "Jaeger's agent",
};

export function readAddress(typed: string): TypedAddress {
  const text = withHost(withoutQuotes(typed.trim()));
  if (text === '') return { problem: 'Enter an address, such as localhost:16686' };
  if (text.length > maxLength || /[\s\p{C}]/u.test(text)) return { problem: 'An address is one word, such as localhost:16686' };
  if (/^https?:(?!\/\/)/i.test(text) || text.includes('\\')) return { problem: 'An address begins with http:// or https://' };
  const [, scheme, rest] = /^(?:([a-z][a-z0-9+.-]*):)?\/\/(.*)$/i.exec(text) ?? [undefined, undefined, text];
  if (scheme !== undefined && !/^https?$/i.test(scheme)) return { problem: 'An address begins with http:// or https://' };
  const authority = bracketed(rest);
  // `http:///host` is one to URL, and a host that was forgotten to a person.
  const url = authority.startsWith('/') ? undefined : parse(`${scheme ?? 'http'}://${authority}`);
  if (url === undefined) return { problem: 'This is no address: it has a host, and may have a port and a path' };
  if (url.username !== '' || url.password !== '' || authority.split(/[/?#]/, 1)[0].includes('@'))
    return { problem: 'Leave user and password out of the address; they are asked for later' };
  const base = baseOf(url);
  if (scheme !== undefined) return { urls: [`${url.protocol}//${url.host}${base}`] };
  const written = /^(?:\[[^\]]*\]|[^:/?#]*):(\d+)/.exec(authority)?.[1];
  const port = written && String(Number(written));
  const host = port === '443' || port === '80' ? url.hostname : port === undefined ? url.hostname : `${url.hostname}:${port}`;
  const http = `http://${host}${base}`;
  const https = `https://${host}${base}`;
  const isPlain = port === '80' || (port !== '443' && (port !== undefined || isNear(url.hostname)));
  return { urls: isPlain ? [http, https] : [https, http] };
}

/** What a person may have meant with a port at which nothing is asked for: where programs send traces. */
export function receiverAt(url: string): string | undefined {
  return receivers[new URL(url).port];
}

/** Whether what is sent to an origin leaves this machine unencrypted. */
export function isPlainRemote(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !isLoopback(hostname);
}

export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Copied with what stood around it. */
function withoutQuotes(text: string): string {
  return /^(["'`<])(.*)(["'`>])$/.exec(text)?.[2] ?? text;
}

/** A port alone is one of this machine; to URL it is an address of IPv4. */
function withHost(text: string): string {
  const port = /^:?(\d{1,5})$/.exec(text)?.[1];
  return port === undefined ? text : `localhost:${port}`;
}

/** An IPv6 address as URLs have it. */
function bracketed(rest: string): string {
  const [host] = rest.split(/[/?#]/, 1);
  return /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(host) ? `[${host}]${rest.slice(host.length)}` : rest;
}

function parse(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // Nothing listens at port 0, and dots alone are no name.
  return /[^.]/.test(url.hostname) && url.port !== '0' ? url : undefined;
}

/** The path below which a backend's pages and APIs are. */
function baseOf({ pathname }: URL): string {
  return (pages.exec(pathname)?.[1] ?? pathname).replace(/\/+$/, '');
}

/** Names and numbers that have no certificate: of this machine, of its network, of containers. */
function isNear(hostname: string): boolean {
  return (
    isLoopback(hostname) ||
    !hostname.includes('.') ||
    /^[\d.]+$/.test(hostname) ||
    hostname.startsWith('[') ||
    /\.local$/.test(hostname)
  );
}
