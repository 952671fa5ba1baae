/**
 * What the settings of a workspace do to those of the person who opened it: rules of redaction that are gone, a backend's name that stands for
 * another server, captures that begin unasked or keep less. A workspace may say these things, and its settings are used once it is trusted; but
 * somebody who relies on settings of their own is to know. What makes nothing worse is nothing to tell.
 */

import { readEntry } from '../../backends/kinds';
import { LANGUAGES } from '../../capture/languages';
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
  redaction: ['redact.keys', 'redact.patterns', 'redact.cardNumbers', 'redact.stored'],
  backends: ['backends'],
  capture: [
    'capture.debugSessions',
    'capture.instrument',
    'capture.terminals',
    'capture.tests',
    'capture.javaAgent',
    'capture.forwardTo',
    'capture.autoStart',
    'capture.wellKnownPort',
    'capture.zipkinPort',
    'capture.port',
    'memoryMegabytes',
    'capture.memoryMegabytes',
    'capture.logMegabytes',
    'capture.maxAgeDays',
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
  const isOff = (name: string): boolean => read(name).mine !== false && read(name).here === false;
  const [cards, raw] = [isOff('redact.cardNumbers'), isOff('redact.stored')];
  if (!keys.length && !patterns.length && !cards && !raw) return undefined;
  const kept = (name: string): boolean => textsOf(read(name).here).length > 0;
  const parts = [
    keys.length && (kept('redact.keys') ? `${counted(keys, 'key')} (${some(keys)})` : 'all keys'),
    patterns.length && (kept('redact.patterns') ? counted(patterns, 'pattern') : 'all patterns'),
    cards && 'numbers of payment cards',
  ].filter((part) => typeof part === 'string');
  const taken = `This workspace's settings take ${joined(parts)} out of your redaction. What these hide is now stored, shown, exported and handed to other extensions.`;
  const stored = "This workspace's settings have captures stored with what your redaction hides.";
  return {
    kind: 'redaction',
    settings: [
      ...(keys.length ? ['redact.keys'] : []),
      ...(patterns.length ? ['redact.patterns'] : []),
      ...(cards ? ['redact.cardNumbers'] : []),
      ...(raw ? ['redact.stored'] : []),
    ],
    message: [...(parts.length ? [taken] : []), ...(raw ? [stored] : [])].join(' '),
    print: JSON.stringify([keys, patterns, ...(cards || raw ? [cards, raw] : [])]),
  };
}

function backends(read: Read): Override | undefined {
  const { mine, here } = read('backends');
  const owned = new Map(backendsOf(mine).map((each) => [each.name, each]));
  const told = backendsOf(here).flatMap((other) => {
    const own = owned.get(other.name);
    const runs = other.program !== undefined && JSON.stringify(own?.command) !== JSON.stringify(other.command);
    return runs || (own && other.print !== own.print) ? [{ own, other, runs }] : [];
  });
  if (!told.length) return undefined;
  const texts = told.slice(0, maxNamed).map(({ own, other, runs }) => {
    const name = `"${display(other.name, 60)}"`;
    const run = runs ? `run the program "${display(other.program ?? '', 60)}" when ${name} is asked` : undefined;
    if (own && own.origin !== other.origin) {
      const make = `make ${name} ${other.origin} instead of ${own.origin}`;
      return run === undefined ? make : `${make} and ${run}`;
    }
    return run ?? `ask ${name} in another way`;
  });
  const others = told.length > maxNamed ? ` and ${told.length - maxNamed} more` : '';
  const isElsewhere = told.some(({ own, other }) => own && own.origin !== other.origin);
  const isOther = told.some(({ own, other, runs }) => own && own.origin === other.origin && !runs);
  const meanings = [
    isElsewhere ? 'Traces and searches of that name come from and go to there; your credential does not.' : '',
    isOther && !isElsewhere ? 'It is the same server, with another path, kind, headers or certificates.' : '',
    told.some(({ runs }) => runs) ? 'A program runs with your rights.' : '',
  ];
  return {
    kind: 'backends',
    settings: ['backends'],
    message: `This workspace's settings ${texts.join(', ')}${others}. ${meanings.filter((text) => text !== '').join(' ')}`,
    print: JSON.stringify(told.map(({ own, other }) => [own?.print, other.print])),
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
  look('capture.instrument', ({ mine, here }) => {
    const on = LANGUAGES.filter((language) => memberOf(mine, language) === false && memberOf(here, language) !== false);
    return on.length > 0 ? `have programs of ${on.join(', ')} instrumented` : undefined;
  });
  look('capture.javaAgent', ({ here }) => (here === '' ? undefined : 'choose the agent that Java programs are launched with'));
  look('capture.terminals', ({ here, isWritten }) =>
    here === true && isWritten ? 'give terminals and tasks the variables of a capture' : undefined,
  );
  look('capture.tests', ({ here, isWritten }) =>
    here === true && isWritten ? 'give what other extensions start the variables of a capture' : undefined,
  );
  look('capture.forwardTo', ({ mine, here }) => {
    if (here !== '') return 'send all that is captured to another endpoint as well';
    return mine === '' ? undefined : 'end the forwarding of captures';
  });
  look('capture.autoStart', ({ here, isWritten }) =>
    here === true && isWritten ? 'start capturing with the window' : undefined,
  );
  look('capture.wellKnownPort', ({ here, isWritten }) =>
    here === true && isWritten ? 'listen on ports 4317 and 4318' : undefined,
  );
  look('capture.zipkinPort', ({ here }) => (here === true ? 'listen on port 9411' : undefined));
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
  look('capture.maxAgeDays', ({ mine, here, isWritten }) => {
    // 0: however old they are.
    const [most, now] = [mine, here].map((days) => (typeof days === 'number' && days > 0 ? days : Number.POSITIVE_INFINITY));
    if (!(now < most || isWritten)) return undefined;
    return now === Number.POSITIVE_INFINITY
      ? 'keep captures however old they are'
      : `${now < most ? 'keep only' : 'keep'} captures of ${now} days`;
  });
  if (!found.length) return undefined;
  const less = found.some(({ text }) => text.startsWith('keep only')) ? ' Older traces go earlier.' : '';
  return {
    kind: 'capture',
    settings: found.map(({ setting }) => setting),
    message: `This workspace's settings ${joined(found.map(({ text }) => text))}, unlike yours.${less}`,
    print: JSON.stringify(found.map(({ setting, value }) => [setting, value])),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
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
  /** That makes its headers, and its name. */
  readonly command: unknown;
  readonly program: string | undefined;
}

/** Those that are used. The first of a name counts, as in use. */
function backendsOf(value: unknown): readonly NamedBackend[] {
  const found = new Map<string, NamedBackend>();
  for (const entry of Array.isArray(value) ? value : []) {
    const read = readEntry(entry);
    if (typeof read === 'string' || found.has(read.name)) continue;
    const { name, url, type, options, headers = {} } = read;
    const [tls, command] = [fieldOf(entry, 'tls'), fieldOf(entry, 'headersCommand')];
    const print = JSON.stringify([url.replace(/\/+$/, ''), type, ...[options, headers, tls].map(sorted), command]);
    const origin = display(originOf(url).toLowerCase(), 100);
    const program = Array.isArray(command) ? command[0] : undefined;
    found.set(name, { name, origin, print, command, program: typeof program === 'string' ? program : undefined });
  }
  return [...found.values()];
}

/** As it is written, with the port that is usual. */
function originOf(url: string): string {
  const [, origin = url] = /^([a-z]+:\/\/[^/?#]*)/i.exec(url) ?? [];
  return origin;
}

/** Members in any order are the same. */
function sorted(value: unknown): unknown {
  return Object.entries(Object(value ?? {})).sort(([a], [b]) => (a < b ? -1 : 1));
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
