/** The graph while it is being built: nodes by id, labels as wished; only `buildGraph` and what it calls see one. */
import type { Column, RowsetId, Schema, TypedAction, TypedExpr, TypedRowset } from '../../typecheck/typed.ts';
import type { GraphNode, NodeId } from '../graph.ts';

/** What a rowset became. */
export interface Lowered {
  /** The node whose rows are the rowset. */
  readonly result: NodeId;
  /**
   * The step that computes the rowset's own columns: repairs of them enter right behind it, before HAVING, DISTINCT, ORDER BY and TOP
   * of the statement (S7).
   */
  readonly core: NodeId;
}

type WithoutId<N> = N extends GraphNode ? Omit<N, 'id' | 'hints'> : never;
export type NewNode = WithoutId<GraphNode>;

const NO_HINTS = new Map<string, never>();

export class Draft {
  readonly rowsets: ReadonlyMap<RowsetId, TypedRowset>;
  readonly lowered = new Map<RowsetId, Lowered>();
  /** The nodes a handler's ROUTE TO collects from: its handle node, or those whose errors it handles. */
  readonly routing = new Map<RowsetId, readonly NodeId[]>();
  readonly nodes: GraphNode[] = [];
  /** The nodes at which an ON ERROR of a SELECT stands. */
  readonly guarded = new Map<RowsetId, readonly NodeId[]>();

  private readonly errorHandlers: ReadonlyMap<RowsetId, TypedAction>;
  /** The nodes of each statement, as far as they were added for it. */
  private readonly statements = new Map<RowsetId, readonly NodeId[]>();

  constructor(rowsets: ReadonlyMap<RowsetId, TypedRowset>) {
    this.rowsets = rowsets;
    this.errorHandlers = new Map(
      [...rowsets.values()].flatMap((rowset) =>
        rowset.kind === 'handler' && rowset.fires === 'error' ? [[rowset.input, rowset.action] as const] : [],
      ),
    );
  }

  /** Notes what a rowset became, with the nodes added since `before`. */
  settle(rowset: RowsetId, lowered: Lowered, before: number): void {
    this.lowered.set(rowset, lowered);
    this.statements.set(
      rowset,
      this.nodes.slice(before).map((node) => node.id),
    );
  }

  /** ON ERROR of a step, if it has one. */
  onErrorOf(rowset: RowsetId): TypedAction | null {
    return this.errorHandlers.get(rowset) ?? null;
  }

  /** Puts an ON ERROR action at the nodes of a rowset that call an operator; a SELECT has put it where it computes. Gives those nodes. */
  guard(rowset: RowsetId, onError: TypedAction): readonly NodeId[] {
    const known = this.guarded.get(rowset);
    if (known !== undefined) return known;
    const nodes = (this.statements.get(rowset) ?? []).map((id) => this.node(id)).filter(isOperator);
    for (const node of nodes) this.nodes[node.id] = { ...node, onError };
    return nodes.map((node) => node.id);
  }

  add(fields: NewNode): NodeId {
    const id = this.nodes.length;
    this.nodes.push({ ...fields, id, hints: NO_HINTS });
    return id;
  }

  node(id: NodeId): GraphNode {
    const node = this.nodes[id];
    if (node === undefined) throw new Error(`the graph has no node ${id}`);
    return node;
  }

  schemaOf(id: NodeId): Schema {
    return this.node(id).schema;
  }

  resultOf(rowset: RowsetId): NodeId {
    const lowered = this.lowered.get(rowset);
    if (lowered === undefined) throw new Error(`rowset ${rowset} is used before it is defined`);
    return lowered.result;
  }

  update(id: NodeId, change: (node: GraphNode) => GraphNode): void {
    this.nodes[id] = change(this.node(id));
  }

  /** A filter whose rows are as its input's. */
  filter(input: NodeId, clause: 'WHERE' | 'HAVING', predicate: TypedExpr, label: string): NodeId {
    return this.add({
      kind: 'filter',
      label,
      input,
      clause,
      predicate,
      schema: this.schemaOf(input),
      span: predicate.span,
    });
  }
}

function isOperator(node: GraphNode) {
  return node.kind === 'extract' || node.kind === 'process' || node.kind === 'reduce' || node.kind === 'combine';
}

/** A rowset that is one node. */
export function only(node: NodeId): Lowered {
  return { core: node, result: node };
}

/** The column an expression gives under a name: passed on with its origins, or computed by the rowset. */
export function columnFor(name: string, value: TypedExpr, input: Schema, rowset: RowsetId): Column {
  const passed = value.kind === 'column' ? findColumn(input, value.qualifier, value.name) : undefined;
  // What a step computes on the way to its columns, the element of an EXPLODE, is called as the column is.
  const from = passed?.origins.filter((origin) => origin.rowset !== rowset) ?? [];
  const origins = from.length > 0 ? from : [{ rowset, column: name }];
  return { qualifier: null, name, type: value.type, origins };
}

export function findColumn(schema: Schema, qualifier: string | null, name: string): Column | undefined {
  return schema.find((column) => column.qualifier === qualifier && column.name === name);
}
