/** Reads a backend's list or error, of any kind. */

import { SpanhopError } from '../../base/errors';
import { checkJsonDensity } from '../format/json/jsonDensity';
import type { Answer, AnswerWant, ReadAnswer } from './answer';
import { readCloudTraceAnswer } from './cloudTraceAnswer';
import { readElasticsearchAnswer } from './elasticsearchAnswer';
import { readGrafanaAnswer } from './grafanaAnswer';
import { readJaegerAnswer } from './jaegerAnswer';
import { readPrometheusAnswer } from './prometheusAnswer';
import { readTempoAnswer } from './tempoAnswer';
import { readXRayAnswer } from './xrayAnswer';
import { readZipkinAnswer } from './zipkinAnswer';

/** By the name that a want has in `of`. */
const answerKinds: Readonly<Record<string, ReadAnswer>> = {
  cloudtrace: readCloudTraceAnswer,
  elasticsearch: readElasticsearchAnswer,
  grafana: readGrafanaAnswer,
  jaeger: readJaegerAnswer,
  prometheus: readPrometheusAnswer,
  tempo: readTempoAnswer,
  xray: readXRayAnswer,
  zipkin: readZipkinAnswer,
};

/** Objects and lists within each other. Those of servers go ten deep. */
const MAX_NESTING = 512;
/** Bytes of an answer: 200,000 summaries, twenty times what is taken. */
const MAX_BYTES = 64 << 20;

/**
 * Takes as long as `JSON.parse` of it.
 * @returns undefined when it is no JSON
 * @throws SpanhopError `TooLarge` when it is nested deeper, or holds far more lists and values, than its length warrants
 */
export function readAnswer(bytes: Uint8Array, want: AnswerWant): Answer | undefined {
  if (bytes.length > MAX_BYTES)
    throw new SpanhopError(
      'TooLarge',
      `The answer is a list of more than ${MAX_BYTES >> 20} MB. Ask for fewer traces or a shorter range.`,
    );
  checkJsonDensity(bytes, { name: 'The answer', maxNesting: MAX_NESTING });
  const read = answerKinds[want.of];
  if (!read) throw new SpanhopError('BadQuery', `There is no reader for answers of ${want.of}.`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  return read(json, want);
}
