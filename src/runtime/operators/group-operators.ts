import { OPERATOR } from './brand.ts';
import type { Declaration, TypedDeclaration } from './declaration.ts';
import { declaredClass } from './declared-class.ts';
import type { DeclaredClass } from './declared-class.ts';
import { Operator } from './operator.ts';
import type { Answer, Row } from './row.ts';

/** The rows of one group, in order, and the maker of answers. */
export interface Group<D extends Declaration = Declaration> extends Pick<Row<D>, 'with'> {
  readonly length: number;
  /** Each row is valid until the next one is taken. */
  rows(): Iterable<Row<D>>;
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
