import { OPERATOR } from './brand.ts';
import type { Declaration, TypedDeclaration } from './declaration.ts';
import { declaredClass } from './declared-class.ts';
import type { DeclaredClass } from './declared-class.ts';
import { Operator } from './operator.ts';
import type { Type, Value } from '../../typecheck/types.ts';

/** A row of an extractor; `file.row(…)` makes it. One whose values do not fit is kept with the reason, and rejected as a line of a file is. */
export class ExtractedRow {
  /** In the order of the columns that the job wants. */
  readonly values: readonly Value[];
  readonly line: number | null;
  readonly rejection: { readonly text: string; readonly message: string } | null;

  constructor(values: readonly Value[], line: number | null, rejection: ExtractedRow['rejection']) {
    this.values = values;
    this.line = line;
    this.rejection = rejection;
  }
}

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
   * A row of the EXTRACT: a value for each declared column, by name; columns that it does not declare are left out. A value that does not
   * fit makes the row one that ON ERROR takes. `line` (from 1) is what messages name.
   */
  row(values: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>, line?: number): ExtractedRow;
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
  call?(file: InputFile): Iterable<ExtractedRow> | AsyncIterable<ExtractedRow>;
}
