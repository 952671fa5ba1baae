/** Failures of the exported API: every one is an error with a kind and a sentence. */

import { SpanhopError, toErrorData } from '../../base/errors';

export async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SpanhopError ? error : SpanhopError.from(toErrorData(error));
  }
}
