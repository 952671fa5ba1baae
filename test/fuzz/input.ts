/** One input, made of nothing but its seed. */

import type { Sample } from './corpus';
import { applyEdits, Buffer64, damage, type Edit } from './edits';
import { jsonEdit } from './jsonEdits';
import { writeChanged } from './protoEdits';
import type { Random } from './random';
import { textEdit } from './textEdits';

const UTF8_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
const buffer = new Buffer64();

/** Valid until the next one is made. `random` must have been given the seed. */
export function makeInput(sample: Sample, random: Random): Uint8Array {
  buffer.length = 0;
  const count = random.oneIn(20) ? 0 : 1 + random.below(3);
  if (sample.json) {
    const edits: Edit[] = [];
    for (let i = 0; i < count; i++) edits.push(jsonEdit(sample.bytes, sample.json, random));
    applyEdits(sample.bytes, edits, buffer);
    if (random.oneIn(60)) buffer.replace(0, 0, UTF8_MARK);
    if (random.oneIn(400)) asUtf16(random.oneIn(2));
  } else if (sample.text) {
    const edits: Edit[] = [];
    for (let i = 0; i < count; i++) edits.push(textEdit(sample.bytes, sample.text, random));
    applyEdits(sample.bytes, edits, buffer);
  } else if (sample.proto) {
    writeChanged(sample.proto.fields, sample.proto.all, count, random, buffer);
    if (sample.framed) frame(random);
  }
  if (random.oneIn(4)) for (let i = 1 + random.below(2); i > 0; i--) damage(buffer, random);
  return buffer.bytes.subarray(0, buffer.length);
}

/** The message once or twice, each with its length before it, which may lie. */
function frame(random: Random): void {
  const message = buffer.bytes.slice(0, buffer.length);
  buffer.length = 0;
  for (let i = random.oneIn(3) ? 2 : 1; i > 0; i--) {
    const length = random.oneIn(8) ? random.of([0, 1, message.length - 1, message.length + 1, 0xffffffff]) : message.length;
    buffer.append(Uint8Array.of(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255));
    buffer.append(message);
  }
}

function asUtf16(little: boolean): void {
  const text = new TextDecoder().decode(buffer.bytes.subarray(0, buffer.length));
  const all = new Uint8Array(2 + text.length * 2);
  const view = new DataView(all.buffer);
  view.setUint16(0, 0xfeff, little);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + i * 2, text.charCodeAt(i), little);
  buffer.length = 0;
  buffer.append(all);
}
