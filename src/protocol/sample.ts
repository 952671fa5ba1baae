/**
 * The sample trace that is shipped, and the source that it comes from. It is a world of its own: its spans lead to its files only, and its files tell
 * of its spans only. Whatever is asked of code by document or by dataset asks here which of the two worlds it is about.
 */

/** Scheme of the sample's files, which the extension serves read-only. */
export const sampleScheme = 'spanhop-sample';

const root = `${sampleScheme}://sample`;
/** URI of the trace. */
export const sampleTrace = `${root}/checkout.otlp.json`;
/** URI of the folder with the source. */
export const sampleFolder = `${root}/shop`;

/** Whether a document is one of the sample's. */
export function isSampleFile(uri: string): boolean {
  return uri.startsWith(`${root}/`);
}

export function isSampleDataset(dataset: string): boolean {
  return dataset.startsWith(`file:${root}/`);
}
