/** Names of statuses and kinds in the query language, with OTLP's numbers. */

import {
  KIND_CLIENT,
  KIND_CONSUMER,
  KIND_INTERNAL,
  KIND_PRODUCER,
  KIND_SERVER,
  KIND_UNSPECIFIED,
  STATUS_ERROR,
  STATUS_OK,
  STATUS_UNSET,
} from '../model/batch';

export const statusNumbers = { unset: STATUS_UNSET, ok: STATUS_OK, error: STATUS_ERROR } as const;
export const kindNumbers = {
  unspecified: KIND_UNSPECIFIED,
  internal: KIND_INTERNAL,
  server: KIND_SERVER,
  client: KIND_CLIENT,
  producer: KIND_PRODUCER,
  consumer: KIND_CONSUMER,
} as const;

export function isStatusName(text: string): text is keyof typeof statusNumbers {
  return Object.hasOwn(statusNumbers, text);
}

export function isKindName(text: string): text is keyof typeof kindNumbers {
  return Object.hasOwn(kindNumbers, text);
}
