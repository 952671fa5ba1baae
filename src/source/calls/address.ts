/**
 * The address that a client's span says, and what of it may stand in the source. Of a concrete path (`/api/orders/42/lines`) nobody can tell which
 * parts a person wrote: the beginning is often a base address that stands elsewhere, numbers came of variables, and any word may have.
 */

import type { TextHint } from '../model/sourceHints';

export interface Address {
  /** `inventory:8080`, in lower case; undefined where the span tells a path only. */
  readonly host?: string;
  /** In lower case; undefined for a changing part of a template. */
  readonly segments: readonly (string | undefined)[];
  /** Names in the query. */
  readonly query: ReadonlySet<string>;
  /** As the span writes it, without scheme, host and query. */
  readonly path: string;
}

const maxLength = 2_000;
const maxSegments = 40;
const maxOthers = 4;

export function parseAddress({ text }: TextHint): Address | undefined {
  const address = text.trim();
  if (address === '' || address.length > maxLength || /\s/.test(address)) return undefined;
  const [, before = '', host] = /^([a-z][a-z0-9+.-]{0,20}:)?\/\/([^/?#]*)/i.exec(address) ?? [];
  const rest = host === undefined ? address : address.slice(before.length + 2 + host.length);
  const end = rest.search(/[?#]/);
  const path = end < 0 ? rest : rest.slice(0, end);
  const query = end < 0 || rest[end] !== '?' ? '' : rest.slice(end + 1);
  const segments = pathParts(path);
  if (segments.length > maxSegments) return undefined;
  return {
    ...(host ? { host: host.slice(host.lastIndexOf('@') + 1).toLowerCase() } : {}),
    segments: segments.map((part) =>
      /^(?:\{.*\}|:[A-Za-z_]\w*|<.*>|\*+)$/.test(part) ? undefined : decoded(part).toLowerCase(),
    ),
    query: new Set(
      query
        .split('&', 50)
        .map((pair) => pair.split('=', 1)[0].toLowerCase())
        .filter((key) => key !== ''),
    ),
    path,
  };
}

/** Segments of a path; an address that was put into it whole is one of them. */
function pathParts(path: string): readonly string[] {
  const inner = path.search(/(?<=\/)https?:\//i);
  const parts = (inner < 0 ? path : path.slice(0, inner)).split('/').filter((part) => part !== '');
  return inner < 0 ? parts : [...parts, path.slice(inner)];
}

function decoded(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Numbers, ids, hashes, dates, mail addresses: nobody writes them into a path. */
export function isValue(segment: string): boolean {
  return (
    /^\d+(?:[.,:-]\d+)*$/.test(segment) ||
    /^[0-9a-f]{8,}$|^[0-9a-f-]{32,36}$/i.test(segment) ||
    /[@%=,+ ]|:\//.test(segment) ||
    /^[a-z]{2,8}_(?=[a-z]*\d)[a-z0-9]{10,}$/i.test(segment) ||
    segment.length > 60 ||
    (/\d/.test(segment) && segment.length > 12 && !/[-_]/.test(segment))
  );
}

/** What a search is asked for: the words at the end of the path, as they begin in a string or behind a base address. */
export function addressNeedles(hint: TextHint): readonly string[] {
  const address = parseAddress(hint);
  if (!address) return [];
  const written = pathParts(address.path);
  const words = written.filter((part, i) => address.segments[i] !== undefined && !isValue(part) && part.length >= 2);
  const last = words[words.length - 1];
  if (last === undefined) return address.host === undefined ? [] : [`//${address.host}`, bareHost(address.host)];
  const before = words[words.length - 2];
  const ends = written[written.length - 1] === last;
  const needles = [`/${last}`, `'${last}`, `"${last}`, `\`${last}`, `}${last}`];
  // The last word may be a value: a name, a slug.
  if (ends && before !== undefined) needles.push(`/${before}`, `\`${before}`, `"${before}/`);
  // And so may several be: a path, a file, a commit.
  const others = words.slice(0, -2).filter((word) => word.length >= 3 && !/^(?:api|rest|v\d+)$/.test(word));
  needles.push(...others.slice(-maxOthers).map((word) => `/${word}/`));
  if (others.length) needles.push(`"${others[0]}/`, `'${others[0]}/`);
  // Of `orders.list` the noun may be put in.
  const done = /\.[a-z_]{3,}$/i.exec(last)?.[0];
  if (ends && done !== undefined) needles.push(`}${done}`);
  if (isPublic(address.host)) needles.push(`//${address.host}`);
  return needles.filter((needle) => needle.length >= 3);
}

/** A host of the internet, which code that asks it may well write, with its path or without. */
export function isPublic(host: string | undefined): host is string {
  return (
    host !== undefined &&
    /^[a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{2,}$/.test(host) &&
    !/(?:^|\.)(?:local|internal|svc|example\.\w+)$/.test(host)
  );
}

/** The name of a service, as a client for it may be declared. */
function bareHost(host: string): string {
  const name = host.replace(/:\d+$/, '');
  return /^(?:localhost|[\d.]+)$/.test(name) ? '' : `"${name}"`;
}
