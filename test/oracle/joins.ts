/** Joins, pair by pair. */
import type { TypedExpr } from '../../src/typecheck/typed.ts';
import { evaluate, holds } from './evaluate.ts';
import type { Env } from './evaluate.ts';
import type { Row } from './state.ts';
import { keyOf } from './trace.ts';

export interface Sides {
  readonly node: number;
  readonly left: readonly Row[];
  readonly right: readonly Row[];
  /** Columns of a side that is missing, with its alias. */
  readonly leftNames: readonly string[];
  readonly rightNames: readonly string[];
  /** Of a row that is there because of how many rows of the other side it meets. */
  readonly version: (key: string, text: string) => string;
}

export interface Condition {
  readonly keys: readonly { readonly left: TypedExpr; readonly right: TypedExpr }[];
  readonly on: TypedExpr | null;
}

export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross';

/** Computes; undefined, and noted as the step's failure, where an expression fails. */
export type Try = <T>(compute: () => T) => T | undefined;

export function joined(
  kind: JoinKind,
  sides: Sides,
  condition: Condition,
  envOf: (row: Row) => Env,
  attempt: Try,
): readonly Row[] {
  const { node } = sides;
  const keyed = (rows: readonly Row[], side: 'left' | 'right'): readonly Row[] =>
    rows.filter((row) => condition.keys.every((key) => attempt(() => evaluate(key[side], envOf(row))) !== undefined));
  const left = keyed(sides.left, 'left');
  const right = keyed(sides.right, 'right');
  // Whether a row has a partner is not known where its ON failed.
  const unknown = new Set<string>();
  const met = new Set<string>();
  const rows = left.flatMap((one) => {
    const pairs = right.flatMap((other) => {
      const pair: Row = {
        id: `${node}:${one.id}×${other.id}`,
        node,
        values: new Map([...one.values, ...other.values]),
        parents: [one, other],
        origin: null,
      };
      const env = pairEnv(envOf(pair), sides, envOf(one), envOf(other));
      const does = attempt(() => meets(condition, env));
      if (does === undefined) unknown.add(one.id).add(other.id);
      if (does !== true) return [];
      met.add(other.id);
      return [pair];
    });
    if (pairs.length === 0 && unknown.has(one.id)) return [];
    if (kind === 'semi' || kind === 'anti')
      return pairs.length > 0 === (kind === 'semi') ? [alone(sides, one, [])] : [];
    return pairs.length === 0 && (kind === 'left' || kind === 'full') ? [alone(sides, one, sides.rightNames)] : pairs;
  });
  if (kind !== 'right' && kind !== 'full') return rows;
  return [
    ...rows,
    ...right.filter(({ id }) => !met.has(id) && !unknown.has(id)).map((one) => alone(sides, one, sides.leftNames)),
  ];
}

/** In ON a row is not part of a pair yet: its history is its own. */
function pairEnv(pair: Env, { leftNames }: Sides, left: Env, right: Env): Env {
  const lineage: Env['lineage'] = (fn, qualifier, name) =>
    (leftNames.includes(keyOf(qualifier, name)) ? left : right).lineage(fn, qualifier, name);
  return { ...pair, lineage };
}

function meets({ keys, on }: Condition, env: Env): boolean {
  const equal = keys.every((key) => {
    const value = evaluate(key.left, env);
    return value !== null && value === evaluate(key.right, env);
  });
  return equal && (on === null || holds(on, env));
}

function alone({ node, version }: Sides, row: Row, missing: readonly string[]): Row {
  const values = new Map([...row.values, ...missing.map((name): readonly [string, null] => [name, null])]);
  return { id: `${node}:${row.id}×${version(row.id, '')}`, node, values, parents: [row], origin: null };
}

/** CROSS APPLY EXPLODE. */
export function exploded(
  node: number,
  rows: readonly Row[],
  { value, name }: { readonly value: TypedExpr; readonly name: string },
  envOf: (row: Row) => Env,
  attempt: Try,
): readonly Row[] {
  return rows.flatMap((row) => {
    const elements = attempt(() => evaluate(value, envOf(row)));
    if (!Array.isArray(elements)) return [];
    return elements.map((element, at): Row => ({
      id: `${node}:${row.id}[${at}]`,
      node,
      values: new Map([...row.values, [keyOf(null, name), element]]),
      parents: [row],
      origin: null,
    }));
  });
}
