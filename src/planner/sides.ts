/** The schemas of what has two inputs, made from theirs. */
import type { JoinType } from '../parser/ast.ts';
import type { Schema } from '../typecheck/typed.ts';
import { nullable } from '../typecheck/types.ts';

/** A side's columns as the expressions over both sides name them. */
export function sideSchema(schema: Schema, alias: string | null): Schema {
  return alias === null ? schema : schema.map((column) => ({ ...column, qualifier: alias }));
}

/** What a join gives: the left side's columns, then the right's; those of a side that may be missing are nullable. */
export function joinSchema(type: JoinType | 'cross', left: Schema, right: Schema): Schema {
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

function optional(schema: Schema): Schema {
  return schema.map((column) => ({ ...column, type: nullable(column.type) }));
}
