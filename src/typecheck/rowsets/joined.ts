import type { JoinType } from '../../parser/ast.ts';
import { nullable } from '../types.ts';
import type { Type } from '../types.ts';

/** What a join gives: the left side's columns, then the right's; those of a side that may be missing are nullable. SEMI and ANTI only filter their left side. */
export function joinedColumns<C extends { readonly type: Type }>(
  type: JoinType | 'cross',
  left: readonly C[],
  right: readonly C[],
): readonly C[] {
  switch (type) {
    case 'semi':
    case 'anti':
      return left;
    case 'inner':
    case 'cross':
      return [...left, ...right];
    case 'left':
      return [...left, ...optional(right)];
    case 'right':
      return [...optional(left), ...right];
    case 'full':
      return [...optional(left), ...optional(right)];
  }
}

function optional<C extends { readonly type: Type }>(columns: readonly C[]): readonly C[] {
  return columns.map((column) => ({ ...column, type: nullable(column.type) }));
}
