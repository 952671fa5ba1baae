// Real repositories and the real Git: what a person does to a file, and what the history answers.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findGit } from '../../../../src/app/source/git/findGit';
import { GitHistory, type GitHost } from '../../../../src/app/source/git/gitHistory';
import { findCommand } from '../../../support/findCommand.mjs';

const root = mkdtempSync(join(tmpdir(), 'spanhop-git-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const environment = {
  PATH: process.env.PATH,
  HOME: root,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main', ...args], {
    cwd,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function commit(folder: string, message: string): string {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
}

let count = 0;
function repository(files: Record<string, string>): { folder: string; hash: string } {
  const folder = join(root, `repo ${count++}`);
  mkdirSync(folder);
  git(folder, 'init', '-q');
  for (const [file, text] of Object.entries(files)) write(folder, file, text);
  return { folder, hash: commit(folder, 'first') };
}

const uri = (...path: string[]): string => pathToFileURL(join(...path)).toString();
const program = findGit([]);

function history(folders: readonly string[], other: Partial<GitHost> = {}): GitHistory {
  return new GitHistory({
    findGit: () => program,
    isTrusted: () => true,
    mayRead: async () => true,
    folders: () => folders.map((folder) => uri(folder)),
    opened: () => {},
    ...other,
  });
}

const lines = (...names: string[]): string => names.map((name) => `export const ${name} = compute('${name}');\n`).join('');

describe.skipIf(!findCommand('git'))('the history of a file', () => {
  let folder: string;
  let first: string;

  beforeAll(() => {
    ({ folder, hash: first } = repository({ 'src/pricing.ts': lines('one', 'two', 'three'), 'src/other.ts': lines('four') }));
    git(folder, 'tag', 'v1.4.2');
    git(folder, 'tag', '-a', '-m', 'a', 'cart@2.0.0');
    write(folder, 'src/pricing.ts', lines('zero', 'one', 'two', 'three'));
    commit(folder, 'second');
  });

  it('is the text at a hash, whole or short, at a tag of either kind and at a branch', async () => {
    const asked = history([folder]);
    const file = uri(folder, 'src/pricing.ts');
    for (const ref of [first, first.slice(0, 7), 'refs/tags/v1.4.2', 'refs/tags/cart@2.0.0']) {
      expect(await asked.textAt(file, [ref])).toEqual({ commit: first, text: lines('one', 'two', 'three') });
    }
    expect(await asked.textAt(file, ['refs/tags/nope', 'refs/heads/main'])).toMatchObject({
      text: lines('zero', 'one', 'two', 'three'),
    });
  });

  it('answers the same object again, without a process', async () => {
    const asked = history([folder]);
    const file = uri(folder, 'src/pricing.ts');
    const once = await asked.textAt(file, [first]);
    // A process would find no repository.
    renameSync(join(folder, '.git'), join(folder, 'away'));
    try {
      expect(await asked.textAt(file, [first])).toBe(once);
    } finally {
      renameSync(join(folder, 'away'), join(folder, '.git'));
    }
  });

  it('gives each of many files that are asked for at once its own text', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `src/file ${i}.ts`);
    const { folder: own, hash } = repository(
      Object.fromEntries(names.map((name) => [name, lines(`of${name.length}_${name.slice(9, -3)}`)])),
    );
    const asked = history([own]);
    const answers = await Promise.all([...names, 'src/none.ts'].map((name) => asked.textAt(uri(own, name), [hash])));
    for (const [i, name] of names.entries())
      expect(answers[i]).toEqual({ commit: hash, text: lines(`of${name.length}_${name.slice(9, -3)}`) });
    expect(answers[250]).toHaveProperty('problem');
  });

  it('asks for names again when refs changed', async () => {
    const { folder: own, hash } = repository({ 'a.ts': lines('one') });
    const asked = history([own]);
    const before = await asked.textAt(uri(own, 'a.ts'), ['refs/heads/main']);
    write(own, 'a.ts', lines('two'));
    const later = commit(own, 'second');
    expect(await asked.textAt(uri(own, 'a.ts'), ['refs/heads/main'])).toBe(before);
    asked.forgetRefs();
    expect(await asked.textAt(uri(own, 'a.ts'), ['refs/heads/main'])).toMatchObject({ commit: later });
    expect(await asked.textAt(uri(own, 'a.ts'), [hash])).toMatchObject({ text: lines('one') });
  });

  it('says what is wrong in words', async () => {
    const asked = history([folder]);
    const file = uri(folder, 'src/pricing.ts');
    const unknown = 'ffffffffffffffffffffffffffffffffffffffff';
    expect(await asked.textAt(file, [unknown])).toEqual({
      problem: 'Commit fffffff is not in this repository.',
      missing: 'fffffff',
    });
    expect(await asked.textAt(file, ['refs/tags/v9'])).toEqual({ problem: 'Tag v9 is not in this repository.', missing: 'v9' });
    expect(await asked.textAt(file, ['refs/tags/cart@9', 'refs/tags/v9', 'refs/tags/9'])).toMatchObject({
      problem: 'Tag 9 is not in this repository.',
    });
    write(folder, 'src/new.ts', lines('nine'));
    expect(await asked.textAt(uri(folder, 'src/new.ts'), [first])).toMatchObject({
      problem: expect.stringMatching(/^new\.ts is not in commit/),
    });
    write(root, 'loose.ts', lines('one'));
    expect(await asked.textAt(uri(root, 'loose.ts'), [first])).toEqual({ problem: 'loose.ts is in no Git repository.' });
    expect(await asked.textAt('vscode-vfs://github/a/b.ts', [first])).toMatchObject({
      problem: expect.stringMatching(/this machine/),
    });
  });

  it('tells a shallow clone', async () => {
    const clone = join(root, 'shallow');
    write(folder, 'src/other.ts', lines('five'));
    commit(folder, 'third');
    git(root, 'clone', '-q', '--depth', '1', pathToFileURL(folder).toString(), clone);
    expect(await history([clone]).textAt(uri(clone, 'src/pricing.ts'), [first])).toMatchObject({
      problem: `Commit ${first.slice(0, 7)} is not in this repository, which is a shallow clone.`,
      missing: first.slice(0, 7),
    });
  });

  it('is not asked in a workspace that is not trusted, and starts nothing', async () => {
    let started = false;
    const asked = history([folder], {
      isTrusted: () => false,
      findGit: () => {
        started = true;
        return program;
      },
    });
    expect(await asked.textAt(uri(folder, 'src/pricing.ts'), [first])).toEqual({
      problem: 'Git is not asked in a workspace that is not trusted.',
    });
    expect(started).toBe(false);
  });

  it('says so where there is no Git', async () => {
    const asked = history([folder], { findGit: () => findGit([], join(root, 'nowhere')) });
    expect(await asked.textAt(uri(folder, 'src/pricing.ts'), [first])).toMatchObject({
      problem: expect.stringMatching(/not found/),
    });
  });

  it('never gives Git a revision that is none', async () => {
    const asked = history([folder]);
    const file = uri(folder, 'src/pricing.ts');
    for (const ref of ['--version', '-p', `--output=${root}/written`, 'v1.4.2\nHEAD', 'HEAD~1', ':/first', 'v1.4.2^{tree}', ''])
      expect(await asked.textAt(file, [ref])).toHaveProperty('problem');
    expect(existsSync(join(root, 'written'))).toBe(false);
  });

  it('runs nothing that a repository is set up to run', async () => {
    const { folder: own, hash } = repository({ 'a.ts': lines('one', 'two', 'three') });
    const mark = join(root, 'ran');
    const script = join(root, 'run.sh');
    writeFileSync(script, `#!/bin/sh\ntouch "${mark}"\n`);
    chmodSync(script, 0o755);
    for (const key of ['core.fsmonitor', 'core.pager', 'diff.external', 'core.sshCommand', 'core.gitProxy', 'credential.helper'])
      git(own, 'config', key, script);
    git(own, 'config', 'core.hooksPath', root);
    git(own, 'config', 'filter.evil.clean', script);
    git(own, 'config', 'filter.evil.smudge', script);
    git(own, 'config', 'diff.evil.textconv', script);
    writeFileSync(join(own, '.git', 'info', 'attributes'), '* filter=evil diff=evil\n');
    git(own, 'config', 'remote.origin.url', `ext::${script}`);
    git(own, 'config', 'remote.origin.promisor', 'true');
    git(own, 'config', 'remote.origin.partialCloneFilter', 'blob:none');
    renameSync(join(own, 'a.ts'), join(own, 'b.ts'));
    const asked = history([own]);
    await asked.textAt(uri(own, 'b.ts'), [hash]);
    await asked.renamedSince('a.ts', [hash]);
    await asked.textAt(uri(own, 'b.ts'), ['ffffffffffffffffffffffffffffffffffffffff']);
    expect(existsSync(mark)).toBe(false);
  });
});

describe.skipIf(!findCommand('git'))('renamed files', () => {
  let folder: string;
  let hash: string;
  const text = lines('one', 'two', 'three', 'four', 'five', 'six');

  beforeEach(() => {
    ({ folder, hash } = repository({ 'src/pricing.ts': text, 'src/rates.ts': lines('alpha', 'beta', 'gamma') }));
  });

  async function follow(today: string): Promise<unknown> {
    const asked = history([folder]);
    expect(await asked.renamedSince('pricing.ts', [hash])).toEqual({
      files: [{ from: uri(folder, 'src/pricing.ts'), to: uri(folder, today) }],
    });
    return asked.textAt(uri(folder, today), [hash]);
  }

  it('are followed where the rename was committed, with edits', async () => {
    git(folder, 'mv', 'src/pricing.ts', 'src/price.ts');
    write(folder, 'src/price.ts', text.replace("'two'", "'zwei'"));
    commit(folder, 'rename');
    expect(await follow('src/price.ts')).toEqual({ commit: hash, text, renamedFrom: uri(folder, 'src/pricing.ts') });
  });

  it('are followed where it was staged', async () => {
    mkdirSync(join(folder, 'lib'));
    git(folder, 'mv', 'src/pricing.ts', 'lib/pricing.ts');
    expect(await follow('lib/pricing.ts')).toMatchObject({ text, renamedFrom: uri(folder, 'src/pricing.ts') });
  });

  it('are followed where only the file was moved, and Git knows nothing of it', async () => {
    renameSync(join(folder, 'src/pricing.ts'), join(folder, 'src/preise.ts'));
    write(folder, 'src/preise.ts', `${text}export const more = 1;\n`);
    write(folder, 'src/unrelated.ts', lines('x', 'y', 'z'));
    expect(await follow('src/preise.ts')).toMatchObject({ text, renamedFrom: uri(folder, 'src/pricing.ts') });
  });

  it('are none where a link took the place, whose text is of elsewhere', async () => {
    const elsewhere = join(root, `elsewhere ${count++}.ts`);
    renameSync(join(folder, 'src/pricing.ts'), elsewhere);
    symlinkSync(elsewhere, join(folder, 'src/preise.ts'));
    expect(await history([folder]).renamedSince('pricing.ts', [hash])).toEqual({ files: [] });
  });

  it('are looked for again when files changed', async () => {
    const asked = history([folder]);
    expect(await asked.renamedSince('pricing.ts', [hash])).toEqual({ files: [] });
    renameSync(join(folder, 'src/pricing.ts'), join(folder, 'src/preise.ts'));
    asked.forgetFiles();
    expect(await asked.renamedSince('pricing.ts', [hash])).toMatchObject({ files: [{ to: uri(folder, 'src/preise.ts') }] });
  });
});

describe.skipIf(!findCommand('git'))('where a repository is', () => {
  it('is not asked by a link that leads out of what may be read', async () => {
    const { folder, hash } = repository({ 'a.ts': lines('outer') });
    const theirs = repository({ 'b.ts': lines('theirs') });
    symlinkSync(theirs.folder, join(folder, 'linked'));
    const opened: string[] = [];
    const asked = history([folder], {
      mayRead: async (file) => !file.includes('/linked/'),
      opened: (found) => opened.push(found.root),
    });
    expect(await asked.textAt(uri(folder, 'linked/b.ts'), [theirs.hash])).toEqual({
      problem: 'Git is not asked for files outside of the workspace.',
    });
    expect(await asked.textAt(uri(folder, 'a.ts'), [hash])).toHaveProperty('text');
    expect(opened).toEqual([folder]);
  });

  it('is the innermost one of nested repositories', async () => {
    const { folder, hash } = repository({ 'a.ts': lines('outer') });
    mkdirSync(join(folder, 'inner'));
    git(join(folder, 'inner'), 'init', '-q');
    write(folder, 'inner/a.ts', lines('inner'));
    const inner = commit(join(folder, 'inner'), 'inner');
    const asked = history([folder]);
    expect(await asked.textAt(uri(folder, 'inner/a.ts'), [inner])).toMatchObject({ text: lines('inner') });
    expect(await asked.textAt(uri(folder, 'a.ts'), [hash])).toMatchObject({ text: lines('outer') });
    expect(await asked.textAt(uri(folder, 'a.ts'), [inner])).toHaveProperty('missing');
  });

  it('is a linked worktree, and a workspace folder within a repository', async () => {
    const { folder, hash } = repository({ 'packages/cart/src/a.ts': lines('one') });
    const linked = join(root, 'linked');
    git(folder, 'worktree', 'add', '-q', linked);
    expect(await history([linked]).textAt(uri(linked, 'packages/cart/src/a.ts'), [hash])).toMatchObject({ text: lines('one') });
    git(folder, 'mv', 'packages/cart/src/a.ts', 'packages/cart/src/b.ts');
    const asked = history([join(folder, 'packages/cart')]);
    expect(await asked.renamedSince('a.ts', [hash])).toEqual({
      files: [{ from: uri(folder, 'packages/cart/src/a.ts'), to: uri(folder, 'packages/cart/src/b.ts') }],
    });
  });

  it('is a submodule, also where the commit is that of the repository around it', async () => {
    const { folder: library, hash: inner } = repository({ 'src/a.ts': lines('library') });
    const { folder } = repository({ 'main.ts': lines('one') });
    git(folder, 'submodule', 'add', '-q', library, 'libs/shared');
    const outer = commit(folder, 'with submodule');
    const asked = history([folder]);
    const file = uri(folder, 'libs/shared/src/a.ts');
    expect(await asked.textAt(file, [inner])).toMatchObject({ commit: inner, text: lines('library') });
    expect(await asked.textAt(file, [outer])).toMatchObject({ commit: inner, text: lines('library') });
  });
});
