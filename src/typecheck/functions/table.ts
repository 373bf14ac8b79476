/** The one table of everything an expression can call. docs/functions.md is made from it. */
import { arithmeticOperators } from './arithmetic.ts';
import { arrayFunctions } from './array.ts';
import { castFunctions } from './casts.ts';
import { comparisonOperators } from './comparison.ts';
import { datetimeFunctions } from './datetime.ts';
import type { EntryId, FunctionEntry } from './entry.ts';
import { jsonFunctions } from './json.ts';
import { mathFunctions } from './math.ts';
import { numberFunctions } from './number.ts';
import { regexFunctions } from './regex.ts';
import { stringFunctions } from './string.ts';

export const functionTable: readonly FunctionEntry[] = [
  ...arithmeticOperators,
  ...comparisonOperators,
  ...stringFunctions,
  ...regexFunctions,
  ...numberFunctions,
  ...mathFunctions,
  ...datetimeFunctions,
  ...arrayFunctions,
  ...jsonFunctions,
  ...castFunctions,
];

const byId: ReadonlyMap<EntryId, FunctionEntry> = new Map(functionTable.map((entry) => [entry.id, entry]));

/** The entry of an id that the checker wrote into a typed call. */
export function entryOf(id: EntryId): FunctionEntry {
  const entry = byId.get(id);
  if (entry === undefined) throw new TypeError(`no entry ${id} in the function table`);
  return entry;
}

function grouped(keyOf: (entry: FunctionEntry) => string | null): ReadonlyMap<string, readonly FunctionEntry[]> {
  const groups = new Map<string, FunctionEntry[]>();
  for (const entry of functionTable) {
    const key = keyOf(entry);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** Overloads by what is written, in the order in which they are tried. */
export const functionsByName = grouped(({ spelling }) => (spelling.kind === 'function' ? spelling.name : null));
export const methodsByName = grouped(({ spelling }) => (spelling.kind === 'method' ? spelling.name : null));
export const propertiesByName = grouped(({ spelling }) => (spelling.kind === 'property' ? spelling.name : null));
export const operatorsByText = grouped(({ spelling }) => (spelling.kind === 'operator' ? spelling.operator : null));

/** Static functions and constants by `Math.abs`. */
export const staticsByName = grouped(({ spelling }) =>
  spelling.kind === 'static' || spelling.kind === 'constant' ? `${spelling.namespace}.${spelling.name}` : null,
);

/** `Math`, `Number`, … */
export const namespaces: ReadonlySet<string> = new Set(
  functionTable.flatMap(({ spelling }) =>
    spelling.kind === 'static' || spelling.kind === 'constant' ? [spelling.namespace] : [],
  ),
);
