/** The operator classes and functions that a program hands to JobBuilder, as a module that the job imports. */
import { branded } from '../../runtime/operators/function.ts';
import type { LoadedModule } from '../../runtime/operators/loader.ts';
import { readModule } from '../../runtime/operators/loader.ts';
import { isIdentifier } from './text.ts';

/** What the written script calls the module. */
export const BUILDER_MODULE = 'builder:operators';

/** A row as a predicate sees it. */
export interface PredicateRow {
  readonly get: (column: string) => unknown;
}

export class VirtualModule {
  readonly #names = new Map<object, string>();
  readonly #exports = new Map<string, object>();

  /** The name under which the script can use a class; the same class has one name. */
  operator(operator: object, name: string): string {
    const known = this.#names.get(operator);
    if (known !== undefined) return known;
    return this.#add(operator, operator, isIdentifier(name) ? name : 'Operator');
  }

  /** The name under which the script can call a predicate over these columns. */
  predicate(test: (row: PredicateRow) => unknown, columns: readonly (readonly [name: string, type: string])[]): string {
    const names = columns.map(([name]) => name);
    const live = (...values: readonly unknown[]): unknown => test({ get: (column) => columnOf(names, values, column) });
    const declared = branded(live, { parameters: columns, result: 'bool', doc: '' });
    return this.#add(test, declared, isIdentifier(test.name) ? test.name : 'predicate');
  }

  /** In the order in which they were first used. */
  names(): readonly string[] {
    return [...this.#exports.keys()];
  }

  load(): LoadedModule {
    return readModule(BUILDER_MODULE, Object.fromEntries(this.#exports));
  }

  #add(key: object, live: object, wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#exports.has(name); count++) name = `${wanted}${count}`;
    this.#exports.set(name, live);
    this.#names.set(key, name);
    return name;
  }
}

function columnOf(names: readonly string[], values: readonly unknown[], column: string): unknown {
  const at = names.indexOf(column);
  if (at !== -1) return values[at];
  throw new TypeError(`the predicate reads '${column}', which is not in inColTypes (${names.join(', ')})`);
}
