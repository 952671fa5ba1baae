/** Segments that a base address has. */
const usualBase = /^(?:api|rest|v\d+|public|internal|admin)$/;

/** Of what stands before a path that a call has: nothing else has to tell of it. */
export function isUsualBase(segment: string | undefined): boolean {
  return segment === undefined || usualBase.test(segment);
}
