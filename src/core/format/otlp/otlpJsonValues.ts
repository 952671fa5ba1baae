/**
 * Attributes of OTLP/JSON into columns: values are located and left where they are. Besides what the specification says a value may be written as
 * Go's `encoding/json` writes the generated structs, with all alternatives but one null, in halves, and without its type.
 * Source: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding".
 */

import {
  VALUE_BASE64,
  VALUE_BIG_INT,
  VALUE_BOOL,
  VALUE_DOUBLE,
  VALUE_EMPTY,
  VALUE_INT,
  VALUE_JSON,
  VALUE_JSON_ANY,
  VALUE_JSON_STRING,
  VALUE_STRING,
} from '../../model/batch';
import { int64Of, oddInt64OfJson } from '../../model/int64';
import { JsonReader, NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';
import { NULL } from '../json/numbers';

const K_KEY = 1;
const K_VALUE = 2;
const pairKeys = new KeyTable({ key: K_KEY, value: K_VALUE });

const V_STRING = 1;
const V_BOOL = 2;
const V_INT = 3;
const V_DOUBLE = 4;
const V_NESTED = 5;
const V_BYTES = 6;
/** Go's structs have the alternative in an object of its own, and write names as Go has them. */
const V_WRAPPED = 7;
const valueKeys = new KeyTable({
  stringValue: V_STRING,
  string_value: V_STRING,
  boolValue: V_BOOL,
  bool_value: V_BOOL,
  intValue: V_INT,
  int_value: V_INT,
  doubleValue: V_DOUBLE,
  double_value: V_DOUBLE,
  arrayValue: V_NESTED,
  array_value: V_NESTED,
  kvlistValue: V_NESTED,
  kvlist_value: V_NESTED,
  bytesValue: V_BYTES,
  bytes_value: V_BYTES,
  Value: V_WRAPPED,
  StringValue: V_STRING,
  BoolValue: V_BOOL,
  IntValue: V_INT,
  DoubleValue: V_DOUBLE,
  ArrayValue: V_NESTED,
  KvlistValue: V_NESTED,
  BytesValue: V_BYTES,
});

const QUOTE = 34;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

export class OtlpJsonValues extends JsonReader {
  /** The value that `anyValue` read, as an attribute row has it. */
  private valueType = VALUE_EMPTY;
  private valueNumber = 0;
  private valueLength = 0;

  /** The list of KeyValue at the cursor, into attribute rows. */
  attributes(): void {
    const { sink } = this;
    const { builder } = sink;
    if (this.next() === OPEN_OBJECT) {
      this.plainAttributes();
      return;
    }
    if (!this.enterList()) return;
    while (!this.endOfList()) {
      if (!this.enterObject()) continue;
      let name = 0;
      this.valueType = VALUE_EMPTY;
      this.valueNumber = 0;
      this.valueLength = 0;
      for (;;) {
        const key = this.member(pairKeys);
        if (key === NO_MORE) break;
        if (key === K_KEY) name = this.name();
        else if (key === K_VALUE) this.anyValue();
        else this.skip();
      }
      builder.attribute(name, this.valueType, this.valueNumber, this.valueLength);
    }
  }

  /** Attributes as an object: keys with values of JSON's own types, or of OTLP's. */
  private plainAttributes(): void {
    const { sink } = this;
    this.at++;
    while (this.nextItem() !== CLOSE_OBJECT) {
      this.key();
      const name = this.intern(sink.strings);
      const start = this.at;
      this.valueType = VALUE_EMPTY;
      this.valueNumber = 0;
      this.valueLength = 0;
      this.anyValue();
      // None of OTLP's: a map.
      if (this.valueType === VALUE_EMPTY && this.bytes[start] === OPEN_OBJECT) {
        this.valueType = VALUE_JSON;
        this.valueNumber = start;
        this.valueLength = this.at - start;
      }
      sink.builder.attribute(name, this.valueType, this.valueNumber, this.valueLength);
    }
    this.at++;
  }

  private anyValue(isWrapped = false): void {
    const start = this.at;
    if (this.bytes[start] !== OPEN_OBJECT) {
      this.untyped();
      return;
    }
    this.at++;
    let nested = false;
    for (;;) {
      const key = this.member(valueKeys);
      if (key === NO_MORE) break;
      const first = this.bytes[this.at];
      if (first === NULL) {
        this.skip();
        continue;
      }
      nested = false;
      if (key === V_STRING && first === QUOTE) {
        this.string();
        this.range(this.escaped ? VALUE_JSON_STRING : VALUE_STRING);
      } else if (key === V_INT) nested = !this.integer();
      else if (key === V_BOOL) {
        // "true" may stand in quotes.
        this.valueNumber = this.bytes[first === QUOTE ? this.at + 1 : this.at] === 116 ? 1 : 0;
        this.valueType = VALUE_BOOL;
        this.valueLength = 0;
        this.skip();
      } else if (key === V_DOUBLE) this.double(this.number());
      else if (key === V_BYTES && first === QUOTE) {
        this.string();
        this.range(VALUE_BASE64);
      } else if (key === V_WRAPPED && !isWrapped) this.anyValue(true);
      else {
        nested = key === V_NESTED || key === V_BYTES;
        this.skip();
      }
    }
    if (nested) {
      this.valueType = VALUE_JSON_ANY;
      this.valueNumber = start;
      this.valueLength = this.at - start;
    }
  }

  /** A value that does not say its type: JSON's own. `null` is none. */
  private untyped(): void {
    const start = this.at;
    const first = this.bytes[start];
    this.skip();
    if (first === NULL) return;
    this.valueType = first === QUOTE ? VALUE_JSON_STRING : VALUE_JSON;
    this.valueNumber = first === QUOTE ? this.start : start;
    this.valueLength = first === QUOTE ? this.length : this.at - start;
  }

  private double(value: number): void {
    this.valueType = VALUE_DOUBLE;
    this.valueNumber = value;
    this.valueLength = 0;
  }

  private range(type: number): void {
    this.valueType = type;
    this.valueNumber = this.start;
    this.valueLength = this.length;
  }

  /** An int64, in quotes or not; one that a double does not hold stays where it is. False: it is written otherwise, and stays for `anyValueOfRow`. */
  private integer(): boolean {
    const first = this.bytes[this.at];
    const quoted = first === QUOTE;
    const start = quoted ? this.at + 1 : this.at;
    let value = this.number();
    this.valueLength = 0;
    if (first === OPEN_OBJECT) value = Number(oddInt64OfJson(this.slice(start, this.at)));
    if (Number.isSafeInteger(value)) {
      this.valueType = VALUE_INT;
      this.valueNumber = value;
      return true;
    }
    if (first === OPEN_OBJECT) return false;
    const length = this.at - start - (quoted ? 1 : 0);
    if (length < 16 || int64Of(this.slice(start, start + length)) === undefined) {
      this.double(value);
      return true;
    }
    this.valueType = VALUE_BIG_INT;
    this.valueNumber = start;
    this.valueLength = length;
    return true;
  }
}
