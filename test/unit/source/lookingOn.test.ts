// What one resolution reads and who else waits: whoever gives up leaves nothing behind that fails with nobody to hear it.
import { expect, it } from 'vitest';
import { Context } from '../../../src/source/context/context';
import { memoryPorts } from './support/memory';

it('leaves no failure without a listener where it is given up in a pause', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const controller = new AbortController();
    const context = new Context(memoryPorts({ 'a.ts': 'a\n' }), { pathMappings: {} }, controller.signal);
    const begun = performance.now();
    while (performance.now() - begun < 20);
    controller.abort();
    await expect(context.lines('file:///work/a.ts')).rejects.toMatchObject({ kind: 'Cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unheard).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
  }
});
