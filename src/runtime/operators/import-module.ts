/** Importing a user's module, whatever its language and wherever it lies. */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';

export type Importer = (url: string) => Promise<object>;

let starting: Promise<Importer> | undefined;

/**
 * The function that imports modules by URL; started on first use, because it takes some 100 ms. `packageUrl` is what 'pyscope' is for those modules: the
 * public module of the package that runs, so that there is no second copy of it.
 *
 * tsx reads TypeScript alike on every version of Node. Its own namespace keeps it away from all other imports of the process; our hook is registered
 * behind it and so runs before it: else 'pyscope' would be loaded a second time, inside that namespace.
 */
export function importer(packageUrl: string): Promise<Importer> {
  starting ??= start(packageUrl);
  return starting;
}

async function start(packageUrl: string): Promise<Importer> {
  const { register } = await import('tsx/esm/api');
  const scoped = register({ namespace: NAMESPACE });
  const node: object = nodeModule;
  if (hasSyncHooks(node)) node.registerHooks({ resolve: syncResolve(packageUrl) });
  else nodeModule.register(hooksModule(packageUrl));
  return (url) => scoped.import(url, import.meta.url);
}

const NAMESPACE = 'pyscope';

interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}

type Resolve = (
  specifier: string,
  context: unknown,
  next: (specifier: string, context: unknown) => Resolved,
) => Resolved;

interface SyncHooks {
  readonly registerHooks: (hooks: { readonly resolve: Resolve }) => unknown;
}

/** Node 22.15 and later run hooks in this thread; earlier ones in a thread of their own. */
function hasSyncHooks(node: object): node is SyncHooks {
  return 'registerHooks' in node;
}

function syncResolve(packageUrl: string): Resolve {
  return (specifier, context, next) =>
    specifier === 'pyscope' ? self(packageUrl) : asModule(next(specifier, context), NAMESPACE, readFileSync);
}

function self(url: string): Resolved & { readonly shortCircuit: true } {
  return { url, format: 'module', shortCircuit: true };
}

/**
 * Where no package.json says so, Node takes TypeScript and JavaScript for CommonJS, whose imports pass by the hooks; tsx then makes up a URL with the query
 * in the path. A user's file that has `import` or `export` is an ES module anyway, under the URL that tsx gives to those. Self-contained, because its
 * text also goes to the hooks' own thread.
 */
function asModule(found: Resolved, namespace: string, read: (file: URL, encoding: 'utf8') => string): Resolved {
  if (found.format !== 'commonjs' || found.url.includes('/node_modules/')) return found;
  const path = /^(file:[^?]*?\.[jt]sx?)(?:%3Fnamespace=[^?]*)?(?:\?|$)/.exec(found.url)?.[1];
  const ours = path !== undefined && found.url.includes(`namespace=${namespace}`);
  if (!ours || !/^\s*(?:import|export)\b/m.test(read(new URL(path), 'utf8'))) return found;
  return { url: `${path}?tsx-namespace=${namespace}`, format: 'module' };
}

/** The same hooks as a module that needs no file and no loader. */
function hooksModule(packageUrl: string): string {
  const code = `import { readFileSync } from 'node:fs';
    ${asModule.toString()}
    export const resolve = async (specifier, context, next) =>
      specifier === 'pyscope'
        ? ${JSON.stringify(self(packageUrl))}
        : asModule(await next(specifier, context), ${JSON.stringify(NAMESPACE)}, readFileSync);`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
