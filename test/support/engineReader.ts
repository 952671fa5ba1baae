/** Reads backends' answers as the window does: in an engine, here without its worker. The bytes are gone afterwards. */
import type { AnswerReader } from '../../src/backends/common/backend';
import { InProcessEngine } from './inProcessEngine';

export function engineReader(rules: { readonly redactPatterns?: readonly string[] } = {}): AnswerReader {
  const engine = new InProcessEngine();
  const configured = engine.call('configure', { redactKeys: [], redactPatterns: [], captureLogBytes: 1, ...rules });
  return {
    async readAnswer(bytes, want, signal) {
      await configured;
      const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
      return engine.call('readAnswer', { bytes: moved, want }, signal);
    },
  };
}
