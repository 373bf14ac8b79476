import { expressionText } from '../../typecheck/expressions/text.ts';
import type { Schema, TypedExpr } from '../../typecheck/typed.ts';
import { columnsIn, contains } from '../../typecheck/visit.ts';
import { cannotFail } from '../expressions/failing.ts';
import { columnKey } from '../expressions/key.ts';
import { conjunctionOf, conjunctsOf, rewrite } from '../expressions/walk.ts';
import type { AggregateNode, FilterNode, GraphNode, JoinNode, NodeId, ProjectNode, UnionNode } from '../graph.ts';
import { keyOf } from '../schemas.ts';
import { localRule, type Match, onlyInput, type View } from './match.ts';
import { substitution } from './meld.ts';

/**
 * Moves filters towards the sources, past what gives the same rows whether it sees the dropped ones or not. Only conjuncts that cannot fail
 * move, never past one that can, and only past steps that cannot fail themselves, so that errors stay the same; but past an operator, which is
 * then not called for rows that were dropped anyway. Regions, handlers and operators with ON ERROR stop it: they act on the rows they see.
 */
export const predicatePushdown = localRule(
  'predicate-pushdown',
  'rows that are dropped anyway are dropped before they cost anything',
  (node, view) => {
    if (node.kind !== 'filter') return null;
    const before = onlyInput(node, view);
    if (before === null) return null;
    for (const way of waysPast(before, view)) {
      const { moving, staying } = split(node, way);
      const [first, ...rest] = moving;
      if (first === undefined) continue;
      return move(
        node,
        furthest({ past: before, way, predicate: conjunctionOf([first, ...rest]) }, view),
        staying,
        view,
      );
    }
    return null;
  },
);

/** A predicate, in terms of the columns of the node it moves past, with the way it takes. */
interface Hop {
  readonly past: GraphNode;
  readonly way: Way;
  readonly predicate: TypedExpr;
  /** Nodes it went past before, which stay as they are. */
  readonly over?: readonly NodeId[];
}

/** The last of the steps that a predicate as a whole can go past one after the other: all of them are one move. */
function furthest(hop: Hop, view: View): Hop {
  let last = hop;
  const over: NodeId[] = [];
  for (;;) {
    const [side, other] = last.way.sides;
    if (side === undefined || other !== undefined || side.which !== 'input') return { ...last, over };
    const past = onlyInput({ ...last.past, input: side.input }, view);
    const predicate = side.rewritten(last.predicate);
    const conjuncts = conjunctsOf(predicate);
    const way = past === null ? undefined : waysPast(past, view).find(({ allows }) => conjuncts.every(allows));
    if (past === null || way === undefined) return { ...last, over };
    over.push(last.past.id);
    last = { past, way, predicate };
  }
}

/** A way for a predicate into one or more inputs of a node. */
interface Way {
  /** Inputs that get a filter of their own. */
  readonly sides: readonly Side[];
  /** Whether a conjunct over the node's columns says the same over the side's. */
  readonly allows: (conjunct: TypedExpr) => boolean;
}

interface Side {
  readonly input: NodeId;
  readonly which: 'input' | 'left' | 'right';
  /** The predicate in terms of the side's columns. */
  readonly rewritten: (expr: TypedExpr) => TypedExpr;
}

function waysPast(node: GraphNode, { nodes }: View): readonly Way[] {
  switch (node.kind) {
    case 'process':
      return node.onError === null ? [through(node, usesNone(node.produce.map(({ name }) => name)))] : [];
    case 'explode':
      return cannotFail(node.value) ? [through(node, usesNone([node.name]))] : [];
    case 'sort':
      return node.by.every(({ value }) => cannotFail(value)) ? [through(node, () => true)] : [];
    case 'distinct':
      return [through(node, () => true)];
    case 'project':
      return node.items.every(({ value }) => cannotFail(value)) ? [pastProject(node)] : [];
    case 'aggregate':
      return pastAggregate(node);
    case 'union':
      return [pastUnion(node)];
    case 'join':
      return pastJoin(node, nodes.get(node.left)?.schema ?? [], nodes.get(node.right)?.schema ?? []);
    case 'extract':
    case 'values':
    case 'filter':
    case 'window':
    case 'except':
    case 'intersect':
    case 'top':
    case 'reduce':
    case 'combine':
    case 'handle':
    case 'routed':
    case 'output':
      return [];
  }
}

function through(node: GraphNode & { readonly input: NodeId }, allows: Way['allows']): Way {
  return { sides: [{ input: node.input, which: 'input', rewritten: (expr) => expr }], allows };
}

function usesNone(names: readonly string[]): Way['allows'] {
  return (expr) => columnsIn(expr).every((column) => column.qualifier !== null || !names.includes(column.name));
}

/** A computed item is not computed twice, so only columns that are passed on, or constants, are looked through. */
function pastProject(node: ProjectNode): Way {
  const replace = substitution(node);
  return {
    sides: [{ input: node.input, which: 'input', rewritten: (expr) => rewrite(expr, replace) }],
    allows: (expr) => readsFree(expr, replace),
  };
}

/** `attempts(c)` asks for a column, so it is not looked through. */
function readsFree(expr: TypedExpr, replace: (expr: TypedExpr) => TypedExpr | null): boolean {
  const asks = contains(expr, (part) => part.kind === 'lineage');
  return !asks && columnsIn(expr).every((column) => isFree(replace(column)));
}

function isFree(value: TypedExpr | null): boolean {
  return value?.kind === 'column' || value?.kind === 'literal';
}

/** A group is dropped whole where the predicate reads its keys; without keys there is one group even of no rows. */
function pastAggregate(node: AggregateNode): readonly Way[] {
  const safe = [...node.keys.map(({ value }) => value), ...node.aggregates.flatMap(({ value }) => value.arg ?? [])];
  const sums = node.aggregates.some(({ value }) => value.fn === 'SUM');
  if (node.keys.length === 0 || sums || !safe.every(cannotFail)) return [];
  const keys = new Map(node.keys.map(({ name, value }) => [name, value]));
  const replace = (expr: TypedExpr): TypedExpr | null =>
    expr.kind === 'column' && expr.qualifier === null ? (keys.get(expr.name) ?? null) : null;
  const allows = (expr: TypedExpr): boolean => readsFree(expr, replace);
  return [{ sides: [{ input: node.input, which: 'input', rewritten: (expr) => rewrite(expr, replace) }], allows }];
}

function pastUnion(node: UnionNode): Way {
  const same = (expr: TypedExpr): TypedExpr => expr;
  return {
    sides: [
      { input: node.left, which: 'left', rewritten: same },
      { input: node.right, which: 'right', rewritten: same },
    ],
    allows: () => true,
  };
}

/** Into a side whose rows are in the result only as they match or not: not into one that is filled up with nulls. */
function pastJoin(node: JoinNode, left: Schema, right: Schema): readonly Way[] {
  const parts = [...node.keys.flatMap((key) => [key.left, key.right]), ...(node.on === null ? [] : [node.on])];
  if (!parts.every(cannotFail)) return [];
  const ways: Way[] = [];
  if (node.type !== 'right' && node.type !== 'full') ways.push(intoSide('left', node.left, node.leftAlias, left));
  if (node.type === 'inner' || node.type === 'cross' || node.type === 'right') {
    ways.push(intoSide('right', node.right, node.rightAlias, right));
  }
  return ways;
}

function intoSide(which: 'left' | 'right', input: NodeId, alias: string | null, schema: Schema): Way {
  const own = new Map(
    schema.map((column) => [columnKey(alias ?? column.qualifier, column.name), column.qualifier] as const),
  );
  const rewritten = (expr: TypedExpr): TypedExpr =>
    rewrite(expr, (part) => (part.kind === 'column' ? { ...part, qualifier: own.get(keyOf(part)) ?? null } : null));
  return {
    sides: [{ input, which, rewritten }],
    allows: (expr) => columnsIn(expr).every((column) => own.has(keyOf(column))),
  };
}

/** A conjunct moves where neither it nor one that stays before it can fail. A constant moves with any. */
function split(
  node: FilterNode,
  way: Way,
): { readonly moving: readonly TypedExpr[]; readonly staying: readonly TypedExpr[] } {
  const moving: TypedExpr[] = [];
  const staying: TypedExpr[] = [];
  let open = true;
  for (const conjunct of conjunctsOf(node.predicate)) {
    const fine = cannotFail(conjunct);
    if (open && fine && way.allows(conjunct)) moving.push(conjunct);
    else staying.push(conjunct);
    open &&= fine;
  }
  return { moving, staying };
}

function move(
  node: FilterNode,
  { past, way: { sides }, predicate, over = [] }: Hop,
  staying: readonly TypedExpr[],
  view: View,
): Match {
  const filters = sides.map((side, at): FilterNode => {
    const suffix = sides.length > 1 ? side.which : 'early';
    const whole = staying.length === 0 && at === 0;
    return {
      ...node,
      id: whole ? node.id : view.freshId(),
      label: whole && sides.length === 1 ? node.label : view.freshLabel(`${node.label}.${suffix}`),
      input: side.input,
      predicate: side.rewritten(predicate),
      schema: view.nodes.get(side.input)?.schema ?? node.schema,
    };
  });
  const moved = fedBy(past, sides, filters);
  const [first, ...rest] = staying;
  const rests = first === undefined ? [] : [{ ...node, predicate: conjunctionOf([first, ...rest]) }];
  const redirect = first === undefined ? new Map([[node.id, node.input]]) : new Map<NodeId, NodeId>();
  const touched = [node.id, node.input, ...over, past.id, ...sides.map((side) => side.input)];
  const what = `moved ${node.clause} ${expressionText(predicate)} ${whereTo(past, sides)}`;
  return { edits: { put: [...filters, moved, ...rests], redirect }, touched, what };
}

function fedBy(before: GraphNode, sides: readonly Side[], filters: readonly FilterNode[]): GraphNode {
  const filterOf = (which: Side['which']): NodeId | undefined =>
    filters[sides.findIndex((side) => side.which === which)]?.id;
  switch (before.kind) {
    case 'union':
    case 'join':
      return { ...before, left: filterOf('left') ?? before.left, right: filterOf('right') ?? before.right };
    case 'process':
    case 'explode':
    case 'sort':
    case 'distinct':
    case 'project':
    case 'aggregate':
      return { ...before, input: filterOf('input') ?? before.input };
    default:
      return before;
  }
}

function whereTo(before: GraphNode, sides: readonly Side[]): string {
  const [side] = sides;
  if (before.kind === 'process') return `before ${before.using.map(({ signature }) => signature.name).join(' ELSE ')}`;
  if (sides.length > 1) return `into both sides of ${before.label}`;
  if (side !== undefined && side.which !== 'input') return `into the ${side.which} side of ${before.label}`;
  return `before ${before.kind === 'project' ? `SELECT of ${before.label}` : before.label}`;
}
