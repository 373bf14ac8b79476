/**
 * The syntax tree of a PYSCOPE script: readonly data, a literal `kind` and a span on every node, no parent pointers.
 * It holds what was written, not what it means: names are unresolved, types are unchecked, literals keep their text.
 * The productions are those of docs/language.md.
 */
import type { Span } from '../diagnostics/span.ts';

/** A name as it stands in the script; `text` is without backticks or the `@` of a parameter. */
export interface Name {
  readonly kind: 'name';
  readonly text: string;
  readonly span: Span;
}

export interface Script {
  readonly kind: 'script';
  readonly statements: readonly Statement[];
  /** All comments in source order, for the printer. */
  readonly comments: readonly Comment[];
  readonly span: Span;
}

export interface Comment {
  readonly kind: 'comment';
  readonly style: 'line' | 'block';
  /** With its `//` or `/* … *\/`. */
  readonly text: string;
  readonly span: Span;
}

// ── Statements ──────────────────────────────────────────────────────────────────────────────────────────────────────

export type Statement =
  ImportModule | ImportView | Declare | SetOption | Assignment | OutputStatement | RowsetStatement | ExportStatement;

/** `IMPORT { A, B AS C } FROM "./operators.ts"` */
export interface ImportModule {
  readonly kind: 'import-module';
  readonly names: readonly ImportedName[];
  readonly from: StringLiteral;
  readonly span: Span;
}

export interface ImportedName {
  readonly kind: 'imported-name';
  readonly name: Name;
  readonly alias: Name | null;
  readonly span: Span;
}

/** `name = IMPORT "view.scope" PARAMS @a = 1` */
export interface ImportView {
  readonly kind: 'import-view';
  readonly target: Name;
  readonly from: StringLiteral;
  readonly params: readonly ViewArgument[];
  readonly span: Span;
}

export interface ViewArgument {
  readonly kind: 'view-argument';
  readonly parameter: Name;
  readonly value: Expr;
  readonly span: Span;
}

/** `DECLARE @name: type = expr` */
export interface Declare {
  readonly kind: 'declare';
  readonly parameter: Name;
  readonly type: TypeNode | null;
  readonly value: Expr;
  readonly span: Span;
}

/** `SET option = literal` */
export interface SetOption {
  readonly kind: 'set';
  readonly option: Name;
  readonly value: Expr;
  readonly span: Span;
}

export interface Assignment {
  readonly kind: 'assignment';
  readonly target: Name;
  readonly rowset: Rowset;
  readonly span: Span;
}

export interface RowsetStatement {
  readonly kind: 'rowset-statement';
  readonly rowset: Rowset;
  readonly span: Span;
}

/** `OUTPUT [rowset] TO expr [USING op] [ORDER BY …] [EXPECT expr [HAVING expr]]`; `input` null means the last rowset. */
export interface OutputStatement {
  readonly kind: 'output';
  readonly input: Rowset | null;
  readonly to: Expr;
  readonly using: OperatorCall | null;
  readonly orderBy: readonly SortItem[];
  readonly expect: Expect | null;
  readonly span: Span;
}

export interface Expect {
  readonly kind: 'expect';
  readonly truth: Expr;
  readonly having: Expr | null;
  readonly span: Span;
}

export interface ExportStatement {
  readonly kind: 'export';
  readonly name: Name;
  readonly span: Span;
}

// ── Rowsets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Rowset = SetOperation | Claused | Primary;

export type Primary = RowsetName | LastRowset | Parenthesised | Extract | Select | Process | Reduce | Combine | Values;

/** `left UNION [ALL|DISTINCT] right`, left-associative. */
export interface SetOperation {
  readonly kind: 'set-operation';
  readonly operator: 'union' | 'except' | 'intersect';
  /** What was written behind the operator. */
  readonly quantifier: 'all' | 'distinct' | null;
  /** `ON (a, b)`; empty where left out. */
  readonly on: readonly Name[];
  readonly left: Rowset;
  readonly right: Rowset;
  readonly span: Span;
}

/** A primary with its clauses in the order written (at least one). A leading `WHERE expr` has a {@link LastRowset} primary. */
export interface Claused {
  readonly kind: 'claused';
  readonly input: Primary;
  readonly clauses: readonly Clause[];
  readonly span: Span;
}

export interface RowsetName {
  readonly kind: 'rowset-name';
  readonly name: Name;
  readonly span: Span;
}

/** Nothing written where an input is needed: SCOPE's last rowset. The span is empty, at the place it would stand. */
export interface LastRowset {
  readonly kind: 'last-rowset';
  readonly span: Span;
}

export interface Parenthesised {
  readonly kind: 'parenthesised';
  readonly rowset: Rowset;
  readonly span: Span;
}

export interface Extract {
  readonly kind: 'extract';
  readonly columns: readonly ColumnDeclaration[];
  readonly from: readonly Expr[];
  readonly using: OperatorCall | null;
  readonly having: Expr | null;
  readonly span: Span;
}

/** `name [: type]`; a missing type is string. */
export interface ColumnDeclaration {
  readonly kind: 'column-declaration';
  readonly name: Name;
  readonly type: TypeNode | null;
  readonly span: Span;
}

export interface Values {
  readonly kind: 'values';
  readonly rows: readonly ValuesRow[];
  /** A missing type is the common type of the column's values. */
  readonly columns: readonly ColumnDeclaration[];
  readonly span: Span;
}

export interface ValuesRow {
  readonly kind: 'values-row';
  readonly values: readonly Expr[];
  readonly span: Span;
}

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top: Expr | null;
  readonly items: readonly SelectItem[];
  /** null where FROM is left out: the last rowset. */
  readonly from: From | null;
  readonly where: Expr | null;
  readonly groupBy: readonly Expr[];
  readonly having: Expr | null;
  readonly orderBy: readonly SortItem[];
  readonly span: Span;
}

export type SelectItem = StarItem | QualifiedStarItem | ExpressionItem;

export interface StarItem {
  readonly kind: 'star-item';
  readonly span: Span;
}

export interface QualifiedStarItem {
  readonly kind: 'qualified-star-item';
  readonly qualifier: Name;
  readonly span: Span;
}

export interface ExpressionItem {
  readonly kind: 'expression-item';
  readonly value: Expr;
  readonly alias: Name | null;
  readonly span: Span;
}

export interface SortItem {
  readonly kind: 'sort-item';
  readonly value: Expr;
  readonly direction: 'asc' | 'desc';
  readonly span: Span;
}

export interface From {
  readonly kind: 'from';
  readonly source: FromSource;
  readonly joins: readonly Join[];
  readonly span: Span;
}

export type FromSource = RowsetSource | FileSource;

/** `input [AS name]` */
export interface RowsetSource {
  readonly kind: 'rowset-source';
  readonly input: RowsetName | Parenthesised;
  readonly alias: Name | null;
  readonly span: Span;
}

/** `expr USING operator [AS name]`: a file read in place. */
export interface FileSource {
  readonly kind: 'file-source';
  readonly file: Expr;
  readonly using: OperatorCall;
  readonly alias: Name | null;
  readonly span: Span;
}

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

export type Join = ConditionalJoin | CrossJoin | ExplodeJoin;

export interface ConditionalJoin {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly source: FromSource;
  readonly on: Expr;
  readonly span: Span;
}

export interface CrossJoin {
  readonly kind: 'cross-join';
  readonly source: FromSource;
  readonly span: Span;
}

/** `CROSS APPLY EXPLODE(expr) AS name` */
export interface ExplodeJoin {
  readonly kind: 'explode';
  readonly value: Expr;
  readonly alias: Name;
  readonly span: Span;
}

export interface Process {
  readonly kind: 'process';
  readonly input: Rowset;
  /** `USING A ELSE B ELSE C`: at least one; the further ones are conjectures. */
  readonly using: readonly OperatorCall[];
  /** null where PRODUCE is left out: all the operator yields. */
  readonly produce: readonly Produced[] | null;
  readonly where: Expr | null;
  readonly having: Expr | null;
  readonly span: Span;
}

/** `name [AS name] [: type]` */
export interface Produced {
  readonly kind: 'produced';
  readonly name: Name;
  readonly alias: Name | null;
  readonly type: TypeNode | null;
  readonly span: Span;
}

export interface Reduce {
  readonly kind: 'reduce';
  readonly input: Rowset;
  readonly on: readonly Name[];
  readonly presort: readonly PresortItem[];
  readonly using: OperatorCall;
  readonly produce: readonly Produced[] | null;
  readonly having: Expr | null;
  readonly span: Span;
}

export interface PresortItem {
  readonly kind: 'presort-item';
  readonly column: Name;
  readonly direction: 'asc' | 'desc';
  readonly span: Span;
}

/** Whose groups without a partner are kept: of neither side, of the one named, of both. */
export type CombineType = Exclude<JoinType, 'semi' | 'anti'>;

export interface Combine {
  readonly kind: 'combine';
  readonly type: CombineType;
  readonly left: RowsetSource;
  readonly right: RowsetSource;
  readonly on: Expr;
  readonly using: OperatorCall;
  readonly produce: readonly Produced[] | null;
  readonly having: Expr | null;
  readonly span: Span;
}

/** `Name.Name(arg, name = arg)` */
export interface OperatorCall {
  readonly kind: 'operator-call';
  readonly path: readonly Name[];
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface Argument {
  readonly kind: 'argument';
  readonly name: Name | null;
  readonly value: Expr;
  readonly span: Span;
}

// ── Clauses and actions ─────────────────────────────────────────────────────────────────────────────────────────────

export type Clause = WhereClause | WhenClause | AssertClause | OnErrorClause | HintClause;

export interface WhereClause {
  readonly kind: 'where-clause';
  readonly condition: Expr;
  readonly span: Span;
}

/** `WHEN expr action`, or a bare `action` (condition null): fires on the rows where the condition holds. */
export interface WhenClause {
  readonly kind: 'when-clause';
  readonly condition: Expr | null;
  readonly action: Action;
  readonly span: Span;
}

/** `ASSERT expr [MESSAGE expr] ELSE action`: fires on the rows where it does not hold. */
export interface AssertClause {
  readonly kind: 'assert-clause';
  readonly condition: Expr;
  readonly message: Expr | null;
  readonly action: Action;
  readonly span: Span;
}

export interface OnErrorClause {
  readonly kind: 'on-error-clause';
  readonly action: Action;
  readonly span: Span;
}

export interface HintClause {
  readonly kind: 'hint-clause';
  readonly hints: readonly Hint[];
  readonly span: Span;
}

export interface Hint {
  readonly kind: 'hint';
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

export type Action =
  | EditAction
  | AppendAction
  | DeleteAction
  | RetryAction
  | RetryTimesAction
  | DropAction
  | KeepAction
  | AbortAction
  | RouteAction;

interface Repairing {
  readonly limit: Expr | null;
  readonly otherwise: Action | null;
  readonly span: Span;
}

export interface EditAction extends Repairing {
  readonly kind: 'edit';
  readonly changes: readonly Change[];
}

export interface AppendAction extends Repairing {
  readonly kind: 'append';
  readonly changes: readonly Change[];
}

export interface DeleteAction extends Repairing {
  readonly kind: 'delete';
  readonly column: ColumnRef;
}

export interface RetryAction extends Repairing {
  readonly kind: 'retry';
  readonly column: ColumnRef;
}

/** `RETRY n TIMES [BACKOFF expr] [ELSE action]`, only after ON ERROR. */
export interface RetryTimesAction {
  readonly kind: 'retry-times';
  readonly times: Expr;
  readonly backoff: Expr | null;
  readonly otherwise: Action | null;
  readonly span: Span;
}

export interface DropAction {
  readonly kind: 'drop';
  readonly span: Span;
}

export interface KeepAction {
  readonly kind: 'keep';
  readonly span: Span;
}

export interface AbortAction {
  readonly kind: 'abort';
  readonly message: Expr | null;
  readonly span: Span;
}

export interface RouteAction {
  readonly kind: 'route';
  readonly target: Name;
  readonly span: Span;
}

/** `col = expr` of an EDIT or APPEND. */
export interface Change {
  readonly kind: 'change';
  readonly column: ColumnRef;
  readonly value: Expr;
  readonly span: Span;
}

/** `column` or `rowset.column`, the target of a repair. */
export interface ColumnRef {
  readonly kind: 'column-ref';
  readonly qualifier: Name | null;
  readonly name: Name;
  readonly span: Span;
}

// ── Types ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type TypeNode = NamedType | ArrayType | NullableType;

export interface NamedType {
  readonly kind: 'named-type';
  readonly name: Name;
  readonly span: Span;
}

export interface ArrayType {
  readonly kind: 'array-type';
  readonly element: TypeNode;
  readonly span: Span;
}

export interface NullableType {
  readonly kind: 'nullable-type';
  readonly base: TypeNode;
  readonly span: Span;
}

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type Expr =
  | StringLiteral
  | NumberLiteral
  | BooleanLiteral
  | NullLiteral
  | NameExpr
  | ParameterExpr
  | ArrayLiteral
  | ParenthesisedExpr
  | MemberExpr
  | IndexExpr
  | CallExpr
  | UnaryExpr
  | BinaryExpr
  | ConditionalExpr
  | CaseExpr
  | InExpr
  | BetweenExpr
  | LikeExpr
  | IsNullExpr
  | AggregateExpr;

/** `value` is the decoded text; `raw` what was written, quotes included. */
export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly raw: string;
  readonly span: Span;
}

/** `integer` is true where the literal has neither point nor exponent (hex, octal and binary forms are integers). */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly integer: boolean;
  readonly raw: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly span: Span;
}

export interface NullLiteral {
  readonly kind: 'null';
  readonly span: Span;
}

/** A column, a rowset alias, or a namespace such as `Math`. */
export interface NameExpr {
  readonly kind: 'name-expr';
  readonly name: Name;
  readonly span: Span;
}

export interface ParameterExpr {
  readonly kind: 'parameter';
  readonly name: Name;
  readonly span: Span;
}

export interface ArrayLiteral {
  readonly kind: 'array';
  readonly elements: readonly Expr[];
  readonly span: Span;
}

export interface ParenthesisedExpr {
  readonly kind: 'parenthesised-expr';
  readonly value: Expr;
  readonly span: Span;
}

/** `object.member` or `object?.member`. */
export interface MemberExpr {
  readonly kind: 'member';
  readonly object: Expr;
  readonly member: Name;
  readonly optional: boolean;
  readonly span: Span;
}

export interface IndexExpr {
  readonly kind: 'index';
  readonly object: Expr;
  readonly index: Expr;
  /** `object?.[index]` */
  readonly optional: boolean;
  readonly span: Span;
}

/** `callee(args)`, where the callee is a name or a member. */
export interface CallExpr {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly arguments: readonly Expr[];
  readonly span: Span;
}

/** `NOT` stands as `!` with `word` true; it binds looser than the comparisons. */
export interface UnaryExpr {
  readonly kind: 'unary';
  readonly word: boolean;
  readonly operator: '!' | '-' | '+';
  readonly operand: Expr;
  readonly span: Span;
}

export type BinaryOperator = '||' | '&&' | '??' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

/** `AND`, `OR` stand as `&&`, `||` with `word` true, so that fmt keeps what was written. */
export interface BinaryExpr {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly word: boolean;
  readonly left: Expr;
  readonly right: Expr;
  readonly span: Span;
}

export interface ConditionalExpr {
  readonly kind: 'conditional';
  readonly test: Expr;
  readonly consequent: Expr;
  readonly alternate: Expr;
  readonly span: Span;
}

/** `CASE [subject] WHEN … THEN … [ELSE …] END` */
export interface CaseExpr {
  readonly kind: 'case';
  readonly subject: Expr | null;
  readonly arms: readonly CaseArm[];
  readonly otherwise: Expr | null;
  readonly span: Span;
}

export interface CaseArm {
  readonly kind: 'case-arm';
  readonly when: Expr;
  readonly then: Expr;
  readonly span: Span;
}

/** `value [NOT] IN (a, b)`; a single array-typed expression may stand for the list. */
export interface InExpr {
  readonly kind: 'in';
  readonly value: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
  readonly span: Span;
}

export interface BetweenExpr {
  readonly kind: 'between';
  readonly value: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly negated: boolean;
  readonly span: Span;
}

export interface LikeExpr {
  readonly kind: 'like';
  readonly value: Expr;
  readonly pattern: Expr;
  readonly negated: boolean;
  readonly span: Span;
}

export interface IsNullExpr {
  readonly kind: 'is-null';
  readonly value: Expr;
  readonly negated: boolean;
  readonly span: Span;
}

/**
 * An aggregate or window call that plain call syntax cannot hold: `COUNT(*)`, `COUNT(DISTINCT x)`, or any call followed
 * by `OVER (…)`. `SUM(x)` without them parses as a {@link CallExpr}; the checker knows the names.
 */
export interface AggregateExpr {
  readonly kind: 'aggregate';
  readonly name: Name;
  readonly star: boolean;
  readonly distinct: boolean;
  readonly arguments: readonly Expr[];
  readonly over: Window | null;
  readonly span: Span;
}

export interface Window {
  readonly kind: 'window';
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortItem[];
  readonly frame: Frame | null;
  readonly span: Span;
}

/** `ROWS start` or `ROWS BETWEEN start AND end`. */
export interface Frame {
  readonly kind: 'frame';
  readonly start: FrameBound;
  readonly end: FrameBound | null;
  readonly span: Span;
}

export interface FrameBound {
  readonly kind: 'frame-bound';
  readonly bound: 'unbounded-preceding' | 'preceding' | 'current-row' | 'following' | 'unbounded-following';
  /** The row count of `n PRECEDING` and `n FOLLOWING`, else null. */
  readonly offset: Expr | null;
  readonly span: Span;
}

/** Every node of the tree, for visitors and dumps. */
export type Node =
  | Script
  | Comment
  | Name
  | Statement
  | ImportedName
  | ViewArgument
  | Expect
  | Rowset
  | ColumnDeclaration
  | ValuesRow
  | SelectItem
  | SortItem
  | From
  | FromSource
  | Join
  | Produced
  | PresortItem
  | OperatorCall
  | Argument
  | Clause
  | Hint
  | Action
  | Change
  | ColumnRef
  | TypeNode
  | Expr
  | CaseArm
  | Window
  | Frame
  | FrameBound;
