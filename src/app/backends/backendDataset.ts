/** Datasets of the engine by the backends whose traces they hold. */

import { LOCAL_DATASET } from '../../protocol/traces';

export const backendPrefix = 'backend:';

/** The dataset of a backend's traces; 'local' and files are datasets themselves. */
export function datasetOf(backend: string): string {
  return backend === LOCAL_DATASET || backend.startsWith('file:') ? backend : `${backendPrefix}${backend}`;
}
