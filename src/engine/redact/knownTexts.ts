/**
 * What became of keys and values that were looked at: each distinct key is looked at once, and of values those in which there may be something, for programs
 * say the same again and again. Texts are found by their bytes, without being made into one.
 */

import { SESSION_KEY } from '../../core/model/logRecord';
import { StringTable } from '../../core/model/strings';
import { isNoCardKey } from './cardNumbers';
import type { Redactor } from './redactor';
import { SecretScan } from './secretScan';

/** Bytes of texts that are known at most; beyond it, all are forgotten. */
const MAX_BYTES = 16 << 20;
/** A longer text does not come again, as a rule. */
const LONGEST = 512;
/** The id of a session is ours, and says where spans belong: with the tag and length of the value before it. */
const SESSION_VALUE = /^\n.(?:[a-z]{1,16}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/s;

export interface KnownKey {
  /** Its value is hidden whole. */
  readonly isHidden: boolean;
  /** A number of a card's form may be one. */
  readonly mayBeCard: boolean;
  readonly isSession: boolean;
  /** The key itself as it may be stored; undefined: as it is. */
  readonly shown: string | undefined;
}

const CLEAN = 1;
const DIRTY = 2;

export class KnownTexts {
  private keys = new StringTable();
  private known: KnownKey[] = [];
  private values = new StringTable();
  private states = new Uint8Array(1 << 12);
  private bytes: Uint8Array = new Uint8Array(0);
  private buffer: Buffer = Buffer.alloc(0);

  private readonly scan: SecretScan;

  constructor(private readonly redactor: Redactor) {
    this.scan = new SecretScan(redactor.looksFor, (from, to) => this.key(from, to).isHidden);
  }

  /** The bytes that texts stand in from now on. */
  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.keys.byteLength > MAX_BYTES) {
      this.keys = new StringTable();
      this.known = [];
    }
    if (this.values.byteLength > MAX_BYTES) {
      this.values = new StringTable();
      this.states = new Uint8Array(1 << 12);
    }
  }

  get cards(): boolean {
    return this.redactor.looksFor.cards;
  }

  key(from: number, to: number): KnownKey {
    const index = this.keys.internBytes(this.bytes, from, to - from);
    return this.known[index] ?? this.lookAt(index, this.text(from, to));
  }

  /** The text as it may be stored; undefined: as it is. */
  value(from: number, to: number, mayBeCard: boolean): string | undefined {
    const length = to - from;
    if (!this.scan.mayHide(this.bytes, from, to)) return undefined;
    if (length > LONGEST) return this.shown(from, to, mayBeCard);
    const index = this.values.internBytes(this.bytes, from, length);
    if (index >= this.states.length) {
      const states = new Uint8Array(Math.max(this.states.length * 2, index + 1));
      states.set(this.states);
      this.states = states;
    }
    if (this.states[index] === CLEAN) return undefined;
    if (this.states[index] === DIRTY) return this.shown(from, to, mayBeCard);
    // What is clean where cards are looked for is clean everywhere.
    this.states[index] = this.shown(from, to, true) === undefined ? CLEAN : DIRTY;
    return this.states[index] === CLEAN ? undefined : this.shown(from, to, mayBeCard);
  }

  /** Whether an `AnyValue` is the id of a session. */
  isSessionValue(from: number, to: number): boolean {
    return SESSION_VALUE.test(this.text(from, to));
  }

  /** Whether an `AnyValue` is an option of a command (`--password`) whose argument is hidden. */
  isOption(from: number, to: number): boolean {
    if (to - from < 5 || to - from > 80 || this.bytes[from] !== 0x0a || this.bytes[from + 2] !== 0x2d) return false;
    const [, name] = /^--?([A-Za-z][\w-]*)$/.exec(this.text(from + 2, to)) ?? [];
    return name !== undefined && this.redactor.hides(name);
  }

  private lookAt(index: number, key: string): KnownKey {
    const shown = this.redactor.textToStore(key, true);
    const found: KnownKey = {
      isHidden: this.redactor.hides(key),
      mayBeCard: !isNoCardKey(key),
      isSession: key === SESSION_KEY,
      shown: shown === key ? undefined : shown,
    };
    this.known[index] = found;
    return found;
  }

  private shown(from: number, to: number, mayBeCard: boolean): string | undefined {
    const text = this.text(from, to);
    const shown = this.redactor.textToStore(text, mayBeCard);
    return shown === text ? undefined : shown;
  }

  private text(from: number, to: number): string {
    return this.buffer.toString('utf8', from, to);
  }
}
