import { OPERATOR } from './brand.ts';
import type { Declaration, OutputsOf, TypedDeclaration, ValuesOf } from './declaration.ts';
import { declaredClass } from './declared-class.ts';
import type { DeclaredClass } from './declared-class.ts';
import { Operator } from './operator.ts';
import type { Answer, Named, OutputRow, Row } from './row.ts';

/** The rows of one group, in order, and the maker of answers. */
export interface Group<D extends Declaration = Declaration> {
  readonly length: number;
  /** The rows are valid until the call that got the group has ended. */
  rows(): Iterable<Row<D>>;
  /**
   * An answer row with these values of all declared outputs; throws an OperatorError where one is missing, unknown or does not fit. In a COMBINE the answer
   * also carries the columns of a row of each side: of the rows given here, else of the side's first one. `row.with(…)` carries that row.
   */
  with(values: Named<ValuesOf<OutputsOf<D>>>, ...carried: readonly Row<D>[]): OutputRow;
}

/** An operator of REDUCE: for each group of rows with equal `ON` columns none, one or several rows. */
export abstract class Reducer<D extends Declaration = Declaration> extends Operator<D> {
  static readonly [OPERATOR] = 'reducer';

  /** The base class of a reducer whose rows are typed. */
  static declare<const D extends TypedDeclaration>(declaration: D): DeclaredClass<Reducer<D>, D> {
    abstract class Declared extends Reducer<D> {}
    return declaredClass(Declared, declaration);
  }

  /** The body, over one group: a function, an async function, a generator or an async generator. */
  call?(group: Group<D>): Answer;
}

/** An operator of COMBINE: for each pair of matching groups none, one or several rows. */
export abstract class Combiner<D extends Declaration = Declaration> extends Operator<D> {
  static readonly [OPERATOR] = 'combiner';

  /** The base class of a combiner whose rows are typed. */
  static declare<const D extends TypedDeclaration>(declaration: D): DeclaredClass<Combiner<D>, D> {
    abstract class Declared extends Combiner<D> {}
    return declaredClass(Declared, declaration);
  }

  /** The body, over two groups whose keys match. */
  call?(left: Group<D>, right: Group<D>): Answer;
}
