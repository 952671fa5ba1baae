// @ts-check
// A headless Chromium with a DevTools port, so that a test outside and a test inside the extension host can hold the same page.

import { chromium } from 'playwright-core';
import { startOwned, temporaryFolder } from './processes.mjs';
import { ensureChromium } from './provision.mjs';

/**
 * @typedef {object} RunningBrowser
 * @property {string} endpoint For `chromium.connectOverCDP`.
 * @property {() => Promise<import('playwright-core').BrowserContext>} connect
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a browser and waits until it answers.
 * @param {{ width?: number, height?: number, log?: (line: string) => void }} [options] The window's size, CSS pixels.
 * @returns {Promise<RunningBrowser>}
 */
export async function startBrowser(options = {}) {
  const executable = await ensureChromium(options.log);
  const profile = temporaryFolder('chromium');
  const owned = startOwned(executable, [
    ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-default-browser-check'],
    ...[
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--disable-breakpad',
      '--disable-crash-reporter',
    ],
    // A background tab paints nothing and its timers are slowed: tests and frame times need a window that counts as visible.
    ...['--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding'],
    ...['--force-color-profile=srgb', '--font-render-hinting=none', '--hide-scrollbars=false', '--password-store=basic'],
    `--window-size=${options.width ?? 1280},${options.height ?? 800}`,
    ...['--remote-debugging-port=0', `--user-data-dir=${profile.path}`, 'about:blank'],
  ]);
  let output = '';
  /** @type {string} */
  const endpoint = await new Promise((resolve, reject) => {
    owned.child.stdout.resume();
    owned.child.stderr.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
      const found = /DevTools listening on ws:\/\/([^/]+)\//.exec(output);
      if (found) resolve(`http://${found[1]}`);
    });
    owned.exited.then((code) => reject(new Error(`${executable} ended with ${code} before it listened:\n${output}`)), reject);
  });
  return {
    endpoint,
    connect: async () => {
      const browser = await chromium.connectOverCDP(endpoint);
      return browser.contexts()[0];
    },
    stop: async () => {
      await owned.stop();
      profile.remove();
    },
  };
}
