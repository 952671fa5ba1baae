/** The decoder of each format. */

import { JaegerGrammar } from './jaeger/jaeger';
import { type Grammar, JsonDecoder } from './json/machine';
import { OtlpJsonGrammar } from './otlp/otlpJson';
import { OtlpProtoDecoder } from './otlp/otlpProto';
import type { Layout, TraceFormat } from './sink/layout';
import type { PieceDecoder, Sink } from './sink/sink';
import { ZipkinGrammar } from './zipkin/zipkin';
import { ZipkinProtoDecoder } from './zipkin/zipkinProto';

/** A decoder of data that is laid out like this, which puts what it reads into `sink`. */
export function decoderFor(layout: Layout, sink: Sink): PieceDecoder {
  if (layout.format === 'zipkin-proto') return new ZipkinProtoDecoder(sink);
  if (!layout.json) return new OtlpProtoDecoder(sink, layout.framed, layout.wrapped);
  const grammar = grammarFor(layout.format, sink);
  return new JsonDecoder(sink, grammar, layout.format === 'otlp-jsonl');
}

function grammarFor(format: TraceFormat, sink: Sink): Grammar {
  switch (format) {
    case 'jaeger':
      return new JaegerGrammar(sink);
    case 'zipkin':
      return new ZipkinGrammar(sink);
    default:
      return new OtlpJsonGrammar(sink);
  }
}
