/** `attempts(c)` and `original(c)` inside a region: hidden columns that are read from the chains of a row's ancestors (S12). */
import type { NodeId } from '../../planner/graph.ts';
import type { Trail } from '../../planner/trails.ts';
import type { Column, RowsetId, Schema, TypedColumn, TypedExpr, TypedLineage } from '../../typecheck/typed.ts';
import { INT } from '../../typecheck/types.ts';
import { rewrite } from '../../planner/expressions/walk.ts';

/** A hidden column: what it is of. */
export interface HiddenColumn {
  readonly fn: TypedLineage['fn'];
  /** The column's index in the input's schema. */
  readonly of: number;
  /** Where that column was computed, and its name there. */
  readonly origins: ReadonlyMap<NodeId, string>;
  /** The way there, from a row of the input. */
  readonly trail: Trail | null;
  readonly column: Column;
}

/** Collects the hidden columns that some expressions over one input need, and reads them in place of the functions. */
export class LineageColumns {
  readonly hidden: HiddenColumn[] = [];
  private readonly input: Schema;
  private readonly nodeOf: (rowset: RowsetId) => NodeId;
  private readonly trailAt: (column: number) => Trail | null;

  /** `trailAt`: of the input's column with this index. */
  constructor(input: Schema, nodeOf: (rowset: RowsetId) => NodeId, trailAt: (column: number) => Trail | null) {
    this.input = input;
    this.nodeOf = nodeOf;
    this.trailAt = trailAt;
  }

  /** The input's columns and the hidden ones behind them. */
  schema(): Schema {
    return [...this.input, ...this.hidden.map(({ column }) => column)];
  }

  has({ qualifier, name }: TypedColumn): boolean {
    return this.input.some((column) => column.qualifier === qualifier && column.name === name);
  }

  replace(expr: TypedExpr): TypedExpr {
    return rewrite(expr, (part) => (part.kind === 'lineage' ? this.read(part) : null));
  }

  private read({ fn, column, span }: TypedLineage): TypedExpr {
    const of = this.input.findIndex(({ qualifier, name }) => qualifier === column.qualifier && name === column.name);
    const facts = this.input[of];
    if (facts === undefined) throw new RangeError(`${fn} of ${column.name}, which the input does not have`);
    const known = this.hidden.find((candidate) => candidate.fn === fn && candidate.of === of);
    const origins = new Map(facts.origins.map((origin) => [this.nodeOf(origin.rowset), origin.column]));
    const hidden = known ?? { fn, of, origins, trail: this.trailAt(of), column: hiddenColumn(fn, of, facts) };
    if (known === undefined) this.hidden.push(hidden);
    const { qualifier, name, type } = hidden.column;
    return { kind: 'column', qualifier, name, type, span };
  }
}

/** No script can write this qualifier, so no name of a script is hidden by it. */
function hiddenColumn(fn: TypedLineage['fn'], of: number, { type }: Column): Column {
  return { qualifier: `${fn}()`, name: String(of), type: fn === 'attempts' ? INT : type, origins: [] };
}
