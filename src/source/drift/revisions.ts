/**
 * Which commit, tag or branch a span ran from, as its attributes and its resource's tell. People put commits into many places: the
 * `vcs.*` conventions, the version of the service (a tag, `git describe`, build metadata, the pseudo-versions of Go), the tag of the image.
 *
 * The text is somebody else's. What does not look like the name of a commit, tag or branch is dropped here, and Git is never given anything else.
 */

import type { Revision, RevisionKind } from '../model/revision';
import type { SpanSource } from '../model/types';

/** How the value of an attribute is to be read. */
type Reading = 'revision' | 'name' | 'version';

const usual: readonly (readonly [string, Reading])[] = [
  ['vcs.ref.head.revision', 'revision'],
  // Its name before version 1.30 of the conventions, and those that others gave it.
  ['vcs.repository.ref.revision', 'revision'],
  ['vcs.revision', 'revision'],
  ['git.commit.sha', 'revision'],
  ['git.commit.id', 'revision'],
  ['git.commit', 'revision'],
  ['git.revision', 'revision'],
  ['git.sha', 'revision'],
  ['_dd.git.commit.sha', 'revision'],
  ['vcs.ref.head.name', 'name'],
  ['vcs.repository.ref.name', 'name'],
  ['service.version', 'version'],
  ['deployment.version', 'version'],
  ['app.version', 'version'],
  ['container.image.tags', 'version'],
  ['container.image.tag', 'version'],
];

const order: readonly RevisionKind[] = ['commit', 'tag', 'branch'];
const maxRevisions = 8;
const maxLength = 200;
/** Tags of images and versions of builds that name nothing. */
const meaningless = /^(?:latest|unknown|undefined|null|none|dev|devel|development|local|snapshot|head|test|\(devel\))$/i;

/**
 * The revisions that a span names, first the surest: those of `asked` attributes, then hashes, tags, branches. A branch goes on after the
 * trace was made, so it counts only where nothing surer is named.
 */
export function revisionsOf(
  span: Pick<SpanSource, 'service' | 'attributes' | 'resource'>,
  asked: readonly string[] = [],
): readonly Revision[] {
  const found: Revision[] = [];
  const seen = new Set<string>();
  const read = (key: string, reading: Reading): void => {
    for (const bag of [span.attributes, span.resource]) {
      const type = Object.hasOwn(bag, typeKeyOf(key)) ? bag[typeKeyOf(key)] : undefined;
      for (const text of textsOf(bag, key)) {
        for (const revision of readRevision(text, reading, { key, type, service: span.service })) {
          const label = revision.refs.join(' ');
          if (!seen.has(label)) found.push(revision);
          seen.add(label);
        }
      }
    }
  };
  for (const key of asked.slice(0, 20)) read(key, usual.find(([known]) => known === key)?.[1] ?? 'name');
  const first = found.length;
  for (const [key, reading] of usual) read(key, reading);
  const rest = found.slice(first).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const all = [...found.slice(0, first), ...rest];
  const sure = all.some(({ kind }) => kind === 'commit');
  return all.filter(({ kind }, i) => i < first || !sure || kind !== 'branch').slice(0, maxRevisions);
}

/** Whether a text may be given to Git as a revision: it can be no option, no expression and no range. */
export function isRevisionName(text: string): boolean {
  return (
    text.length <= maxLength &&
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._/+@#=-]*$/u.test(text) &&
    !/\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[./]$/.test(text)
  );
}

/** A full hash: what it names never changes. */
export function isFullHash(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

interface Origin {
  readonly key: string;
  readonly type: unknown;
  readonly service: string;
}

function readRevision(text: string, reading: Reading, { key, type, service }: Origin): readonly Revision[] {
  const trimmed = text.trim();
  const dirtyAt = /[-+._](?:dirty|modified)(?:[-.]\w{1,40})?$/i.exec(trimmed)?.index;
  const dirty = dirtyAt !== undefined;
  const value = (dirty ? trimmed.slice(0, dirtyAt) : trimmed).replace(/^refs\/(?=heads\/|tags\/)/, '');
  if (value === '' || value.length > maxLength || meaningless.test(value)) return [];
  const make = (kind: RevisionKind, name: string, refs: readonly string[]): readonly Revision[] => {
    const safe = refs.filter(isRevisionName);
    return safe.length ? [{ kind, name, refs: safe, from: key, dirty }] : [];
  };
  const commit = (hash: string): readonly Revision[] => make('commit', shortHash(hash), [hash.toLowerCase()]);
  const whole = /^[0-9a-f]+$/i.test(value) && isHashLength(value.length);
  // A number alone is a date or the number of a build, unless the attribute says otherwise.
  if (whole && (reading === 'revision' || /[a-f]/i.test(value))) return commit(value);
  if (reading === 'version') {
    const hash = hashWithin(value);
    if (hash !== undefined) return commit(hash);
    return /\d/.test(value) ? make('tag', value, tagsOf(value, service)) : [];
  }
  const name = value.replace(/^(?:heads|tags)\//, '');
  const branches = [`refs/heads/${name}`, `refs/remotes/origin/${name}`, `refs/remotes/upstream/${name}`];
  if (type === 'branch' || value.startsWith('heads/')) return make('branch', name, branches);
  if (type === 'tag' || value.startsWith('tags/')) return make('tag', name, tagsOf(name, service));
  const hash = hashWithin(value);
  return [
    ...(hash === undefined ? [] : commit(hash)),
    ...make('tag', name, tagsOf(name, service)),
    ...make('branch', name, branches),
  ];
}

/**
 * The hash in `1.4.2-5-g1a2b3c4`, `1.4.2+1a2b3c4`, `1.4.2+sha.1a2b3c4`, `main-1a2b3c4`, `v0.0.0-20240102150405-1a2b3c4d5e6f`. It has digits
 * and letters, as a date has no letters and a word no digits.
 */
function hashWithin(value: string): string | undefined {
  for (const piece of value.split(/[^0-9A-Za-z]+/).reverse()) {
    const hash = /^(?:g|sha|git)?([0-9a-f]+)$/i.exec(piece)?.[1];
    if (hash !== undefined && isHashLength(hash.length) && /\d/.test(hash) && /[a-f]/i.test(hash)) return hash;
  }
  return undefined;
}

/** The tags that a version may have: of its own, and in a repository with several packages. */
function tagsOf(version: string, service: string): readonly string[] {
  const plain = version.replace(/\+.*$/, '');
  const bare = plain.replace(/^v(?=\d)/i, '');
  const names = [version, `v${bare}`, bare, plain];
  if (/^[\w.-]{1,80}$/.test(service))
    names.unshift(`${service}@${bare}`, `${service}/v${bare}`, `${service}-v${bare}`, `${service}-${bare}`);
  return [...new Set(names)].map((name) => `refs/tags/${name}`);
}

function isHashLength(length: number): boolean {
  return (length >= 7 && length <= 40) || length === 64;
}

/** As Git shortens a hash by default. */
export function shortHash(hash: string): string {
  return hash.slice(0, 7).toLowerCase();
}

function typeKeyOf(key: string): string {
  return key.replace(/\.name$/, '.type');
}

function textsOf(bag: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  if (!Object.hasOwn(bag, key)) return [];
  const value = bag[key];
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, 8) : [value];
  return values.filter((each): each is string => typeof each === 'string').slice(0, 8);
}
