/** Calls of operators as the oracle sees them: rows, repairs and failures, all pure functions of the inputs. */
import type { Origin, TypedProcess } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import type { Env } from './evaluate.ts';
import type { Chain, Row } from './state.ts';

/** An operator of a test: the rows it yields for one row's inputs, in the order of its declared outputs. */
export type TestOperator = (inputs: readonly Value[]) => readonly (readonly Value[])[];

export interface TestRepair {
  readonly kind: 'edit' | 'append' | 'delete' | 'fail';
  /** Inputs with their new values. */
  readonly changes: readonly (readonly [input: string, value: Value])[];
}

/** What an operator does beside its rows. */
export interface TestEffects {
  /** The reason for which it fails; null where it does not. */
  readonly failure?: (inputs: readonly Value[]) => string | null;
  readonly repairs?: (inputs: readonly Value[]) => readonly TestRepair[];
}

/** A reducer of a test: what it makes of the inputs of its group's rows, and which of them it repairs. */
export type TestReducer = (members: readonly (readonly Value[])[]) => {
  readonly rows: readonly (readonly Value[])[];
  readonly repairs: readonly (TestRepair & { readonly member: number })[];
  /** The reason for which it fails. */
  readonly failure?: string | null;
};

/** A combiner of a test. Inputs of the other side are null; a row says which row of each side stands beside it. */
export type TestCombiner = (
  left: readonly (readonly Value[])[],
  right: readonly (readonly Value[])[],
) => {
  readonly rows: readonly { readonly values: readonly Value[]; readonly left: number; readonly right: number }[];
  readonly repairs: readonly (TestRepair & { readonly side: 0 | 1; readonly member: number })[];
  readonly failure?: string | null;
};

/** One call of a COMBINE on a pair of groups. */
export interface PairCall {
  readonly id: string;
  readonly members: readonly Row[];
  /** The first of each group. */
  readonly left: Row;
  readonly right: Row;
  readonly rows: readonly { readonly values: readonly Value[]; readonly left: Row; readonly right: Row }[];
  readonly repairs: readonly (TestRepair & { readonly row: Row; readonly side: 0 | 1 })[];
  readonly failed: FailedCall | null;
}

/** One call of a REDUCE on the group whose first row is `members[0]`. */
export interface GroupCall {
  readonly id: string;
  readonly first: Row;
  readonly members: readonly Row[];
  readonly rows: readonly (readonly Value[])[];
  readonly repairs: readonly (TestRepair & { readonly row: Row })[];
  readonly failed: FailedCall | null;
}

/** What ON ERROR is told of: a call that gave no row, or a row on which an expression failed. */
export interface FailedCall {
  readonly id: string;
  /** The rows it was made of, in row order. */
  readonly members: readonly Row[];
  /** What the clause's expressions see. */
  readonly env: Env;
  /** Of a PROCESS: the call itself, for RETRY. */
  readonly call: Call | null;
}

/** The column that an operator's input is bound to: its key in the rows that are read, and where it was computed. */
export interface BoundColumn {
  readonly key: string;
  readonly origins: readonly Origin[];
}

/** S13. */
export const DEFAULT_LIMIT = 8;

/** One call of a PROCESS on one row, by the alternative that counts. */
export interface Call {
  readonly id: string;
  readonly rowset: TypedProcess;
  readonly row: Row;
  readonly conjecture: number;
  /** What the call has behind it. */
  readonly chain: Pick<Chain, 'repairs' | 'firings'>;
  /** By input name. */
  readonly inputs: ReadonlyMap<string, Value>;
  readonly failure: string | null;
  readonly rows: readonly (readonly Value[])[];
  readonly repairs: readonly TestRepair[];
  readonly columnOf: (input: string) => BoundColumn;
}
