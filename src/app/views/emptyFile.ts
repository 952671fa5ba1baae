/** What is said of a file that is trace data and holds no traces: an empty table would not tell whether something is missing. */

import type { DatasetContent, FileFormat } from '../../protocol/files';

const search = 'Search again over a wider time range and without a filter, or ask for one trace by its id, and save that answer.';

const answers: Partial<Record<FileFormat, string>> = {
  jaeger: `It is what Jaeger answers when a search finds none. ${search}`,
  zipkin: `It is an empty list, as Zipkin answers it when a search finds none. ${search}`,
  tempo: `It is an answer of Tempo's without a span. ${search}`,
};

const request =
  'It is OTLP without a span. If it is the answer to a search, search over a wider time range. If a program or a Collector writes it, spans are shown as soon as they are in it.';

export function emptyFile(
  name: string,
  { format, defects }: DatasetContent,
): { readonly title: string; readonly message: string } {
  const said = defects.map(({ message }) => message).join(' ');
  return { title: `${name} holds no traces`, message: said === '' ? (answers[format] ?? request) : said };
}
