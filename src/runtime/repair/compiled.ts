/** A region made ready to run: its nodes in order, with their steps and clauses compiled once, whatever the number of batches. */
import { mapExpressions } from '../../planner/expressions/of-node.ts';
import { rewrite } from '../../planner/expressions/walk.ts';
import type {
  CombineNode,
  ExplodeNode,
  FilterNode,
  Graph,
  GraphNode,
  HandleNode,
  JoinNode,
  NodeId,
  ProcessNode,
  ProjectNode,
  ReduceNode,
} from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import { cannotFail } from '../../planner/expressions/failing.ts';
import { orderRoot } from '../../planner/order.ts';
import type { Region } from '../../planner/plan.ts';
import { sideSchema } from '../../planner/sides.ts';
import { Trails } from '../../planner/trails.ts';
import type { Trail } from '../../planner/trails.ts';
import type { BoundOperator, RepairTarget, RowsetId, Schema, TypedAction, TypedExpr } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import type { RunError } from '../errors.ts';
import type { RowFailure, RowRepair } from '../operators/runner.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import type { RowError } from '../row-error.ts';
import { rungsOf } from './ladder.ts';
import { levelsOf } from './levels.ts';
import type { Rung } from './ladder.ts';
import { LineageColumns } from './lineage.ts';
import type { HiddenColumn } from './lineage.ts';
import { declaredRepairs } from './raising.ts';
import type { Raising, ReadSide } from './raising.ts';
import type { SortKeys } from './sorted.ts';

/** What a row-wise node made of a batch; `parents` null where it is one row for each, in order. */
export interface Stepped {
  readonly batch: Batch;
  readonly parents: Int32Array | null;
  /** Repairs that an operator yielded. */
  readonly repairs: readonly RowRepair[];
  readonly failed: Failed | null;
  /** What its operator was given, where the lineage is recorded. */
  readonly inputs?: readonly Vector[];
}

/** The rows that an operator could not answer. Whether that counts is known when the rows settle (S10). */
export interface Failed {
  /** In row order. */
  readonly failures: readonly RowFailure[];
  /** One row for each, as the ROUTE's rowset of ON ERROR has them; null where there is none. */
  readonly routed: Batch | null;
  /** What ends the job, if it counts; `text` is what the script says to it. */
  readonly errorOf: (failure: RowFailure, text: string | null) => RunError;
}

/** Runs a row-wise node over a batch of its first input. `conjecture` 0 is the first operator of a PROCESS. */
export type Step = (batch: Batch, conjecture: number) => Promise<Stepped> | Stepped;

/** The rows of a batch, in order, on which a condition holds. A row that fails is added to `failures`, and not selected. */
export type Select = (batch: Batch, failures: RowError[]) => Int32Array;

/** How the engine lends its steps: the node's expressions are over `input`, which may have more columns than the input node. */
export interface RegionEnvironment {
  readonly compile: Compile;
  readonly predicate: (expr: TypedExpr, input: Schema) => Select;
  readonly step: (node: GraphNode, input: Schema) => Step;
  readonly reduce: (node: ReduceNode, input: Schema) => Reduce;
  /** The schemas are as the node's expressions name the columns. */
  readonly combine: (node: CombineNode, left: Schema, right: Schema) => Combine;
}

/** Calls a REDUCE's operator on complete groups. They are numbered in the order in which they first appear. */
export type Reduce = (batch: Batch) => Promise<Reduced>;

/** Calls a COMBINE's operator on complete pairs of groups, all of whose rows are given. They are numbered in the order in which the left rows first have their keys. */
export type Combine = (left: Batch, right: Batch) => Promise<Reduced>;

export interface Reduced {
  readonly batches: readonly Batch[];
  /** The group of every answer row. */
  readonly groups: Int32Array;
  /** By row of the batch; of a COMBINE the rows of the right side count on from those of the left. */
  readonly repairs: readonly RowRepair[];
  /** `row` is the group. */
  readonly failures: readonly RowFailure[];
  readonly errorOf: Failed['errorOf'];
}

/** A handler, or an operator's ON ERROR. */
export interface Clause {
  readonly node: GraphNode;
  readonly rungs: readonly Rung[];
  /** null for a clause that acts on all rows. */
  readonly condition: Select | null;
  /** The condition's value on which the clause acts. */
  readonly fires: boolean;
  readonly message: Evaluate | null;
  readonly conditionText: string;
  readonly abortMessages: ReadonlyMap<Rung, Evaluate>;
  /** By the value expression of a change. */
  readonly values: ReadonlyMap<TypedExpr, Evaluate>;
}

export interface CompiledNode {
  readonly node: GraphNode;
  readonly entry: boolean;
  readonly isOrigin: boolean;
  readonly inputs: readonly NodeId[];
  readonly level: number;
  readonly root: NodeId;
  /** Lineage functions that its expressions need, behind the input's columns. */
  readonly hidden: readonly HiddenColumn[];
  /** The same of a join's right side. */
  readonly hiddenRight: readonly HiddenColumn[];
  /** The node with the hidden columns in place of the functions, for what gathers rows itself. */
  readonly gathers: GraphNode;
  readonly step: Step | null;
  readonly clause: Clause | null;
  readonly raising: Raising | null;
  readonly sort: SortKeys | null;
  readonly reduce: Reduce | null;
  readonly combine: Combine | null;
}

export interface CompiledRegion {
  /** Entries first, then the region's nodes, each behind its inputs. */
  readonly nodes: readonly CompiledNode[];
  readonly levels: number;
  readonly compile: Compile;
}

export function compileRegion(
  graph: Graph,
  region: Region,
  nodeOf: (rowset: RowsetId) => NodeId,
  env: RegionEnvironment,
): CompiledRegion {
  const inside = new Set(region.nodes);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const roots = new Map<NodeId, NodeId>();
  for (const node of graph.nodes) roots.set(node.id, orderRoot(node, roots));
  const members = graph.nodes.filter((node) => inside.has(node.id));
  const fed = new Set(members.flatMap((node) => inputsOf(node)).filter((id) => !inside.has(id)));
  const levels = levelsOf(members, region);
  const trails = new Trails(graph, inside);
  const context: Context = { nodeOf, env, trails, sideOf: readSide };
  function readSide(id: NodeId, alias: string | null): ReadSide {
    const schema = byId.get(id)?.schema ?? [];
    return { schema: sideSchema(schema, alias), trailAt: (at) => trailAt(trails, id, schema[at]) };
  }
  const entries = graph.nodes
    .filter((node) => fed.has(node.id))
    .map((node): CompiledNode => ({ ...bare(node, roots), entry: true, isOrigin: false, inputs: [], level: 0 }));
  const nodes = members.map((node): CompiledNode => {
    // What a clause routes are rows that stood before it.
    const inputs = node.kind === 'routed' ? node.from.map((id) => inputOf(byId.get(id))) : inputsOf(node);
    const level = levels.get(node.id) ?? 0;
    const isOrigin = region.origins.includes(node.id);
    const plain = { ...bare(node, roots), isOrigin, inputs, level };
    // What has two sides pairs their rows itself.
    if (node.kind === 'join' || node.kind === 'combine') {
      const sides = [
        lineageOf(readSide(node.left, node.leftAlias), nodeOf),
        lineageOf(readSide(node.right, node.rightAlias), nodeOf),
      ] as const;
      const over = overSides(node, sides);
      if (node.kind === 'join') return { ...plain, ...over };
      return { ...plain, ...over, ...combining(over.gathers, node, sides, context) };
    }
    return { ...plain, ...compiled(node, inputs[0] ?? -1, context, roots) };
  });
  return { nodes: [...entries, ...nodes], levels: Math.max(0, ...levels.values()), compile: env.compile };
}

/** What the nodes of a region are compiled with. */
interface Context {
  readonly nodeOf: (rowset: RowsetId) => NodeId;
  readonly env: RegionEnvironment;
  readonly trails: Trails;
  /** The columns of a node's rows as expressions behind it name them. */
  readonly sideOf: (node: NodeId, alias: string | null) => ReadSide;
}

function trailAt(trails: Trails, node: NodeId, column: Schema[number] | undefined): Trail | null {
  return column === undefined ? null : trails.ofColumn(node, column);
}

function lineageOf({ schema, trailAt: at }: ReadSide, nodeOf: Context['nodeOf']): LineageColumns {
  return new LineageColumns(schema, nodeOf, at);
}

function inputOf(node: GraphNode | undefined): NodeId {
  const [input] = node === undefined ? [] : inputsOf(node);
  if (input === undefined) throw new RangeError('what routes has no input');
  return input;
}

function bare(
  node: GraphNode,
  roots: ReadonlyMap<NodeId, NodeId>,
): Omit<CompiledNode, 'isOrigin' | 'inputs' | 'level'> {
  return {
    node,
    entry: false,
    root: roots.get(node.id) ?? node.id,
    hidden: [],
    hiddenRight: [],
    gathers: node,
    step: null,
    clause: null,
    raising: null,
    sort: null,
    reduce: null,
    combine: null,
  };
}

function compiled(
  node: GraphNode,
  input: NodeId,
  context: Context,
  roots: ReadonlyMap<NodeId, NodeId>,
): Omit<CompiledNode, 'isOrigin' | 'inputs' | 'level'> {
  const { env, nodeOf } = context;
  const side = context.sideOf(input, null);
  const lineage = lineageOf(side, nodeOf);
  const read = (expr: TypedExpr): TypedExpr => lineage.replace(expr);
  const plain = bare(node, roots);
  switch (node.kind) {
    case 'filter': {
      const replaced = { ...node, predicate: read(node.predicate) };
      const raising = guarded(node, lineage, context);
      return { ...plain, hidden: lineage.hidden, step: env.step(replaced, lineage.schema()), raising };
    }
    case 'project': {
      const items = node.items.map((item) => ({ ...item, value: read(item.value) }));
      const raising = guarded(node, lineage, context);
      return { ...plain, hidden: lineage.hidden, step: env.step({ ...node, items }, lineage.schema()), raising };
    }
    case 'explode': {
      const replaced = { ...node, value: read(node.value) };
      const raising = guarded(node, lineage, context);
      return { ...plain, hidden: lineage.hidden, step: env.step(replaced, lineage.schema()), raising };
    }
    case 'process': {
      const using = node.using.map((operator) => reading(operator, read));
      const onError = node.onError === null ? null : clauseOf(node, failing(node.onError), lineage, context);
      const operators = declaredRepairs(node.using, [side], nodeOf);
      const step = env.step({ ...node, using }, lineage.schema());
      return { ...plain, hidden: lineage.hidden, step, raising: { operators, onError, ...placesOf(node) } };
    }
    case 'sort': {
      const by = node.by.map(({ value }) => read(value));
      const keys = by.map((key) => env.compile(key, lineage.schema()));
      const failing = by.filter((key) => !cannotFail(key)).map((key) => env.compile(key, lineage.schema()));
      return { ...plain, sort: { by: node.by, keys, failing, hidden: lineage.hidden } };
    }
    // What gathers rows does so itself, but for the calls of its operator.
    case 'reduce': {
      const using = reading(node.using, read);
      const presort = node.presort.map((item) => ({ ...item, value: read(item.value) }));
      const operators = declaredRepairs([node.using], [side], nodeOf);
      const onError = node.onError === null ? null : clauseOf(node, failing(node.onError), lineage, context);
      const places = { span: node.using.span, onErrorSpan: node.onError?.span ?? node.using.span };
      const raising = { operators, onError, ...places };
      const replaced = { ...node, using, presort };
      return { ...plain, hidden: lineage.hidden, reduce: env.reduce(replaced, lineage.schema()), raising };
    }
    case 'aggregate':
      return { ...plain, gathers: mapExpressions(node, read), hidden: lineage.hidden };
    case 'window':
      return { ...plain, gathers: mapExpressions(node, read), hidden: lineage.hidden };
    case 'handle': {
      const clause = clauseOf(node, node, lineage, context);
      return { ...plain, hidden: lineage.hidden, clause };
    }
    default:
      return plain;
  }
}

/** The ON ERROR of a SELECT; a row on which it fails without one ends the job, if it settles. */
function guarded(node: FilterNode | ProjectNode | ExplodeNode, lineage: LineageColumns, context: Context): Raising {
  const { span } = node;
  const onError = node.kind === 'explode' ? undefined : node.onError;
  const clause = onError === undefined ? null : clauseOf(node, failing(onError), lineage, context);
  return { operators: [], onError: clause, span, onErrorSpan: onError?.span ?? span };
}

function reading(operator: BoundOperator, read: (expr: TypedExpr) => TypedExpr): BoundOperator {
  return { ...operator, inputs: operator.inputs.map((bound) => ({ ...bound, value: read(bound.value) })) };
}

type Sides = readonly [left: LineageColumns, right: LineageColumns];

/** The node with the lineage functions of each side read from hidden columns of that side. */
function overSides(
  node: JoinNode | CombineNode,
  sides: Sides,
): Pick<CompiledNode, 'gathers' | 'hidden' | 'hiddenRight'> {
  const read = (expr: TypedExpr): TypedExpr =>
    rewrite(expr, (part) => {
      if (part.kind !== 'lineage') return null;
      const side = sides.find((one) => one.has(part.column)) ?? sides[0];
      return side.replace(part);
    });
  return { gathers: mapExpressions(node, read), hidden: sides[0].hidden, hiddenRight: sides[1].hidden };
}

/** `sides` have the hidden columns that the node's expressions need. */
function combining(
  node: GraphNode,
  { using, onError, left, right, leftAlias, rightAlias }: CombineNode,
  sides: Sides,
  context: Context,
): Pick<CompiledNode, 'combine' | 'raising'> {
  if (node.kind !== 'combine') throw new TypeError('only a COMBINE combines');
  const { env, nodeOf, sideOf } = context;
  const operators = declaredRepairs([using], [sideOf(left, leftAlias), sideOf(right, rightAlias)], nodeOf);
  // A failed pair of groups has no columns of its own.
  const none = new LineageColumns([], nodeOf, () => null);
  const clause = onError === null ? null : clauseOf(node, failing(onError), none, context);
  const places = { span: using.span, onErrorSpan: onError?.span ?? using.span };
  const combine = env.combine(node, sides[0].schema(), sides[1].schema());
  return { combine, raising: { operators, onError: clause, ...places } };
}

type ClauseFacts = Pick<HandleNode, 'action' | 'condition' | 'message' | 'conditionText' | 'fires'>;

/** ON ERROR as a clause that fires on the rows it is shown. */
function failing(action: TypedAction): ClauseFacts {
  return { action, condition: null, message: null, conditionText: '', fires: 'true' };
}

function placesOf({ using, span, onError }: ProcessNode): Pick<Raising, 'span' | 'onErrorSpan'> {
  const operator = using[0]?.span ?? span;
  return { span: operator, onErrorSpan: onError?.span ?? operator };
}

function clauseOf(
  node: GraphNode,
  { action, condition, message, conditionText, fires }: ClauseFacts,
  lineage: LineageColumns,
  { nodeOf, env, trails }: Context,
): Clause {
  // A failed pair of groups has rows of both inputs.
  const [input = -1] = node.kind === 'combine' ? [node.id] : inputsOf(node);
  const trailOf = (target: RepairTarget): Trail | null => trails.ofTarget(input, target);
  const rungs = rungsOf(ownerOf(node), action, { nodeOf, trailOf });
  const replaced = new Map<TypedExpr, TypedExpr>();
  const read = (expr: TypedExpr | null): void => {
    if (expr !== null) replaced.set(expr, lineage.replace(expr));
  };
  read(condition);
  read(message);
  for (const rung of rungs) {
    if (rung.kind === 'abort') read(rung.message);
    if (rung.kind === 'edit' || rung.kind === 'append') for (const { value } of rung.changes) read(value);
  }
  // Only now are all hidden columns known, and with them the schema.
  const schema = lineage.schema();
  const compile = (expr: TypedExpr | null): Evaluate | null => {
    const over = expr === null ? undefined : replaced.get(expr);
    return over === undefined ? null : env.compile(over, schema);
  };
  const over = condition === null ? null : (replaced.get(condition) ?? condition);
  const values = new Map<TypedExpr, Evaluate>();
  const abortMessages = new Map<Rung, Evaluate>();
  for (const rung of rungs) {
    if (rung.kind === 'abort') set(abortMessages, rung, compile(rung.message));
    if (rung.kind === 'edit' || rung.kind === 'append') {
      for (const { value } of rung.changes) set(values, value, compile(value));
    }
  }
  return {
    node,
    rungs,
    condition: over === null ? null : env.predicate(over, schema),
    fires: fires === 'true',
    message: compile(message),
    conditionText,
    abortMessages,
    values,
  };
}

/** The ON ERROR of a SELECT stands at several nodes, and its actions count their firings together (S13). */
function ownerOf(node: GraphNode): string {
  if ((node.kind !== 'filter' && node.kind !== 'project') || node.onError === undefined) return String(node.id);
  const { source, start } = node.onError.span;
  return `error ${source} ${start}`;
}

function set<K>(map: Map<K, Evaluate>, key: K, evaluate: Evaluate | null): void {
  if (evaluate !== null) map.set(key, evaluate);
}
