/** What a kind of backend is, without its code: what settings and forms have for it, and what the user interface may offer. */

import type { Backend, BackendContext, OptionValue } from './backend';
import type { HttpResponse } from './transport';

/** A member of an entry in the setting, beside `name`, `type`, `url` and `headers`. */
export interface BackendField {
  readonly name: string;
  /** In the form: `Region`. */
  readonly label: string;
  /** What it is for, in a sentence: the schema's description and the form's prompt. */
  readonly description: string;
  readonly type: 'string' | 'number' | 'boolean';
  /** All values that it may have. */
  readonly choices?: readonly string[];
  readonly default?: OptionValue;
  /** An entry without it is not used. */
  readonly required?: boolean;
  readonly example?: string;
  /** Source of a regular expression that the whole value matches, of a text. */
  readonly pattern?: string;
  /** The form asks for it. Others are set in the settings. */
  readonly isAsked?: boolean;
  /** It names a folder of this machine. */
  readonly isFolder?: true;
}

export interface BackendCapabilities {
  readonly dependencies: boolean;
  /** Keys and values of attributes. */
  readonly tags: boolean;
  /** Names of services and operations are told by the server; else they are those of traces that were seen. */
  readonly services: boolean;
  /** A trace can be put aside, where it does not expire with the others. */
  readonly archive?: boolean;
}

/** Kinds of credentials that make sense, the usual one first. None: it has its own (an SDK's chain, a folder). */
export type CredentialType = 'bearer' | 'basic' | 'header';

/** A question by which a server tells what it is. An answer with an error's status tells nothing. */
export interface Recognition {
  /** Below the base address; of several, one answers so. */
  readonly path: string | readonly string[];
  /** @param text the first 4 kB of the body */
  isIt(response: HttpResponse, text: string): boolean;
  /** Its version, where the answer tells. */
  version?(text: string): string | undefined;
}

export interface BackendDescriptor {
  /** As settings name it. */
  readonly type: string;
  /** As people name it. */
  readonly label: string;
  /** Where one answers: on this machine, or for those of the cloud where theirs do. */
  readonly exampleUrl: string;
  /** Where one on this machine listens; undefined: none does. */
  readonly defaultPort?: number;
  /**
   * The address: asked for, or made of the other fields where an entry has none.
   */
  readonly address: 'asked' | ((options: Readonly<Record<string, OptionValue>>) => string);
  readonly fields: readonly BackendField[];
  readonly credentials: readonly CredentialType[];
  /** A header that its tokens are usual in, offered with the credential `header`. */
  readonly tokenHeader?: string;
  /** Of a search that names no start: how far it looks back, in milliseconds. */
  readonly defaultWindowMs: number;
  /** The longest range that one request may have, in milliseconds; longer searches are made of several. */
  readonly maxWindowMs?: number;
  readonly capabilities: BackendCapabilities;
  /** Requests that its servers take; undefined: no limit is known. */
  readonly rateLimit?: { readonly perSecond?: number; readonly atOnce?: number };
  /** How it is told from others; undefined: it cannot be asked. */
  readonly recognition?: Recognition;
  /** Other products that speak its API, for lists and searches in forms: `Grafana Cloud`. */
  readonly alsoKnownAs?: readonly string[];
  /** Its code, which is loaded now. */
  create(context: BackendContext): Promise<Backend>;
}
