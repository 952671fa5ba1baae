import { expect, it } from 'vitest';
import { Notices } from '../../../../src/app/messages/notices';
import type { EngineNotice } from '../../../../src/protocol/engine';

function notices() {
  const told: string[] = [];
  const listening = { dispose: () => {} };
  const made = new Notices(
    { onDidNotice: () => listening },
    {
      tell: async (level, message, steps = []) =>
        void told.push([`${level}: ${message}`, ...steps.map(({ label }) => label)].join(' | ')),
    },
    {
      capture: { id: 'capture', label: 'Start', run: () => {} },
      redaction: { id: 'redaction', label: 'Edit', run: () => {} },
    },
  );
  return {
    told,
    take: (notice: Partial<EngineNotice>) => made.take({ key: 'disk', level: 'error', message: 'full', ...notice }),
  };
}

it('tells a trouble once, however often it is met', () => {
  const { told, take } = notices();
  take({});
  take({ message: 'full again' });
  take({ key: 'folder', level: 'warning', message: 'gone' });
  expect(told).toEqual(['error: full', 'warning: gone']);
});

it('tells it again after it was over', () => {
  const { told, take } = notices();
  take({});
  take({ over: true });
  take({});
  expect(told).toEqual(['error: full', 'error: full']);
});

it('offers what leads on', () => {
  const { told, take } = notices();
  take({ step: 'redaction' });
  expect(told).toEqual(['error: full | Edit']);
});
