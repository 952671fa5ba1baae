/**
 * What the settings of a workspace do to those of the person who opened it: rules of redaction that are gone, a backend's name that stands for
 * another server, captures that begin unasked or keep less. A workspace may say these things, and its settings are used once it is trusted; but
 * somebody who relies on settings of their own is to know. What makes nothing worse is nothing to tell.
 */

import { display } from '../../source/uri/paths';
import { keysLost, patternsLost } from './redactionRules';

/** What is affected; a person chooses between the workspace's and their own for each. */
export type OverrideKind = 'redaction' | 'backends' | 'capture' | 'mappings';

export interface Override {
  readonly kind: OverrideKind;
  /** The settings in question, without `spanhop.`; the first is the one to look at. */
  readonly settings: readonly string[];
  /** What the workspace does and what it means, in sentences for a person. */
  readonly message: string;
  /** Differs when what is overridden does. */
  readonly print: string;
}

/** A setting's values. */
export interface SettingLayers {
  /** The person's own, or the default. */
  readonly mine: unknown;
  /** The person wrote it. */
  readonly isWritten: boolean;
  /** What holds in the workspace. */
  readonly here: unknown;
}

/** Settings of each kind, without `spanhop.`. */
export const settingsOf: Readonly<Record<OverrideKind, readonly string[]>> = {
  redaction: ['redact.keys', 'redact.patterns'],
  backends: ['backends'],
  capture: [
    'capture.debugSessions',
    'capture.autoStart',
    'capture.wellKnownPort',
    'capture.port',
    'memoryMegabytes',
    'capture.memoryMegabytes',
    'capture.logMegabytes',
  ],
  mappings: ['source.pathMappings'],
};

type Read = (name: string) => SettingLayers;

/** Names in a sentence. */
const maxNamed = 3;

export function findOverrides(read: Read): readonly Override[] {
  return [redaction(read), backends(read), capture(read), mappings(read)].filter((each) => each !== undefined);
}

function redaction(read: Read): Override | undefined {
  const lostOf = (name: string, lost: typeof keysLost): readonly string[] => {
    const { mine, here } = read(name);
    return lost(textsOf(mine), textsOf(here));
  };
  const keys = lostOf('redact.keys', keysLost);
  const patterns = lostOf('redact.patterns', patternsLost);
  if (!keys.length && !patterns.length) return undefined;
  const kept = (name: string): boolean => textsOf(read(name).here).length > 0;
  const parts = [
    keys.length && (kept('redact.keys') ? `${counted(keys, 'key')} (${some(keys)})` : 'all keys'),
    patterns.length && (kept('redact.patterns') ? counted(patterns, 'pattern') : 'all patterns'),
  ].filter((part) => part);
  return {
    kind: 'redaction',
    settings: [...(keys.length ? ['redact.keys'] : []), ...(patterns.length ? ['redact.patterns'] : [])],
    message: `This workspace's settings take ${parts.join(' and ')} out of your redaction. What these hide is now shown, exported and handed to other extensions.`,
    print: JSON.stringify([keys, patterns]),
  };
}

function backends(read: Read): Override | undefined {
  const { mine, here } = read('backends');
  const theirs = new Map(backendsOf(here).map((each) => [each.name, each]));
  const taken = backendsOf(mine).flatMap((own) => {
    const other = theirs.get(own.name);
    return other && other.print !== own.print ? [{ own, other }] : [];
  });
  if (!taken.length) return undefined;
  const texts = taken.slice(0, maxNamed).map(({ own, other }) => {
    const name = `"${display(own.name, 60)}"`;
    return own.origin === other.origin ? `ask ${name} in another way` : `make ${name} ${other.origin} instead of ${own.origin}`;
  });
  const others = taken.length > maxNamed ? ` and ${taken.length - maxNamed} more` : '';
  const isElsewhere = taken.some(({ own, other }) => own.origin !== other.origin);
  const meaning = isElsewhere
    ? 'Traces and searches of that name come from and go to there; your credential does not.'
    : 'It is the same server, with another path, API or headers.';
  return {
    kind: 'backends',
    settings: ['backends'],
    message: `This workspace's settings ${texts.join(', ')}${others}. ${meaning}`,
    print: JSON.stringify(taken.map(({ own, other }) => [own.print, other.print])),
  };
}

function capture(read: Read): Override | undefined {
  const found: { readonly setting: string; readonly text: string; readonly value: unknown }[] = [];
  const look = (setting: string, describe: (layers: SettingLayers) => string | undefined): void => {
    const layers = read(setting);
    const text = layers.here === layers.mine ? undefined : describe(layers);
    if (text !== undefined) found.push({ setting, text, value: layers.here });
  };
  const order: readonly unknown[] = ['off', 'ask', 'always'];
  look('capture.debugSessions', ({ mine, here }) =>
    order.indexOf(here) > order.indexOf(mine)
      ? `have the traces of ${here === 'ask' ? 'debug sessions asked for' : 'all debug sessions captured'}`
      : undefined,
  );
  look('capture.autoStart', ({ here, isWritten }) =>
    here === true && isWritten ? 'start capturing with the window' : undefined,
  );
  look('capture.wellKnownPort', ({ here, isWritten }) => (here === true && isWritten ? 'listen on port 4318' : undefined));
  look('capture.port', ({ mine, here, isWritten }) =>
    isWritten && mine !== 0 ? `listen on port ${settingText(here)} instead of ${settingText(mine)}` : undefined,
  );
  // Less than the person has loses what they count on; more takes what they did not want to give.
  const limit = (setting: string, what: string): void =>
    look(setting, ({ mine, here, isWritten }) => {
      // Without a limit of its own there is as much as there is.
      const most = typeof mine === 'number' ? mine : Number.POSITIVE_INFINITY;
      if (typeof here !== 'number' || !(here < most || isWritten)) return undefined;
      const text = `${here < most ? 'keep only' : 'take up to'} ${here} MB ${what}`;
      return typeof mine === 'number' ? `${text} instead of ${mine}` : text;
    });
  limit('memoryMegabytes', 'of memory for traces');
  limit('capture.memoryMegabytes', 'of memory for captures');
  limit('capture.logMegabytes', 'of disk for captures');
  if (!found.length) return undefined;
  const less = found.some(({ text }) => text.startsWith('keep only')) ? ' Older traces go earlier.' : '';
  return {
    kind: 'capture',
    settings: found.map(({ setting }) => setting),
    message: `This workspace's settings ${joined(found.map(({ text }) => text))}, unlike yours.${less}`,
    print: JSON.stringify(found.map(({ setting, value }) => [setting, value])),
  };
}

function mappings(read: Read): Override | undefined {
  const { mine, here } = read('source.pathMappings');
  const theirs = new Map(pairsOf(here));
  const taken = pairsOf(mine).filter(([prefix, folder]) => theirs.has(prefix) && theirs.get(prefix) !== folder);
  if (!taken.length) return undefined;
  const texts = taken.slice(0, maxNamed).map(([prefix]) => `${display(prefix, 60)} to ${display(theirs.get(prefix) ?? '', 60)}`);
  return {
    kind: 'mappings',
    settings: ['source.pathMappings'],
    message: `This workspace's settings map ${joined(texts)}, and yours elsewhere. Source under such paths is looked for there.`,
    print: JSON.stringify(taken.map(([prefix]) => [prefix, theirs.get(prefix)])),
  };
}

interface NamedBackend {
  readonly name: string;
  /** Without user and password. */
  readonly origin: string;
  /** Differs when the backend does. */
  readonly print: string;
}

/** The first of a name counts, as in use. */
function backendsOf(value: unknown): readonly NamedBackend[] {
  const found = new Map<string, NamedBackend>();
  for (const entry of Array.isArray(value) ? value : []) {
    const [name, url, type, api, headers] = ['name', 'url', 'type', 'api', 'headers'].map((key) => fieldOf(entry, key));
    if (typeof name !== 'string' || typeof url !== 'string' || found.has(name)) continue;
    const [, scheme = '', host = ''] = /^(https?:\/\/)(?:[^/?#]*@)?([^/?#]*)/i.exec(url) ?? [];
    const others = Object.entries(Object(headers ?? {})).sort(([a], [b]) => (a < b ? -1 : 1));
    const print = JSON.stringify([url.replace(/\/+$/, ''), type ?? 'jaeger', api ?? 'auto', others]);
    found.set(name, { name, origin: display(`${scheme}${host}`.toLowerCase(), 100), print });
  }
  return [...found.values()];
}

function fieldOf(entry: unknown, key: string): unknown {
  return typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined;
}

function pairsOf(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []));
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string' && each.trim() !== '') : [];
}

function counted(items: readonly string[], noun: string): string {
  return `${items.length} ${noun}${items.length === 1 ? '' : 's'}`;
}

function some(items: readonly string[]): string {
  const named = items.slice(0, maxNamed).map((item) => display(item, 40));
  return items.length > maxNamed ? `${named.join(', ')}, …` : named.join(', ');
}

function joined(parts: readonly string[]): string {
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '');
}

function settingText(value: unknown): string {
  return typeof value === 'number' ? String(value) : 'another';
}
