/** Logz.io as settings and forms have it. */

import type { BackendDescriptor } from '../common/descriptor';

const hour = 3_600_000;

export const logzio: BackendDescriptor = {
  type: 'logzio',
  label: 'Logz.io',
  exampleUrl: 'https://api-eu.logz.io',
  // Source: docs.logz.io, "Account region".
  address: ({ region }) => `https://api${region === undefined || region === 'us' ? '' : `-${region}`}.logz.io`,
  fields: [
    {
      name: 'region',
      label: 'Region',
      description: 'Where the account is, as its address in the browser tells: app-eu.logz.io is "eu", app.logz.io "us".',
      type: 'string',
      choices: ['us', 'au', 'ca', 'eu', 'nl', 'uk', 'wa'],
      default: 'us',
      isAsked: true,
    },
    {
      name: 'lookbackDays',
      label: 'Days of a trace',
      description: 'How many days back a trace is looked for by its id. Two days are one request.',
      type: 'number',
      default: 14,
    },
  ],
  credentials: ['header'],
  tokenHeader: 'X-API-TOKEN',
  // One request has two calendar days.
  defaultWindowMs: 24 * hour,
  maxWindowMs: 48 * hour,
  capabilities: { dependencies: false, tags: false, services: true },
  rateLimit: { atOnce: 100 },
  async create(context) {
    const { LogzioBackend } = await import('./logzio');
    return new LogzioBackend(context);
  },
};
