/**
 * The built command line (dist/cli/main.js) and all it imports as one file, dist/pyscope.cjs, with V8's code for it beside it: loading some 400 modules took
 * two thirds of the time of a short job. `bin/pyscope` takes the bundle where it is newer than what it was made of.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const BUNDLE = join(DIST, 'pyscope.cjs');
/** What reads parts of files in threads, apart: it needs a tenth of the rest. */
const THREAD = join(DIST, 'part-thread.cjs');

/** Packages with files of their own to find, or seldom wanted. */
const EXTERNAL = ['@xenova/transformers', 'lmdb', 'tsx', 'ioredis', 'aws4fetch', '@dagrejs/dagre'];

/**
 * Parts of Node that few jobs need and that take a few milliseconds to load: each is loaded when something of it is first asked for. The bundle asks through what
 * `require` gave it, property by property, so it does not notice.
 */
const SELDOM = new Set(
  [
    'child_process',
    'crypto',
    'dgram',
    'net',
    'os',
    'perf_hooks',
    'readline',
    'stream',
    'timers/promises',
    'v8',
    'worker_threads',
    'zlib',
  ].flatMap((name) => [name, `node:${name}`]),
);

/** The bundle is one call, as CommonJS makes one of a file; bin/launch.cjs passes the arguments. */
const BEGINNING = `(function (exports, require, module, __filename, __dirname, importModule) {
const moduleUrl = (place) => require('node:url').pathToFileURL(require('node:path').join(__dirname, place)).href;
const seldom = (name) => new Proxy({}, { get: (_, key) => require(name)[key], has: (_, key) => key in require(name) });`;

/** A module's own URL stays what it was: what it finds beside itself is not in the bundle. */
const moduleUrls: Plugin = {
  name: 'module-urls',
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.m?js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return null;
      const place = JSON.stringify(relative(DIST, path).split(sep).join('/'));
      return { contents: text.replaceAll('import.meta.url', `moduleUrl(${place})`), loader: 'js' };
    });
  },
};

/** src/lexer/chevrotain.ts looks for Chevrotain's single file when it runs; a bundle needs to know. */
const chevrotain: Plugin = {
  name: 'chevrotain',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/]dist[\\/]lexer[\\/]chevrotain\.js$/ }, ({ path }) => {
      const single = fileURLToPath(new URL('../chevrotain.mjs', import.meta.resolve('chevrotain')));
      const names = /export const (\{[^}]+\})/u.exec(readFileSync(path, 'utf8'))?.[1];
      if (names === undefined) throw new Error(`${path} exports no list of names any more`);
      return { contents: `export ${names} from ${JSON.stringify(single)};`, loader: 'js', resolveDir: DIST };
    });
  },
};

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [join(DIST, entry)],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    plugins: [chevrotain, moduleUrls],
    // Names stay as they are: an error's stack is to be read.
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: BEGINNING },
    footer: { js: '})' },
    logLevel: 'warning',
  });
  // V8 forgets who imports when its code comes from a file, so the launcher imports for the bundle.
  const text = readFileSync(outfile, 'utf8')
    .replaceAll(/\bawait import\((?="[^"]+"\))/gu, 'await importModule(')
    .replaceAll(/(?<!__toESM\()\brequire\((?="([^"]+)"\))/gu, (call, name: string) =>
      SELDOM.has(name) ? `seldom(` : call,
    );
  if (text.includes('await import(')) throw new Error('the bundle imports what has no fixed name');
  writeFileSync(outfile, text);
}

const SCRIPT = `
a = EXTRACT id: int, name: string, x: float FROM "in.csv";
b = EXTRACT name: string, kind: string FROM "names.csv";
c = SELECT kind, COUNT(*) AS n, SUM(x) AS total FROM a JOIN b ON a.name == b.name WHERE x > 1.5 && kind != "z" GROUP BY kind;
OUTPUT c TO "c.csv";
w = SELECT word FROM a CROSS APPLY EXPLODE(name.split(" ")) AS word;
n = SELECT word, COUNT(*) AS n FROM w GROUP BY word ORDER BY n DESC;
OUTPUT n TO "n.csv";
`;

interface Launcher {
  readonly load: (bundle: string) => { main(words: readonly string[]): Promise<number> };
  readonly codeOf: (bundle: string) => Buffer;
}

/** V8's code for what a job runs: functions that were called come with it, so the bundle is made to do a little of everything first. */
async function compileAhead(): Promise<void> {
  const launcher = createRequire(import.meta.url)('../bin/launch.cjs') as Launcher;
  const folder = mkdtempSync(join(tmpdir(), 'pyscope-build-'));
  try {
    writeFileSync(join(folder, 'job.scope'), SCRIPT);
    writeFileSync(join(folder, 'in.csv'), 'id,name,x\n1,a b,2.5\n2,b,1\n3,"a b",7\n');
    writeFileSync(join(folder, 'names.csv'), 'name,kind\na b,y\nb,z\n');
    const bundled = launcher.load(BUNDLE);
    const code = await bundled.main(['run', join(folder, 'job.scope'), '--quiet', '--state', 'none']);
    if (code !== 0) throw new Error(`the bundle did not run a job: exit code ${code}`);
    writeFileSync(`${BUNDLE}.code`, launcher.codeOf(BUNDLE));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** V8's code for the thread's file as it is loaded; what it does with parts it compiles while the job reads the first one. */
function compileThread(): void {
  const launcher = createRequire(import.meta.url)('../bin/launch.cjs') as Launcher;
  launcher.load(THREAD);
  writeFileSync(`${THREAD}.code`, launcher.codeOf(THREAD));
}

rmSync(`${BUNDLE}.code`, { force: true });
rmSync(`${THREAD}.code`, { force: true });
await bundle('cli/main.js', BUNDLE);
await bundle('runtime/engine/parts/thread-main.js', THREAD);
await compileAhead();
compileThread();
