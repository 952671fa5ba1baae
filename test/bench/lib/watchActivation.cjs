// Runs in the extension host before Spanhop does: what loading its code and calling `activate` cost there, as it passed and without the time that
// the thread was ready to run and waited for a processor (the kernel tells it, /proc/…/schedstat; elsewhere nothing is taken off).

const { readFileSync } = require('node:fs');
const Module = require('node:module');

const costs = { ms: 0, waitMs: 0 };
globalThis.spanhopActivation = costs;

const waited = () => {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
};

function measured(work) {
  const waitedBefore = waited();
  const begin = performance.now();
  try {
    return work();
  } finally {
    costs.ms += performance.now() - begin;
    costs.waitMs += waited() - waitedBefore;
  }
}

const load = Module._load;
Module._load = function (request, ...rest) {
  if (typeof request !== 'string' || !request.endsWith('dist/extension.js')) return load.call(this, request, ...rest);
  Module._load = load;
  const loaded = measured(() => load.call(this, request, ...rest));
  // VS Code asks the module for `activate`, which cannot be replaced in it.
  return new Proxy(loaded, {
    get: (target, key) => (key === 'activate' ? (context) => measured(() => target.activate(context)) : target[key]),
  });
};
