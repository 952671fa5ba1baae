import { describe, expect, it } from 'vitest';
import { SearchMemory } from '../../../../src/app/queries/searchMemory';

function made(written: { user?: unknown; workspace?: unknown } = {}) {
  const kept = new Map<string, unknown>();
  const lists: Record<string, unknown> = { ...written };
  const memory = new SearchMemory(
    {
      writtenList: (_name, from) => (Array.isArray(lists[from]) ? lists[from] : []),
      writeList: async (_name, from, entries) => {
        lists[from] = entries;
      },
    },
    {
      get: (key) => kept.get(key),
      update: async (key, value) => {
        kept.set(key, value);
      },
    },
  );
  return { memory, lists, kept };
}

describe('searches of late', () => {
  it('are the last ten, each once, the newest first', () => {
    const { memory } = made();
    for (let i = 0; i < 15; i++) memory.remember({ text: `{ .a = ${i} }` });
    memory.remember({ text: '{ .a = 9 }' });
    memory.remember({});
    expect(memory.recent.map(({ text }) => text)).toEqual([9, 14, 13, 12, 11, 10, 8, 7, 6, 5].map((i) => `{ .a = ${i} }`));
  });

  it('are only what can be read of what was kept', () => {
    const { memory, kept } = made();
    kept.set('spanhop.recentSearches', [5, null, { text: 7 }, { service: 'cart', lookbackMs: -1 }, {}]);
    expect(memory.recent.map(({ service }) => service)).toEqual(['cart']);
    kept.set('spanhop.recentSearches', 'no list');
    expect(memory.recent).toEqual([]);
  });
});

describe('saved searches', () => {
  const failed = { name: 'failed', query: '{ status = error }' };

  it('are those of the workspace and of the user, without what is none', () => {
    const { memory } = made({
      user: [failed, { name: '', query: 'x' }, { name: 'no query' }, 7, null],
      workspace: [{ name: ' failed ', query: '{ .a }', more: true }],
    });
    expect(memory.saved).toEqual([
      { name: 'failed', query: '{ .a }', from: 'workspace' },
      { ...failed, from: 'user' },
    ]);
  });

  it('are written and removed where they stand, and leave all else as it is', async () => {
    const { memory, lists } = made({ user: [{ odd: true }, failed], workspace: [failed] });
    await memory.save('failed', '{ status = error && .a }', 'user');
    await memory.save('slow', '{ duration > 1s }', 'user');
    expect(lists.user).toEqual([
      { odd: true },
      { name: 'failed', query: '{ status = error && .a }' },
      { name: 'slow', query: '{ duration > 1s }' },
    ]);
    await memory.remove({ name: 'failed', query: '', from: 'user' });
    expect(lists.user).toEqual([{ odd: true }, { name: 'slow', query: '{ duration > 1s }' }]);
    expect(lists.workspace).toEqual([failed]);
  });
});
