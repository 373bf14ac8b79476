import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FunctionSignature } from './signature.ts';
import type { Column, TypedExpr } from './typed.ts';
import type { Type, Value } from './types.ts';

/** What an expression can see at its place in the script. Immutable; narrowing makes a new one. */
export interface Scope {
  /** The input's columns. Several sources give qualified columns; an unqualified name must then be unique. */
  readonly columns: readonly Column[];
  /** Names that may stand before a dot (`a.line`): the aliases of the sources. */
  readonly qualifiers: ReadonlySet<string>;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly functions: ReadonlyMap<string, FunctionSignature>;
  /** SELECT aliases that GROUP BY, HAVING and ORDER BY see; an input column of the same name wins in GROUP BY and inside aggregates only. */
  readonly aliases: ReadonlyMap<string, TypedExpr>;
  readonly aliasesWin: boolean;
  /**
   * Where aggregates and windows may stand; the text says why not (`in WHERE`). `grouped` says that a GROUP BY stands, so that
   * no group is empty; without it an aggregate of an empty input is null.
   */
  readonly aggregates:
    { readonly allowed: true; readonly grouped?: boolean } | { readonly allowed: false; readonly where: string };
  readonly windows: { readonly allowed: true } | { readonly allowed: false; readonly where: string };
  /** Columns (by `qualifier.name` key) known not to be null here. */
  readonly narrowed: ReadonlySet<string>;
  readonly report: (diagnostic: Diagnostic) => void;
}

export interface Parameter {
  readonly type: Type;
  readonly value: Value;
}
