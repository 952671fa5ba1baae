/** The formats by the names that their users know. */

import type { TraceFormat } from './sink/layout';

export const formatNames: Readonly<Record<TraceFormat, string>> = {
  'otlp-json': 'OTLP JSON',
  'otlp-jsonl': 'OTLP JSON lines',
  'otlp-proto': 'OTLP protobuf',
  jaeger: 'Jaeger JSON',
  zipkin: 'Zipkin JSON',
  tempo: 'Tempo',
  'python-console': 'Python console exporter',
  'go-stdout': 'Go stdout exporter',
  'js-console': 'JavaScript console exporter',
  'js-spans': 'JavaScript SDK spans',
  'java-log': 'Java logging exporter',
  'dotnet-console': '.NET console exporter',
  'php-console': 'PHP console exporter',
  'ruby-console': 'Ruby console exporter',
  'rust-console': 'Rust stdout exporter',
  'cpp-console': 'C++ ostream exporter',
  'collector-debug': 'Collector debug exporter',
  'zipkin-v1': 'Zipkin v1 JSON',
  'jaeger-documents': 'Jaeger documents of Elasticsearch',
  'jaeger-model': 'Jaeger model JSON',
  xray: 'AWS X-Ray',
  'cloud-trace': 'Google Cloud Trace',
  mixed: 'several formats',
};
