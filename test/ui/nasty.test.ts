// Hard traces in the real window: they open, and the waterfall says what is wrong with them. Hostile text is only ever text, and what must
// not be seen is nowhere: not on the page, not in the API, not in an export.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { requestBytes } from '../support/otlp';
import { cacheRoot, projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

let workbench: Workbench;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-nasty-'));
  workbench = await openWorkbench({ width: 1200, height: 700, settings: { 'spanhop.capture.wellKnownPort': false } });
});

afterEach(async () => {
  await workbench.command('workbench.action.closeAllEditors');
});

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the file through the exported API; gives the defects that it tells. */
async function open(path: string): Promise<{ spans: number; defects: { kind: string; message: string }[]; frame: Frame }> {
  const file = await workbench.host(async ({ vscode, api }, name) => {
    const { spanCount, traces } = await (await api()).openTraceFile(vscode.Uri.file(name));
    const { defects } = await (await api()).getTrace(traces[0].traceId);
    return {
      spans: spanCount,
      defects: defects.map(({ kind, message }: { kind: string; message: string }) => ({ kind, message })),
    };
  }, path);
  return { ...file, frame: await workbench.webview('[role=treegrid] [role=row]') };
}

/** What the footer's list of defects says. */
async function saidDefects(frame: Frame): Promise<string> {
  await frame.locator('.footer [aria-haspopup=dialog]').click();
  return frame.locator('.footer [role=dialog]').innerText();
}

describe('a trace with defects', () => {
  it.each([
    ['cycle', ['cycle'], /cycle|own parent|circle/i],
    ['orphan', ['orphan'], /parent/i],
    ['missing-root', ['missingRoot'], /root|parent/i],
    ['duplicate-ids', ['duplicateId'], /id/i],
    ['bad-times', ['negativeDuration'], /before|end/i],
    ['clock-skew', ['clockSkew'], /clock/i],
  ])('%s: opens whole and says what is wrong', async (name, kinds, words) => {
    const { spans, defects, frame } = await open(join(projectRoot, 'test', 'fixtures', 'nasty', `${name}.otlp.json`));
    const rows = await frame.locator('.body [role=row]:visible').count();
    expect(rows).toBeGreaterThan(1);
    expect(rows).toBeLessThanOrEqual(spans);
    for (const kind of kinds) expect(defects.map((defect) => defect.kind)).toContain(kind);
    const said = await saidDefects(frame);
    expect(said).toMatch(words);
    for (const { message } of defects) expect(said).toContain(message);
    await workbench.screenshot(`nasty-${name}`);
  });

  it('50,000 levels deep: opens, and its last row can be reached', async () => {
    const made = join(cacheRoot, 'bench');
    mkdirSync(made, { recursive: true });
    const path = join(made, 'deep-50000.otlp.json');
    if (!existsSync(path)) execFileSync(process.execPath, [join(projectRoot, 'test/support/makeNasty.mjs'), made, 'deep-50000']);
    const { spans, frame } = await open(path);
    expect(spans).toBe(50_000);
    await frame.locator('.body [role=row]').first().press('End');
    const last = frame.locator('.body [role=row][aria-level="50000"]');
    await last.waitFor();
    expect(await last.innerText()).toContain('level 49999');
    await workbench.screenshot('nasty-deep');
    // Folding the first folds all, and opening it again brings all back.
    await last.press('Home');
    await frame.locator('.body [role=row][aria-level="1"]').press('ArrowLeft');
    await frame.locator('.footer', { hasText: '1 of 50,000' }).waitFor();
    await frame.locator('.body [role=row][aria-level="1"]').press('ArrowRight');
    await frame.locator('.footer', { hasText: '50,000 of 50,000' }).waitFor();
  });
});

const rightToLeft = '\u202Egnp.exe\u202C';
const hostile = {
  html: '<img src=x onerror="document.body.dataset.owned=1"><b>bold</b>',
  script: '</script><script>document.body.dataset.owned = 1</script>',
  markdown: '[click me](command:workbench.action.closeWindow) ![x](http://127.0.0.1:9/x.png)',
  'right to left': rightToLeft,
  __proto__x: 'plain',
  constructor: 'not a function',
  huge: 'A'.repeat(10_000_000),
  '<b>key</b>': 'a key can be hostile as well',
};

describe('hostile text', () => {
  it('is shown as text', async () => {
    const path = join(folder, 'hostile.otlp.json');
    // An own key of this name cannot be written as a literal.
    const text = new TextDecoder().decode(
      requestBytes([
        { traceId: 'a1', spanId: '1', name: hostile.html, service: hostile.script, error: true, attributes: hostile },
      ]),
    );
    writeFileSync(path, text.replace('__proto__x', '__proto__'));
    const { frame, spans } = await open(path);
    expect(spans).toBe(1);
    const row = frame.locator('.body [role=row]').first();
    expect(await row.locator('.name').textContent()).toBe(hostile.html);
    await row.click();
    const details = frame.locator('.details');
    await details.getByText('__proto__').first().waitFor();
    const shown = (await details.textContent()) ?? '';
    expect(shown).toContain(hostile.markdown);
    expect(shown).toContain('<b>key</b>');
    // Turned text would let a value pose as another: the sign itself must not stand there.
    expect(shown).not.toContain('\u202E');
    // Ten megabytes are not put onto the page.
    expect(shown.length).toBeLessThan(200_000);
    const made = await frame.evaluate(() => ({
      owned: document.body.dataset.owned,
      bold: document.querySelectorAll('b').length,
      images: document.querySelectorAll('img').length,
      commandLinks: document.querySelectorAll('a[href^="command:"]').length,
      scripts: [...document.querySelectorAll('script')].filter(({ textContent }) => textContent?.includes('owned')).length,
    }));
    expect(made).toEqual({ owned: undefined, bold: 0, images: 0, commandLinks: 0, scripts: 0 });
    await workbench.screenshot('nasty-hostile');
    const attributes = await workbench.host(async ({ api }) => {
      const [span] = (await (await api()).getTrace('a1'.padStart(32, '0'))).spans;
      return {
        keys: Object.keys(span.attributes).sort(),
        polluted: ({} as Record<string, unknown>).plain !== undefined || Object.prototype.toString.call({}) !== '[object Object]',
      };
    });
    expect(attributes.keys).toContain('__proto__');
    expect(attributes.keys).toContain('constructor');
    expect(attributes.polluted).toBe(false);
  });
});

describe('redacted values', () => {
  const secrets = ['hunter2secret', 'Bearer abcdefgh12345678', 'AKIAABCDEFGHIJKLMNOP', 'sk-cookie-value'];

  it('reach neither the page, nor the API, nor an export', async () => {
    const path = join(folder, 'secrets.otlp.json');
    const attributes = {
      'db.password': secrets[0],
      'http.request.header.Authorization': secrets[1],
      note: `called with ${secrets[1]} and ${secrets[2]}`,
      'url.full': 'https://user:hunter2secret@shop.example/cart?page=2',
      'http.request.header.cookie': secrets[3],
      plain: 'stays readable',
    };
    writeFileSync(
      path,
      requestBytes([
        {
          traceId: 'b2',
          spanId: '1',
          name: 'GET /secret',
          attributes,
          resource: { 'deploy.api_key': secrets[0] },
          events: [{ name: 'sent', attributes: { 'x.token': secrets[0], detail: secrets[1] } }],
        },
      ]),
    );
    const { frame } = await open(path);
    await frame.locator('.body [role=row]').first().click();
    const details = frame.locator('.details');
    await details.getByText('stays readable').waitFor();
    const shown = await frame.evaluate(() => document.documentElement.outerHTML);
    const target = join(folder, 'exported.otlp.json');
    const told = await workbench.host(async ({ api }) =>
      JSON.stringify(await (await api()).getTrace('b2'.padStart(32, '0')), (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    );
    const exporting = workbench.command('spanhop.exportTrace', 'b2'.padStart(32, '0'));
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'OTLP JSON' }).first().waitFor();
    await workbench.quickInput('OTLP JSON');
    await workbench.page.locator('.quick-input-titlebar', { hasText: 'Export trace' }).waitFor();
    const name = workbench.page.locator('.quick-input-widget:visible input[type="text"]').last();
    await expect.poll(() => name.inputValue()).toMatch(/otlp\.json$/);
    await name.fill(target);
    // The dialog looks at the folder first.
    await workbench.page.locator('.quick-input-list', { hasText: 'secrets.otlp.json' }).waitFor();
    await workbench.page.locator('.quick-input-action .monaco-button', { hasText: /^OK$/ }).click();
    await exporting;
    // Under the very name that was given: the dialog appends no ending of its own.
    await expect.poll(() => existsSync(target) && readFileSync(target, 'utf8'), { timeout: 10_000 }).toMatch(/\}\s*$/);
    const exported = readFileSync(target, 'utf8');
    for (const secret of secrets) {
      expect(shown).not.toContain(secret);
      expect(told).not.toContain(secret);
      expect(exported).not.toContain(secret);
    }
    expect(told).toContain('stays readable');
    expect(exported).toContain('stays readable');
  });
});
