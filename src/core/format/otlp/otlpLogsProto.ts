/**
 * `ExportLogsServiceRequest` in protobuf, one message or several with their lengths before them as the Collector's file exporter writes them.
 * Few log records are looked at, so they become objects; those without a trace id are only counted, where nobody asks for them.
 * Field numbers: opentelemetry/proto/logs/v1/logs.proto, common/v1/common.proto, resource/v1/resource.proto (v1.11.0).
 */

import { protoAnyValue, toValue } from '../../model/anyValue';
import type { AttributeValue } from '../../model/attributeValue';
import { utf8Text } from '../../model/jsonText';
import { type LogRecord, type LogRecords, MOST_SEVERE, SESSION_KEY } from '../../model/logRecord';
import { ProtoReader } from '../proto/protoReader';
import { recordKind } from '../proto/shape';
import { asDamage } from '../sink/damage';
import { mayBecome, tooDense } from '../sink/density';

const LEN = 2;
/** What a record takes besides its texts, about. */
const RECORD_BYTES = 300;

interface Group {
  service: string;
  session: string;
  scope: string;
}

export class OtlpLogsProto {
  private readonly reader = new ProtoReader();
  private readonly records: LogRecord[] = [];
  private total = 0;
  private unreadable = 0;
  private outOfRange = 0;

  /**
   * @param bounded refuses far more records than bytes
   * @param all those without a trace id as well
   */
  constructor(
    private readonly bounded: boolean,
    private readonly all: boolean,
  ) {}

  /** @param framed a length of 4 bytes (big endian) stands before each message */
  decode(bytes: Uint8Array, framed: boolean): LogRecords {
    const { reader } = this;
    reader.open(bytes);
    if (!framed) this.message(0, bytes.length);
    for (let at = 0; framed && at + 4 <= bytes.length; ) {
      const length = reader.view.getUint32(at);
      const end = at + 4 + length;
      if (end > bytes.length) {
        this.unreadable++;
        break;
      }
      this.message(at + 4, end);
      at = end;
    }
    return { records: this.records, total: this.total, unreadable: this.unreadable, outOfRange: this.outOfRange };
  }

  private message(start: number, end: number): void {
    this.fields(start, end, (field, from, to) => {
      if (field === 1) this.resourceLogs(from, to);
    });
  }

  private resourceLogs(start: number, end: number): void {
    const group: Group = { service: '', session: '', scope: '' };
    // The resource may stand behind its records. Twice over the fields, because a list of where they are may be larger than they are.
    this.fields(start, end, (field, from, to) => {
      if (field !== 1) return;
      const attributes = this.attributes(from, to, 1);
      group.service = textOf(attributes['service.name']);
      group.session = textOf(attributes[SESSION_KEY]);
    });
    this.fields(start, end, (field, from, to) => {
      if (field === 2) this.scopeLogs(from, to, group);
    });
  }

  private scopeLogs(start: number, end: number, group: Group): void {
    // Spans and metrics stand in the same place of their messages.
    let areLogs: boolean | undefined;
    group.scope = '';
    this.fields(start, end, (field, from, to) => {
      if (field === 1) group.scope = this.scopeName(from, to);
      else if (field === 2) areLogs ??= recordKind(this.reader, from, to) === 'log';
    });
    if (!areLogs) return;
    this.fields(start, end, (field, from, to) => {
      if (field === 2) this.record(from, to, group);
    });
  }

  private scopeName(start: number, end: number): string {
    let name = '';
    this.fields(start, end, (field, from, to) => {
      if (field === 1) name = this.text(from, to);
    });
    return name;
  }

  private record(start: number, end: number, { service, session, scope }: Group): void {
    const { reader } = this;
    this.total++;
    let traceId = '';
    let spanId = '';
    let time = 0n;
    let observed = 0n;
    let severityNumber = 0;
    let severityText = '';
    let eventName = '';
    let body: AttributeValue;
    const attributes: Record<string, AttributeValue> = Object.create(null);
    try {
      reader.at = start;
      while (reader.at < end) {
        const tag = reader.varint(end);
        if (tag === ((1 << 3) | 1)) time = reader.view.getBigUint64(reader.fixed(8, end), true);
        else if (tag === ((11 << 3) | 1)) observed = reader.view.getBigUint64(reader.fixed(8, end), true);
        else if (tag === 2 << 3) severityNumber = reader.varint(end);
        else if ((tag & 7) === LEN) {
          const stop = reader.limit(end);
          const from = reader.at;
          switch (tag >> 3) {
            case 3:
              severityText = this.text(from, stop);
              break;
            case 5:
              body = toValue(protoAnyValue(reader.bytes, from, stop));
              break;
            case 6:
              this.attribute(from, stop, attributes);
              break;
            case 9:
              traceId = this.hex(from, stop, 16);
              break;
            case 10:
              spanId = this.hex(from, stop, 8);
              break;
            case 12:
              eventName = this.text(from, stop);
              break;
          }
          reader.at = stop;
        } else reader.skip(tag, end);
      }
    } catch (error) {
      asDamage(error);
      this.unreadable++;
      return;
    }
    if (traceId === '' && !this.all) return;
    this.checkDensity(end);
    if (severityNumber > MOST_SEVERE) {
      this.outOfRange++;
      severityNumber = 0;
    }
    const timeUnixNano = time === 0n ? observed : time;
    this.records.push({
      traceId,
      spanId,
      timeUnixNano,
      severityNumber,
      severityText,
      eventName,
      body,
      attributes,
      service,
      scope,
      ...(session === '' ? {} : { session }),
    });
  }

  /** Throws when there are far more records than bytes. */
  private checkDensity(bytes: number): void {
    const records = this.records.length + 1;
    if (this.bounded && records * RECORD_BYTES > mayBecome(bytes))
      throw tooDense('The request', bytes, { 'log record': records });
  }

  /** Key-value pairs in field `number` of a message. */
  private attributes(start: number, end: number, number: number): Record<string, AttributeValue> {
    const all: Record<string, AttributeValue> = Object.create(null);
    this.fields(start, end, (field, from, to) => {
      if (field === number) this.attribute(from, to, all);
    });
    return all;
  }

  private attribute(start: number, end: number, into: Record<string, AttributeValue>): void {
    let key = '';
    let value: AttributeValue;
    this.fields(start, end, (field, from, to) => {
      if (field === 1) key = this.text(from, to);
      else if (field === 2) value = toValue(protoAnyValue(this.reader.bytes, from, to));
    });
    into[key] = value;
  }

  /** Calls `visit` with each length-delimited field of a message; damage ends the message, and is counted. */
  private fields(start: number, end: number, visit: (field: number, from: number, to: number) => void): void {
    const { reader } = this;
    reader.at = start;
    try {
      while (reader.at < end) {
        const tag = reader.varint(end);
        if ((tag & 7) !== LEN) reader.skip(tag, end);
        else {
          const to = reader.limit(end);
          visit(tag >> 3, reader.at, to);
          reader.at = to;
        }
      }
    } catch (error) {
      asDamage(error);
      this.unreadable++;
    }
  }

  private text(from: number, to: number): string {
    return utf8Text(this.reader.bytes, from, to - from);
  }

  /** An id of the right length that is not all zeros; else nothing. */
  private hex(from: number, to: number, length: number): string {
    if (to - from !== length) return '';
    let hex = '';
    let any = 0;
    for (let at = from; at < to; at++) {
      any |= this.reader.bytes[at];
      hex += this.reader.bytes[at].toString(16).padStart(2, '0');
    }
    return any === 0 ? '' : hex;
  }
}

function textOf(value: AttributeValue): string {
  return typeof value === 'string' ? value : '';
}
