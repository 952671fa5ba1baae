// From inside the extension host to the window around it: the same page that a person would see, held through Playwright. For tests and
// measurements that need both sides, such as "open this trace, then look at the painted rows".

import { type Browser, chromium, type Page } from 'playwright-core';

let browser: Browser | undefined;

/**
 * The window of the VS Code that runs this extension host, or undefined where it offers no DevTools port.
 * The connection is shared; it ends with the host.
 */
export async function connectPage(): Promise<Page | undefined> {
  const endpoint = process.env.SPANHOP_TEST_DEVTOOLS;
  if (!endpoint) return undefined;
  browser ??= await chromium.connectOverCDP(endpoint);
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const page of pages) if ((await page.locator('.monaco-workbench').count()) > 0) return page;
  return undefined;
}
