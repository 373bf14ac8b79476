/** Nodes of the plan as what runs them. */
import type { CombineNode, Graph, GraphNode, NodeId, ReduceNode } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { CommitPoint, Plan, Stage } from '../../planner/plan.ts';
import { sideSchema } from '../../planner/sides.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch } from '../batch.ts';
import type { GroupRunner } from '../operators/runner.ts';
import { compileExpr } from '../expressions/compile.ts';
import type { ExpressionEnvironment } from '../expressions/compile.ts';
import { spilling } from '../relational/external/index.ts';
import type { Spilling } from '../relational/external/index.ts';
import { crossRow, isCrossRow } from '../relational/index.ts';
import type { CrossRow, CrossRowNode } from '../relational/index.ts';
import { leftFirst } from '../relational/left-first.ts';
import { Memory } from '../spill/memory.ts';
import { Room } from '../spill/room.ts';
import { breather } from './breather.ts';
import type { RunEnvironment } from './environment.ts';
import type { CompiledNode } from './executor.ts';
import { evaluating, notRun } from './faults.ts';
import { aligned, alignment, follow, interleave } from './merge.ts';
import type { Merge } from './merge.ts';
import type { Step } from './step.ts';
import { Calls } from './steps/calls.ts';
import type { CallsAt } from './steps/calls.ts';
import { combineStep } from './steps/combine.ts';
import type { GroupStep, GroupStepAnswer } from './steps/group-calls.ts';
import { handleStep } from './steps/handle.ts';
import { processStep } from './steps/process.ts';
import { reduceStep } from './steps/reduce.ts';
import { spillingGroups } from './steps/spilling-groups.ts';
import type { SpillingGroupStep } from './steps/spilling-groups.ts';
import type { RoutedNodes } from './steps/routing.ts';
import { rowStep } from './steps/row-wise.ts';

export interface Compiler {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<NodeId, GraphNode>;
  readonly routes: RoutedNodes;
  readonly environment: RunEnvironment;
  readonly commits: ReadonlyMap<NodeId, CommitPoint>;
  /** Places of answers that an earlier process freed, as far as they have been asked for. */
  readonly gone: Set<string>;
  readonly expressions: ExpressionEnvironment;
  readonly signal: AbortSignal;
  /** What operators hold; null where nothing limits them. */
  readonly memory: Memory | null;
}

/** Nodes that may hold more of their input than fits in memory. */
const HOLDERS: ReadonlySet<GraphNode['kind']> = new Set<GraphNode['kind']>([
  'aggregate',
  'distinct',
  'except',
  'intersect',
  'join',
  'sort',
  'window',
  'reduce',
  'combine',
]);

export function compiler(plan: Plan, environment: RunEnvironment, signal: AbortSignal): Compiler {
  const { graph } = plan;
  return {
    graph,
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    routes: new Map(graph.nodes.flatMap((node) => (node.kind === 'routed' ? [[node.rowset, node] as const] : []))),
    environment,
    commits: new Map(plan.commits.map((point) => [point.node, point])),
    gone: new Set(),
    expressions: { moduleFunction: (module, name) => environment.library.fn(module, name) },
    signal,
    memory: memoryOf(plan, environment),
  };
}

function memoryOf({ graph }: Plan, { spill }: RunEnvironment): Memory | null {
  if (spill === undefined) return null;
  return new Memory(spill.budget, graph.nodes.filter(({ kind }) => HOLDERS.has(kind)).length);
}

/** What a node that may need more memory than there is gets; null for any other. */
export function roomFor(compiling: Compiler, node: GraphNode): Room | null {
  const { memory, environment } = compiling;
  if (memory === null || environment.spill === undefined || !HOLDERS.has(node.kind)) return null;
  return new Room(memory, environment.spill.files, breather(compiling));
}

export function nodeOf({ nodes }: Pick<Compiler, 'nodes'>, id: NodeId): GraphNode {
  const node = nodes.get(id);
  if (node === undefined) throw new RangeError(`the plan has no node ${id}`);
  return node;
}

/** The columns of a node's input. */
export function inputSchema(compiling: Pick<Compiler, 'nodes'>, node: GraphNode, side = 0): Schema {
  const input = inputsOf(node)[side];
  return input === undefined ? [] : nodeOf(compiling, input).schema;
}

/** The row-wise nodes of a stage; the node that begins a source, merge, cross or sink stage is not among them. `inPassing`: of how many batches what they made may be looked into at one time, where that is known. */
export function rowWiseNodes(compiling: Compiler, stage: Stage, inPassing: number | null): readonly CompiledNode[] {
  return stage.nodes.flatMap((id) => {
    const node = nodeOf(compiling, id);
    const step = rowWiseStep(compiling, node, workersOf(node), null, 0, inPassing);
    return step === null ? [] : [{ node: id, span: node.span, step }];
  });
}

/** Where the answers of a node's operator are kept; null where they are not. */
function keptAt(
  { environment, commits, gone }: Compiler,
  node: GraphNode,
  { conjecture, inRegion }: { readonly conjecture: number; readonly inRegion: boolean },
): CallsAt | null {
  const keeper = environment.answers;
  const point = commits.get(node.id);
  if (keeper === null || point === undefined) return null;
  const { when, freed } = point;
  const outputs = node.kind === 'process' ? (node.using[conjecture]?.outputs ?? []) : [];
  return {
    keeper,
    name: nameOf(node.id, conjecture),
    when,
    gone,
    // In a region a row that fails may yet be repaired.
    endsWithFailure: !inRegion && endsJob(node),
    freed: outputs.flatMap(({ name, type }, at) => (freed?.outputs.includes(name) ? [{ at, type }] : [])),
    frees: [...commits.values()].flatMap((other) => (other.freed?.after === node.id ? [nameOf(other.node, 0)] : [])),
  };
}

/** Whether nothing but the end of the job comes of what an operator fails on. */
function endsJob(node: GraphNode): boolean {
  if (node.kind !== 'process' && node.kind !== 'reduce' && node.kind !== 'combine') return false;
  return node.onError === null || node.onError.kind === 'abort';
}

function nameOf(node: NodeId, conjecture: number): string {
  return `${node}.${conjecture}`;
}

/** A runner that opens when it is first asked, so that nothing is loaded for answers that were kept. */
function openedOnce(runner: GroupRunner): GroupRunner {
  let isOpen = false;
  return {
    open: async () => {
      if (!isOpen) await runner.open();
      isOpen = true;
    },
    run: (sides, groups) => runner.run(sides, groups),
    ...(runner.random === undefined ? {} : { random: runner.random }),
    close: async () => {
      if (isOpen) await runner.close();
      isOpen = false;
    },
  };
}

/** null for a node that is not row-wise. In a region its input may have further columns behind those of the node's input. */
export function rowWiseStep(
  compiling: Compiler,
  node: GraphNode,
  workers: number,
  regionInput: Schema | null = null,
  conjecture = 0,
  inPassing: number | null = null,
): Step | null {
  const input = regionInput ?? inputSchema(compiling, node);
  const { expressions, routes, environment, signal } = compiling;
  const inRegion = regionInput !== null;
  switch (node.kind) {
    case 'handle':
      return handleStep(node, input, expressions, routes);
    case 'process':
      return processStep(node, input, {
        environment: expressions,
        routes,
        makeRunner: (call, worker) => environment.library.processor(call, worker, node.memoise === true),
        workers,
        clock: environment.clock,
        signal,
        inRegion,
        keptAt: keptAt(compiling, node, { conjecture, inRegion }),
      });
    default:
      return rowStep(node, input, { environment: expressions, routes, inRegion, inPassing });
  }
}

/**
 * Calls of an operator that may run at once: HINT(workers = n), else two for built-in models (one batch is prepared while another is computed; they share the
 * model) and one for classes of the user, whose preCall may load anything.
 */
export function workersOf(node: GraphNode): number {
  if (node.kind !== 'process') return 1;
  const hint = node.hints.get('workers');
  if (typeof hint === 'number' && hint >= 1) return Math.floor(hint);
  return node.using.every(({ signature }) => signature.module === null && signature.costly) ? 2 : 1;
}

/** What takes the batches of a merge or cross stage, in memory. */
export function gathering(compiling: Compiler, node: GraphNode): Merge | CrossRow {
  switch (node.kind) {
    case 'union': {
      const places = inputsOf(node).map((_, side) => alignment(node.schema, inputSchema(compiling, node, side)));
      const merge = node.interleave ? interleave(node.schema, 2) : follow();
      return { ...merge, take: (side, batch) => merge.take(side, aligned(batch, places[side] ?? [])) };
    }
    case 'routed':
      return interleave(node.schema, node.from.length);
    default:
      if (!isCrossRow(node)) throw notRun(node.kind.toUpperCase(), node.span);
      return crossRow(node, sideSchemas(compiling, node), compileFor(compiling));
  }
}

/** The same, going to disk for what does not fit in `room`. */
export function spillingGathering(compiling: Compiler, node: GraphNode, room: Room | null): Merge | Spilling {
  if (!isCrossRow(node)) return gathering(compiling, node);
  const sides = sideSchemas(compiling, node);
  const compile = compileFor(compiling);
  const operator = room === null ? crossRow(node, sides, compile) : spilling(node, sides, compile, room);
  return node.kind === 'join' && node.build === 'left' ? leftFirst(operator, node, sides, compile) : operator;
}

/** The sides' columns as the node's expressions name them. */
function sideSchemas(compiling: Compiler, node: CrossRowNode): readonly Schema[] {
  const [left = [], right = []] = inputsOf(node).map((_, side) => inputSchema(compiling, node, side));
  return node.kind === 'join' ? [sideSchema(left, node.leftAlias), sideSchema(right, node.rightAlias)] : [left, right];
}

/** What calls the operator of a REDUCE or COMBINE, in memory or within `room`. */
export function groupStep(
  compiling: Compiler,
  node: ReduceNode | CombineNode,
  room: Room | null,
): GroupStep | SpillingGroupStep {
  const { expressions, routes, environment, signal } = compiling;
  const { clock, library } = environment;
  const context = {
    environment: expressions,
    routes,
    runner: openedOnce(library.group(node.using, 0)),
    clock,
    signal,
    inRegion: false,
    calls: new Calls(keptAt(compiling, node, { conjecture: 0, inRegion: false }), clock),
    name: '0',
  };
  const input = inputSchema(compiling, node, 0);
  if (node.kind === 'reduce') {
    return room === null ? reduceStep(node, input, context) : spillingGroups(node, [input], context, room);
  }
  const left = sideSchema(input, node.leftAlias);
  const right = sideSchema(inputSchema(compiling, node, 1), node.rightAlias);
  return room === null ? combineStep(node, left, right, context) : spillingGroups(node, [left, right], context, room);
}

function compileFor({ expressions }: Compiler): Parameters<typeof crossRow>[2] {
  return (expr, schema) => {
    const value = compileExpr(expr, schema, expressions);
    return (batch) => evaluating(batch, value);
  };
}

/** The operator of a REDUCE or COMBINE in a region: called on the rows of the groups that changed, pass after pass, by one instance. One batch a side. */
export function regionGroups(
  compiling: Compiler,
  node: ReduceNode | CombineNode,
  inputs: readonly Schema[],
): {
  readonly run: (batches: readonly Batch[]) => Promise<GroupStepAnswer | null>;
  readonly close: () => Promise<void>;
} {
  const { expressions, routes, environment, signal } = compiling;
  const { clock, library } = environment;
  const runner = openedOnce(library.group(node.using, 0));
  const calls = new Calls(keptAt(compiling, node, { conjecture: 0, inRegion: true }), clock);
  const context = { environment: expressions, routes, runner, clock, signal, calls, inRegion: true };
  const [left = [], right = []] = inputs;
  let runs = 0;
  return {
    run: async (batches) => {
      const named = { ...context, name: `r${runs}` };
      const step = node.kind === 'reduce' ? reduceStep(node, left, named) : combineStep(node, left, right, named);
      runs += 1;
      batches.forEach((batch, side) => step.take(side, batch));
      let answer: GroupStepAnswer | null = null;
      for (const side of batches.keys()) answer = await step.end(side);
      return answer;
    },
    close: () => runner.close(),
  };
}
