/** What each rowset computes from its inputs' rows: the forward graph, naive and complete every time it is asked. */
import type {
  Column,
  RowsetId,
  TypedExpr,
  TypedHandler,
  TypedProcess,
  TypedRowset,
  TypedScript,
  TypedSelect,
  TypedSetOperation,
  TypedSort,
} from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import { decide } from './decide.ts';
import { evaluate, holds, less } from './evaluate.ts';
import type { Env } from './evaluate.ts';
import type { Shape } from './regions.ts';
import type { Repairs, Row } from './state.ts';
import { envOf, keyOf } from './trace.ts';

/** An operator of a test: the rows it yields for one row's inputs, in the order of its declared outputs. */
export type TestOperator = (inputs: readonly Value[]) => readonly (readonly Value[])[];

export interface Job {
  readonly script: TypedScript;
  /** Rows of each EXTRACT, in the order of its columns. */
  readonly tables: ReadonlyMap<RowsetId, readonly (readonly Value[])[]>;
  readonly operators: ReadonlyMap<string, TestOperator>;
}

/** A program that is too much for a reference this slow. */
export class TooLong extends Error {}

const PAIRS = 1000;

/** One computation of the whole forward graph under the repairs so far. */
export class Computation {
  private readonly done = new Map<RowsetId, readonly Row[]>();
  readonly job: Job;
  readonly shape: Shape;
  readonly repairs: Repairs;
  /** Handler and row of each APPEND that acted. */
  readonly fired: ReadonlySet<string>;

  constructor(job: Job, shape: Shape, repairs: Repairs, fired: ReadonlySet<string>) {
    this.job = job;
    this.shape = shape;
    this.repairs = repairs;
    this.fired = fired;
  }

  rows(id: RowsetId): readonly Row[] {
    const known = this.done.get(id);
    if (known !== undefined) return known;
    const rows = this.compute(this.rowset(id));
    this.done.set(id, rows);
    return rows;
  }

  rowset(id: RowsetId): TypedRowset {
    const rowset = this.job.script.rowsets.find((candidate) => candidate.id === id);
    if (rowset === undefined) throw new Error(`no rowset ${id}`);
    return rowset;
  }

  private compute(rowset: TypedRowset): readonly Row[] {
    switch (rowset.kind) {
      case 'extract': {
        const bases = (this.job.tables.get(rowset.id) ?? []).map((values, at) =>
          this.base(rowset, `${rowset.id}[${at}]`, 0, namedValues(rowset.schema, values), []),
        );
        return this.repaired(bases).filter((row) => rowset.having === null || holds(rowset.having, envOf(row, this)));
      }
      case 'values':
        return this.repaired(
          rowset.rows.map((row, at) => {
            const values = row.map((value) => evaluate(value, NOTHING));
            return this.base(rowset, `${rowset.id}[${at}]`, 0, namedValues(rowset.schema, values), []);
          }),
        );
      case 'filter':
        return this.rows(rowset.input).filter((row) => holds(rowset.condition, envOf(row, this)));
      case 'handler':
        return this.rows(rowset.input).filter((row) => passes(rowset, row, this));
      case 'routed':
        return this.routedRows(rowset);
      case 'process':
        return this.processRows(rowset);
      case 'select':
        return this.selectRows(rowset);
      case 'set-operation':
        return this.setRows(rowset);
      case 'reduce':
      case 'combine':
        throw new Error(`the oracle knows no ${rowset.kind}`);
    }
  }

  /** A computed row before any repair. */
  private base(
    rowset: TypedRowset,
    call: string,
    k: number,
    values: ReadonlyMap<string, Value>,
    parents: readonly Row[],
  ): Row {
    const conjecture = this.repairs.conjecture(call);
    const id = `${call}@${conjecture}#${k}`;
    const chain = this.repairs.chainOf(call, values);
    return { id, node: rowset.id, values, parents, origin: { base: id, call, conjecture, chain } };
  }

  private repaired(bases: readonly Row[]): readonly Row[] {
    return bases.flatMap((base) => this.repairs.liveRows(base));
  }

  private processRows(rowset: TypedProcess): readonly Row[] {
    const input = this.rows(rowset.input).filter(
      (row) => rowset.where === null || holds(rowset.where, envOf(row, this)),
    );
    const bases = input.flatMap((row) => {
      const call = `${rowset.id}(${row.id})`;
      const operator = rowset.using[this.repairs.conjecture(call)];
      const answer = operator === undefined ? undefined : this.job.operators.get(operator.signature.name);
      if (operator === undefined || answer === undefined) throw new Error('no such operator or conjecture');
      const env = envOf(row, this);
      const rows = answer(operator.inputs.map((bound) => evaluate(bound.value, env)));
      return rows.map((yielded, k) => {
        const produced = rowset.produce.map(({ from, name }): readonly [string, Value] => [
          keyOf(null, name),
          yielded[operator.outputs.findIndex((output) => output.name === from)] ?? null,
        ]);
        return this.base(rowset, call, k, new Map([...row.values, ...produced]), [row]);
      });
    });
    return this.repaired(bases).filter((row) => rowset.having === null || holds(rowset.having, envOf(row, this)));
  }

  private selectRows(rowset: TypedSelect): readonly Row[] {
    const from = this.fromRows(rowset).filter((row) => rowset.where === null || holds(rowset.where, envOf(row, this)));
    const groups = rowset.grouped ? grouped(from, rowset, this) : from.map((row) => [row]);
    const bases = groups.map((members) => {
      const [first] = members;
      const env: Env = first === undefined ? NOTHING : envOf(first, this);
      const whole: Env = rowset.grouped ? { ...env, members: members.map((row) => envOf(row, this)) } : env;
      const values = new Map(rowset.items.map(({ name, value }) => [keyOf(null, name), evaluate(value, whole)]));
      const ids = members.map(({ id }) => id);
      const call = `${rowset.id}(${(rowset.grouped ? ids.toSorted() : ids).join(',')})`;
      return this.base(rowset, call, 0, values, members);
    });
    let rows: readonly Row[] = this.repaired(bases).filter(
      (row) => rowset.having === null || holds(rowset.having, itemEnv(row, rowset, this)),
    );
    if (rowset.distinct) rows = distinctRows(rows, rowset.id);
    if (rowset.orderBy.length > 0) rows = sorted(rows, rowset.orderBy, (row) => itemEnv(row, rowset, this));
    return rowset.top === null ? rows : rows.slice(0, rowset.top);
  }

  private fromRows({ from, id }: TypedSelect): readonly Row[] {
    let rows = qualified(this.rows(from.source.rowset), from.source.alias, id);
    for (const join of from.joins) {
      if (join.kind !== 'join' || !['inner', 'left'].includes(join.type))
        throw new Error('the oracle knows no such join');
      const right = qualified(this.rows(join.source.rowset), join.source.alias, id);
      if (rows.length * right.length > PAIRS) throw new TooLong();
      rows = rows.flatMap((left) => {
        const pairs = right
          .map((other): Row => pairOf(left, other, id))
          .filter((pair) => {
            const env = envOf(pair, this);
            const equal = join.keys.every((key) => {
              const value = evaluate(key.left, env);
              return value !== null && value === evaluate(key.right, env);
            });
            return equal && (join.on === null || holds(join.on, env));
          });
        if (pairs.length > 0 || join.type === 'inner') return pairs;
        const missing = this.rowset(join.source.rowset).schema.map(({ name }): readonly [string, Value] => [
          keyOf(join.source.alias, name),
          null,
        ]);
        return [{ ...left, id: `${id}:${left.id}×`, values: new Map([...left.values, ...missing]), parents: [left] }];
      });
    }
    return rows;
  }

  private setRows(rowset: TypedSetOperation): readonly Row[] {
    const names = rowset.schema.map(({ name }) => keyOf(null, name));
    const narrowed = (rows: readonly Row[]): readonly Row[] =>
      rows.map((row) => ({ ...row, values: new Map(names.map((name) => [name, row.values.get(name) ?? null])) }));
    const left = narrowed(this.rows(rowset.left));
    const right = narrowed(this.rows(rowset.right));
    if (rowset.operator === 'union-all') return this.united(rowset, left, right);
    if (rowset.operator === 'union-distinct') return distinctRows(this.united(rowset, left, right), rowset.id);
    const among = new Set(right.map(valuesText));
    const wanted = rowset.operator === 'intersect';
    return distinctRows(
      left.filter((row) => among.has(valuesText(row)) === wanted),
      rowset.id,
    );
  }

  private united(rowset: TypedSetOperation, left: readonly Row[], right: readonly Row[]): readonly Row[] {
    const root = this.orderRoot(rowset.left);
    if (root !== this.orderRoot(rowset.right)) return [...left, ...right];
    const places = new Map(this.rows(root).map((row, at) => [row.id, at]));
    const placeOf = (row: Row): number => {
      for (let at: Row | undefined = row; at !== undefined; at = at.parents[0]) {
        const place = places.get(at.id);
        if (place !== undefined) return place;
      }
      throw new Error('a row without its place in the source');
    };
    return [...left, ...right].toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  /** S14: the nearest source or cross-row node upstream, going to a join's left input. */
  private orderRoot(id: RowsetId): RowsetId {
    const rowset = this.rowset(id);
    switch (rowset.kind) {
      case 'filter':
      case 'handler':
      case 'process':
        return this.orderRoot(rowset.input);
      case 'select':
        if (rowset.grouped || rowset.distinct || rowset.top !== null || rowset.orderBy.length > 0) return id;
        return this.orderRoot(rowset.from.source.rowset);
      case 'set-operation': {
        if (rowset.operator !== 'union-all') return id;
        const root = this.orderRoot(rowset.left);
        return root === this.orderRoot(rowset.right) ? root : id;
      }
      default:
        return id;
    }
  }

  private routedRows(rowset: Extract<TypedRowset, { kind: 'routed' }>): readonly Row[] {
    return rowset.from.flatMap((id) => {
      const handler = this.rowset(id);
      if (handler.kind !== 'handler') throw new Error('only handlers route');
      return this.rows(handler.input)
        .filter((row) => decide(handler, row, this).kind === 'route')
        .map((row) => {
          const reason = handler.message === null ? handler.conditionText : evaluate(handler.message, envOf(row, this));
          const values = new Map([...row.values, [keyOf(null, 'reason'), reason]]);
          return { id: `${rowset.id}:${row.id}`, node: rowset.id, values, parents: [row], origin: null };
        });
    });
  }
}

const NOTHING: Env = {
  column: (_, name) => {
    throw new Error(`no column ${name}`);
  },
  members: null,
  lineage: () => 0,
  known: () => undefined,
};

/** DROP and ROUTE end a row; ABORT does not yet (S10). */
function passes(handler: TypedHandler, row: Row, computation: Computation): boolean {
  const decision = decide(handler, row, computation);
  return decision.kind !== 'drop' && decision.kind !== 'route';
}

function namedValues(schema: readonly Column[], values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(schema.map(({ name }, at) => [keyOf(null, name), values[at] ?? null]));
}

function grouped(rows: readonly Row[], select: TypedSelect, computation: Computation): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const env = envOf(row, computation);
    const key = JSON.stringify(select.groupBy.map((expr) => evaluate(expr, env)));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return select.groupBy.length === 0 && groups.size === 0 ? [[]] : [...groups.values()];
}

/** HAVING and ORDER BY see the items as they are now, after repairs (S7), and else what the items were computed from. */
function itemEnv(row: Row, select: TypedSelect, computation: Computation): Env {
  const [first] = row.parents;
  const env: Env = first === undefined ? NOTHING : envOf(first, computation);
  const members = select.grouped ? row.parents.map((parent) => envOf(parent, computation)) : null;
  const texts = select.items.map(({ value }) => exprText(value));
  return {
    ...env,
    members,
    known: (expr) => {
      const at = expr.kind === 'literal' ? -1 : texts.indexOf(exprText(expr));
      const item = select.items[at];
      return item === undefined ? undefined : row.values.get(keyOf(null, item.name));
    },
  };
}

function exprText(expr: TypedExpr): string {
  return JSON.stringify(expr, (key, value: unknown) => (key === 'span' ? undefined : value));
}

function valuesText(row: Row): string {
  return JSON.stringify([...row.values]);
}

/** One row per distinct values, at the first one's place, made from all its members. */
function distinctRows(rows: readonly Row[], node: RowsetId): readonly Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(valuesText(row), [...(groups.get(valuesText(row)) ?? []), row]);
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const ids = members.map(({ id }) => id).toSorted();
    return [{ id: `${node}!(${ids.join(',')})`, node, values: first.values, parents: members, origin: null }];
  });
}

function sorted(rows: readonly Row[], by: readonly TypedSort[], env: (row: Row) => Env): readonly Row[] {
  return rows.toSorted((a, b) => {
    for (const { value, direction } of by) {
      const [x, y] = [evaluate(value, env(a)), evaluate(value, env(b))];
      const order = x === y ? 0 : x === null ? -1 : y === null ? 1 : less(x, y) ? -1 : 1;
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    return 0;
  });
}

function qualified(rows: readonly Row[], alias: string | null, node: RowsetId): readonly Row[] {
  if (alias === null) return rows;
  return rows.map((row) => ({
    id: `${node}:${alias}:${row.id}`,
    node,
    values: new Map([...row.values].map(([key, value]) => [`${alias}${key}`, value])),
    parents: [row],
    origin: null,
  }));
}

function pairOf(left: Row, right: Row, node: RowsetId): Row {
  const values = new Map([...left.values, ...right.values]);
  return { id: `${node}:${left.id}×${right.id}`, node, values, parents: [left, right], origin: null };
}
