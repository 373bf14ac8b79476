/** What the methods of JobBuilder take. Texts are PYSCOPE: expressions over the columns of the input. */
import type { Columns } from '../../runtime/operators/declaration.ts';
import type { JsOf } from '../../runtime/operators/type-text.ts';
import type { ColumnTypes } from './built-ins.ts';
import type { Using } from './calls.ts';
import type { Constant } from './text.ts';

/** A rowset of a job, to be the input of a later step. */
export interface JobNode {
  readonly kind: 'job-node';
  /** Its name in the script that the builder writes, in plans and in reports. */
  readonly name: string;
}

interface Step {
  /** What the new rowset is called; made up where left out. */
  readonly name?: string;
  /** Advice to the planner: `{ batch: 64 }`. It never changes a result. */
  readonly hint?: Readonly<Record<string, Constant>>;
}

interface Fallible {
  /** ON ERROR: what happens to rows on which it fails: `DROP`, `ROUTE TO bad`, `RETRY 3 TIMES ELSE DROP`, `EDIT line = line.trim() LIMIT 1 ELSE DROP`. */
  readonly onError?: string;
}

/**
 * Upstream columns that the operator may repair by `row.edit`, `row.append`, `row.delete` and `row.fail`, beside those that its class declares: each is the
 * column that one of its inputs is bound to.
 */
export interface RepairedColumns {
  readonly editCols?: readonly string[];
  readonly appendCols?: readonly string[];
  readonly deleteCols?: readonly string[];
  readonly failCols?: readonly string[];
}

interface OneInput {
  /** The rowset before it where left out. */
  readonly inp?: JobNode;
}

/** What an operator yields: names to keep, or names with what they become (`{ label: 'sentiment' }`); all where left out. */
export type Produced = readonly string[] | Readonly<Record<string, string>>;

export interface ExtractArguments extends Step, Fallible {
  /** A reader such as `new CsvReader({ … })`, or an instance of an Extractor of your own, with `from` and `columns`. */
  readonly using: Using;
  readonly from?: string | readonly string[];
  readonly columns?: ColumnTypes;
}

export interface ProcessArguments extends Step, OneInput, Fallible, RepairedColumns {
  /** A processor; several are conjectures, tried in order. */
  readonly using: Using | readonly Using[];
  readonly produce?: Produced;
  /** Filters the input first. */
  readonly where?: string;
  /** Filters the result. */
  readonly having?: string;
}

export interface SelectArguments extends Step, OneInput, Fallible {
  /** `['line', 'line.length AS length']` */
  readonly items: readonly string[];
  readonly where?: string;
}

/** A row as a predicate reads it. */
export interface RowOf<C extends Columns> {
  get<N extends Extract<keyof C, string>>(column: N): JsOf<C[N]>;
}

/** A condition: an expression as text, or a function with the columns it reads. */
export type Condition<C extends ColumnTypes> =
  | { readonly predicate: string; readonly inColTypes?: never }
  | { readonly predicate: (row: RowOf<C>) => boolean; readonly inColTypes: C };

export type WhereArguments<C extends ColumnTypes> = Step & OneInput & Condition<C>;

export type AssertArguments<C extends ColumnTypes> = Step &
  OneInput &
  Condition<C> & {
    /** The reason of a row that does not hold, an expression. */
    readonly message?: string;
    /** What happens to such a row: `DROP`, `KEEP`, `ROUTE TO name`, `RETRY column ELSE …`; ABORT where left out. */
    readonly otherwise?: string;
  };

export interface UnionArguments extends Step {
  readonly inp: readonly [JobNode, JobNode, ...JobNode[]];
  /** Each row once. */
  readonly distinct?: boolean;
}

export interface ReduceArguments extends Step, OneInput, Fallible, RepairedColumns {
  readonly on: readonly string[];
  /** `['score DESC', 'line']` */
  readonly presort?: readonly string[];
  readonly using: Using;
  readonly produce?: Produced;
  readonly having?: string;
}

export interface CombineArguments extends Step, Fallible {
  /** The two sides, which `on` and the operator's inputs call `left` and `right`. */
  readonly inp: readonly [JobNode, JobNode];
  /** Whose groups without a partner the operator sees too, beside an empty one; no side's where left out. */
  readonly outer?: 'left' | 'right' | 'full';
  readonly on: string;
  readonly using: Using;
  readonly produce?: Produced;
  readonly having?: string;
}

export interface OutputArguments extends OneInput {
  /** A writer such as `new CsvWriter({ to: 'out.csv' })`, or an instance of an Outputter of your own, with `to`. */
  readonly using: Using;
  readonly to?: string;
  /** `['score DESC', 'line']` */
  readonly orderBy?: readonly string[];
  /** The ground truth: a file that the rows written are compared with. */
  readonly gt?: string;
  /** What precision, recall and f1 have to be: `'f1 >= 0.9'`. */
  readonly having?: string;
}

export interface JobOptions {
  /** Where relative paths start; the current folder where left out. A program's own: `import.meta.dirname`. */
  readonly folder?: string;
  /** What the job is called in reports. */
  readonly template?: string;
  /** Optimiser rules to leave out, by name. */
  readonly disableOpts?: readonly string[];
  /** `false` leaves out all optimiser rules. */
  readonly dagOpt?: boolean;
  /** `false` keeps the lineage of outputs behind the run, to explain them. */
  readonly enableGc?: boolean;
  /** Settings of the run: `{ workers: 2, batch: 512, memory: '256MB' }`. */
  readonly hint?: { readonly workers?: number; readonly batch?: number; readonly memory?: string };
}
