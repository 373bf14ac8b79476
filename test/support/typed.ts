/**
 * Typed scripts by hand, for tests of what comes behind the checker: each method adds a rowset or an output and gives what later
 * ones refer to. Spans are empty; labels are the names given.
 */
import type { Span } from '../../src/diagnostics/span.ts';
import type { OperatorSignature } from '../../src/typecheck/signature.ts';
import type {
  BoundOperator,
  Column,
  NamedExpr,
  Origin,
  RepairTarget,
  RowsetId,
  Schema,
  TypedAction,
  TypedAggregate,
  TypedColumn,
  TypedExpr,
  TypedJoin,
  TypedOutput,
  TypedRowset,
  TypedScript,
  TypedSelect,
  TypedSetOperation,
  TypedSort,
} from '../../src/typecheck/typed.ts';
import { BOOL, FLOAT, INT, LONG, STRING, type Type, type Value } from '../../src/typecheck/types.ts';

export const NOWHERE: Span = { source: 0, start: 0, end: 0 };

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function column(name: string, type: Type = STRING, qualifier: string | null = null): TypedColumn {
  return { kind: 'column', qualifier, name, type, span: NOWHERE };
}

export function literal(value: string | number | boolean, type: Type = typeOf(value)): TypedExpr {
  return { kind: 'literal', value, parameter: null, type, span: NOWHERE };
}

function typeOf(value: string | number | boolean): Type {
  if (typeof value === 'string') return STRING;
  if (typeof value === 'boolean') return BOOL;
  return Number.isInteger(value) ? INT : FLOAT;
}

/** A call of the function table. */
export function call(fn: string, args: readonly TypedExpr[], type: Type = BOOL): TypedExpr {
  return { kind: 'call', fn, args, type, span: NOWHERE };
}

export function equal(left: TypedExpr, right: TypedExpr): TypedExpr {
  return call('equal', [left, right]);
}

export function greater(left: TypedExpr, right: TypedExpr): TypedExpr {
  return call('greater', [left, right]);
}

export function and(left: TypedExpr, right: TypedExpr): TypedExpr {
  return { kind: 'logical', operator: 'and', left, right, type: BOOL, span: NOWHERE };
}

export function aggregate(fn: TypedAggregate['fn'], arg: TypedExpr | null, type: Type = LONG): TypedAggregate {
  return { kind: 'aggregate', fn, distinct: false, arg, type, span: NOWHERE };
}

export function attempts(of: TypedColumn): TypedExpr {
  return { kind: 'lineage', fn: 'attempts', column: of, type: INT, span: NOWHERE };
}

export function ascending(value: TypedExpr): TypedSort {
  return { value, direction: 'asc' };
}

// ── Operators ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Columns = Readonly<Record<string, Type>>;

export function signature(name: string, facts: Partial<OperatorSignature> = {}): OperatorSignature {
  return {
    kind: 'operator',
    role: 'processor',
    name,
    module: null,
    inputs: [],
    options: [],
    outputs: null,
    edits: [],
    appends: [],
    deletes: [],
    fails: [],
    deterministic: true,
    costly: false,
    doc: '',
    ...facts,
  };
}

/** An operator with inputs bound to expressions, that yields the columns named. */
export function operator(
  name: string,
  inputs: Readonly<Record<string, TypedExpr>>,
  outputs: Columns,
  facts: Partial<OperatorSignature> = {},
): BoundOperator {
  return {
    signature: signature(name, facts),
    inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })),
    options: [],
    outputs: Object.entries(outputs).map(([name, type]) => ({ name, type })),
    span: NOWHERE,
  };
}

export function model(name: string, inputs: Readonly<Record<string, TypedExpr>>, outputs: Columns): BoundOperator {
  return operator(name, inputs, outputs, { costly: true });
}

// ── Actions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const DROP: TypedAction = { kind: 'drop', span: NOWHERE };
export const KEEP: TypedAction = { kind: 'keep', span: NOWHERE };
export const ABORT: TypedAction = { kind: 'abort', message: null, span: NOWHERE };

// ── Rowsets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export class ScriptDraft {
  private readonly rowsets: TypedRowset[] = [];
  private readonly outputs: TypedOutput[] = [];

  schemaOf(rowset: RowsetId): Schema {
    return this.rowset(rowset).schema;
  }

  extract(label: string, columns: Columns, facts: { having?: TypedExpr; unused?: readonly string[] } = {}): RowsetId {
    const declared = Object.entries(columns).map(([name, type]) => ({
      name,
      type,
      used: !(facts.unused ?? []).includes(name),
      span: NOWHERE,
    }));
    const pattern = `/data/${label}.csv`;
    return this.add(label, this.computed(columns), {
      kind: 'extract',
      files: [{ pattern, text: `${label}.csv`, span: NOWHERE }],
      reader: operator('CsvReader', {}, {}, { role: 'extractor' }),
      columns: declared,
      having: facts.having ?? null,
    });
  }

  values(label: string, columns: Columns, rows: readonly (readonly (string | number | boolean)[])[]): RowsetId {
    const schema = this.computed(columns);
    return this.add(label, schema, {
      kind: 'values',
      rows: rows.map((row) => row.map((value, at) => literal(value, schema[at]?.type ?? typeOf(value)))),
    });
  }

  filter(label: string, input: RowsetId, condition: TypedExpr): RowsetId {
    return this.add(label, this.schemaOf(input), { kind: 'filter', input, condition });
  }

  process(
    label: string,
    input: RowsetId,
    using: BoundOperator | readonly [BoundOperator, ...BoundOperator[]],
    facts: { where?: TypedExpr; having?: TypedExpr } = {},
  ): RowsetId {
    const [first, ...conjectures] = 'signature' in using ? [using] : using;
    const produced = Object.fromEntries(first.outputs.map(({ name, type }) => [name, type]));
    return this.add(label, [...this.schemaOf(input), ...this.computed(produced)], {
      kind: 'process',
      input,
      where: facts.where ?? null,
      using: [first, ...conjectures],
      produce: first.outputs.map(({ name, type }) => ({ from: name, name, type })),
      having: facts.having ?? null,
    });
  }

  select(
    label: string,
    from: RowsetId | TypedSelect['from'],
    items: Readonly<Record<string, TypedExpr>>,
    facts: Partial<Pick<TypedSelect, 'distinct' | 'top' | 'where' | 'groupBy' | 'having' | 'orderBy'>> = {},
  ): RowsetId {
    const source = typeof from === 'number' ? { source: { rowset: from, alias: null }, joins: [] } : from;
    const named: readonly NamedExpr[] = Object.entries(items).map(([name, value]) => ({ name, value }));
    const groupBy = facts.groupBy ?? [];
    return this.add(
      label,
      named.map(({ name, value }) => this.itemColumn(name, value, source)),
      {
        kind: 'select',
        distinct: facts.distinct ?? false,
        top: facts.top ?? null,
        items: named,
        from: source,
        where: facts.where ?? null,
        grouped: groupBy.length > 0 || named.some(({ value }) => value.kind === 'aggregate'),
        groupBy,
        having: facts.having ?? null,
        orderBy: facts.orderBy ?? [],
      },
    );
  }

  setOperation(
    label: string,
    left: RowsetId,
    right: RowsetId,
    operator: TypedSetOperation['operator'] = 'union-all',
  ): RowsetId {
    const schema = this.schemaOf(left).map((column): Column => {
      const other = this.schemaOf(right).find((candidate) => candidate.name === column.name);
      const seen = new Map(
        [...column.origins, ...(other?.origins ?? [])].map((origin) => [JSON.stringify(origin), origin]),
      );
      return { ...column, origins: [...seen.values()] };
    });
    return this.add(label, schema, { kind: 'set-operation', operator, left, right });
  }

  union(label: string, left: RowsetId, right: RowsetId): RowsetId {
    return this.setOperation(label, left, right);
  }

  /** ASSERT condition ELSE action. */
  assert(label: string, input: RowsetId, condition: TypedExpr, action: TypedAction): RowsetId {
    return this.handler(label, input, 'false', condition, action);
  }

  /** WHEN condition action; null is the bare action. */
  when(label: string, input: RowsetId, condition: TypedExpr | null, action: TypedAction): RowsetId {
    return this.handler(label, input, 'true', condition, action);
  }

  onError(label: string, input: RowsetId, action: TypedAction): RowsetId {
    return this.handler(label, input, 'error', null, action);
  }

  /** The action ROUTE TO name; `routed` adds what it defines. */
  route(name: string, rowset: RowsetId): TypedAction {
    return { kind: 'route', name, rowset, span: NOWHERE };
  }

  routed(name: string, from: readonly RowsetId[], columns: Columns): RowsetId {
    return this.add(name, this.computed(columns), { kind: 'routed', name, from });
  }

  /** The id the next rowset gets, for actions that route to a rowset not yet added. */
  nextId(): RowsetId {
    return this.rowsets.length;
  }

  target(input: RowsetId, name: string): RepairTarget {
    const origins = this.schemaOf(input).find((candidate) => candidate.name === name)?.origins ?? [];
    return { qualifier: null, name, origins, span: NOWHERE };
  }

  edit(input: RowsetId, name: string, value: TypedExpr, otherwise: TypedAction = ABORT): TypedAction {
    const changes = [{ target: this.target(input, name), value }];
    return { kind: 'edit', changes, limit: 8, otherwise, span: NOWHERE };
  }

  append(input: RowsetId, name: string, value: TypedExpr, otherwise: TypedAction = ABORT): TypedAction {
    const changes = [{ target: this.target(input, name), value }];
    return { kind: 'append', changes, limit: 8, otherwise, span: NOWHERE };
  }

  retry(input: RowsetId, name: string, otherwise: TypedAction = ABORT): TypedAction {
    return { kind: 'retry', target: this.target(input, name), limit: 8, otherwise, span: NOWHERE };
  }

  output(
    input: RowsetId,
    pathText: string,
    facts: { orderBy?: readonly TypedSort[]; order?: readonly string[] } = {},
  ): void {
    const writer = operator('CsvWriter', {}, {}, { role: 'outputter' });
    const options: readonly (readonly [string, Value])[] = facts.order === undefined ? [] : [['order', facts.order]];
    this.outputs.push({
      kind: 'output',
      input,
      path: `/data/${pathText}`,
      pathText,
      partitionBy: [],
      writer: { ...writer, options },
      orderBy: facts.orderBy ?? [],
      expect: null,
      span: NOWHERE,
    });
  }

  script(text = ''): TypedScript {
    return {
      kind: 'typed-script',
      sources: [{ name: 'job.scope', text }],
      parameters: [],
      settings: [],
      rowsets: this.rowsets,
      outputs: this.outputs,
      exported: null,
    };
  }

  private handler(
    label: string,
    input: RowsetId,
    fires: 'true' | 'false' | 'error',
    condition: TypedExpr | null,
    action: TypedAction,
  ): RowsetId {
    const conditionText = condition === null ? '' : 'condition';
    const schema = this.schemaOf(input);
    return this.add(label, schema, { kind: 'handler', input, fires, condition, message: null, conditionText, action });
  }

  private computed(columns: Columns): Schema {
    const rowset = this.nextId();
    return Object.entries(columns).map(([name, type]) => ({
      qualifier: null,
      name,
      type,
      origins: [{ rowset, column: name }],
    }));
  }

  private itemColumn(name: string, value: TypedExpr, from: TypedSelect['from']): Column {
    return { qualifier: null, name, type: value.type, origins: this.originsOf(name, value, from) };
  }

  private originsOf(name: string, value: TypedExpr, from: TypedSelect['from']): readonly Origin[] {
    const computed = [{ rowset: this.nextId(), column: name }];
    if (value.kind !== 'column') return computed;
    const sources = [
      from.source,
      ...from.joins.flatMap((join: TypedJoin) => (join.kind === 'explode' ? [] : [join.source])),
    ];
    const source = sources.find((candidate) => candidate.alias === value.qualifier);
    if (source === undefined) return computed;
    return this.schemaOf(source.rowset).find((column) => column.name === value.name)?.origins ?? computed;
  }

  private rowset(id: RowsetId): TypedRowset {
    const rowset = this.rowsets[id];
    if (rowset === undefined) throw new Error(`no rowset ${id}`);
    return rowset;
  }

  private add(label: string, schema: Schema, fields: NewRowset): RowsetId {
    const id = this.nextId();
    this.rowsets.push({ ...fields, id, label, schema, hints: [], span: NOWHERE });
    return id;
  }
}

type WithoutBase<R> = R extends TypedRowset ? Omit<R, 'id' | 'label' | 'schema' | 'hints' | 'span'> : never;
type NewRowset = WithoutBase<TypedRowset>;
