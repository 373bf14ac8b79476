/** What the checker knows while it reads: one compilation shared by all scripts, one environment per script or imported view. */
import { diagnostic, type Code, type Facts } from '../diagnostics/catalogue/index.ts';
import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Script } from '../parser/ast.ts';
import type { CheckInput } from './input.ts';
import type { Parameter } from './scope.ts';
import type { FunctionSignature, OperatorSignature } from './signature.ts';
import type { InputPattern, RowsetId, Schema, TypedExpr, TypedOutput, TypedRowset } from './typed.ts';
import type { Value } from './types.ts';

/** A rowset, or null where it has an error that is already reported: whatever reads it is then silent. */
export type Checked = RowsetId | null;

export interface Compilation {
  readonly input: CheckInput;
  readonly diagnostics: Diagnostic[];
  /** Indexed by id. */
  readonly rowsets: TypedRowset[];
  readonly outputs: TypedOutput[];
  /** For each rowset the nearest step upstream that is no filter or handler, itself if it is none: those only let rows pass. */
  readonly steps: RowsetId[];
  /** Every rowset that something reads. */
  readonly reads: Set<RowsetId>;
  /** How often each label was given, to keep them apart. */
  readonly labels: Map<string, number>;
  /** What the FROM or COMBINE of a rowset called its sources, for qualified repairs. */
  readonly sourceNames: Map<RowsetId, readonly SourceName[]>;
  readonly filesRead: InputPattern[];
  /** Absolute paths of the views being read, outermost first. */
  readonly openViews: string[];
}

export interface SourceName {
  readonly name: string | null;
  readonly rowset: RowsetId;
}

export interface NamedRowset {
  readonly rowset: Checked;
  readonly span: Span;
  /** Defined by ROUTE TO rather than by an assignment. */
  readonly routed: boolean;
}

/** A value for a DECLARE from outside: text of the command line, or an expression of PARAMS. */
export type Override =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'value'; readonly value: TypedExpr };

export interface Environment {
  readonly compilation: Compilation;
  readonly script: Script;
  /** Set before the labels of a view's rowsets. */
  readonly labelPrefix: string;
  readonly names: Map<string, NamedRowset>;
  /** Where each name of the script is first defined, whether or not that statement was reached yet. */
  readonly definitions: ReadonlyMap<string, Span>;
  readonly parameters: Map<string, Parameter>;
  readonly overrides: ReadonlyMap<string, Override>;
  readonly operators: Map<string, OperatorSignature>;
  readonly functions: Map<string, FunctionSignature>;
  readonly settings: Map<string, Value>;
  readonly imported: Map<string, Span>;
  readonly statements: StatementRecord[];
  /** The rowset of the statement before; undefined before the first. */
  last: Checked | undefined;
  exported: { readonly rowset: Checked; readonly span: Span } | null;
}

/** The rowsets one statement made, `from` inclusive, `to` exclusive. */
export interface StatementRecord {
  readonly name: string | null;
  readonly rowset: RowsetId;
  readonly from: RowsetId;
  readonly to: RowsetId;
  readonly span: Span;
}

export function report<C extends Code>(
  env: Environment,
  code: C,
  span: Span,
  facts: Facts<C>,
  related: readonly RelatedPlace[] = [],
): void {
  env.compilation.diagnostics.push(diagnostic(code, span, facts, related));
}

/** Whether the script of this environment had syntax errors. */
export function isIncomplete(env: Environment): boolean {
  return env.compilation.input.incomplete.has(env.script.span.source);
}

/** Whether a name may be defined by a statement that the parser had to leave out: the text looks as if it were. */
export function mayBeDefined(env: Environment, name: string): boolean {
  if (!isIncomplete(env)) return false;
  const text = env.compilation.input.sources[env.script.span.source]?.text ?? '';
  const word = Array.from(name, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`).join('');
  return new RegExp(
    String.raw`(?<![\w$])(?:${word}\s*:?\s*=(?!=)|(?:TO|AS|IMPORT[^;]*[\s{,])\s*${word}(?![\w$]))`,
    'u',
  ).test(text);
}

export function rowsetOf(env: Environment, id: RowsetId): TypedRowset {
  const rowset = env.compilation.rowsets[id];
  if (rowset === undefined) throw new RangeError(`no rowset ${id}`);
  return rowset;
}

export function schemaOf(env: Environment, id: RowsetId): Schema {
  return rowsetOf(env, id).schema;
}

/** The id that the next rowset gets: columns it computes name it as their origin before it stands. */
export function nextId(env: Environment): RowsetId {
  return env.compilation.rowsets.length;
}

/** Adds a rowset, whose id must be {@link nextId}; its label is made when its statement ends. */
export function addRowset(env: Environment, rowset: TypedRowset): RowsetId {
  const { rowsets, steps } = env.compilation;
  const passes = rowset.kind === 'filter' || rowset.kind === 'handler';
  rowsets.push(rowset);
  steps.push(passes ? (steps[rowset.input] ?? rowset.input) : rowset.id);
  return rowset.id;
}

export function replaceRowset(env: Environment, rowset: TypedRowset): void {
  env.compilation.rowsets[rowset.id] = rowset;
}

/** Marks a rowset as read and hands it on. */
export function read(env: Environment, rowset: Checked): Checked {
  if (rowset !== null) env.compilation.reads.add(rowset);
  return rowset;
}
