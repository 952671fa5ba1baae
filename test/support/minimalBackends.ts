/** The least that an entry of each kind needs, for tests that are run over all of them. A kind that is not named needs an address only. */
import type { BackendSettings } from '../../src/backends/common/backend';

/** By kind: what it needs beside `name` and `type`, with requests to this address; undefined: it makes no request. */
const minimal: Readonly<Record<string, ((url: string) => Partial<BackendSettings>) | undefined>> = {
  cloudtrace: () => ({ options: { projectId: 'demo-project', auth: 'none' } }),
  folder: undefined,
  // The key is in the environment of all unit tests.
  xray: () => ({ options: { region: 'eu-central-1' } }),
};

/** Settings of a kind whose requests go to an address; undefined: it makes none. */
export function minimalSettings(type: string, url: string): (Partial<BackendSettings> & { readonly type: string }) | undefined {
  if (!(type in minimal)) return { type, url };
  const settings = minimal[type]?.(url);
  return settings && { type, url, ...settings };
}
