/** A graph without repairs, evaluated naively on tables: what the rules must not change. Only what an output needs is evaluated. */
import { type Graph, type GraphNode, type NodeId } from '../../src/planner/graph.ts';
import { keyOf } from '../../src/planner/schemas.ts';
import { sideSchema } from '../../src/planner/sides.ts';
import type { Schema, TypedAggregate, TypedSort } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import { type Env, evaluate, holds, less } from '../oracle/evaluate.ts';
import type { TestOperator } from '../oracle/calls.ts';

type Table = readonly (readonly Value[])[];

export interface World {
  /** Rows by the path in FROM, in the order of the declared columns. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly operators: ReadonlyMap<string, TestOperator>;
}

/** A row, and its position in the order of its root (S14). */
interface Row {
  readonly values: readonly Value[];
  readonly at: number;
}

/** The rows of each output by its path, as texts. Throws where an expression fails on a row. */
export function runGraph(graph: Graph, world: World): ReadonlyMap<string, readonly string[]> {
  const run = new Run(graph, world);
  return new Map(
    graph.nodes.flatMap((node) => {
      if (node.kind !== 'output') return [];
      const order = node.writer.options.find(([name]) => name === 'order')?.[1];
      const names = Array.isArray(order) ? order : node.schema.map(({ name }) => name);
      const columns = names.map((name) => node.schema.findIndex((column) => column.name === name));
      return [
        [node.pathText, run.rows(node.input).map(({ values }) => JSON.stringify(columns.map((at) => values[at])))],
      ];
    }),
  );
}

class Run {
  private readonly done = new Map<NodeId, readonly Row[]>();
  private readonly nodes: ReadonlyMap<NodeId, GraphNode>;
  private readonly world: World;

  constructor(graph: Graph, world: World) {
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    this.world = world;
  }

  rows(id: NodeId): readonly Row[] {
    const known = this.done.get(id);
    if (known !== undefined) return known;
    const rows = this.compute(this.node(id));
    this.done.set(id, rows);
    return rows;
  }

  private node(id: NodeId): GraphNode {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  }

  private schema(id: NodeId): Schema {
    return this.node(id).schema;
  }

  private compute(node: GraphNode): readonly Row[] {
    switch (node.kind) {
      case 'extract': {
        const table = this.world.tables.get(node.files[0]?.text ?? '') ?? [];
        const places = node.schema.map(({ name }) => node.declared.findIndex((column) => column.name === name));
        return numbered(table.map((row) => places.map((at) => row[at] ?? null)));
      }
      case 'values':
        return numbered(node.rows);
      case 'filter': {
        const schema = this.schema(node.input);
        return this.rows(node.input).filter(({ values }) => holds(node.predicate, env(schema, values)));
      }
      case 'project':
        return this.mapped(node.input, (row) => [node.items.map(({ value }) => evaluate(value, row))]);
      case 'explode': {
        const input = this.schema(node.input);
        const passed = input.map((column) => node.schema.some((one) => keyOf(one) === keyOf(column)));
        return this.rows(node.input).flatMap(({ values, at }) => {
          const array = evaluate(node.value, env(input, values));
          const kept = values.filter((_, column) => passed[column] === true);
          return Array.isArray(array) ? array.map((element: Value) => ({ values: [...kept, element], at })) : [];
        });
      }
      case 'process':
        return this.processed(node);
      case 'union': {
        const [left, right] = [this.rows(node.left), this.rows(node.right)];
        if (!node.interleave) return numbered([...left, ...right].map(({ values }) => values));
        return [...left, ...right].toSorted((a, b) => a.at - b.at);
      }
      case 'join':
        return this.joined(node);
      case 'aggregate':
        return this.grouped(node);
      case 'distinct':
        return numbered(distinct(this.rows(node.input)));
      case 'except':
      case 'intersect': {
        const right = new Set(this.rows(node.right).map(({ values }) => JSON.stringify(values)));
        const wanted = node.kind === 'intersect';
        return numbered(distinct(this.rows(node.left)).filter((row) => right.has(JSON.stringify(row)) === wanted));
      }
      case 'sort':
        return numbered(this.sorted(node.input, node.by));
      case 'top':
        return numbered(this.sorted(node.input, node.by).slice(0, node.count));
      case 'output':
        return this.rows(node.input);
      default:
        throw new Error(`the test runs no ${node.kind}`);
    }
  }

  private mapped(input: NodeId, map: (row: Env) => Table): readonly Row[] {
    const schema = this.schema(input);
    return this.rows(input).flatMap(({ values, at }) => map(env(schema, values)).map((row) => ({ values: row, at })));
  }

  private processed(node: Extract<GraphNode, { kind: 'process' }>): readonly Row[] {
    const [operator] = node.using;
    const call = this.world.operators.get(operator?.signature.name ?? '');
    if (operator === undefined || call === undefined) throw new Error('no such operator');
    const places = node.produce.map(({ from }) => operator.outputs.findIndex(({ name }) => name === from));
    const schema = this.schema(node.input);
    return this.rows(node.input).flatMap(({ values, at }) => {
      const answers = call(operator.inputs.map(({ value }) => evaluate(value, env(schema, values))));
      return answers.map((answer) => ({ values: [...values, ...places.map((place) => answer[place] ?? null)], at }));
    });
  }

  private joined(node: Extract<GraphNode, { kind: 'join' }>): readonly Row[] {
    const left = sideSchema(this.schema(node.left), node.leftAlias);
    const right = sideSchema(this.schema(node.right), node.rightAlias);
    const meets = (values: readonly Value[]): boolean => {
      const both = env([...left, ...right], values);
      const keys = node.keys.every((key) => {
        const [a, b] = [evaluate(key.left, both), evaluate(key.right, both)];
        return a !== null && a === b;
      });
      return keys && (node.on === null || holds(node.on, both));
    };
    const others = this.rows(node.right);
    return this.rows(node.left).flatMap(({ values, at }) => {
      const pairs = others.flatMap((other) => {
        const both = [...values, ...other.values];
        return meets(both) ? [{ values: both, at }] : [];
      });
      switch (node.type) {
        case 'semi':
          return pairs.length > 0 ? [{ values, at }] : [];
        case 'anti':
          return pairs.length > 0 ? [] : [{ values, at }];
        case 'left':
          return pairs.length > 0 ? pairs : [{ values: [...values, ...right.map(() => null)], at }];
        case 'inner':
        case 'cross':
          return pairs;
        default:
          throw new Error(`the test runs no ${node.type} join`);
      }
    });
  }

  private grouped(node: Extract<GraphNode, { kind: 'aggregate' }>): readonly Row[] {
    const schema = this.schema(node.input);
    const groups = new Map<string, Env[]>();
    if (node.keys.length === 0) groups.set('[]', []);
    for (const { values } of this.rows(node.input)) {
      const row = env(schema, values);
      const key = JSON.stringify(node.keys.map(({ value }) => evaluate(value, row)));
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
    return numbered(
      [...groups.values()].map((members) => [
        ...node.keys.map(({ value }) => (members[0] === undefined ? null : evaluate(value, members[0]))),
        ...node.aggregates.map(({ value }) => ofGroup(value, members)),
      ]),
    );
  }

  private sorted(input: NodeId, by: readonly TypedSort[]): Table {
    const schema = this.schema(input);
    const keyed = this.rows(input).map(({ values }) => ({
      values,
      keys: by.map(({ value }) => evaluate(value, env(schema, values))),
    }));
    return keyed
      .toSorted((a, b) => {
        for (const [at, { direction }] of by.entries()) {
          const order = compare(a.keys[at] ?? null, b.keys[at] ?? null);
          if (order !== 0) return direction === 'asc' ? order : -order;
        }
        return 0;
      })
      .map(({ values }) => values);
  }
}

function ofGroup(aggregate: TypedAggregate, members: readonly Env[]): Value {
  const group: Env = { ...env([], []), members };
  return evaluate(aggregate, group);
}

function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return less(a, b) ? -1 : 1;
}

function numbered(table: Table): readonly Row[] {
  return table.map((values, at) => ({ values, at }));
}

function distinct(rows: readonly Row[]): Table {
  const seen = new Map(rows.map(({ values }) => [JSON.stringify(values), values]));
  return [...seen.values()];
}

function env(schema: Schema, values: readonly Value[]): Env {
  return {
    column: (qualifier, name) => {
      const at = schema.findIndex((column) => column.qualifier === qualifier && column.name === name);
      if (at === -1) throw new Error(`no column ${qualifier ?? ''}.${name} among ${schema.map((c) => c.name).join()}`);
      return values[at] ?? null;
    },
    members: null,
    lineage: () => 0,
    known: () => undefined,
  };
}
