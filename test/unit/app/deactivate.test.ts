// VS Code waits for what `deactivate` returns: the engine stops the capture by then, so that the next window finds its index.
import { expect, it, vi } from 'vitest';
import { activate, deactivate } from '../../../src/extension';
import { outcome, type Waiting, waiting } from './support/fakeEngine';

const built = vi.hoisted((): { closing?: Waiting<void>; closed: number } => ({ closed: 0 }));
vi.mock('../../../src/composition', () => ({
  compose: () => ({
    api: { apiVersion: 1 },
    close: () => {
      built.closed++;
      return built.closing?.promise;
    },
  }),
}));

it('is waited for until all is closed, and closes once', async () => {
  built.closing = waiting();
  await deactivate();
  expect(built.closed).toBe(0);
  Reflect.apply(activate, undefined, [{}]);
  const leaving = deactivate();
  expect(await outcome(leaving)).toBe('waits');
  built.closing.resolve();
  await leaving;
  await deactivate();
  expect(built.closed).toBe(1);
});
