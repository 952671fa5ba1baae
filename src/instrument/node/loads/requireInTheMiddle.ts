/**
 * Stands for the package `require-in-the-middle` in the bundles: the instrumentations' hooks hear of modules through ours.
 * Source: README of require-in-the-middle 8, `Hook([modules][, options][, onrequire])`; `RequireInTheMiddleSingleton` of @opentelemetry/instrumentation.
 */

import { moduleHook, type OnLoad } from './moduleHook';

export class Hook {
  constructor(modules: readonly string[] | null, _options: unknown, onRequire: OnLoad) {
    // Those of single files, by absolute paths, are made by nobody here.
    if (modules === null) moduleHook.addListener(onRequire);
  }
}
