/** Where X-Ray answers. Source: botocore, xray endpoint-rule-set-1.json. */

import type { BackendSettings } from '../common/backend';

/** Of an entry of the settings that names no address. */
export function xrayAddress(options: BackendSettings['options']): string {
  const { endpoint, region } = options;
  if (typeof endpoint === 'string' && URL.canParse(endpoint)) return endpoint;
  if (typeof region !== 'string') return 'https://xray.amazonaws.com';
  return `https://xray.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** The endpoint that the settings name; undefined: the SDK knows where the region's is. */
export function givenEndpoint({ url, options }: Pick<BackendSettings, 'url' | 'options'>): string | undefined {
  return typeof options.endpoint === 'string' || url !== xrayAddress(options) ? url : undefined;
}

/** `1-5759e988-bd862e3fe1be46a994272793` of 32 digits: the same id in X-Ray's notation. */
export function xrayId(traceId: string): string {
  return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
}
