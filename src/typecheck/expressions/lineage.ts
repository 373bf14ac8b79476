/** `attempts(col)` and `original(col)`: what was repaired of the row that carries a column. */
import type { CallExpr } from '../../parser/ast.ts';
import type { TypedExpr } from '../typed.ts';
import { INT } from '../types.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';
import { unknownAt } from './relations.ts';

export type LineageName = 'attempts' | 'original';

export function isLineageName(name: string): name is LineageName {
  return name === 'attempts' || name === 'original';
}

export function typeLineage({ arguments: args, span }: CallExpr, fn: LineageName, typing: Typing): TypedExpr {
  const [first, second] = args;
  if (first === undefined || second !== undefined) {
    return mistake(typing, 'PS3005', span, { name: fn, found: args.length, signatures: [`${fn}(column)`] });
  }
  // What the column had before a repair may be null, whatever is known of it now.
  const unnarrowed = typing.within({ ...typing.scope, narrowed: new Set() });
  const column = unnarrowed.type(first);
  if (isMistake(column)) return unknownAt(span);
  if (column.kind !== 'column') return mistake(typing, 'PS3019', first.span, { name: fn });
  return { kind: 'lineage', fn, column, type: fn === 'attempts' ? INT : column.type, span };
}
