import { describe, expect, it } from 'vitest';
import { revisionsOf } from '../../../../src/source';
import { isRevisionName } from '../../../../src/source/drift/revisions';

const hash = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

function named(attributes: Record<string, unknown>, resource: Record<string, unknown> = {}, asked?: readonly string[]): string[] {
  return revisionsOf({ service: 'cart', attributes, resource }, asked).map(
    ({ kind, name, from, dirty }) => `${kind} ${name} from ${from}${dirty ? ', dirty' : ''}`,
  );
}

function version(text: string): string[] {
  return revisionsOf({ service: '', attributes: {}, resource: { 'service.version': text } }).flatMap(({ kind, refs, dirty }) => [
    `${kind}${dirty ? ' dirty' : ''}: ${refs.join(' ')}`,
  ]);
}

describe('the revision that a span names', () => {
  it('is the commit of the version control conventions, old and new', () => {
    expect(named({}, { 'vcs.ref.head.revision': hash })).toEqual(['commit 1a2b3c4 from vcs.ref.head.revision']);
    expect(named({}, { 'vcs.repository.ref.revision': hash })).toEqual(['commit 1a2b3c4 from vcs.repository.ref.revision']);
    expect(named({}, { 'git.commit.sha': hash.toUpperCase() })).toEqual(['commit 1a2b3c4 from git.commit.sha']);
  });

  it('is none where nothing names one', () => {
    expect(named({ 'code.file.path': 'a.ts' }, { 'service.name': 'cart' })).toEqual([]);
    for (const text of ['', ' ', 'latest', 'unknown', 'dev', '(devel)', 'HEAD', 'snapshot']) expect(version(text)).toEqual([]);
    expect(named({}, { 'service.version': 12, 'vcs.ref.head.revision': ['x'.repeat(300)], 'git.commit.sha': { a: 1 } })).toEqual(
      [],
    );
  });

  it.each([
    ['1.4.2', ['tag: refs/tags/1.4.2 refs/tags/v1.4.2']],
    ['v1.4.2', ['tag: refs/tags/v1.4.2 refs/tags/1.4.2']],
    ['1.4.2-5-g1a2b3c4', ['commit: 1a2b3c4']],
    ['1.4.2-g1a2b3c4', ['commit: 1a2b3c4']],
    ['v1.4.2-5-g1a2b3c4-dirty', ['commit dirty: 1a2b3c4']],
    ['1.4.2+1a2b3c4', ['commit: 1a2b3c4']],
    ['1.4.2+sha.1a2b3c4', ['commit: 1a2b3c4']],
    ['1.4.2+1a2b3c4.dirty', ['commit dirty: 1a2b3c4']],
    ['git-1a2b3c4', ['commit: 1a2b3c4']],
    ['main-1a2b3c4', ['commit: 1a2b3c4']],
    ['sha-1a2b3c4', ['commit: 1a2b3c4']],
    [hash, [`commit: ${hash}`]],
    ['v0.0.0-20240102150405-1a2b3c4d5e6f', ['commit: 1a2b3c4d5e6f']],
    ['v0.0.0-20240102150405-1a2b3c4d5e6f+dirty', ['commit dirty: 1a2b3c4d5e6f']],
    // A date, a build's number and a word are no hashes.
    ['20240102', ['tag: refs/tags/20240102 refs/tags/v20240102']],
    ['1.4.2-20240102', ['tag: refs/tags/1.4.2-20240102 refs/tags/v1.4.2-20240102']],
    ['feature-defaced-2', ['tag: refs/tags/feature-defaced-2 refs/tags/vfeature-defaced-2']],
    ['1.4.2+build5', ['tag: refs/tags/1.4.2+build5 refs/tags/v1.4.2 refs/tags/1.4.2']],
  ])('reads the version %s', (text, expected) => {
    expect(version(text)).toEqual(expected);
  });

  it('is a tag of the package first, where a repository holds several', () => {
    const [tag] = revisionsOf({ service: 'cart', attributes: {}, resource: { 'service.version': '1.4.2' } });
    expect(tag.refs[0]).toBe('refs/tags/cart@1.4.2');
    expect(tag.refs).toContain('refs/tags/cart/v1.4.2');
  });

  it('takes the span before its resource, and a hash before a version before a branch', () => {
    const resource = { 'service.version': '1.4.2', 'vcs.ref.head.revision': hash, 'container.image.tags': ['v1', 'latest'] };
    const span = { 'vcs.ref.head.revision': 'ffffffffffffffffffffffffffffffffffffffff' };
    expect(named(span, resource)).toEqual([
      'commit fffffff from vcs.ref.head.revision',
      'commit 1a2b3c4 from vcs.ref.head.revision',
      'tag 1.4.2 from service.version',
      'tag v1 from container.image.tags',
    ]);
    // A branch went on since; beside a hash it says nothing.
    expect(named({}, { 'vcs.ref.head.name': 'main', 'vcs.ref.head.type': 'branch', 'vcs.ref.head.revision': hash })).toHaveLength(
      1,
    );
    expect(named({}, { 'vcs.ref.head.name': 'main', 'vcs.ref.head.type': 'branch' })).toEqual([
      'branch main from vcs.ref.head.name',
    ]);
    expect(named({}, { 'vcs.ref.head.name': 'v2', 'vcs.ref.head.type': 'tag' })).toEqual(['tag v2 from vcs.ref.head.name']);
    expect(named({}, { 'vcs.ref.head.name': 'refs/heads/a/b' })).toEqual(['branch a/b from vcs.ref.head.name']);
  });

  it('asks the attributes of the setting first', () => {
    expect(named({ 'acme.build': 'nightly/7' }, { 'vcs.ref.head.revision': hash }, ['acme.build'])).toEqual([
      'tag nightly/7 from acme.build',
      'branch nightly/7 from acme.build',
      'commit 1a2b3c4 from vcs.ref.head.revision',
    ]);
  });

  it('is never a text that Git could take for something else', () => {
    const hostile = [
      '--upload-pack=touch /tmp/x',
      '-p',
      'HEAD~5',
      'main..v1.2',
      'v1.2^{tree}',
      'main@{1.day.ago}',
      ':/fix 1',
      'v1\nHEAD',
      'v1\0',
      'v1 HEAD',
      '../../etc/passwd1',
      '$(touch 1)',
      '`id`1',
      'a'.repeat(500),
      '\u202egpj.1',
    ];
    for (const text of hostile) {
      for (const key of ['vcs.ref.head.revision', 'vcs.ref.head.name', 'service.version', 'mine']) {
        const revisions = revisionsOf({ service: text, attributes: { [key]: text }, resource: {} }, ['mine']);
        for (const ref of revisions.flatMap(({ refs }) => refs)) {
          expect(isRevisionName(ref)).toBe(true);
          expect(ref).not.toMatch(/^-|\.\.|[\s~^:?*[\\]|@\{/);
        }
      }
    }
    expect(isRevisionName('--output=x')).toBe(false);
    expect(isRevisionName('refs/tags/v1.4.2')).toBe(true);
  });

  it('is bounded', () => {
    const tags = Array.from({ length: 1000 }, (_, i) => `v${i}`);
    expect(named({}, { 'container.image.tags': tags }).length).toBeLessThanOrEqual(8);
  });
});
