/** Importing a user's module, whatever its language and wherever it lies. */
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
  const scoped = register({ namespace: 'pyscope' });
  const node: object = nodeModule;
  if (hasSyncHooks(node)) node.registerHooks({ resolve: syncResolve(packageUrl) });
  else nodeModule.register(hooksModule(packageUrl));
  return (url) => scoped.import(url, import.meta.url);
}

type SyncResolve = (
  specifier: string,
  context: unknown,
  next: (specifier: string, context: unknown) => unknown,
) => unknown;

interface SyncHooks {
  readonly registerHooks: (hooks: { readonly resolve: SyncResolve }) => unknown;
}

/** Node 22.15 and later run hooks in this thread; earlier ones in a thread of their own. */
function hasSyncHooks(node: object): node is SyncHooks {
  return 'registerHooks' in node;
}

function syncResolve(url: string): SyncResolve {
  return (specifier, context, next) =>
    specifier === 'pyscope' ? { url, format: 'module', shortCircuit: true } : next(specifier, context);
}

/** The same hook as a module that needs no file and no loader. */
function hooksModule(url: string): string {
  const code = `export const resolve = (specifier, context, next) =>
    specifier === 'pyscope' ? ${JSON.stringify({ url, format: 'module', shortCircuit: true })} : next(specifier, context);`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
