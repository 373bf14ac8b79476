/**
 * ON ERROR of a SELECT. What may fail on a row stands in filters and projects, which carry the action: an expression of another step (EXPLODE, GROUP BY, an
 * aggregate, a window, ORDER BY) is computed in a project before it. An error of a join's ON is none of a row.
 */
import type { NamedExpr, Schema, TypedAction, TypedExpr, TypedSelect } from '../../typecheck/typed.ts';
import { columnsIn } from '../../typecheck/visit.ts';
import { ladderOf } from '../actions.ts';
import { columnKey, exprKey } from '../expressions/key.ts';
import { cannotFail } from '../expressions/failing.ts';
import { mapAction } from '../expressions/of-node.ts';
import { rewrite } from '../expressions/walk.ts';
import { FAILED_ROW } from '../failed-row.ts';
import type { NodeId } from '../graph.ts';
import { freshName } from '../names.ts';
import type { Draft } from './draft.ts';
import { narrowing } from './used.ts';

/** Columns that ride along behind the items. */
export interface Carried {
  readonly items: readonly NamedExpr[];
  readonly schema: Schema;
}

const NOTHING: Carried = { items: [], schema: [] };

/** A node, and expressions over its input as expressions over it. */
export interface Ahead {
  readonly node: NodeId;
  readonly read: (expr: TypedExpr) => TypedExpr;
}

export class Guard {
  private readonly draft: Draft;
  private readonly select: TypedSelect;
  private readonly action: TypedAction | null;
  /** Where the action stands, in the order of the steps. */
  private readonly nodes: NodeId[] = [];
  /** What the action reads of the failed row, by what it is called behind the items; null before them. */
  private carried: ReadonlyMap<string, string> | null = null;

  constructor(draft: Draft, select: TypedSelect) {
    this.draft = draft;
    this.select = select;
    this.action = draft.onErrorOf(select.id);
  }

  /** The action, if the node may fail on a row. */
  at(id: NodeId): NodeId {
    const node = this.draft.node(id);
    if (node.kind === 'filter' && !cannotFail(node.predicate)) this.put(id);
    if (node.kind === 'project' && !node.items.every(({ value }) => cannotFail(value))) this.put(id);
    return id;
  }

  /** Computes those of the expressions that may fail before the step that needs them. */
  ahead(input: NodeId, exprs: readonly TypedExpr[]): Ahead {
    const failing = new Map(exprs.filter((expr) => !cannotFail(expr)).map((expr) => [exprKey(expr), expr]));
    if (this.action === null || failing.size === 0) return { node: input, read: (expr) => expr };
    const { draft, select } = this;
    const before = draft.schemaOf(input);
    const names = new Set(before.map(({ name }) => name));
    const computed = new Map(
      [...failing].map(([key, value]) => [key, { name: freshName('computed', names), value }] as const),
    );
    const { items } = narrowing(-1, input, before, '', select);
    const own = [...computed.values()].map(({ name, value }) => {
      return { qualifier: null, name, type: value.type, origins: [{ rowset: select.id, column: name }] };
    });
    const node = draft.add({
      kind: 'project',
      label: `${select.label}.computed`,
      input,
      items: [...items, ...computed.values()],
      schema: [...before, ...own],
      span: select.span,
    });
    this.put(node);
    return {
      node,
      read: (expr) => {
        const name = computed.get(exprKey(expr))?.name;
        return name === undefined ? expr : { kind: 'column', qualifier: null, name, type: expr.type, span: expr.span };
      },
    };
  }

  /** What must stand beside the items, if any of these expressions behind them may fail. */
  carry(from: Schema, later: readonly TypedExpr[]): Carried {
    if (this.action === null || later.every(cannotFail)) return NOTHING;
    const called = this.names(this.action, from);
    const columns = from.flatMap((column) => {
      const name = called.get(columnKey(column.qualifier, column.name));
      return name === undefined ? [] : [{ column, name }];
    });
    return {
      items: columns.map(({ column: { qualifier, name: of, type }, name }) => {
        return { name, value: { kind: 'column', qualifier, name: of, type, span: this.select.span } };
      }),
      schema: columns.map(({ column, name }) => ({ ...column, qualifier: FAILED_ROW, name })),
    };
  }

  /** From now on the action reads what was carried. */
  passItems(from: Schema): void {
    if (this.action !== null) this.carried = this.names(this.action, from);
  }

  /** Notes where the action stands; at least one node takes it, so that a ROUTE's rowset is there. */
  settle(result: NodeId): NodeId {
    if (this.action === null) return result;
    if (this.nodes.length > 0) {
      this.draft.guarded.set(this.select.id, this.nodes);
      return result;
    }
    const { draft, select } = this;
    const { id: _, hints: __, ...same } = narrowing(-1, result, draft.schemaOf(result), `${select.label}.same`, select);
    const node = draft.add(same);
    draft.guarded.set(select.id, [node]);
    return node;
  }

  private put(id: NodeId): void {
    const { action, carried } = this;
    if (action === null) return;
    const onError =
      carried === null ? action : mapAction(action, (expr) => rewrite(expr, (part) => behind(part, carried)));
    this.draft.update(id, (node) => (node.kind === 'filter' || node.kind === 'project' ? { ...node, onError } : node));
    this.nodes.push(id);
  }

  /** What the action's expressions and its ROUTE read of a failed row, by what it is called behind the items. A ROUTE means the first column of a name. */
  private names(action: TypedAction, from: Schema): ReadonlyMap<string, string> {
    const routed = ladderOf(action).flatMap((step) => {
      const rowset = step.kind === 'route' ? this.draft.rowsets.get(step.rowset) : undefined;
      return rowset?.schema.flatMap(({ name }) => from.find((column) => column.name === name) ?? []) ?? [];
    });
    const exprs = ladderOf(action).flatMap((step) => {
      if (step.kind === 'edit' || step.kind === 'append') return step.changes.map(({ value }) => value);
      return step.kind === 'abort' && step.message !== null ? [step.message] : [];
    });
    const names = new Map<string, string>();
    const taken = new Set<string>();
    for (const { qualifier, name } of [...routed, ...exprs.flatMap(columnsIn)]) {
      const key = columnKey(qualifier, name);
      if (!names.has(key)) names.set(key, freshName(name, taken));
    }
    return names;
  }
}

function behind(expr: TypedExpr, carried: ReadonlyMap<string, string>): TypedExpr | null {
  if (expr.kind !== 'column') return null;
  const name = carried.get(columnKey(expr.qualifier, expr.name));
  return name === undefined ? null : { ...expr, qualifier: FAILED_ROW, name };
}
