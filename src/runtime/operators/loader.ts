/** Loads the modules that scripts IMPORT: `.ts`, `.js` and `.mjs` alike, without a build step. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { FunctionSignature, ModuleSignature, OperatorSignature } from '../../typecheck/signature.ts';
import { roleOf } from './brand.ts';
import { importer } from './import-module.ts';
import { loadMessage } from './load-message.ts';
import { MalformedDeclaration, functionSignature, operatorSignature } from './signature-of.ts';

/** What a module exports: its signatures for the checker, and the live values behind them. */
export interface LoadedModule {
  readonly signature: ModuleSignature;
  /** The operator classes and functions by exported name; empty where loading failed. */
  readonly exports: ReadonlyMap<string, object>;
}

/**
 * Imports a module by its absolute path; inside it 'pyscope' is the module at `packageUrl`. Never rejects: what is wrong with the module stands in the
 * signature. A module is imported once in a process; a changed file is not seen.
 */
export async function loadModule(path: string, packageUrl: string): Promise<LoadedModule> {
  try {
    if (!(await isFile(path))) return failed(path, 'there is no such file');
    const load = await importer(packageUrl);
    return readModule(path, await load(pathToFileURL(path).href));
  } catch (thrown) {
    return failed(path, await loadMessage(thrown, path));
  }
}

/** The signatures of a module's exports, as `IMPORT` shows them; a malformed one makes the module a load error. */
export function readModule(path: string, namespace: object): LoadedModule {
  const signatures = new Map<string, OperatorSignature | FunctionSignature>();
  const live = new Map<string, object>();
  const others: string[] = [];
  for (const [name, value] of Object.entries(namespace)) {
    try {
      const signature = signatureOf(value, name, path);
      if (signature === null) others.push(name);
      else {
        signatures.set(name, signature);
        live.set(name, value);
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedDeclaration)) throw thrown;
      return failed(path, `'${name}' is declared wrongly: ${thrown.message}`);
    }
  }
  return { signature: { kind: 'module', path, exports: signatures, others }, exports: live };
}

function signatureOf(value: unknown, name: string, path: string): OperatorSignature | FunctionSignature | null {
  const role = roleOf(value);
  return role !== null && typeof value === 'function'
    ? operatorSignature(value, role, name, path)
    : functionSignature(value, name, path);
}

function failed(path: string, message: string): LoadedModule {
  return { signature: { kind: 'load-error', path, message }, exports: new Map() };
}

async function isFile(path: string): Promise<boolean> {
  return existsSync(path) && (await stat(path)).isFile();
}
