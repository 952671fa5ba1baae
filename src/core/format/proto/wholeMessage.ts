/**
 * Whether bytes are a whole `ExportTraceServiceRequest` on the outside: a body that was cut, or is something else, is refused as a whole,
 * while one with a damaged span inside keeps the others. A few reads for each resource, however long the body is.
 * `ExportLogsServiceRequest` is the same on the outside.
 */

/** Fields of `ExportTraceServiceRequest`: resource_spans = 1; unknown ones may follow. Source: protobuf.dev, "Encoding". */
export function isWholeMessage(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  let at = from;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    while (at < to) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
      if (scale > 2 ** 63) break;
    }
    return -1;
  };
  while (at < to) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (tag < 0 || field === 0) return false;
    // Resource spans are length-delimited.
    if (field === 1 && tag % 8 !== 2) return false;
    switch (tag % 8) {
      case 0:
        if (varint() < 0) return false;
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (length < 0) return false;
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        return false;
    }
  }
  return at === to;
}
