/** Reads backends' long answers as the window does: in an engine, here without its worker. The bytes are gone afterwards. */
import type { AnswerReader } from '../../src/backends/common/backend';
import { InProcessEngine } from './inProcessEngine';

export function engineReader(): AnswerReader {
  const engine = new InProcessEngine();
  return {
    readAnswer(bytes, want, signal) {
      const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
      return engine.call('readAnswer', { bytes: moved, want }, signal);
    },
  };
}
