// @ts-check
// A real VS Code window for UI tests, pictures and measurements: server, extension host and workbench in Chromium, held through
// Playwright, with a line into the extension host. Nothing here waits for a fixed time.

import { cpSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { startBrowser } from './browser.mjs';
import { openBridge } from './host.mjs';
import { projectRoot, resultsRoot } from './locations.mjs';
import { temporaryFolder } from './processes.mjs';
import { startServer, themes } from './server.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('playwright-core').Frame} Frame
 *
 * @typedef {object} WorkbenchOptions
 * @property {string} [workspace] Folder or `.code-workspace` file to open; an empty temporary folder otherwise.
 * @property {keyof typeof themes | string} [theme] `dark` (default), `light`, `contrast`, `contrastLight`, or a theme's own name.
 * @property {number} [width] CSS pixels, 1280 by default.
 * @property {number} [height] CSS pixels, 800 by default.
 * @property {number} [scale] Device pixels for one CSS pixel in screenshots, 1 by default.
 * @property {Readonly<Record<string, unknown>>} [settings] User settings on top of the quiet ones.
 * @property {Readonly<Record<string, string>>} [env] Environment of the server and so of the extension host.
 * @property {string} [extension] Folder of the extension under development; this project by default. `none` loads none.
 * @property {string} [extensionsFolder] Folder with installed extensions.
 * @property {(line: string) => void} [log]
 *
 * @typedef {object} Workbench
 * @property {Page} page
 * @property {string} workspace
 * @property {string} dataFolder The server's data; logs are under `data/logs`.
 * @property {string} endpoint DevTools address of the browser.
 * @property {import('./host.mjs').HostBridge['run']} host Runs a function in the extension host: `host(({ vscode }, argument) => …, argument)`.
 * @property {(id: string, ...args: unknown[]) => Promise<unknown>} command Executes a VS Code command in the extension host.
 * @property {(text: string) => Promise<void>} palette Opens the command palette as a person does, types, and takes the first entry.
 * @property {(value: string) => Promise<void>} quickInput Types into the quick input that is open (or opens next), and presses Enter.
 * @property {(selector: string, options?: { timeoutMs?: number }) => Promise<Frame>} webview The webview's frame in which the selector is visible.
 * @property {(theme: keyof typeof themes | string) => Promise<void>} setTheme
 * @property {(width: number, height: number) => Promise<void>} resize
 * @property {() => Promise<void>} reload Reloads the window and waits until the new extension host is there.
 * @property {(name: string, options?: { selector?: string, frame?: Frame, clip?: { x: number, y: number, width: number, height: number } }) => Promise<string>} screenshot
 *   Writes a PNG (a bare name goes to `test/results`), of the window, a part of it, or one element; gives its path.
 * @property {() => Promise<void>} settled Resolves when all fonts are loaded, no progress bar runs, and a frame has been painted since: the
 *   moment to take a picture.
 * @property {() => Promise<string>} notifications The text of the notifications that are shown.
 * @property {() => Promise<void>} listNotifications Opens the list behind the bell. VS Code closes a notification when one comes that is like it, but
 *   its list sometimes draws one twice: take the first that fits.
 * @property {() => readonly string[]} consoleErrors Errors that page and webviews wrote to the console so far.
 * @property {() => string} serverOutput
 * @property {<T>(work: () => Promise<T>) => Promise<T>} unattended Does something while nobody holds the browser, for measurements: whoever
 *   holds it is sent a copy of all that the page receives, which costs more than receiving it. `page` is another object afterwards.
 * @property {() => Promise<void>} close
 */

/**
 * Opens a window and waits until its workbench and its extension host are there.
 * @param {WorkbenchOptions} [options]
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench(options = {}) {
  const width = options.width ?? 1280;
  const height = options.height ?? 800;
  let theme = themes[options.theme ?? 'dark'] ?? options.theme ?? '';
  const bridge = await openBridge();
  const empty = options.workspace === undefined ? temporaryFolder('workspace') : undefined;
  const workspace = resolve(options.workspace ?? empty?.path ?? '.');
  /** @type {Array<() => Promise<void> | void>} */
  const closers = [() => bridge.close(), () => empty?.remove()];
  const temporaryExtensions = () => {
    const folder = temporaryFolder('extensions');
    closers.push(folder.remove);
    return folder.path;
  };
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const browser = await startBrowser({ width, height, log: options.log });
    closers.push(browser.stop);
    // A window takes one extension under development (the address carries a map), so beside ours the bridge comes as an installed one.
    const bridgeFolder = join(projectRoot, 'test', 'vscode', 'bridge');
    const extensions = options.extensionsFolder ?? temporaryExtensions();
    const development = options.extension === 'none' ? bridgeFolder : resolve(options.extension ?? projectRoot);
    if (development !== bridgeFolder)
      cpSync(bridgeFolder, join(extensions, 'spanhop-test.test-bridge-0.0.1'), { recursive: true });
    const server = await startServer({
      settings: { 'workbench.colorTheme': theme, ...options.settings },
      env: { ...options.env, SPANHOP_TEST_BRIDGE: String(bridge.port), SPANHOP_TEST_DEVTOOLS: browser.endpoint },
      extensionsFolder: extensions,
      log: options.log,
    });
    closers.push(server.stop);
    /** @type {string[]} */
    const consoleErrors = [];
    let size = { width, height };
    const takeHold = async () => {
      const context = await browser.connect();
      const held = context.pages()[0] ?? (await context.newPage());
      held.setDefaultTimeout(30_000);
      held.on('console', (message) => {
        const text = /^Failed to load resource/.test(message.text())
          ? `${message.text()} ${message.location().url}`
          : message.text();
        if (message.type() === 'error' && !isServerNoise(text)) consoleErrors.push(text);
      });
      held.on('pageerror', (error) => consoleErrors.push(error.stack ?? String(error)));
      await applySize(held);
      return held;
    };
    const applySize = async (/** @type {Page} */ held) => {
      await held.setViewportSize(size);
      if (options.scale === undefined) return;
      const session = await held.context().newCDPSession(held);
      await session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: options.scale, mobile: false });
    };
    let page = await takeHold();
    await page.goto(server.address(workspace, [['extensionDevelopmentPath', development]]));
    const ready = async () => {
      await page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
      await page.waitForFunction(hasClass, themeClass(theme)); // the settings arrive after the first picture of the workbench
      await bridge.connected(60_000);
    };
    await ready();
    const host = bridge.run;
    const quickInput = async (/** @type {string} */ value) => {
      const input = page.locator('.quick-input-widget:visible input[type="text"]').last();
      await input.fill(value);
      await input.press('Enter');
    };
    /** @param {string} id @param {...unknown} args */
    const run = (id, ...args) => host(({ vscode }, call) => vscode.commands.executeCommand(call.id, ...call.args), { id, args });
    const listNotifications = async () => {
      // VS Code counts a list that is empty as closed: what comes into it then stays when it closes, and is there twice
      // when it opens again. Shown twice it is open for certain, so that closing it empties it.
      for (const what of ['showList', 'showList', 'hideList', 'showList', 'showList']) await run(`notifications.${what}`);
    };
    return {
      get page() {
        return page;
      },
      workspace,
      dataFolder: server.dataFolder,
      endpoint: browser.endpoint,
      host,
      command: run,
      palette: async (text) => {
        await page.keyboard.press('F1');
        const input = page.locator('.quick-input-widget:visible input[type="text"]').last();
        await input.fill(`>${text}`);
        await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text.replace(/^.*: /, '') }).waitFor();
        await input.press('Enter');
      },
      quickInput,
      webview: (selector, wait = {}) => findFrame(page, selector, wait.timeoutMs ?? 30_000),
      setTheme: async (wanted) => {
        const name = themes[wanted] ?? wanted;
        await host(async ({ vscode }, value) => {
          await vscode.workspace.getConfiguration('workbench').update('colorTheme', value, vscode.ConfigurationTarget.Global);
        }, name);
        await page.waitForFunction(hasClass, themeClass(name));
        theme = name;
      },
      resize: async (w, h) => {
        size = { width: w, height: h };
        await applySize(page);
      },
      reload: async () => {
        const gone = page.waitForEvent('framenavigated', (frame) => frame === page.mainFrame());
        await Promise.all([gone, page.reload()]);
        await ready();
      },
      screenshot: async (name, shot = {}) => {
        const path =
          isAbsolute(name) || name.includes('/')
            ? resolve(name)
            : join(resultsRoot, name.endsWith('.png') ? name : `${name}.png`);
        mkdirSync(dirname(path), { recursive: true });
        const target = shot.frame ?? page;
        if (shot.selector !== undefined) await target.locator(shot.selector).first().screenshot({ path });
        else await page.screenshot({ path, clip: shot.clip });
        return path;
      },
      settled: async () => {
        await page.waitForFunction(() => document.querySelector('.monaco-progress-container.active') === null);
        // A frame that is not shown never paints: half a second is enough for those that are.
        const painted = () =>
          document.fonts.ready.then(
            () =>
              new Promise((done) => {
                requestAnimationFrame(() => requestAnimationFrame(done));
                setTimeout(done, 500);
              }),
          );
        // A frame that goes away meanwhile is no longer shown.
        for (const frame of page.frames()) await frame.evaluate(painted).catch(() => {});
      },
      notifications: async () => {
        // A window that nobody looks at shows no toasts: they wait in the list behind the bell.
        await listNotifications();
        const texts = await page.locator('.notifications-center .notification-list-item-message').allInnerTexts();
        await run('notifications.hideList');
        return [...new Set(texts)].join('\n');
      },
      listNotifications,
      consoleErrors: () => consoleErrors,
      serverOutput: server.output,
      unattended: async (work) => {
        await page.context().browser()?.close(); // of a browser that was connected to, this lets go of it
        try {
          return await work();
        } finally {
          page = await takeHold();
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * What this kind of VS Code says of itself: code-server's own pages that its VS Code folder, run alone, does not serve; no sign-in.
 * @param {string} text
 */
const isServerNoise = (text) =>
  /manifest\.json|favicon|\/browser\/media\/templates\.png|fetching the script|\[Service Worker\] registration|\/vsda[/_]|\/update\/check|authentication provider 'github'/.test(
    text,
  );

/** Runs in the page. @param {string} value */
const hasClass = (value) => ` ${document.querySelector('.monaco-workbench')?.className} `.includes(value);

/** @param {string} name The class that VS Code puts on the workbench for a theme of this kind. */
function themeClass(name) {
  if (/high contrast light/i.test(name)) return 'hc-light';
  if (/high contrast/i.test(name)) return 'hc-black';
  return /light/i.test(name) ? ' vs ' : 'vs-dark';
}

/**
 * Webviews are nested frames that come and go: look into those that are there, and into each one that appears, until one has it.
 * @param {Page} page
 * @param {string} selector
 * @param {number} timeoutMs
 * @returns {Promise<Frame>}
 */
function findFrame(page, selector, timeoutMs) {
  return new Promise((resolve, reject) => {
    const look = (/** @type {Frame} */ frame) => {
      if (frame === page.mainFrame()) return;
      frame.waitForSelector(selector, { state: 'visible', timeout: timeoutMs }).then(
        () => finish(() => resolve(frame)),
        () => {}, // this frame went away or never had it; another one may
      );
    };
    const finish = (/** @type {() => void} */ settle) => {
      page.off('frameattached', look);
      page.off('framenavigated', look);
      clearTimeout(timer);
      settle();
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`No webview shows '${selector}' after ${timeoutMs} ms.`))),
      timeoutMs,
    );
    page.on('frameattached', look);
    page.on('framenavigated', look);
    for (const frame of page.frames()) look(frame);
  });
}
