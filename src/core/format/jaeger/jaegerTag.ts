/**
 * Tags of Jaeger's JSON — `{key, type, value}`, on spans, in logs and on processes — as attributes, and the inverse of how OpenTelemetry's
 * fields became tags.
 * Sources: jaegertracing/jaeger internal/uimodel/model.go; opentelemetry-collector-contrib pkg/translator/jaeger.
 */

import {
  VALUE_BASE64,
  VALUE_BIG_INT,
  VALUE_BOOL,
  VALUE_BYTES,
  VALUE_DOUBLE,
  VALUE_EMPTY,
  VALUE_INT,
  VALUE_INTERNED,
  VALUE_JSON,
  VALUE_JSON_STRING,
  VALUE_STRING,
} from '../../model/batch';
import { int64Of } from '../../model/int64';
import { JsonReader, NO_MORE } from '../json/jsonReader';
import { KeyTable } from '../json/keys';

const K_KEY = 1;
const K_TYPE = 2;
const K_VALUE = 3;
const tagKeys = new KeyTable({ key: K_KEY, type: K_TYPE, value: K_VALUE });

const T_STRING = 0;
const T_BOOL = 1;
const T_INT = 2;
const T_FLOAT = 3;
const T_BINARY = 4;
const types = new KeyTable({ string: T_STRING, bool: T_BOOL, int64: T_INT, float64: T_FLOAT, binary: T_BINARY });

const QUOTE = 34;

export class JaegerTags extends JsonReader {
  /** The tag read last: its key in the string table, and its value as an attribute row has it. */
  tagKey = 0;
  valueType = VALUE_EMPTY;
  valueNumber = 0;
  valueLength = 0;

  /** Reads the tag at the cursor; false, and moves over it, when it is no object. */
  tag(): boolean {
    if (!this.enterObject()) return false;
    let type = -1;
    let valueAt = -1;
    this.tagKey = 0;
    for (;;) {
      const key = this.member(tagKeys);
      if (key === NO_MORE) break;
      if (key === K_KEY) this.tagKey = this.name();
      else if (key === K_TYPE && this.bytes[this.at] === QUOTE) {
        this.string();
        type = this.find(types);
      } else {
        if (key === K_VALUE) valueAt = this.at;
        this.skip();
      }
    }
    const end = this.at;
    this.valueType = VALUE_EMPTY;
    this.valueNumber = 0;
    this.valueLength = 0;
    if (valueAt >= 0) {
      this.at = valueAt;
      this.value(type);
      this.at = end;
    }
    return true;
  }

  /** Adds the tag read last as an attribute. */
  keep(): void {
    this.sink.builder.attribute(this.tagKey, this.valueType, this.valueNumber, this.valueLength);
  }

  /** Index of the text of the tag read last; -1 when it is no string. */
  internValue(): number {
    switch (this.valueType) {
      case VALUE_STRING:
        return this.sink.strings.internBytes(this.bytes, this.valueNumber, this.valueLength);
      case VALUE_JSON_STRING:
        return this.sink.strings.intern(this.slice(this.valueNumber, this.valueNumber + this.valueLength));
      case VALUE_INTERNED:
        return this.valueNumber;
      default:
        return -1;
    }
  }

  /** The value at the cursor; `type` is what the tag says it is, -1 when it does not. The value itself wins over a wrong type. */
  private value(type: number): void {
    const start = this.at;
    const first = this.bytes[start];
    if (first === QUOTE) this.textValue(type);
    else if (first === 116 || first === 102) {
      this.valueType = VALUE_BOOL;
      this.valueNumber = first === 116 ? 1 : 0;
    } else if (first === 123 || first === 91) {
      this.skip();
      this.valueType = VALUE_JSON;
      this.valueNumber = start;
      this.valueLength = this.at - start;
    } else if (first === 110) this.valueType = type === T_BINARY ? VALUE_BYTES : VALUE_EMPTY;
    else this.numberValue(this.number(), start, this.at, type !== T_FLOAT);
  }

  private textValue(type: number): void {
    this.string();
    const { start, length } = this;
    if (type === T_INT || type === T_FLOAT) {
      const value = length === 0 ? Number.NaN : Number(this.text());
      if (!Number.isNaN(value) || this.text() === 'NaN') {
        this.numberValue(value, start, start + length, type === T_INT);
        return;
      }
    }
    if (type === T_BOOL && (this.text() === 'true' || this.text() === 'false')) {
      this.valueType = VALUE_BOOL;
      this.valueNumber = length === 4 ? 1 : 0;
      return;
    }
    this.valueType = type === T_BINARY ? VALUE_BASE64 : this.escaped ? VALUE_JSON_STRING : VALUE_STRING;
    this.valueNumber = start;
    this.valueLength = length;
  }

  private numberValue(value: number, start: number, stop: number, whole: boolean): void {
    const isLong = whole && stop - start >= 16 && !Number.isSafeInteger(value);
    if (isLong && int64Of(this.slice(start, stop)) !== undefined) {
      this.valueType = VALUE_BIG_INT;
      this.valueNumber = start;
      this.valueLength = stop - start;
      return;
    }
    this.valueType = whole && Number.isSafeInteger(value) ? VALUE_INT : VALUE_DOUBLE;
    this.valueNumber = value;
  }
}
