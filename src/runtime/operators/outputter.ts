import type { Type, Value } from '../../typecheck/types.ts';
import { OPERATOR } from './brand.ts';
import type { Declaration, TypedDeclaration } from './declaration.ts';
import { declaredClass } from './declared-class.ts';
import type { DeclaredClass } from './declared-class.ts';
import { Operator } from './operator.ts';

/** A row to write. Valid until the call that got it has ended. */
export interface WrittenRow {
  /** The columns of the output, in order. */
  readonly columns: readonly { readonly name: string; readonly type: Type }[];
  /** The value of a column; throws where there is no such column. */
  get(column: string): Value;
  /** All values, in the order of the columns. */
  values(): readonly Value[];
}

/** Text (written as UTF-8) or bytes; nothing writes nothing. */
export type Written = string | Uint8Array | null | undefined | void;

/** An operator of OUTPUT: writes rows in a format of its own. The runtime keeps the file: it appears whole, when the job ends. */
export abstract class Outputter<D extends Declaration = Declaration> extends Operator<D> {
  static readonly [OPERATOR] = 'outputter';

  /** The base class of an outputter whose options are typed. */
  static declare<const D extends TypedDeclaration>(declaration: D): DeclaredClass<Outputter<D>, D> {
    abstract class Declared extends Outputter<D> {}
    return declaredClass(Declared, declaration);
  }

  /** What stands before the first row. */
  header?(columns: WrittenRow['columns']): Written | Promise<Written>;

  /** What is written for a row. */
  call?(row: WrittenRow): Written | Promise<Written>;

  /** What stands behind the last row. */
  footer?(): Written | Promise<Written>;
}
