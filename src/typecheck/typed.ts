/**
 * What the checker gives: the script with every name resolved, every expression typed and every constant known, as a list of rowsets
 * in script order that refer to one another by id. Plain data; the planner lowers it to the dataflow graph.
 */
import type { Source, Span } from '../diagnostics/span.ts';
import type { CombineType, JoinType } from '../parser/ast.ts';
import type { OperatorSignature } from './signature.ts';
import type { Type, Value } from './types.ts';

export type RowsetId = number;

/** A rowset that computed a column (semantics S3), with the name the column had there. */
export interface Origin {
  readonly rowset: RowsetId;
  readonly column: string;
}

/** A column of a rowset. `qualifier` is set only inside a SELECT or COMBINE over several sources (`a.line`). */
export interface Column {
  readonly qualifier: string | null;
  readonly name: string;
  readonly type: Type;
  /** Usually one; both sides' behind a UNION. */
  readonly origins: readonly Origin[];
}

export type Schema = readonly Column[];

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type TypedExpr =
  | TypedLiteral
  | TypedColumn
  | TypedCall
  | TypedLogical
  | TypedCoalesce
  | TypedConditional
  | TypedConvert
  | TypedArray
  | TypedModuleCall
  | TypedLineage
  | TypedAggregate
  | TypedWindow;

/** A constant: a literal, a parameter, or what folding made of them. `parameter` names the DECLARE it came from. */
export interface TypedLiteral {
  readonly kind: 'literal';
  readonly value: Value;
  readonly parameter: string | null;
  readonly type: Type;
  readonly span: Span;
}

/** A column of the node's input, by the (qualifier, name) it has there. */
export interface TypedColumn {
  readonly kind: 'column';
  readonly qualifier: string | null;
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
}

/**
 * A call of an entry of the function table: functions, members, methods and the eager operators alike (`string.trim`, `Math.abs`, `int.add`, `equal`).
 * A receiver is the first argument. Arguments were converted to the entry's parameter types.
 */
export interface TypedCall {
  readonly kind: 'call';
  readonly fn: string;
  readonly args: readonly TypedExpr[];
  readonly type: Type;
  readonly span: Span;
}

/** `&&` and `||`: the right side is evaluated only where it decides. */
export interface TypedLogical {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly left: TypedExpr;
  readonly right: TypedExpr;
  readonly type: Type;
  readonly span: Span;
}

export interface TypedCoalesce {
  readonly kind: 'coalesce';
  readonly left: TypedExpr;
  readonly right: TypedExpr;
  readonly type: Type;
  readonly span: Span;
}

/** `?:` and what CASE becomes. */
export interface TypedConditional {
  readonly kind: 'conditional';
  readonly test: TypedExpr;
  readonly consequent: TypedExpr;
  readonly alternate: TypedExpr;
  readonly type: Type;
  readonly span: Span;
}

/** A conversion the type rules allow without writing it (int → long → float, T → T?, T → json); it never loses a value. */
export interface TypedConvert {
  readonly kind: 'convert';
  readonly value: TypedExpr;
  readonly type: Type;
  readonly span: Span;
}

export interface TypedArray {
  readonly kind: 'array';
  readonly elements: readonly TypedExpr[];
  readonly type: Type;
  readonly span: Span;
}

/** A function exported by an imported module. */
export interface TypedModuleCall {
  readonly kind: 'module-call';
  readonly module: string;
  readonly name: string;
  readonly args: readonly TypedExpr[];
  readonly type: Type;
  readonly span: Span;
}

/** `attempts(col)`, `original(col)`. */
export interface TypedLineage {
  readonly kind: 'lineage';
  readonly fn: 'attempts' | 'original';
  readonly column: TypedColumn;
  readonly type: Type;
  readonly span: Span;
}

export type AggregateName = 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX' | 'STDEV' | 'VAR' | 'FIRST' | 'LAST' | 'LIST';

export type WindowName =
  AggregateName | 'ROW_NUMBER' | 'RANK' | 'DENSE_RANK' | 'NTILE' | 'LAG' | 'LEAD' | 'FIRST_VALUE' | 'LAST_VALUE';

/** `arg` null is `COUNT(*)`. */
export interface TypedAggregate {
  readonly kind: 'aggregate';
  readonly fn: AggregateName;
  readonly distinct: boolean;
  readonly arg: TypedExpr | null;
  readonly type: Type;
  readonly span: Span;
}

export interface TypedWindow {
  readonly kind: 'window';
  readonly fn: WindowName;
  readonly distinct: boolean;
  readonly args: readonly TypedExpr[];
  readonly partitionBy: readonly TypedExpr[];
  readonly orderBy: readonly TypedSort[];
  readonly frame: TypedFrame;
  readonly type: Type;
  readonly span: Span;
}

/** Row offsets from the current row: negative before, positive behind, null unbounded on that side. */
export interface TypedFrame {
  readonly start: number | null;
  readonly end: number | null;
}

export interface TypedSort {
  readonly value: TypedExpr;
  readonly direction: 'asc' | 'desc';
}

export interface NamedExpr {
  readonly name: string;
  readonly value: TypedExpr;
}

// ── Operators ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** A call of an operator with all its inputs bound and all its options known. */
export interface BoundOperator {
  readonly signature: OperatorSignature;
  /** One per declared input, in the signature's order; the value's type fits the declared one. */
  readonly inputs: readonly NamedExpr[];
  /** Every option that has a value, given or by default. */
  readonly options: readonly (readonly [string, Value])[];
  /** What it yields with these options; empty for extractors and outputters. */
  readonly outputs: readonly { readonly name: string; readonly type: Type }[];
  readonly span: Span;
}

/** What PRODUCE keeps of an operator's answer: the operator's name for it, and the column it becomes. */
export interface Produce {
  readonly from: string;
  readonly name: string;
  readonly type: Type;
}

// ── Clauses ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type TypedAction =
  | {
      readonly kind: 'edit' | 'append';
      readonly changes: readonly TypedChange[];
      readonly limit: number;
      readonly otherwise: TypedAction;
      readonly span: Span;
    }
  | {
      readonly kind: 'delete' | 'retry';
      /** The column whose ancestors are meant, and where it was computed. */
      readonly target: RepairTarget;
      readonly limit: number;
      readonly otherwise: TypedAction;
      readonly span: Span;
    }
  | {
      readonly kind: 'retry-times';
      readonly times: number;
      /** Milliseconds before the n-th try are backoff × 2^(n−1). */
      readonly backoff: number;
      readonly otherwise: TypedAction;
      readonly span: Span;
    }
  | { readonly kind: 'drop' | 'keep'; readonly span: Span }
  | { readonly kind: 'abort'; readonly message: TypedExpr | null; readonly span: Span }
  | { readonly kind: 'route'; readonly name: string; readonly rowset: RowsetId; readonly span: Span };

export interface TypedChange {
  readonly target: RepairTarget;
  readonly value: TypedExpr;
}

export interface RepairTarget {
  readonly qualifier: string | null;
  readonly name: string;
  readonly origins: readonly Origin[];
  /** Ways to what the qualifier means; one without steps where there is none. Behind its last step the nearest ancestor that has the column counts (S4). */
  readonly ways: readonly Way[];
  readonly span: Span;
}

/** Steps back: through the side of the next join or COMBINE that has this name, or to a rowset. */
export type Way = readonly (
  { readonly kind: 'side'; readonly name: string } | { readonly kind: 'rowset'; readonly rowset: RowsetId }
)[];

// ── Rowsets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface RowsetBase {
  readonly id: RowsetId;
  /** The name of the statement that assigned it, with a suffix for parts of one; shown in plans and reports. */
  readonly label: string;
  readonly schema: Schema;
  readonly hints: readonly (readonly [string, Value])[];
  readonly span: Span;
}

export type TypedRowset =
  | TypedExtract
  | TypedValues
  | TypedSelect
  | TypedProcess
  | TypedReduce
  | TypedCombine
  | TypedSetOperation
  | TypedFilter
  | TypedHandler
  | TypedRouted;

/** One path, glob or file set pattern of a FROM, absolute, with the place it stands at. */
export interface InputPattern {
  readonly pattern: string;
  /** As the script wrote it, for messages. */
  readonly text: string;
  readonly span: Span;
}

export interface TypedExtract extends RowsetBase {
  readonly kind: 'extract';
  readonly files: readonly InputPattern[];
  readonly reader: BoundOperator;
  /** Declared columns in order; `used` false is not converted (a part of the language, not a rule). */
  readonly columns: readonly {
    readonly name: string;
    readonly type: Type;
    readonly used: boolean;
    readonly span: Span;
  }[];
  readonly having: TypedExpr | null;
}

export interface TypedValues extends RowsetBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly TypedExpr[])[];
}

export interface TypedSelect extends RowsetBase {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top: number | null;
  /** Stars are expanded; every item has its output name. */
  readonly items: readonly NamedExpr[];
  readonly from: TypedFrom;
  readonly where: TypedExpr | null;
  /** True where GROUP BY stands or an item, HAVING or ORDER BY holds an aggregate. */
  readonly grouped: boolean;
  readonly groupBy: readonly TypedExpr[];
  readonly having: TypedExpr | null;
  readonly orderBy: readonly TypedSort[];
}

export interface TypedFrom {
  readonly source: TypedSource;
  readonly joins: readonly TypedJoin[];
}

/** `alias` qualifies its columns where there are several sources; null with one. */
export interface TypedSource {
  readonly rowset: RowsetId;
  readonly alias: string | null;
}

export type TypedJoin =
  | {
      readonly kind: 'join';
      readonly type: JoinType;
      readonly source: TypedSource;
      /** Equalities between the sides, left to right; `on` is the rest, null where nothing is left. */
      readonly keys: readonly { readonly left: TypedExpr; readonly right: TypedExpr }[];
      readonly on: TypedExpr | null;
      readonly span: Span;
    }
  | { readonly kind: 'cross-join'; readonly source: TypedSource; readonly span: Span }
  | { readonly kind: 'explode'; readonly value: TypedExpr; readonly name: string; readonly span: Span };

export interface TypedProcess extends RowsetBase {
  readonly kind: 'process';
  readonly input: RowsetId;
  readonly where: TypedExpr | null;
  /** At least one; the further ones are conjectures, all with the same outputs. */
  readonly using: readonly BoundOperator[];
  readonly produce: readonly Produce[];
  readonly having: TypedExpr | null;
}

export interface TypedReduce extends RowsetBase {
  readonly kind: 'reduce';
  readonly input: RowsetId;
  readonly on: readonly string[];
  readonly presort: readonly TypedSort[];
  readonly using: BoundOperator;
  readonly produce: readonly Produce[];
  readonly having: TypedExpr | null;
}

export interface TypedCombine extends RowsetBase {
  readonly kind: 'combine';
  /** Which sides keep their groups that have no partner: their rows are whole groups, whatever the rest of ON says. */
  readonly type: CombineType;
  readonly left: TypedSource;
  readonly right: TypedSource;
  readonly keys: readonly { readonly left: TypedExpr; readonly right: TypedExpr }[];
  readonly on: TypedExpr | null;
  readonly using: BoundOperator;
  readonly produce: readonly Produce[];
  readonly having: TypedExpr | null;
}

export interface TypedSetOperation extends RowsetBase {
  readonly kind: 'set-operation';
  readonly operator: 'union-all' | 'union-distinct' | 'except' | 'intersect';
  readonly left: RowsetId;
  readonly right: RowsetId;
}

/** A WHERE clause. */
export interface TypedFilter extends RowsetBase {
  readonly kind: 'filter';
  readonly input: RowsetId;
  readonly condition: TypedExpr;
}

/** WHEN, ASSERT, a bare action, or ON ERROR (then `fires` is 'error' and `condition` null). */
export interface TypedHandler extends RowsetBase {
  readonly kind: 'handler';
  readonly input: RowsetId;
  /** `true`: on rows where the condition holds (null: on all); `false`: where it does not (ASSERT); `error`: where the operator throws. */
  readonly fires: 'true' | 'false' | 'error';
  readonly condition: TypedExpr | null;
  /** S15: the MESSAGE, else null and the condition as fmt prints it stands in `conditionText`. */
  readonly message: TypedExpr | null;
  readonly conditionText: string;
  readonly action: TypedAction;
}

/** What ROUTE TO name collects. */
export interface TypedRouted extends RowsetBase {
  readonly kind: 'routed';
  readonly name: string;
  /** The handlers that route to it, in script order. */
  readonly from: readonly RowsetId[];
}

export interface TypedOutput {
  readonly kind: 'output';
  readonly input: RowsetId;
  /** Absolute; with `{column}` where one file per value is written. */
  readonly path: string;
  /** As the script wrote it, for messages. */
  readonly pathText: string;
  readonly partitionBy: readonly string[];
  readonly writer: BoundOperator;
  readonly orderBy: readonly TypedSort[];
  readonly expect: TypedExpect | null;
  readonly span: Span;
}

export interface TypedExpect {
  /** Absolute path of the ground-truth file. */
  readonly truth: string;
  readonly truthText: string;
  /** Over the columns precision, recall, f1 (all float). */
  readonly having: TypedExpr | null;
  readonly havingText: string;
  readonly span: Span;
}

export interface TypedScript {
  readonly kind: 'typed-script';
  /** The script first, then views in the order they were first imported; spans index this list. */
  readonly sources: readonly Source[];
  readonly parameters: readonly { readonly name: string; readonly type: Type; readonly value: Value }[];
  readonly settings: readonly (readonly [string, Value])[];
  readonly rowsets: readonly TypedRowset[];
  readonly outputs: readonly TypedOutput[];
  /** The rowset an EXPORT names, for a view. */
  readonly exported: RowsetId | null;
}
