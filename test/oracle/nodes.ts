/** What each rowset computes from its inputs' rows: the forward graph, naive and complete every time it is asked. */
import type {
  BoundOperator,
  Column,
  RowsetId,
  TypedCombine,
  TypedExpr,
  TypedHandler,
  TypedProcess,
  TypedReduce,
  TypedRowset,
  TypedScript,
  TypedSelect,
  TypedSetOperation,
  TypedSort,
  TypedSource,
  TypedWindow,
} from '../../src/typecheck/typed.ts';
import { EvaluationFailure } from '../../src/typecheck/functions/failure.ts';
import type { Value } from '../../src/typecheck/types.ts';
import { columnsIn, contains, operandsOf } from '../../src/typecheck/visit.ts';
import type {
  BoundColumn,
  Call,
  FailedCall,
  GroupCall,
  PairCall,
  TestCombiner,
  TestEffects,
  TestOperator,
  TestReducer,
} from './calls.ts';
import { decide, decideFailed } from './decide.ts';
import { compareBy, evaluate, holds } from './evaluate.ts';
import type { Env } from './evaluate.ts';
import { exploded, joined } from './joins.ts';
import type { Shape } from './regions.ts';
import type { Repairs, Row } from './state.ts';
import { envOf, keyOf } from './trace.ts';
import type { Versions } from './versions.ts';
import { windowValue } from './windows.ts';

export interface Job {
  readonly script: TypedScript;
  /** Rows of each EXTRACT, in the order of its columns. */
  readonly tables: ReadonlyMap<RowsetId, readonly (readonly Value[])[]>;
  readonly operators: ReadonlyMap<string, TestOperator>;
  readonly reducers?: ReadonlyMap<string, TestReducer>;
  readonly combiners?: ReadonlyMap<string, TestCombiner>;
  readonly effects?: ReadonlyMap<string, TestEffects>;
}

/** A program that is too much for a reference this slow. */
export class TooLong extends Error {}

const PAIRS = 1000;

/** One computation of the whole forward graph under the repairs so far. */
export class Computation {
  private readonly done = new Map<RowsetId, readonly Row[]>();
  /** Rows of a right side that met no left row: how many RIGHT and FULL joins are between them and the order root. */
  private readonly levels = new Map<string, number>();
  readonly job: Job;
  readonly shape: Shape;
  readonly repairs: Repairs;
  readonly versions: Versions;
  /** Handler and row of each APPEND that acted. */
  readonly fired: ReadonlySet<string>;
  readonly failedLooks: ReadonlySet<string>;
  private readonly failures: { readonly rowset: RowsetId; readonly level: number }[] = [];
  /** What cross-row steps of regions gave, by step, with the step's level. */
  private readonly given = new Map<string, { readonly level: number; readonly texts: Map<string, string> }>();

  constructor(
    job: Job,
    shape: Shape,
    repairs: Repairs,
    versions: Versions,
    fired: ReadonlySet<string>,
    failedLooks: ReadonlySet<string>,
  ) {
    this.job = job;
    this.shape = shape;
    this.repairs = repairs;
    this.versions = versions;
    this.fired = fired;
    this.failedLooks = failedLooks;
  }

  /** S9: the cross-row steps up to a level have had their turn; what they gave now is what later changes are told from. */
  see(rowsets: readonly RowsetId[], level: number): void {
    for (const id of rowsets) this.rows(id);
    const seen = [...this.given].filter(([, step]) => step.level <= level);
    const texts = seen.flatMap(([name, step]) =>
      [...step.texts].map(([key, text]): readonly [string, string] => [`${name} ${key}`, text]),
    );
    this.versions.see(new Map(texts), new Set(seen.map(([name]) => name)));
  }

  /** The versions of what one cross-row step gives, each by what names it and what it is made from. */
  private versionsOf(rowset: RowsetId, step: string, level: number): (key: string, text: string) => string {
    const name = `${rowset}:${step}`;
    const texts = new Map<string, string>();
    this.given.set(name, { level, texts });
    return (key, text) => {
      texts.set(key, text);
      return `v${this.versions.of(`${name} ${key}`, text)}`;
    };
  }

  /** A rowset where an expression failed on rows that are there now, at a step below a level; null where there is none. */
  failedBelow(rowsets: readonly RowsetId[], level: number): RowsetId | null {
    for (const id of rowsets) this.rows(id);
    return this.failures.find((failure) => rowsets.includes(failure.rowset) && failure.level < level)?.rowset ?? null;
  }

  /** S10: what an expression gives for a row, or no row of this step; it counts if the row settles. */
  private tried<T>(rowset: RowsetId, level: number, compute: () => T): T | undefined {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error;
      this.failures.push({ rowset, level });
      return undefined;
    }
  }

  private where(rowset: RowsetId, rows: readonly Row[], condition: TypedExpr | null): readonly Row[] {
    if (condition === null) return rows;
    const { core } = this.shape.steps(rowset);
    return rows.filter((row) => this.tried(rowset, core, () => holds(condition, envOf(row, this))) === true);
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

  isRepaired(id: RowsetId): boolean {
    return this.shape.targets.has(id);
  }

  private compute(rowset: TypedRowset): readonly Row[] {
    switch (rowset.kind) {
      case 'extract': {
        const bases = (this.job.tables.get(rowset.id) ?? []).map((values, at) =>
          this.base(rowset, `${rowset.id}[${at}]`, 0, namedValues(rowset.schema, values), []),
        );
        return this.where(rowset.id, this.repaired(bases), rowset.having);
      }
      case 'values':
        return this.repaired(
          rowset.rows.map((row, at) => {
            const values = row.map((value) => evaluate(value, NOTHING));
            return this.base(rowset, `${rowset.id}[${at}]`, 0, namedValues(rowset.schema, values), []);
          }),
        );
      case 'filter':
        return this.where(rowset.id, this.rows(rowset.input), rowset.condition);
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
        return this.reduceRows(rowset);
      case 'combine':
        return this.combineRows(rowset);
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

  calls(rowset: TypedProcess): readonly Call[] {
    const input = this.where(rowset.id, this.rows(rowset.input), rowset.where);
    return input.map((row): Call => {
      const id = `${rowset.id}(${row.id})`;
      const conjecture = this.repairs.conjecture(id);
      const operator = rowset.using[conjecture];
      const name = operator?.signature.name ?? '';
      const answer = this.job.operators.get(name);
      if (operator === undefined || answer === undefined) throw new Error('no such operator or conjecture');
      const env = envOf(row, this);
      const bound = inputsOf(operator, env);
      const { given } = bound;
      const effects = this.job.effects?.get(name);
      const failure = bound.failure ?? effects?.failure?.(given) ?? null;
      return {
        id,
        rowset,
        row,
        conjecture,
        chain: this.repairs.chainOf(id, new Map()),
        inputs: new Map(operator.inputs.map((bound, at) => [bound.name, given[at] ?? null])),
        failure,
        rows: failure === null ? answer(given) : [],
        repairs: failure === null ? (effects?.repairs?.(given) ?? []) : [],
        columnOf: (name) => this.columnBehind(rowset, operator, name),
      };
    });
  }

  /** A call that failed as ON ERROR is told of it. */
  failedCall(call: Call): FailedCall {
    const { id, row } = call;
    return { id, members: [row], env: envOf(row, this), call };
  }

  /** A group that failed: ON ERROR sees the columns that its rows share, and the history of all. */
  private failedGroup(id: string, members: readonly Row[], failure: string | null, seen: Env): FailedCall | null {
    if (failure === null) return null;
    const lineage: Env['lineage'] = (fn, qualifier, name) => {
      const values = members.map((row) => envOf(row, this).lineage(fn, qualifier, name));
      return fn === 'original' ? (values[0] ?? null) : Math.max(0, ...values.map(Number));
    };
    return { id, members, env: { ...seen, lineage }, call: null };
  }

  /** Whether ON ERROR keeps what failed. */
  private keepsFailed(rowset: TypedRowset, failed: FailedCall | null): boolean {
    return failed !== null && decideFailed(this.onErrorOf(rowset), failed, this).kind === 'keep';
  }

  /** ON ERROR of a step, if it has one. */
  onErrorOf(rowset: TypedRowset): TypedHandler | null {
    const found = this.job.script.rowsets.find(
      (candidate) => candidate.kind === 'handler' && candidate.fires === 'error' && candidate.input === rowset.id,
    );
    return found?.kind === 'handler' ? found : null;
  }

  /** The groups of a REDUCE in order of first appearance, each call's rows in the order of PRESORT. */
  groupCalls(rowset: TypedReduce): readonly GroupCall[] {
    const groups = new Map<string, Row[]>();
    for (const row of this.rows(rowset.input)) {
      const key = JSON.stringify(rowset.on.map((name) => row.values.get(keyOf(null, name))));
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const { using } = rowset;
    const reducer = this.job.reducers?.get(using.signature.name);
    if (reducer === undefined) throw new Error('no such reducer');
    const version = this.versionsOf(rowset.id, 'reduce', this.shape.steps(rowset.id).core);
    return [...groups].flatMap(([key, group]): readonly GroupCall[] => {
      const [first] = group;
      if (first === undefined) return [];
      const members = sorted(group, rowset.presort, (row) => envOf(row, this));
      const inputs = members.map((row) => inputsOf(using, envOf(row, this)));
      const broken = inputs.find((bound) => bound.failure !== null)?.failure ?? null;
      const answer = broken === null ? reducer(inputs.map((bound) => bound.given)) : FAILED;
      const failure = broken ?? answer.failure ?? null;
      const ids = idsOf(members);
      const repairs = answer.repairs.map((repair) => ({ ...repair, row: members[repair.member] ?? first }));
      const id = `${rowset.id}(${ids})${version(key, ids)}`;
      const failed = this.failedGroup(id, group, failure, envOf(first, this));
      if (failed !== null) return [{ id, first, members: group, rows: [], repairs: [], failed }];
      return [{ id, first, members: group, rows: answer.rows, repairs, failed }];
    });
  }

  /** The pairs of groups of a COMBINE, in the order in which the left side first has their keys. */
  pairCalls(rowset: TypedCombine): readonly PairCall[] {
    const { left, right, keys, on, using, id } = rowset;
    const combiner = this.job.combiners?.get(using.signature.name);
    if (combiner === undefined) throw new Error('no such combiner');
    const version = this.versionsOf(id, 'combine', this.shape.steps(id).core);
    const lefts = byKey(qualified(this.rows(left.rowset), left.alias, id), (row) =>
      keyText(keys, 'left', envOf(row, this)),
    );
    const rights = byKey(qualified(this.rows(right.rowset), right.alias, id), (row) =>
      keyText(keys, 'right', envOf(row, this)),
    );
    const meets = (a: Row, b: Row): boolean => on === null || holds(on, bothEnv(a, b, this, left.alias));
    return [...lefts].flatMap(([key, all]): readonly PairCall[] => {
      const others = rights.get(key) ?? [];
      const a = all.filter((row) => others.some((other) => meets(row, other)));
      const b = others.filter((other) => all.some((row) => meets(row, other)));
      const [firstLeft, firstRight] = [a[0], b[0]];
      if (firstLeft === undefined || firstRight === undefined) return [];
      const given = (rows: readonly Row[], alias: string | null): readonly (readonly Value[])[] =>
        rows.map((row) =>
          using.inputs.map(({ value }) => (isOver(value, alias) ? evaluate(value, envOf(row, this)) : null)),
        );
      const answer = attempted(() => combiner(given(a, left.alias), given(b, right.alias)));
      const ids = `${idsOf(a)}|${idsOf(b)}`;
      const call = `${id}(${ids})${version(key, `${ids}|${all[0]?.id ?? ''}`)}`;
      const failed = this.failedGroup(call, [...a, ...b], answer.failure ?? null, NOTHING);
      if (failed !== null)
        return [{ id: call, members: [...a, ...b], left: firstLeft, right: firstRight, rows: [], repairs: [], failed }];
      return [
        {
          id: call,
          members: [...a, ...b],
          left: firstLeft,
          right: firstRight,
          failed,
          rows: answer.rows.map((row) => ({
            values: row.values,
            left: a[row.left] ?? firstLeft,
            right: b[row.right] ?? firstRight,
          })),
          repairs: answer.repairs.map((repair) => ({
            ...repair,
            row: (repair.side === 0 ? a : b)[repair.member] ?? firstLeft,
          })),
        },
      ];
    });
  }

  /** The columns of both sides, unqualified; one that both have is the left's. */
  private combineRows(rowset: TypedCombine): readonly Row[] {
    const { left, right, using } = rowset;
    const beside = (row: Row, { rowset: id, alias }: TypedSource): readonly (readonly [string, Value])[] =>
      this.rowset(id).schema.map(({ name }) => [keyOf(null, name), row.values.get(keyOf(alias, name)) ?? null]);
    const bases = this.pairCalls(rowset).flatMap(({ id, members, rows, failed, ...firsts }) =>
      (this.keepsFailed(rowset, failed) ? [{ ...firsts, values: [] }] : rows).map((yielded, k) => {
        const produced = rowset.produce.map(({ from, name }): readonly [string, Value] => [
          keyOf(null, name),
          yielded.values[using.outputs.findIndex((output) => output.name === from)] ?? null,
        ]);
        const values = new Map([...beside(yielded.right, right), ...beside(yielded.left, left), ...produced]);
        return this.base(rowset, id, k, values, members);
      }),
    );
    return this.repaired(bases).filter((row) => rowset.having === null || holds(rowset.having, envOf(row, this)));
  }

  /** The column that an input of a COMBINE is bound to. */
  columnOfSide({ left, right, using }: TypedCombine, name: string): BoundColumn {
    const value = using.inputs.find((bound) => bound.name === name)?.value;
    if (value?.kind !== 'column') throw new Error('only a column is repaired');
    const side = [left, right].find(({ alias }) => alias === value.qualifier);
    const schema = side === undefined ? [] : this.rowset(side.rowset).schema;
    const origins = schema.find((column) => column.name === value.name)?.origins ?? [];
    return { key: keyOf(value.qualifier, value.name), origins };
  }

  private reduceRows(rowset: TypedReduce): readonly Row[] {
    const bases = this.groupCalls(rowset).flatMap(({ id, first, members, rows, failed }) =>
      (this.keepsFailed(rowset, failed) ? [[]] : rows).map((yielded: readonly Value[], k) => {
        const keys = rowset.on.map((name): readonly [string, Value] => [
          keyOf(null, name),
          first.values.get(keyOf(null, name)) ?? null,
        ]);
        const produced = rowset.produce.map(({ from, name }): readonly [string, Value] => [
          keyOf(null, name),
          yielded[rowset.using.outputs.findIndex((output) => output.name === from)] ?? null,
        ]);
        return this.base(rowset, id, k, new Map([...keys, ...produced]), members);
      }),
    );
    return this.where(rowset.id, this.repaired(bases), rowset.having);
  }

  columnBehind({ input }: TypedProcess | TypedReduce, operator: BoundOperator, name: string): BoundColumn {
    const value = operator.inputs.find((bound) => bound.name === name)?.value;
    if (value?.kind !== 'column') throw new Error('only a column is repaired');
    const column = this.rowset(input).schema.find(
      (candidate) => candidate.name === value.name && candidate.qualifier === value.qualifier,
    );
    return { key: keyOf(value.qualifier, value.name), origins: column?.origins ?? [] };
  }

  private processRows(rowset: TypedProcess): readonly Row[] {
    const bases = this.calls(rowset).flatMap((call) => {
      const { id, row, conjecture } = call;
      const isKept = call.failure !== null && this.keepsFailed(rowset, this.failedCall(call));
      const rows: Call['rows'] = isKept ? [[]] : call.rows;
      return rows.map((yielded, k) => {
        const operator = rowset.using[conjecture];
        const produced = rowset.produce.map(({ from, name }): readonly [string, Value] => [
          keyOf(null, name),
          yielded[operator?.outputs.findIndex((output) => output.name === from) ?? -1] ?? null,
        ]);
        return this.base(rowset, id, k, new Map([...row.values, ...produced]), [row]);
      });
    });
    return this.where(rowset.id, this.repaired(bases), rowset.having);
  }

  private selectRows(rowset: TypedSelect): readonly Row[] {
    const windows = [...rowset.items, ...rowset.orderBy].flatMap(({ value }) => windowsIn(value));
    const { id: rowsetId, having, where } = rowset;
    const levels = this.shape.steps(rowsetId);
    const from = this.fromRows(rowset).filter(
      (row) => where === null || this.tried(rowsetId, levels.from, () => holds(where, envOf(row, this))) === true,
    );
    const groupVersion = this.versionsOf(rowset.id, 'group', levels.group);
    const groups = rowset.grouped
      ? this.grouped(from, rowset, levels.group).map(({ key, members }) => {
          const ids = idsOf(members);
          return { id: `${ids})${groupVersion(key, ids)}`, members };
        })
      : from.map((row) => ({ id: `${row.id})`, members: [row] }));
    const before = groups
      .map((group) => {
        const [first] = group.members;
        const env: Env = first === undefined ? NOTHING : envOf(first, this);
        const whole = rowset.grouped ? { ...env, members: group.members.map((row) => envOf(row, this)) } : env;
        return { ...group, env: whole };
      })
      // Windows run over what HAVING left, as in SQL.
      .filter(({ env }) => {
        if (windows.length === 0 || having === null) return true;
        return this.tried(rowsetId, levels.group, () => holds(having, env)) === true;
      })
      .filter(({ env }) => {
        const parts = windows.flatMap(operandsOf);
        return this.tried(rowsetId, levels.window, () => parts.map((part) => evaluate(part, env))) !== undefined;
      });
    const wholes = before.map(({ env }) => env);
    const windowVersion = this.versionsOf(rowset.id, 'window', levels.window);
    const bases = before.flatMap(({ id, members, env }, at) => {
      const whole = { ...env, window: (expr: TypedWindow) => windowValue(expr, wholes, at) };
      const values = this.tried(
        rowsetId,
        levels.core,
        () => new Map(rowset.items.map(({ name, value }) => [keyOf(null, name), evaluate(value, whole)])),
      );
      if (values === undefined) return [];
      const seen = JSON.stringify(windows.map((expr) => windowValue(expr, wholes, at)));
      const version = windows.length === 0 ? '' : windowVersion(id, seen);
      return [this.base(rowset, `${rowset.id}(${id}${version}`, 0, values, members)];
    });
    const itemsOf = (row: Row): Env => itemEnv(row, rowset, this);
    let rows: readonly Row[] = this.repaired(bases).filter((row) => {
      if (windows.length > 0 || having === null) return true;
      return this.tried(rowsetId, levels.core, () => holds(having, itemsOf(row))) === true;
    });
    if (rowset.distinct) rows = this.distinctRows(rows, rowset.id, levels.distinct);
    for (const { value } of rowset.orderBy) {
      const isKnown = (row: Row): boolean =>
        this.tried(rowsetId, levels.distinct, () => evaluate(value, itemsOf(row))) !== undefined;
      rows = rows.filter(isKnown);
    }
    if (rowset.orderBy.length > 0) rows = sorted(rows, rowset.orderBy, itemsOf);
    return rowset.top === null ? rows : this.topRows(rows.slice(0, rowset.top), rowset.id, levels.top);
  }

  private grouped(rows: readonly Row[], select: TypedSelect, level: number): readonly Group[] {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const env = envOf(row, this);
      const key = this.tried(select.id, level, () => JSON.stringify(select.groupBy.map((expr) => evaluate(expr, env))));
      if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    if (select.groupBy.length === 0 && groups.size === 0) return [{ key: '[]', members: [] }];
    return [...groups].map(([key, members]) => ({ key, members }));
  }

  /** One row per distinct values, at the first one's place, made from all its members. */
  private distinctRows(rows: readonly Row[], node: RowsetId, level: number): readonly Row[] {
    const version = this.versionsOf(node, 'distinct', level);
    const groups = new Map<string, Row[]>();
    for (const row of rows) groups.set(valuesText(row), [...(groups.get(valuesText(row)) ?? []), row]);
    return [...groups].flatMap(([key, members]) => {
      const [first] = members;
      if (first === undefined) return [];
      const ids = idsOf(members);
      const id = `${node}!(${ids})${version(key, ids)}`;
      return [{ id, node, values: first.values, parents: members, origin: null }];
    });
  }

  private topRows(rows: readonly Row[], node: RowsetId, level: number): readonly Row[] {
    const version = this.versionsOf(node, 'top', level);
    return rows.map((row) => {
      const id = `${node}^${row.id}${version(row.id, '')}`;
      return { id, node, values: row.values, parents: [row], origin: null };
    });
  }

  private fromRows({ from, id }: TypedSelect): readonly Row[] {
    let rows = qualified(this.rows(from.source.rowset), from.source.alias, id);
    let names = this.namesOf(from.source);
    let level = this.outerLevel(from.source.rowset);
    const env = (row: Row): Env => envOf(row, this);
    for (const [at, join] of from.joins.entries()) {
      const stepLevel = this.shape.steps(id).joins[at] ?? 0;
      if (join.kind === 'explode') {
        rows = exploded(id, rows, join, env, (compute) => this.tried(id, stepLevel, compute));
        names = [...names, keyOf(null, join.name)];
        continue;
      }
      const right = qualified(this.rows(join.source.rowset), join.source.alias, id);
      const version = this.versionsOf(id, `join${at}`, stepLevel);
      const sides = { node: id, left: rows, right, leftNames: names, rightNames: this.namesOf(join.source), version };
      if (rows.length * right.length > PAIRS) throw new TooLong();
      const kind = join.kind === 'join' ? join.type : 'cross';
      const condition = join.kind === 'join' ? join : { keys: [], on: null };
      rows = joined(kind, sides, condition, env, (compute) => this.tried(id, stepLevel, compute));
      if (kind !== 'semi' && kind !== 'anti') names = [...names, ...sides.rightNames];
      if (kind === 'right' || kind === 'full') level += 1;
      const inRight = new Set(right);
      for (const row of rows)
        if (row.parents.length === 1 && row.parents.some((one) => inRight.has(one))) this.levels.set(row.id, level);
    }
    return rows;
  }

  /** RIGHT and FULL joins between a rowset and its order root. */
  private outerLevel(id: RowsetId): number {
    const rowset = this.rowset(id);
    if (this.orderRoot(id) === id) return 0;
    switch (rowset.kind) {
      case 'filter':
      case 'handler':
      case 'process':
        return this.outerLevel(rowset.input);
      case 'select': {
        const outer = rowset.from.joins.filter((join) => join.kind === 'join' && ['right', 'full'].includes(join.type));
        return outer.length + this.outerLevel(rowset.from.source.rowset);
      }
      case 'set-operation':
        return Math.max(this.outerLevel(rowset.left), this.outerLevel(rowset.right));
      default:
        return 0;
    }
  }

  private namesOf({ rowset, alias }: TypedSource): readonly string[] {
    return this.rowset(rowset).schema.map(({ name }) => keyOf(alias, name));
  }

  private setRows(rowset: TypedSetOperation): readonly Row[] {
    const names = rowset.schema.map(({ name }) => keyOf(null, name));
    const narrowed = (rows: readonly Row[]): readonly Row[] =>
      rows.map((row) => ({ ...row, values: new Map(names.map((name) => [name, row.values.get(name) ?? null])) }));
    const left = narrowed(this.rows(rowset.left));
    const right = narrowed(this.rows(rowset.right));
    if (rowset.operator === 'union-all') return this.united(rowset, left, right);
    const { core } = this.shape.steps(rowset.id);
    if (rowset.operator === 'union-distinct')
      return this.distinctRows(this.united(rowset, left, right), rowset.id, core);
    const among = new Set(right.map(valuesText));
    const wanted = rowset.operator === 'intersect';
    return this.distinctRows(
      left.filter((row) => among.has(valuesText(row)) === wanted),
      rowset.id,
      core,
    );
  }

  private united(rowset: TypedSetOperation, left: readonly Row[], right: readonly Row[]): readonly Row[] {
    const root = this.orderRoot(rowset.left);
    if (root !== this.orderRoot(rowset.right)) return [...left, ...right];
    const placeOf = this.placesIn(root);
    return [...left, ...right].toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  /** Where rows stand in the order of a root; those of a right side that met no left row stand behind all that have a place. */
  private placesIn(root: RowsetId): (row: Row) => number {
    const places = new Map(this.rows(root).map((row, at) => [row.id, at]));
    const behind = (level: number | undefined): number | undefined =>
      level === undefined ? undefined : places.size + level;
    return (row) => {
      for (let at: Row | undefined = row; at !== undefined; at = at.parents[0]) {
        const place = places.get(at.id) ?? behind(this.levels.get(at.id));
        if (place !== undefined) return place;
      }
      throw new Error('a row without its place in the source');
    };
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
        if (rowset.items.some(({ value }) => contains(value, ({ kind }) => kind === 'window'))) return id;
        return this.orderRoot(rowset.from.source.rowset);
      case 'set-operation': {
        if (rowset.operator !== 'union-all') return id;
        const root = this.orderRoot(rowset.left);
        return root === this.orderRoot(rowset.right) ? root : id;
      }
      case 'routed': {
        const roots = new Set(rowset.from.map((from) => this.orderRoot(from)));
        const [root = id] = roots;
        return roots.size === 1 ? root : id;
      }
      default:
        return id;
    }
  }

  /** In source order, those of an earlier clause first on ties (S14). */
  private routedRows(rowset: Extract<TypedRowset, { kind: 'routed' }>): readonly Row[] {
    const all = rowset.from.map((id) => this.routedBy(rowset, id));
    const [first] = rowset.from;
    const roots = new Set(rowset.from.map((id) => this.orderRoot(id)));
    if (first === undefined || roots.size > 1) return all.flat();
    const placeOf = this.placesIn(this.orderRoot(first));
    return all.flat().toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  private routedBy(rowset: Extract<TypedRowset, { kind: 'routed' }>, id: RowsetId): readonly Row[] {
    const handler = this.rowset(id);
    if (handler.kind !== 'handler') throw new Error('only handlers route');
    const routed = (row: Row, values: ReadonlyMap<string, Value>, reason: Value): Row => ({
      id: `${rowset.id}:${id}:${row.id}`,
      node: rowset.id,
      values: new Map([...values, [keyOf(null, 'reason'), reason]]),
      parents: [row],
      origin: null,
    });
    const from = this.rowset(handler.input);
    if (handler.fires === 'error' && from.kind === 'process') {
      return this.calls(from)
        .filter((call) => call.failure !== null && decideFailed(handler, this.failedCall(call), this).kind === 'route')
        .map(({ row, inputs, failure }) => {
          const own = [...inputs].map(([name, value]): readonly [string, Value] => [keyOf(null, name), value]);
          return routed(row, new Map([...own, ...row.values]), failure);
        });
    }
    return this.rows(handler.input)
      .filter((row) => decide(handler, row, this).kind === 'route')
      .map((row) => {
        const reason = handler.message === null ? handler.conditionText : evaluate(handler.message, envOf(row, this));
        return routed(row, row.values, reason);
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

/** DROP, ROUTE and a failure end a row; ABORT does not yet (S10). */
function passes(handler: TypedHandler, row: Row, computation: Computation): boolean {
  const decision = decide(handler, row, computation);
  return decision.kind !== 'drop' && decision.kind !== 'route' && decision.kind !== 'fail';
}

const FAILED: { readonly rows: readonly []; readonly repairs: readonly []; readonly failure?: string } = {
  rows: [],
  repairs: [],
};

/** A combiner that cannot be given its inputs fails. */
function attempted(combine: () => ReturnType<TestCombiner>): ReturnType<TestCombiner> {
  try {
    return combine();
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    return { ...FAILED, failure: error.message };
  }
}

/** An input that cannot be computed is a failure of the operator. */
function inputsOf(
  { inputs }: BoundOperator,
  env: Env,
): { readonly given: readonly Value[]; readonly failure: string | null } {
  try {
    return { given: inputs.map(({ value }) => evaluate(value, env)), failure: null };
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    return { given: [], failure: `${error.code}: ${error.message}` };
  }
}

function namedValues(schema: readonly Column[], values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(schema.map(({ name }, at) => [keyOf(null, name), values[at] ?? null]));
}

function byKey(rows: readonly Row[], keyOfRow: (row: Row) => string | null): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOfRow(row);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

/** null where a key is null: it equals nothing. */
function keyText(keys: TypedCombine['keys'], side: 'left' | 'right', env: Env): string | null {
  const values = keys.map((key) => evaluate(key[side], env));
  return values.includes(null) ? null : JSON.stringify(values);
}

function isOver(value: TypedExpr, alias: string | null): boolean {
  return columnsIn(value).every(({ qualifier }) => qualifier === alias);
}

/** What ON sees of a row of each side; histories are those of the row's own side. */
function bothEnv(left: Row, right: Row, computation: Computation, leftAlias: string | null): Env {
  const [a, b] = [envOf(left, computation), envOf(right, computation)];
  const of = (qualifier: string | null): Env => (qualifier === leftAlias ? a : b);
  return {
    ...a,
    column: (qualifier, name) => of(qualifier).column(qualifier, name),
    lineage: (fn, qualifier, name) => of(qualifier).lineage(fn, qualifier, name),
  };
}

interface Group {
  readonly key: string;
  readonly members: readonly Row[];
}

/** The same for the same rows, in whatever order. */
function idsOf(rows: readonly Row[]): string {
  return rows
    .map(({ id }) => id)
    .toSorted()
    .join();
}

function windowsIn(expr: TypedExpr): readonly TypedWindow[] {
  if (expr.kind === 'window') return [expr];
  return contains(expr, ({ kind }) => kind === 'window') ? operandsOf(expr).flatMap(windowsIn) : [];
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

function sorted(rows: readonly Row[], by: readonly TypedSort[], env: (row: Row) => Env): readonly Row[] {
  return rows.toSorted((a, b) => compareBy(by, env(a), env(b)));
}

function qualified(rows: readonly Row[], alias: string | null, node: RowsetId): readonly Row[] {
  if (alias === null) return rows;
  return rows.map((row) => ({
    id: `${node}:${alias}:${row.id}`,
    node,
    values: new Map([...row.values].map(([key, value]) => [`${alias}${key}`, value])),
    parents: [row],
    side: alias,
    origin: null,
  }));
}
