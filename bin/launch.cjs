/** Loads the bundled command line with the code that V8 compiled for it when it was built; another version of Node compiles anew. */
'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

/** Bundle → the script it was compiled to. */
const scripts = new Map();

/** What a bundle exports. */
exports.load = (bundle) => {
  // The bundle is ASCII: a string of one byte a character is what V8 wants to share.
  const script = new vm.Script(readFileSync(bundle, 'latin1'), { filename: bundle, cachedData: compiled(bundle) });
  scripts.set(bundle, script);
  const module = { exports: {} };
  const call = script.runInThisContext();
  // The arguments that CommonJS gives, and one of ours: what is compiled to a cache cannot import by itself.
  call(module.exports, createRequire(bundle), module, bundle, path.dirname(bundle), (name) => import(name));
  return module.exports;
};

/** V8's code for a loaded bundle, with all functions that have been called. */
exports.codeOf = (bundle) => scripts.get(bundle).createCachedData();

function compiled(bundle) {
  try {
    return readFileSync(`${bundle}.code`);
  } catch {
    return undefined;
  }
}
