/**
 * Lists and maps nest at most 32 levels; what is deeper is `…`. Maps have no prototype, so that any key is harmless. An int64 beyond
 * ±2^53 is a bigint; OTLP's empty value is undefined.
 */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }
  | undefined;
