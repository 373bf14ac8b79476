import { OPERATOR } from './brand.ts';
import type { Declaration, TypedDeclaration } from './declaration.ts';
import { declaredClass } from './declared-class.ts';
import type { DeclaredClass } from './declared-class.ts';
import { Operator } from './operator.ts';
import type { Answer, BatchAnswer, Row, RowBatch } from './row.ts';

/**
 * An operator of PROCESS: for each row of its input none, one or several rows with the declared outputs; the input's columns stay beside them.
 * A subclass has one of the two bodies.
 */
export abstract class Processor<D extends Declaration = Declaration> extends Operator<D> {
  static readonly [OPERATOR] = 'processor';

  /** The base class of a processor whose rows are typed: `class Shout extends Processor.declare({ inputs: …, outputs: … })`. */
  static declare<const D extends TypedDeclaration>(declaration: D): DeclaredClass<Processor<D>, D> {
    abstract class Declared extends Processor<D> {}
    return declaredClass(Declared, declaration);
  }

  /** The body over one row: a function, an async function, a generator or an async generator. What it throws is the failure of that row. */
  call?(row: Row<D>): Answer;

  /** The body over many rows, for speed and for models. What it throws ends the job; for single rows give `failures`. */
  callBatch?(batch: RowBatch<D>): BatchAnswer | Promise<BatchAnswer>;
}
