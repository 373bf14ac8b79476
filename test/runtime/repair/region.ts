/** Runs the graph of a checked script over small tables, regions by RegionRun, with the engine's own steps and operators of the test. */
import { ladderOf } from '../../../src/planner/actions.ts';
import type { Graph, GraphNode, NodeId, CombineNode, ProcessNode, ReduceNode } from '../../../src/planner/graph.ts';
import { inputsOf } from '../../../src/planner/graph.ts';
import { plan } from '../../../src/planner/make-plan.ts';
import type { Region } from '../../../src/planner/plan.ts';
import { sideSchema } from '../../../src/planner/sides.ts';
import type { Batch, Vector } from '../../../src/runtime/batch.ts';
import { RunError } from '../../../src/runtime/errors.ts';
import { explodeStep, filterStep, projectStep } from '../../../src/runtime/engine/steps/row-wise.ts';
import { compileExpr, compilePredicate } from '../../../src/runtime/expressions/compile.ts';
import type { RowFailure, RowRepair } from '../../../src/runtime/operators/runner.ts';
import { crossRow } from '../../../src/runtime/relational/index.ts';
import type { CrossRowNode } from '../../../src/runtime/relational/index.ts';
import { comparator } from '../../../src/runtime/relational/order.ts';
import { compileRegion } from '../../../src/runtime/repair/compiled.ts';
import type { Combine, Reduce, RegionEnvironment, Step } from '../../../src/runtime/repair/compiled.ts';
import { dataError } from '../../../src/runtime/repair/failed.ts';
import { batchesBySequence, routedBySequence } from '../../../src/runtime/repair/exits.ts';
import { RegionRun } from '../../../src/runtime/repair/run.ts';
import { batchOfValues } from '../../../src/runtime/repair/table.ts';
import { concat } from '../../../src/runtime/concat.ts';
import { gather, valueAt, vectorOf } from '../../../src/runtime/vectors.ts';
import type { Schema, TypedExpr } from '../../../src/typecheck/typed.ts';
import { columnsIn } from '../../../src/typecheck/visit.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import type { Job } from '../../oracle/nodes.ts';
import type { Settled } from '../../oracle/settle.ts';

const EXPRESSIONS = {
  moduleFunction: (): never => {
    throw new Error('no modules here');
  },
};

const STEP = { environment: EXPRESSIONS, routes: new Map(), inRegion: true } as const;

/** More rows than any table of a test has. */
const LATER = 1_000_000;

interface Run {
  readonly graph: Graph;
  readonly job: Job;
  readonly batches: Map<NodeId, Batch>;
  readonly repairs: Settled['repairs'][number][];
  abortedBy: string | null;
}

/** What the runtime settles to; calls of operators are the test's to count. */
export async function settleByRegions(job: Job): Promise<Omit<Settled, 'rows'>> {
  const planned = plan(job.script, { disableOpts: new Set(), noOpt: true }).plan;
  if (planned === null) throw new Error('no plan');
  const run: Run = { graph: planned.graph, job, batches: new Map(), repairs: [], abortedBy: null };
  const regionOf = new Map(planned.regions.flatMap((region) => region.nodes.map((node) => [node, region])));
  const waiting = new Set(run.graph.nodes);
  while (waiting.size > 0 && run.abortedBy === null) await advance(run, waiting, regionOf);
  const outputs = run.graph.nodes.flatMap((node) => (node.kind === 'output' ? [node] : []));
  return {
    outputs: run.abortedBy === null ? outputs.map(({ input }) => rowsOf(batchAt(run, input))) : [],
    repairs: run.repairs,
    abortedBy: run.abortedBy,
  };
}

/** Computes one node or region whose inputs are there. */
async function advance(run: Run, waiting: Set<GraphNode>, regionOf: ReadonlyMap<NodeId, Region>): Promise<void> {
  for (const node of waiting) {
    const region = regionOf.get(node.id);
    const members = region === undefined ? [node] : run.graph.nodes.filter(({ id }) => region.nodes.includes(id));
    const inside = new Set(members.map(({ id }) => id));
    const ready = members.flatMap(inputsOf).every((id) => inside.has(id) || run.batches.has(id));
    if (!ready) continue;
    if (region === undefined) await aloneOrAborted(run, node);
    else await together(run, region);
    for (const member of members) waiting.delete(member);
    return;
  }
  throw new Error('no node is ready');
}

function batchAt(run: Run, node: NodeId): Batch {
  const batch = run.batches.get(node);
  if (batch === undefined) throw new Error(`node ${node} has no rows yet`);
  return batch;
}

function rowsOf({ vectors, length }: Batch): readonly (readonly Value[])[] {
  return Array.from({ length }, (_, row) => vectors.map((vector) => valueAt(vector, row)));
}

function nodeOf(run: Run, id: NodeId): GraphNode {
  const node = run.graph.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) throw new Error(`no node ${id}`);
  return node;
}

function sourceRows(run: Run, node: GraphNode): Batch {
  if (node.kind === 'values') return batchOfValues(node.schema, node.rows);
  const rowset = [...run.graph.computedBy].find(([, id]) => id === node.id)?.[0] ?? -1;
  const typed = run.job.script.rowsets.find(({ id }) => id === rowset);
  const places = node.schema.map(({ name }) => typed?.schema.findIndex((column) => column.name === name) ?? -1);
  const table = run.job.tables.get(rowset) ?? [];
  return batchOfValues(
    node.schema,
    table.map((row) => places.map((at) => row[at] ?? null)),
  );
}

/** Outside regions an expression that fails ends the job at once. */
async function aloneOrAborted(run: Run, node: GraphNode): Promise<void> {
  try {
    await alone(run, node);
  } catch (error) {
    dataError(error);
    run.abortedBy = node.label;
  }
}

async function alone(run: Run, node: GraphNode): Promise<void> {
  const { batches } = run;
  switch (node.kind) {
    case 'extract':
    case 'values':
      batches.set(node.id, sourceRows(run, node));
      return;
    case 'output':
      return;
    case 'routed': {
      if (!batches.has(node.id)) batches.set(node.id, batchOfValues(node.schema, []));
      return;
    }
    case 'union': {
      batches.set(node.id, united(node, batchAt(run, node.left), batchAt(run, node.right)));
      return;
    }
    case 'filter':
    case 'project':
    case 'explode':
    case 'process': {
      const stepped = await stepOf(run)(node, nodeOf(run, node.input).schema)(batchAt(run, node.input), 0);
      const ordinals = batchAt(run, node.input).ordinals;
      const parents = stepped.parents ?? Int32Array.from({ length: stepped.batch.length }, (_, at) => at);
      batches.set(node.id, { ...stepped.batch, ordinals: parents.map((at) => ordinals?.[at] ?? at) });
      const failures = stepped.failed?.failures ?? [];
      if (node.kind === 'process') failed(run, node, failures);
      else if (failures.length > 0) run.abortedBy = node.label;
      return;
    }
    case 'reduce': {
      const reduced = await reducing(run.job, node, nodeOf(run, node.input).schema)(batchAt(run, node.input));
      batches.set(node.id, joinedBatches(node.schema, reduced.batches));
      return;
    }
    case 'combine': {
      const [left = [], right = []] = crossInputs(run, node);
      const sides = membersOf(node, [left, right], [batchAt(run, node.left), batchAt(run, node.right)]);
      const combined = await combining(run.job, node, left, right)(...sides);
      batches.set(node.id, joinedBatches(node.schema, combined.batches));
      return;
    }
    case 'handle':
      throw new Error('a handler that repairs nothing is the engine’s');
    default: {
      const operator = crossRow(crossNode(node), crossInputs(run, node), (expr, input) =>
        compileExpr(expr, input, EXPRESSIONS),
      );
      const sides = inputsOf(node);
      const answers = sides.flatMap((id, side) => [...operator.take(side, batchAt(run, id)), ...operator.end(side)]);
      if (node.kind === 'join')
        batches.set(node.id, joinedBatches(node.schema, answers, batchAt(run, node.left).sequence));
      else batches.set(node.id, { ...joinedBatches(node.schema, answers), sequence: 0 });
    }
  }
}

/** Failures outside a region: ON ERROR has no repair, or the node would be in one. */
function failed(run: Run, { id, label, input, onError }: ProcessNode, failures: readonly RowFailure[]): void {
  if (failures.length === 0) return;
  const last = onError === null ? undefined : ladderOf(onError).at(-1);
  if (last === undefined || last.kind === 'abort') run.abortedBy = label;
  if (last?.kind !== 'route') return;
  const given = batchAt(run, input);
  for (const node of run.graph.nodes) {
    if (node.kind !== 'routed' || !node.from.includes(id)) continue;
    const columns = nodeOf(run, input).schema.map(({ name }) => name);
    const values = failures.map(({ row, code, message }) =>
      node.schema.map(({ name }) => {
        const vector = given.vectors[columns.indexOf(name)];
        return vector === undefined ? `${code}: ${message}` : valueAt(vector, row);
      }),
    );
    const ordinals = Int32Array.from(failures, ({ row }) => given.ordinals?.[row] ?? row);
    run.batches.set(node.id, { ...batchOfValues(node.schema, values), ordinals });
  }
}

function crossNode(node: GraphNode): CrossRowNode {
  switch (node.kind) {
    case 'aggregate':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'join':
    case 'sort':
    case 'top':
    case 'window':
      return node;
    default:
      throw new Error(`${node.kind} is no cross-row node`);
  }
}

function crossInputs(run: Run, node: GraphNode): readonly Schema[] {
  const schemas = inputsOf(node).map((id) => nodeOf(run, id).schema);
  if (node.kind !== 'join' && node.kind !== 'combine') return schemas;
  return schemas.map((schema, side) => sideSchema(schema, side === 0 ? node.leftAlias : node.rightAlias));
}

/** Rows of batches behind `last` are kept rows of an outer join: they stand behind all others. */
function joinedBatches(schema: Schema, batches: readonly Batch[], last = Infinity): Batch {
  return {
    length: batches.reduce((sum, { length }) => sum + length, 0),
    vectors: schema.map(({ type }, at) =>
      concat(
        batches.map(({ vectors }) => vectors[at] ?? vectorOf(type, [])),
        type,
      ),
    ),
    sequence: Math.max(0, ...batches.map(({ sequence }) => sequence)),
    ordinals: batches.every(({ ordinals }) => ordinals === null)
      ? null
      : Int32Array.from(
          batches.flatMap(({ ordinals, length, sequence }) =>
            Array.from({ length }, (_, at) => (sequence > last ? sequence * LATER : 0) + (ordinals?.[at] ?? at)),
          ),
        ),
    source: null,
  };
}

function united(node: Extract<GraphNode, { kind: 'union' }>, left: Batch, right: Batch): Batch {
  const both = joinedBatches(node.schema, [left, right]);
  const ordinalOf = (row: number): number =>
    row < left.length ? (left.ordinals?.[row] ?? row) : (right.ordinals?.[row - left.length] ?? row - left.length);
  const rows = Array.from({ length: both.length }, (_, row) => row);
  if (!node.interleave) return { ...both, sequence: 0, ordinals: null };
  const order = Int32Array.from(rows.toSorted((a, b) => ordinalOf(a) - ordinalOf(b)));
  return { ...both, vectors: both.vectors.map((vector) => gather(vector, order)), ordinals: order.map(ordinalOf) };
}

/** The engine's steps; a batch of their input without ordinals makes the answer's ordinals the parents. */
function stepOf(run: Run): RegionEnvironment['step'] {
  return (node, input) => {
    if (node.kind === 'process') return processStep(node, input, run.job);
    const step = rowWise(node, input);
    return async (batch) => {
      const answer = await step.run({ ...batch, ordinals: null });
      return { batch: answer.batch, parents: answer.batch.ordinals, repairs: [], failed: answer.unsettled ?? null };
    };
  };
}

function rowWise(node: GraphNode, input: Schema): ReturnType<typeof filterStep> {
  switch (node.kind) {
    case 'filter':
      return filterStep(node, input, STEP);
    case 'project':
      return projectStep(node, input, STEP);
    case 'explode':
      return explodeStep(node, input, STEP);
    default:
      throw new Error(`no step for ${node.kind}`);
  }
}

function processStep(node: ProcessNode, input: Schema, { operators, effects }: Job): Step {
  const calls = node.using.map((operator) => ({
    operator,
    inputs: operator.inputs.map(({ value }) => compileExpr(value, input, EXPRESSIONS)),
  }));
  return (batch, conjecture) => {
    const call = calls[conjecture];
    const name = call?.operator.signature.name ?? '';
    const answer = operators.get(name);
    if (call === undefined || answer === undefined) throw new Error('no such operator');
    const given = call.inputs.map((evaluate) => evaluate(batch));
    const parents: number[] = [];
    const produced: Value[][] = [];
    const repairs: RowRepair[] = [];
    const failures: RowFailure[] = [];
    for (let row = 0; row < batch.length; row += 1) {
      const inputs = given.map((vector) => valueAt(vector, row));
      const failure = effects?.get(name)?.failure?.(inputs) ?? null;
      if (failure !== null) {
        const [code = ''] = failure.split(': ');
        failures.push({ row, code, message: failure.slice(code.length + 2), cause: null });
        continue;
      }
      for (const repair of effects?.get(name)?.repairs?.(inputs) ?? []) repairs.push({ ...repair, row });
      for (const yielded of answer(inputs)) {
        parents.push(row);
        produced.push(
          node.produce.map(
            ({ from }) => yielded[call.operator.outputs.findIndex((output) => output.name === from)] ?? null,
          ),
        );
      }
    }
    const rows = Int32Array.from(parents);
    const vectors = [
      ...batch.vectors.map((vector) => gather(vector, rows)),
      ...node.produce.map(({ type }, at) =>
        vectorOf(
          type,
          produced.map((values) => values[at] ?? null),
        ),
      ),
    ];
    const errorOf = ({ code, message }: RowFailure): RunError => new RunError(code, message, { span: node.span });
    return {
      batch: { ...batch, length: rows.length, vectors, ordinals: rows },
      parents: rows,
      repairs,
      failed: { failures, routed: null, errorOf },
    };
  };
}

function reducing({ reducers }: Job, node: ReduceNode, input: Schema): Reduce {
  const reducer = reducers?.get(node.using.signature.name);
  if (reducer === undefined) throw new Error('no such reducer');
  const inputs = node.using.inputs.map(({ value }) => compileExpr(value, input, EXPRESSIONS));
  const keys = node.on.map((name) => input.findIndex((column) => column.name === name));
  return async (batch) => {
    const sort = node.presort.map(({ value }) => comparator(compileExpr(value, input, EXPRESSIONS)(batch)));
    const compare = (a: number, b: number): number =>
      node.presort.reduce(
        (order, { direction }, at) => order || (sort[at]?.(a, b) ?? 0) * (direction === 'asc' ? 1 : -1),
        0,
      );
    const groups = new Map<string, number[]>();
    for (let row = 0; row < batch.length; row += 1) {
      const key = JSON.stringify(keys.map((at) => valueAt(vectorIn(batch, at), row)));
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const given = inputs.map((evaluate) => evaluate(batch));
    const of: number[] = [];
    const values: Value[][] = [];
    const repairs: RowRepair[] = [];
    const failures: RowFailure[] = [];
    [...groups.values()].forEach((group, place) => {
      const members = group.toSorted(compare);
      const answer = reducer(members.map((row) => given.map((vector) => valueAt(vector, row))));
      if (noted(answer.failure, place, failures)) return;
      for (const { member, kind, changes } of answer.repairs)
        repairs.push({ row: members[member] ?? -1, kind, changes });
      for (const yielded of answer.rows) {
        of.push(place);
        values.push(
          node.schema.map(({ name }) => {
            const produced = node.produce.find((each) => each.name === name);
            if (produced === undefined)
              return valueAt(vectorIn(batch, keys[node.on.indexOf(name)] ?? -1), group[0] ?? -1);
            return yielded[node.using.outputs.findIndex((output) => output.name === produced.from)] ?? null;
          }),
        );
      }
    });
    const errorOf = ({ code, message }: RowFailure): RunError => new RunError(code, message, { span: node.span });
    return {
      batches: [batchOfValues(node.schema, values)],
      groups: Int32Array.from(of),
      repairs,
      failures,
      errorOf,
    };
  };
}

/** Whether the operator failed on a group. */
function noted(failure: string | null | undefined, row: number, failures: RowFailure[]): boolean {
  if (failure === null || failure === undefined) return false;
  const [code = ''] = failure.split(': ');
  failures.push({ row, code, message: failure.slice(code.length + 2), cause: null });
  return true;
}

/** The rows of both sides that are in some pair of groups. */
function membersOf(
  node: CombineNode,
  [left = [], right = []]: readonly Schema[],
  [a, b]: readonly [Batch, Batch],
): readonly [Batch, Batch] {
  const every = Array.from({ length: a.length * b.length }, (_, at) => at);
  const lefts = Int32Array.from(every, (at) => Math.floor(at / b.length));
  const rights = Int32Array.from(every, (at) => at % b.length);
  const vectors = [
    ...a.vectors.map((vector) => gather(vector, lefts)),
    ...b.vectors.map((vector) => gather(vector, rights)),
  ];
  const both: Batch = { length: every.length, vectors, sequence: 0, ordinals: null, source: null };
  const schema = [...left, ...right];
  const holds = (expr: TypedExpr): ((at: number) => Value) => {
    const vector = compileExpr(expr, schema, EXPRESSIONS)(both);
    return (at) => valueAt(vector, at);
  };
  const keys = node.keys.map((key) => [holds(key.left), holds(key.right)] as const);
  const rest = node.on === null ? null : holds(node.on);
  const met = every.filter(
    (at) => keys.every(([x, y]) => x(at) !== null && x(at) === y(at)) && (rest === null || rest(at) === true),
  );
  const picked = (batch: Batch, rows: Int32Array): Batch => {
    const found = new Set(met.map((at) => rows[at] ?? -1));
    const kept = Int32Array.from({ length: batch.length }, (_, row) => row).filter((row) => found.has(row));
    return { ...batch, length: kept.length, vectors: batch.vectors.map((vector) => gather(vector, kept)) };
  };
  return [picked(a, lefts), picked(b, rights)];
}

/** All rows of both sides are in some pair of groups. */
function combining({ combiners }: Job, node: CombineNode, left: Schema, right: Schema): Combine {
  const combiner = combiners?.get(node.using.signature.name);
  if (combiner === undefined) throw new Error('no such combiner');
  const schemas = [left, right];
  return async (...batches) => {
    const sides = batches.map((batch, side) => {
      const schema = schemas[side] ?? [];
      const over = (expr: TypedExpr): ((row: number) => Value) | null => {
        const own = columnsIn(expr).every(({ name, qualifier }) =>
          schema.some((column) => column.name === name && column.qualifier === qualifier),
        );
        if (!own) return null;
        const vector = compileExpr(expr, schema, EXPRESSIONS)(batch);
        return (row) => valueAt(vector, row);
      };
      const keys = node.keys.map((key) => over(side === 0 ? key.left : key.right));
      const inputs = node.using.inputs.map(({ value }) => over(value));
      const groups = new Map<string, number[]>();
      for (let row = 0; row < batch.length; row += 1) {
        const key = keys.map((value) => value?.(row) ?? null);
        if (key.includes(null)) continue;
        groups.set(JSON.stringify(key), [...(groups.get(JSON.stringify(key)) ?? []), row]);
      }
      return { batch, schema, groups, given: (row: number) => inputs.map((value) => value?.(row) ?? null) };
    });
    const [a, b] = sides;
    if (a === undefined || b === undefined) throw new Error('two sides');
    const pairs = [...a.groups].flatMap(([key, rows]) => {
      const others = b.groups.get(key) ?? [];
      return others.length === 0 ? [] : [[rows, others] as const];
    });
    const of: number[] = [];
    const values: Value[][] = [];
    const repairs: RowRepair[] = [];
    const failures: RowFailure[] = [];
    pairs.forEach(([rows, others], pair) => {
      const answer = combiner(rows.map(a.given), others.map(b.given));
      if (noted(answer.failure, pair, failures)) return;
      for (const { side, member, kind, changes } of answer.repairs)
        repairs.push({
          kind,
          changes,
          row: side === 0 ? (rows[member] ?? -1) : a.batch.length + (others[member] ?? -1),
        });
      for (const yielded of answer.rows) {
        of.push(pair);
        values.push(
          node.schema.map(({ name }) => {
            const produced = node.produce.find((each) => each.name === name);
            if (produced !== undefined)
              return yielded.values[node.using.outputs.findIndex((output) => output.name === produced.from)] ?? null;
            const at = a.schema.findIndex((column) => column.name === name);
            if (at >= 0) return valueAt(vectorIn(a.batch, at), rows[yielded.left] ?? -1);
            const there = b.schema.findIndex((column) => column.name === name);
            return valueAt(vectorIn(b.batch, there), others[yielded.right] ?? -1);
          }),
        );
      }
    });
    const errorOf = ({ code, message }: RowFailure): RunError => new RunError(code, message, { span: node.span });
    const groups = Int32Array.from(of);
    return { batches: [batchOfValues(node.schema, values)], groups, repairs, failures, errorOf };
  };
}

function vectorIn({ vectors }: Batch, at: number): Vector {
  const vector = vectors[at];
  if (vector === undefined) throw new Error(`no column ${at}`);
  return vector;
}

async function together(run: Run, region: Region): Promise<void> {
  const { graph } = run;
  const compiled = compileRegion(graph, region, (rowset) => graph.computedBy.get(rowset) ?? -1, {
    compile: (expr, input) => compileExpr(expr, input, EXPRESSIONS),
    predicate: (expr, input) => compilePredicate(expr, input, EXPRESSIONS),
    step: stepOf(run),
    reduce: (node, input) => reducing(run.job, node, input),
    combine: (node, left, right) => combining(run.job, node, left, right),
  });
  const running = new RegionRun(compiled);
  for (const member of running.members.values()) {
    if (member.entry) running.feed(member.node.id, batchAt(run, member.node.id));
    else if (member.inputs.length === 0) running.feed(member.node.id, sourceRows(run, member.node));
  }
  const abort = await running.settle();
  const firsts = running.log.filter(({ firing }, at) => running.log[at - 1]?.firing !== firing);
  run.repairs.push(...firsts.map(({ clause, kind }) => ({ handler: nodeOf(run, clause).label, kind })));
  if (abort !== null) {
    run.abortedBy = nodeOf(run, abort.clause).label;
    return;
  }
  const entries = [...running.members.values()].filter(({ entry }) => entry);
  const last = Math.max(0, ...entries.map(({ node }) => batchAt(run, node.id).sequence));
  for (const id of region.nodes) {
    const member = running.memberOf(id);
    const parts = batchesBySequence(running, member).map(({ batch }) => batch);
    run.batches.set(id, joinedBatches(member.node.schema, parts, last));
  }
  for (const node of graph.nodes) {
    if (node.kind !== 'routed' || region.nodes.includes(node.id)) continue;
    for (const clause of node.from) {
      if (region.nodes.includes(clause)) {
        const parts = routedBySequence(running, clause, node).map(({ batch }) => batch);
        run.batches.set(node.id, joinedBatches(node.schema, parts, last));
      }
    }
  }
}
