/** Worker threads of a file: JavaScript of a build, or TypeScript in the source tree. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Starts a thread on a file. TypeScript needs a loader, and a thread does not inherit that of its parent. */
export function workerOf(file: URL, workerData: unknown): Worker {
  return file.pathname.endsWith('.ts')
    ? new Worker(loadingTypeScript(file), { eval: true, workerData })
    : new Worker(file, { workerData });
}

/** A program that puts tsx into its thread and goes on to a TypeScript file. */
function loadingTypeScript(file: URL): string {
  // import.meta.resolve is missing where tsx runs this file as CommonJS, as mocha has it; the ESM twin lies beside.
  const api = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  const loader = JSON.stringify(pathToFileURL(api).href);
  return `import(${loader}).then((tsx) => { tsx.register(); return import(${JSON.stringify(file.href)}); });`;
}
