/**
 * Ways back of columns (S4): by which inputs of which nodes a column came, so that a repair of `b.x` goes through the side `b` of a join and no other, also where both
 * sides come from one origin. Found once for a column; at run time a row only follows its way.
 */
import type { Column, Origin, RepairTarget, Schema, TypedExpr, Way } from '../typecheck/typed.ts';
import { findColumn } from './lower/draft.ts';
import type { CombineNode, Graph, GraphNode, JoinNode, NodeId } from './graph.ts';
import { inputsOf } from './graph.ts';

/** The way back from a node. */
export interface Trail {
  /** The node has computed the column: the way ends here. */
  readonly isOrigin: boolean;
  /** By input of the node: how the way goes on, null where the column did not come by that input. */
  readonly behind: readonly (Trail | null)[];
}

const ORIGIN: Trail = { isOrigin: true, behind: [] };

/** What is looked for from a node on: a column that it has, or one of a target that it may not have any more. */
type Sought =
  | { readonly kind: 'column'; readonly qualifier: string | null; readonly name: string }
  | { readonly kind: 'target'; readonly target: RepairTarget; readonly ways: readonly Way[] };

export class Trails {
  private readonly nodes: ReadonlyMap<NodeId, GraphNode>;
  private readonly computedBy: Graph['computedBy'];
  private readonly inside: ReadonlySet<NodeId>;
  private readonly known = new Map<string, Trail | null>();

  /** Ways inside a set of nodes; they end where it does. */
  constructor({ nodes, computedBy }: Graph, inside: ReadonlySet<NodeId>) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    this.computedBy = computedBy;
    this.inside = inside;
  }

  /** Of a column of the node's rows. */
  ofColumn(node: NodeId, { qualifier, name }: Pick<Column, 'qualifier' | 'name'>): Trail | null {
    return this.from(node, { kind: 'column', qualifier, name });
  }

  /** Of what a repair names, from rows of this node. */
  ofTarget(node: NodeId, target: RepairTarget): Trail | null {
    return this.from(node, { kind: 'target', target, ways: target.ways });
  }

  private from(id: NodeId, sought: Sought): Trail | null {
    const node = this.nodes.get(id);
    if (node === undefined || !this.inside.has(id)) return null;
    const key = `${id} ${JSON.stringify(sought)}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = sought.kind === 'column' ? this.columnAt(node, sought) : this.targetAt(node, sought);
    this.known.set(key, found);
    return found;
  }

  /** The way by the inputs for which something is sought. */
  private through(node: GraphNode, soughtAt: (input: NodeId, side: number) => Sought | null): Trail | null {
    const behind = this.rowsOf(node).map((input, side) => {
      const sought = soughtAt(input, side);
      return sought === null ? null : this.from(input, sought);
    });
    return behind.every((one) => one === null) ? null : { isOrigin: false, behind };
  }

  /** Whose rows its rows are made from: what a clause routes are rows that stood before it. */
  private rowsOf(node: GraphNode): readonly NodeId[] {
    if (node.kind !== 'routed') return inputsOf(node);
    return node.from.map((id) => {
      const clause = this.nodes.get(id);
      return (clause === undefined ? undefined : inputsOf(clause)[0]) ?? -1;
    });
  }

  private schemaOf(id: NodeId): Schema {
    return this.nodes.get(id)?.schema ?? [];
  }

  private computes(node: GraphNode, origins: readonly Origin[]): boolean {
    return origins.some(({ rowset }) => this.computedBy.get(rowset) === node.id);
  }

  // ── A column that the node has ────────────────────────────────────────────────────────────────────────────────────

  private columnAt(node: GraphNode, { qualifier, name }: Extract<Sought, { kind: 'column' }>): Trail | null {
    const column = findColumn(node.schema, qualifier, name);
    if (column === undefined) return null;
    if (this.computes(node, column.origins)) return ORIGIN;
    return this.through(node, (input, side) => this.columnBehind(node, column, input, side));
  }

  /** What a column was in an input; null where it did not come from there. */
  private columnBehind(node: GraphNode, column: Column, input: NodeId, side: number): Sought | null {
    const { qualifier, name } = column;
    const same = { kind: 'column', qualifier, name } as const;
    switch (node.kind) {
      case 'project':
        return columnOf(node.items[node.schema.indexOf(column)]?.value);
      case 'aggregate':
        return columnOf(node.keys.find((key) => key.name === name)?.value);
      case 'join':
        return sideColumn(node, same, side);
      case 'combine': {
        const isLeft = this.schemaOf(node.left).some((one) => one.name === name);
        return isLeft === (side === 0) ? same : null;
      }
      case 'except':
      case 'intersect':
        return side === 0 ? same : null;
      case 'routed': {
        // A routed row has the columns that the clause saw, without their qualifiers.
        const schema = this.schemaOf(input);
        const shared = schema.filter(({ origins }) => overlap(origins, column.origins));
        const found = shared.find((one) => one.name === name) ?? shared[0];
        return found === undefined ? null : { kind: 'column', qualifier: found.qualifier, name: found.name };
      }
      default:
        return same;
    }
  }

  // ── A column that an ancestor has ─────────────────────────────────────────────────────────────────────────────────

  private targetAt(node: GraphNode, { target, ways }: Extract<Sought, { kind: 'target' }>): Trail | null {
    const left = ways.map((way) => this.arriving(node, way));
    if (left.some(({ length }) => length === 0)) return this.namedAt(node, target);
    return this.through(node, (_, side) => {
      const further = left.flatMap((way) => stepBack(node, way, side));
      return further.length === 0 ? null : { kind: 'target', target, ways: further };
    });
  }

  /** A way without the steps that end at this node. */
  private arriving(node: GraphNode, way: Way): Way {
    const [step, ...rest] = way;
    if (step?.kind !== 'rowset' || this.computedBy.get(step.rowset) !== node.id) return way;
    return this.arriving(node, rest);
  }

  /** The nearest node that has it. */
  private namedAt(node: GraphNode, target: RepairTarget): Trail | null {
    const own = findColumn(node.schema, null, target.name);
    if (own !== undefined && overlap(own.origins, target.origins))
      return this.columnAt(node, { kind: 'column', qualifier: null, name: own.name });
    // The element of an EXPLODE is no column of the step that computes it.
    if (this.computes(node, target.origins)) return ORIGIN;
    return this.through(node, () => ({ kind: 'target', target, ways: [[]] }));
  }
}

/** Whether two ways lead from a row to the same rows. */
export function sameTrail(a: Trail | null, b: Trail | null): boolean {
  const known = new Map<Trail, Set<Trail>>();
  const same = (one: Trail | null, other: Trail | null): boolean => {
    if (one === other) return true;
    if (one === null || other === null || one.isOrigin !== other.isOrigin) return false;
    const compared = known.get(one) ?? new Set();
    if (compared.has(other)) return true;
    known.set(one, compared.add(other));
    return one.behind.every((next, at) => same(next, other.behind[at] ?? null));
  };
  return same(a, b);
}

/** How a way goes on behind an input of a node; empty where it does not lead there. */
function stepBack(node: GraphNode, way: Way, side: number): readonly Way[] {
  const [step, ...rest] = way;
  if (step?.kind !== 'side') return [way];
  // A source whose name is pending is named by a project, or by the join.
  if (node.kind === 'project') return [node.schema.some(({ qualifier }) => qualifier === step.name) ? rest : way];
  if (node.kind !== 'join' && node.kind !== 'combine') return [way];
  const { leftAlias, rightAlias } = node;
  if (rightAlias === step.name) return side === 1 ? [rest] : [];
  if (side === 1) return [];
  if (leftAlias === step.name) return [rest];
  // Joins of one FROM stand behind one another, to the left.
  return leftAlias === null ? [way] : [];
}

/** The column that a step passes on as it is. */
function columnOf(expr: TypedExpr | undefined): Sought | null {
  if (expr?.kind === 'convert') return columnOf(expr.value);
  return expr?.kind === 'column' ? { kind: 'column', qualifier: expr.qualifier, name: expr.name } : null;
}

function sideColumn(
  { leftAlias, rightAlias }: JoinNode | CombineNode,
  column: Extract<Sought, { kind: 'column' }>,
  side: number,
): Sought | null {
  const isRight = column.qualifier === rightAlias;
  if (isRight !== (side === 1)) return null;
  return (isRight ? rightAlias : leftAlias) === null ? column : { ...column, qualifier: null };
}

function overlap(a: readonly Origin[], b: readonly Origin[]): boolean {
  return a.some(({ rowset, column }) => b.some((other) => other.rowset === rowset && other.column === column));
}
