/**
 * The stream of spans that instrumented programs write to the editor: each span as it ends, in a way in which it arrives whatever becomes of the
 * program in the next moment. Why not OTLP/HTTP: a request needs its answer, and so an event loop, which a program that exits, crashes, is killed or
 * stands at a breakpoint does not have. Here a span is one write on a connection that is there already: what the kernel has, arrives.
 *
 * A connection to a port on which a capture listens (all its ports take it) begins with the word `SPANHOP/1 spans`, then lines `name: value` (unknown
 * ones are ignored), then an empty line; lines end with \n. Frames follow, to the end of the connection:
 *
 *     kind, 1 byte | length of the payload, 3 bytes big endian | payload
 *
 * 0 `request`: an `ExportTraceServiceRequest`. A stream of these alone is what the OpenTelemetry Collector's file exporter writes.
 * 1 `context`: the number of a context, 2 bytes | length of what follows next, 4 bytes | a `ResourceSpans` without its `scope_spans` | a `ScopeSpans`
 *   without its `spans`. A number may be given again, to another context.
 * 2 `span`: the number of its context, 2 bytes | a `Span`.
 * 3 `lost`: 4 bytes, how many spans the program could not hand over, since it last told.
 *
 * A span in progress is a span whose `end_time_unix_nano` is 0; the same span comes again when it has ended.
 *
 * The program gets nothing to read but for two lines, for unread bytes at its end would make the system throw away those that are still on their
 * way. `SPANHOP/1 ok` is sent to who asks by the line `answer: yes`: one who comes back after a while, and would know who listens there now. `end`
 * is sent before the connection is closed because the capture was stopped: nothing that was sent until then is lost.
 *
 * Web pages cannot get here: whatever a browser sends begins with a method of HTTP, or a handshake of TLS. Connections from other machines are
 * closed.
 */

/** What a stream begins with. No method of HTTP begins with its first two letters. Source: IANA, "HTTP Method Registry". */
export const STREAM_WORD = 'SPANHOP/1 spans';
/** The end of the head, and the longest one, both in bytes of ASCII. */
export const HEAD_END = '\n\n';
export const MAX_HEAD_BYTES = 1_024;
export const ANSWER_LINE = 'answer: yes';
export const ANSWER = 'SPANHOP/1 ok\n';
/** The capture was stopped. */
export const END = 'end\n';

export const FRAME = { request: 0, context: 1, span: 2, lost: 3 } as const;

/** Bytes before a payload. */
export const FRAME_HEAD_BYTES = 4;
/** The longest payload. */
export const MAX_PAYLOAD_BYTES = (1 << 24) - 1;
