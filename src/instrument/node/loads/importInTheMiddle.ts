/**
 * Stands for the package `import-in-the-middle` in the bundles. Packages come as CommonJS (`moduleHook.ts`), so only Node's own modules are left for it.
 * Source: README of import-in-the-middle 3, `new Hook([modules], options, hookFn)`.
 */

import { moduleHook, type OnLoad } from './moduleHook';

export class Hook {
  constructor(modules: readonly string[], _options: unknown, onImport: OnLoad) {
    for (const name of modules) moduleHook.addBuiltin(name, onImport);
  }
}
