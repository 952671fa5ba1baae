// The ladder with a history: a file as it was at the commit of a span, and as it is.

import { describe, expect, it } from 'vitest';
import {
  parseStack,
  type ResolveResult,
  resolveAttributes,
  resolveFrame,
  resolveSpan,
  revisionsOf,
  type SpanSource,
} from '../../../../src/source';
import { advise } from '../../../../src/source/advice';
import type { HistoryPort } from '../../../../src/source/model/history';
import { memoryWorkspace } from '../support/workspace';

const folder = 'file:///work/shop';
const file = `${folder}/src/payments.ts`;
const hash = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

const then = `import { gateway } from './gateway';

export function charge(order: Order): Receipt {
  const total = sum(order);
  return gateway.send(total);
}

export function refund(order: Order): void {
  gateway.refund(order.total);
}
`;
const inserted = then.replace("'./gateway';\n", `'./gateway';\n${"import './more';\n".repeat(40)}`);

interface World {
  readonly now: string;
  readonly path?: string;
  readonly history?: Partial<HistoryPort>;
  readonly resource?: Record<string, unknown>;
  readonly attributes?: Record<string, unknown>;
}

function asked(): HistoryPort & { questions: string[] } {
  const questions: string[] = [];
  return {
    questions,
    textAt: async (uri, refs) => {
      questions.push(`${uri.slice(folder.length)} at ${refs[0].slice(0, 7)}`);
      return refs[0] === hash ? { commit: hash, text: then } : { problem: `Commit ${refs[0]} is not here.`, missing: refs[0] };
    },
    renamedSince: async () => ({ files: [] }),
  };
}

function span({ resource, attributes }: World): SpanSource {
  return {
    name: 'charge',
    service: 'shop',
    attributes: attributes ?? { 'code.file.path': '/app/src/payments.ts', 'code.line.number': 5, 'code.function.name': 'charge' },
    resource: resource ?? { 'vcs.ref.head.revision': hash },
    events: [],
  };
}

async function resolve(world: World): Promise<ResolveResult & { questions: string[] }> {
  const history = { ...asked(), ...world.history };
  const workspace = memoryWorkspace([folder], { [world.path ?? file]: world.now });
  const result = await resolveSpan(span(world), { workspace, history }, { pathMappings: { '/app': folder } });
  return { ...result, questions: history.questions };
}

describe('lines of a commit', () => {
  it('become lines of today, with what happened', async () => {
    const { candidates, revision } = await resolve({ now: inserted });
    expect(candidates[0]).toMatchObject({
      line: 44,
      confidence: 0.97,
      drift: {
        commit: hash,
        lineThen: 4,
        kind: 'moved',
        note: 'The line moved from 5 to 45 since 1a2b3c4.',
        label: 'moved from line 5 since 1a2b3c4',
      },
    });
    expect(candidates[0].reason).toContain('moved from line 5 since 1a2b3c4');
    expect(revision).toEqual({ name: '1a2b3c4', kind: 'commit', from: 'vcs.ref.head.revision' });
  });

  it('are left alone where nothing changed', async () => {
    const { candidates } = await resolve({ now: then.replaceAll('\n', '\r\n') });
    expect(candidates[0]).toMatchObject({ line: 4, confidence: 0.97, drift: { kind: 'same', lineThen: 4, label: '' } });
    expect(candidates[0].reason).not.toContain('since');
  });

  it('are judged by the file as it was: a suffix that the function confirmed stays sure', async () => {
    const world: World = {
      now: inserted.replaceAll('charge', 'collect'),
      attributes: {
        'code.file.path': '/build/7/src/payments.ts',
        'code.line.number': 5,
        'code.function.name': 'charge',
      },
    };
    const { candidates } = await resolve(world);
    expect(candidates[0].reason).toContain('charge stands near that line');
    expect(candidates[0]).toMatchObject({ line: 44, drift: { kind: 'changed' } });
    expect(candidates[0].drift?.note).toBe(
      'charge changed since 1a2b3c4, the commit of this trace, and is called collect now. The line moved from 5 to 45.',
    );
  });

  it('beyond the end of today’s file are no stale ones', async () => {
    const long = `${"import './more';\n".repeat(100)}${then}`;
    const { candidates } = await resolve({
      now: then,
      attributes: { 'code.file.path': '/app/src/payments.ts', 'code.line.number': 105 },
      history: { textAt: async () => ({ commit: hash, text: long }) },
    });
    expect(candidates[0]).toMatchObject({ line: 4, confidence: 0.97, drift: { kind: 'moved', lineThen: 104 } });
  });

  it('lose confidence where the function changed, and more where it is gone', async () => {
    const rewritten = await resolve({ now: then.replace(/const total[^}]*/, 'return pay(order);\n') });
    expect(rewritten.candidates[0]).toMatchObject({ confidence: 0.6, drift: { kind: 'changed' } });
    expect(rewritten.candidates[0].drift?.note).toBe(
      'charge changed since 1a2b3c4, the commit of this trace. Line 5 is not in it any more.',
    );
    const edited = await resolve({ now: then.replace('sum(order)', 'sumOf(order)') });
    expect(edited.candidates[0]).toMatchObject({ line: 4, confidence: 0.85, drift: { label: 'function changed since 1a2b3c4' } });
    const gone = await resolve({ now: then.replace(/export function charge[\s\S]*?\n}\n/, '') });
    expect(gone.candidates[0]).toMatchObject({ confidence: 0.45, drift: { kind: 'gone' } });
    expect(gone.candidates[0].drift?.note).toBe(
      'charge is gone since 1a2b3c4, the commit of this trace. Line 5 stood near here.',
    );
  });

  it('say that the program was built with changes that were not committed', async () => {
    const { candidates } = await resolve({ now: inserted, resource: { 'service.version': `1.4.2-g${hash.slice(0, 40)}-dirty` } });
    expect(candidates[0].drift?.note).toMatch(/not committed, so lines may be off\.$/);
  });
});

describe('the history is asked', () => {
  it('not at all where no revision is named, or nothing is to be found', async () => {
    expect((await resolve({ now: then, resource: { 'service.name': 'shop' } })).questions).toEqual([]);
    expect((await resolve({ now: then, attributes: {} })).questions).toEqual([]);
    const history = asked();
    const workspace = memoryWorkspace([folder], { [file]: then });
    await resolveAttributes({ 'code.file.path': file, 'code.line.number': 5 }, { workspace, history }, { pathMappings: {} });
    expect(history.questions).toEqual([]);
  });

  it('by the next name where the first is not known, and keeps the problem where none is', async () => {
    const resource = { 'vcs.ref.head.revision': 'ffffffffff', 'service.version': `1-${hash}` };
    const both = await resolve({ now: inserted, resource });
    expect(both.candidates[0].drift?.kind).toBe('moved');
    expect(both.revision?.problem).toBeUndefined();
    const none = await resolve({ now: inserted, resource: { 'vcs.ref.head.revision': 'ffffffffff' } });
    expect(none.candidates[0]).toMatchObject({ line: 4 });
    expect(none.candidates[0].drift).toBeUndefined();
    expect(none.revision).toMatchObject({ name: 'fffffff', missing: 'fffffff', problem: 'Commit ffffffffff is not here.' });
  });

  it('for a renamed file by the name that the trace has', async () => {
    const { candidates } = await resolve({
      now: inserted,
      path: `${folder}/src/billing/pay.ts`,
      attributes: { 'code.file.path': '/srv/src/payments.ts', 'code.line.number': 5, 'code.function.name': 'charge' },
      history: {
        renamedSince: async (name) => ({
          files: name === 'payments.ts' ? [{ from: file, to: `${folder}/src/billing/pay.ts` }] : [],
        }),
        textAt: async () => ({ commit: hash, text: then, renamedFrom: file }),
      },
    });
    expect(candidates[0]).toMatchObject({ file: `${folder}/src/billing/pay.ts`, line: 44, drift: { kind: 'moved' } });
    expect(candidates[0].drift?.note).toContain('The file was payments.ts then.');
    expect(candidates[0].reason).toContain('which was src/payments.ts at the commit of the trace');
    expect(candidates[0].confidence).toBeGreaterThanOrEqual(0.9);
  });

  it('for a frame with the revision of its span', async () => {
    const stack = parseStack('Error: no\n    at charge (/app/src/payments.ts:5:10)', 'javascript');
    const frame = stack?.exceptions[0].frames[0];
    if (!frame) throw new Error('no frame');
    const workspace = memoryWorkspace([folder], { [file]: inserted });
    const options = { pathMappings: { '/app': folder }, revisions: revisionsOf(span({ now: '' })) };
    const { candidates } = await resolveFrame(frame, 'javascript', { workspace, history: asked() }, options);
    expect(candidates[0]).toMatchObject({ line: 44, drift: { kind: 'moved' } });
  });
});

describe('advice', () => {
  it('is to fetch the commit that is not here, where nothing was found', async () => {
    const result = await resolve({
      now: then,
      path: `${folder}/src/other.ts`,
      resource: { 'vcs.ref.head.revision': 'ffffffffff' },
      history: { renamedSince: async () => ({ problem: 'Commit fffffff is not in this repository.', missing: 'fffffff' }) },
      attributes: { 'code.file.path': '/srv/src/payments.ts', 'code.line.number': 5 },
    });
    expect(advise(result, true)[0]).toEqual({
      kind: 'fetchCommit',
      text: 'Fetch fffffff, the commit of this trace (git fetch).',
    });
    const version = await resolve({
      now: then,
      path: `${folder}/src/other.ts`,
      resource: { 'service.version': '1.0.0' },
      history: { renamedSince: async () => ({ problem: 'Tag 1.0.0 is not in this repository.', missing: '1.0.0' }) },
      attributes: { 'code.file.path': '/srv/src/payments.ts', 'code.line.number': 5 },
    });
    expect(advise(version, true).map(({ kind }) => kind)).not.toContain('fetchCommit');
  });
});
