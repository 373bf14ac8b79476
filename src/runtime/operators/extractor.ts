import { OPERATOR } from './brand.ts';
import type { Declaration, TypedDeclaration } from './declaration.ts';
import { declaredClass } from './declared-class.ts';
import type { DeclaredClass } from './declared-class.ts';
import { Operator } from './operator.ts';
import type { OutputRow } from './row.ts';
import type { Type } from '../../typecheck/types.ts';

/** A file that an extractor reads. */
export interface InputFile {
  /** Absolute. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** All columns that the EXTRACT declares, with their types. */
  readonly columns: readonly { readonly name: string; readonly type: Type }[];
  /** The bytes, piece by piece; a `.gz` is unpacked. */
  stream(): AsyncIterable<Uint8Array>;
  /** The lines, without their ends, of a UTF-8 text; a byte order mark is dropped. */
  lines(): AsyncIterable<string>;
  /** The whole text, UTF-8. */
  text(): Promise<string>;
  /**
   * A row of the EXTRACT: a value for each declared column, by name; columns that it does not declare are left out. `line` (from 1) is what
   * messages name.
   */
  row(values: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>, line?: number): OutputRow;
}

/** An operator of EXTRACT: reads a file in a format of its own. `call` is called once a file and yields rows in file order. */
export abstract class Extractor<D extends Declaration = Declaration> extends Operator<D> {
  static readonly [OPERATOR] = 'extractor';

  /** The base class of an extractor whose options are typed. */
  static declare<const D extends TypedDeclaration>(declaration: D): DeclaredClass<Extractor<D>, D> {
    abstract class Declared extends Extractor<D> {}
    return declaredClass(Declared, declaration);
  }

  /** Yields `file.row({ … })` for each row of the file. */
  call?(file: InputFile): Iterable<OutputRow> | AsyncIterable<OutputRow>;
}
