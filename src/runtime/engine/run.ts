/** Runs a plan: reads its sources, takes the rows through its stages, and publishes its outputs when all has gone well. */
import type { NodeId, OutputNode } from '../../planner/graph.ts';
import { divisionsOf } from '../../planner/divide.ts';
import type { Plan, Stage } from '../../planner/plan.ts';
import type { Expectation } from '../events.ts';
import { expectation } from '../outputs/expectation.ts';
import { Output } from '../outputs/output.ts';
import { finishOutputs, publish } from '../outputs/publish.ts';
import { TruthCount } from '../outputs/truth-count.ts';
import { compiler, inputSchema, rowWiseNodes } from './compile.ts';
import type { Compiler } from './compile.ts';
import type { RunEnvironment } from './environment.ts';
import { InProcessExecutor } from './executor.ts';
import { RunError } from '../errors.ts';
import { asRunError } from './faults.ts';
import { Flow } from './flow.ts';
import { passingIn } from './in-passing.ts';
import { Ledger } from './ledger.ts';
import { livePlan } from './live-plan.ts';
import { beginLineage } from '../lineage/session.ts';
import type { LineageSession } from '../lineage/session.ts';
import type { Outcome, OutputReport, RunResult } from './result.ts';
import { runRegion } from './regions.ts';
import { sourceOrder } from './source-order.ts';
import { runGathering, runRows, runSink, runSource } from './stages.ts';
import type { StageContext } from './stages.ts';

/** Never rejects: what goes wrong is in the result. */
export async function run(whole: Plan, environment: RunEnvironment): Promise<RunResult> {
  const plan = livePlan(whole);
  const { clock, listener, job } = environment;
  const begun = clock.elapsed();
  listener({ kind: 'run-started', job, at: clock.now() });
  const ledger = new Ledger(plan.graph, listener);
  const ending = await attempt(plan, environment, ledger);
  listener({ kind: 'run-ended', outcome: ending.outcome, at: clock.now() });
  return {
    job,
    ...ending,
    nodes: ledger.nodes(),
    operators: ledger.operatorReports(),
    milliseconds: Math.round(clock.elapsed() - begun),
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

type Ending = Pick<RunResult, 'outcome' | 'outputs' | 'expectations' | 'error' | 'lineage'>;

async function attempt(plan: Plan, environment: RunEnvironment, ledger: Ledger): Promise<Ending> {
  const stop = new AbortController();
  const signal = AbortSignal.any([environment.signal, stop.signal]);
  const opened: Output[] = [];
  const control: Control = { signal, stop, opened, lineage: null };
  try {
    const done = await completed(plan, environment, ledger, control);
    return { ...done, error: null };
  } catch (thrown) {
    stop.abort(thrown);
    const { aborted, reason } = environment.signal;
    const error: unknown = aborted ? reason : thrown;
    const interrupted = aborted && !(reason instanceof RunError);
    return {
      outcome: interrupted ? 'interrupted' : 'failed',
      outputs: [],
      expectations: [],
      lineage: null,
      error: interrupted ? null : asRunError(error, null),
    };
  } finally {
    await control.lineage?.discard();
    for (const output of opened) await output.discard();
  }
}

interface Control {
  readonly signal: AbortSignal;
  readonly stop: AbortController;
  /** Outputs whose temporary files must go when the run ends. */
  readonly opened: Output[];
  /** Set when it has begun. */
  lineage: LineageSession | null;
}

async function completed(
  plan: Plan,
  environment: RunEnvironment,
  ledger: Ledger,
  control: Control,
): Promise<Omit<Ending, 'error'>> {
  control.signal.throwIfAborted();
  const compiling = compiler(plan, environment, control.signal);
  const lineage = await beginLineage(plan, environment);
  control.lineage = lineage;
  const outputs = await openOutputs(compiling, control);
  const truths = await openTruths(compiling, outputs);
  await runStages(plan, { compiling, ledger, outputs, truths, control, recorder: lineage?.recorder ?? null });
  ledger.check();
  const finished = await finishOutputs([...outputs.values()]);
  await environment.answers?.flush();
  const expectations = expectationsOf(outputs, truths, compiling);
  control.signal.throwIfAborted();
  const published = await publish(environment.outputs, finished);
  const recorded = await lineage?.finish(
    published,
    finished.map(({ file }) => file.path),
  );
  return {
    outcome: told(published, expectations, environment),
    outputs: published,
    expectations: expectations.map(([, one]) => one),
    lineage: recorded ?? null,
  };
}

/** Tells of the outputs and how good they are. */
function told(
  published: readonly OutputReport[],
  expectations: readonly (readonly [NodeId, Expectation])[],
  { listener }: RunEnvironment,
): Outcome {
  for (const output of published) listener({ kind: 'output-committed', ...output });
  for (const [node, one] of expectations) listener({ kind: 'expectation', node, expectation: one });
  return expectations.some(([, { passed }]) => passed === false) ? 'gate-failed' : 'done';
}

// ── Outputs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function openOutputs(compiling: Compiler, { opened }: Control): Promise<ReadonlyMap<NodeId, Output>> {
  const { environment } = compiling;
  const outputs = new Map<NodeId, Output>();
  for (const node of outputNodes(compiling)) {
    const writer = await environment.library.writer(node.writer);
    const output = new Output(node, {
      files: environment.outputs,
      job: environment.job,
      writer,
      input: inputSchema(compiling, node),
    });
    opened.push(output);
    await output.begin();
    outputs.set(node.id, output);
  }
  return outputs;
}

function outputNodes({ graph }: Compiler): readonly OutputNode[] {
  return graph.nodes.flatMap((node) => (node.kind === 'output' ? [node] : []));
}

async function openTruths(
  compiling: Compiler,
  outputs: ReadonlyMap<NodeId, Output>,
): Promise<ReadonlyMap<NodeId, TruthCount>> {
  const truths = new Map<NodeId, TruthCount>();
  for (const [id, { node }] of outputs) {
    if (node.expect === null) continue;
    const { environment, signal } = compiling;
    try {
      const schema = inputSchema(compiling, node);
      truths.set(id, await TruthCount.open(node, node.expect, schema, environment.inputs, signal));
    } catch (error) {
      throw asRunError(error, node.expect.span);
    }
  }
  return truths;
}

function expectationsOf(
  outputs: ReadonlyMap<NodeId, Output>,
  truths: ReadonlyMap<NodeId, TruthCount>,
  { expressions }: Compiler,
): readonly (readonly [NodeId, Expectation])[] {
  return [...truths].flatMap(([id, truth]) => {
    const node = outputs.get(id)?.node;
    if (node === undefined || node.expect === null) return [];
    return [[id, expectation(node, node.expect, truth.result(), expressions)] as const];
  });
}

// ── Stages ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Running extends Omit<StageContext, 'flow' | 'executor' | 'divisions'> {
  readonly control: Control;
}

/** Runs all stages to their end; the first that fails ends the others. */
async function runStages(plan: Plan, { control, ...given }: Running): Promise<void> {
  const { compiling } = given;
  const { environment } = compiling;
  const inRegion = new Set(plan.regions.flatMap(({ nodes }) => nodes));
  const outside = plan.stages.filter(({ nodes: [first] }) => first === undefined || !inRegion.has(first));
  const executor = new InProcessExecutor(
    outside,
    (stage) => rowWiseNodes(compiling, stage, passingIn(stage, compiling)?.batches ?? null),
    environment.clock,
    given.recorder !== null,
  );
  const flow = new Flow(plan, compiling, environment.queueBatches);
  const context: StageContext = { ...given, flow, executor, divisions: divisionsOf(plan) };
  const fail = (error: unknown): never => {
    control.stop.abort(error);
    throw error;
  };
  const stop = (): void => flow.break(control.signal.reason);
  control.signal.addEventListener('abort', stop, { once: true });
  const loops = outside.flatMap((stage) => {
    const loop = loopOf(stage, context);
    return loop === null ? [] : [loop.catch(fail)];
  });
  for (const region of plan.regions) loops.push(runRegion(region, flow.inboxOfRegion(region), context).catch(fail));
  loops.push(runSources(plan, context).catch(fail));
  const ends = await Promise.allSettled(loops);
  const closing = await Promise.allSettled([executor.close()]);
  // Node holds a signal made of others, with all that its listeners know, for as long as it has one.
  control.signal.removeEventListener('abort', stop);
  if (control.signal.aborted) throw control.signal.reason;
  for (const end of [...ends, ...closing]) if (end.status === 'rejected') throw end.reason;
}

function loopOf(stage: Stage, context: StageContext): Promise<void> | null {
  switch (stage.kind) {
    case 'source':
      return null;
    case 'rows':
    case 'model':
      return runRows(stage, context);
    case 'merge':
    case 'cross':
      return runGathering(stage, context);
    case 'sink':
      return runSink(stage, context);
  }
}

async function runSources(plan: Plan, context: StageContext): Promise<void> {
  const stages = new Map(plan.stages.map((stage) => [stage.nodes[0], stage]));
  for (const node of sourceOrder(plan.graph)) {
    const stage = stages.get(node);
    if (stage !== undefined) await runSource(stage, context);
  }
}
