#!/usr/bin/env node
// @ts-check
// A "VS Code executable" for machines without a desktop VS Code: it takes the arguments that `@vscode/test-electron` gives one, starts the VS Code
// server and Chromium instead, and its exit code is the result of the tests. Only three kinds of argument matter here: the folder
// (without dashes), --extensionDevelopmentPath and --extensionTestsPath; the data of each run is fresh and temporary.

import { resolve } from 'node:path';
import { startBrowser } from './browser.mjs';
import { temporaryFolder } from './processes.mjs';
import { startServer } from './server.mjs';

/**
 * What the arguments ask for.
 * @param {readonly string[]} args
 */
export function parseLauncherArguments(args) {
  const optionOf = (/** @type {string} */ name) => args.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
  const tests = optionOf('extensionTestsPath');
  return {
    workspace: args.find((each) => !each.startsWith('-')),
    development: optionOf('extensionDevelopmentPath'),
    // VS Code itself takes `file:` URIs here as well.
    tests: tests?.startsWith('file://') ? decodeURIComponent(new URL(tests).pathname) : tests,
  };
}

/**
 * Runs the tests in a window and gives their exit code.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function launch(args) {
  const { workspace, development, tests } = parseLauncherArguments(args);
  if (development === undefined || tests === undefined) {
    console.error('The launcher needs --extensionDevelopmentPath=DIR and --extensionTestsPath=FILE.');
    return 2;
  }
  const log = (/** @type {string} */ line) => console.error(line);
  const browser = await startBrowser({ log });
  const settings = JSON.parse(process.env.SPANHOP_TEST_SETTINGS ?? '{}');
  const server = await startServer({ settings, env: { SPANHOP_TEST_DEVTOOLS: browser.endpoint }, log });
  try {
    const context = await browser.connect();
    const page = context.pages()[0] ?? (await context.newPage());
    await page.setViewportSize({ width: 1280, height: 800 });
    /** @type {Promise<number>} */
    const finished = new Promise((done, fail) => {
      // VS Code's web workbench calls these two with each line of its log (the tests' own text comes through a socket, see
      // test/extension/index.ts), and when the test run ends.
      const print = process.env.SPANHOP_TEST_VERBOSE || !process.env.SPANHOP_TEST_TERMINAL ? console.log : () => {};
      page.exposeFunction('codeAutomationLog', (/** @type {string} */ _type, /** @type {unknown[]} */ values) =>
        print(...values),
      );
      page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => done(code));
      page.on('crash', () => fail(new Error('The window crashed.')));
      page.on('close', () => fail(new Error('The window was closed.')));
      server.exited.then((code) => fail(new Error(`The VS Code server ended with ${code}:\n${server.output()}`)));
    });
    finished.catch(() => {});
    await page.goto(
      server.address(resolve(workspace ?? temporaryFolder('workspace').path), [
        ['extensionDevelopmentPath', resolve(development)],
        ['extensionTestsPath', resolve(tests)],
      ]),
    );
    return await finished;
  } finally {
    await Promise.all([browser.stop(), server.stop()]);
  }
}

if (process.argv[1]?.endsWith('launcher.mjs')) {
  launch(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}
