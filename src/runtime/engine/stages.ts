/** Each stage of a plan as a loop over its inbox. */
import { recordedGathering } from '../lineage/gathering.ts';
import { recordedGroups } from '../lineage/groups.ts';
import type { LineageRecorder } from '../lineage/recorder.ts';
import { recordAnswers, recordRejected, recordSource } from '../lineage/rows.ts';
import type { ReadBatch } from '../operators/runner.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { CombineNode, ExtractNode, NodeId, ReduceNode, ValuesNode } from '../../planner/graph.ts';
import type { Division } from '../../planner/divide.ts';
import type { Stage } from '../../planner/plan.ts';
import type { Batch } from '../batch.ts';
import type { Output } from '../outputs/output.ts';
import type { TruthCount } from '../outputs/truth-count.ts';
import { groupStep, nodeOf, roomFor, spillingGathering, workersOf } from './compile.ts';
import type { Compiler } from './compile.ts';
import type { Executor, StageAnswer } from './executor.ts';
import { asRunError } from './faults.ts';
import type { Flow } from './flow.ts';
import { passingOf } from './in-passing.ts';
import { Inbox } from './inbox.ts';
import { readParts } from './parts/read.ts';
import { partsReading } from './parts/reading.ts';
import type { Ledger } from './ledger.ts';
import { lineHandling, openSource, valuesBatches } from './sources.ts';
import type { SourceBatch } from './sources.ts';
import type { GroupStepAnswer } from './steps/group-calls.ts';
import { emptyBatch } from './steps/routing.ts';
import type { Routed } from './steps/routing.ts';

export interface StageContext {
  readonly compiling: Compiler;
  readonly flow: Flow;
  readonly ledger: Ledger;
  readonly executor: Executor;
  /** Sources that may be read in parts. */
  readonly divisions: readonly Division[];
  readonly outputs: ReadonlyMap<NodeId, Output>;
  readonly truths: ReadonlyMap<NodeId, TruthCount>;
  /** Null where no lineage is recorded. */
  readonly recorder: LineageRecorder | null;
}

// ── Sources ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Reads one source to its end, through the row-wise nodes that follow it. */
export async function runSource(stage: Stage, context: StageContext): Promise<void> {
  const { compiling, flow } = context;
  const node = nodeOf(compiling, stage.nodes[0] ?? -1);
  try {
    if (node.kind === 'extract') await runExtract(stage, node, context);
    else if (node.kind === 'values') await runValues(stage, node, context);
  } catch (error) {
    throw asRunError(error, node.span);
  }
  if (await flow.endFeed(node.id)) return;
  for (const id of stage.nodes) await flow.end(id);
}

async function runExtract(stage: Stage, node: ExtractNode, context: StageContext): Promise<void> {
  const { compiling, ledger, flow } = context;
  const { listener } = compiling.environment;
  const handle = lineHandling(node, compiling);
  const { source, skipped } = await openSource(
    node,
    compiling,
    passingOf(node, flow.regionFedBy(node.id) ?? stage, compiling),
  );
  listener({ kind: 'source-opened', node: node.id, files: source.files, skipped, bytes: source.bytes });
  const take = async (read: ReadBatch): Promise<void> => {
    compiling.signal.throwIfAborted();
    const taken = handle(read);
    const { batch } = taken;
    recordTaken(node, read, taken, context);
    const out = flow.isFeed(node.id) ? 0 : batch.length;
    ledger.add(node.id, { in: taken.in, passed: batch.length, out, ended: taken.ended });
    listener({ kind: 'source-read', node: node.id, bytes: read.bytesRead });
    await emitSource(stage, node.id, taken, context);
  };
  const reading = partsReading(stage, context, take);
  if (reading !== null && source.parts !== undefined) await readParts(source.parts(), reading);
  else for await (const read of source.batches()) await take(read);
}

async function runValues(stage: Stage, node: ValuesNode, context: StageContext): Promise<void> {
  const { compiling, ledger, flow } = context;
  for (const batch of valuesBatches(node, compiling.environment.batchRows)) {
    ledger.add(node.id, { in: batch.length, passed: batch.length, out: flow.isFeed(node.id) ? 0 : batch.length });
    if (context.recorder !== null && !flow.isFeed(node.id)) recordSource(context.recorder, node.id, batch);
    await emitSource(stage, node.id, { batch, in: batch.length, ended: [], routed: null }, context);
  }
}

function recordTaken(node: ExtractNode, { rejected }: ReadBatch, taken: SourceBatch, context: StageContext): void {
  const { recorder, flow } = context;
  if (recorder === null) return;
  if (!flow.isFeed(node.id)) recordSource(recorder, node.id, taken.batch);
  recordRejected(recorder, node.id, rejected, taken.ended[0]?.clause ?? 'ON ERROR', taken.routed?.batch ?? null);
}

async function emitSource(stage: Stage, node: NodeId, taken: SourceBatch, context: StageContext): Promise<void> {
  const { flow, executor, compiling } = context;
  await emitRouted(node, taken.routed, taken.batch, context);
  if (await flow.feed(node, taken.batch)) return;
  await flow.emit(node, taken.batch);
  if (stage.nodes.length === 1) return;
  const task = { kind: 'stage-task', job: compiling.environment.job, stage: stage.id } as const;
  await emitAnswer(taken.batch, await executor.run(task, taken.batch), context);
}

/** Whoever collects routed rows gets a batch for each batch, so that the rows keep their place among those of other clauses. */
async function emitRouted(
  node: NodeId,
  routed: Routed | null,
  batch: Batch,
  { flow, compiling }: StageContext,
): Promise<void> {
  for (const reader of flow.routesOf(node)) {
    const given = routed?.rowset === reader.rowset ? routed.batch : null;
    await flow.emitRouted(reader, given ?? emptyBatch(nodeOf(compiling, reader.node).schema, batch));
  }
}

async function emitAnswer(batch: Batch, answer: StageAnswer, context: StageContext): Promise<void> {
  const { recorder, compiling } = context;
  if (recorder !== null) {
    recordAnswers(recorder, compiling.nodes, batch, answer);
    await recorder.room();
  }
  for (const one of answer) {
    context.ledger.addAnswer(one);
    await emitRouted(one.node, one.routed, one.batch, context);
    await context.flow.emit(one.node, one.batch);
  }
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Running {
  readonly batch: Batch;
  readonly answer: Promise<StageAnswer>;
}

/** Row-wise nodes: as many batches at once as there are workers, handed on in order. */
export async function runRows(stage: Stage, context: StageContext): Promise<void> {
  const { flow, executor, compiling } = context;
  const workers = Math.max(...stage.nodes.map((id) => workersOf(nodeOf(compiling, id))));
  // An inbox lets one more in than it holds before it makes wait.
  const running = new Inbox<Running | null>(Math.max(0, workers - 2));
  const inbox = flow.inboxOf(stage);
  const task = { kind: 'stage-task', job: compiling.environment.job, stage: stage.id } as const;
  const start = async (): Promise<void> => {
    for (let message = await inbox.take(); message.kind === 'batch'; message = await inbox.take()) {
      const answer = executor.run(task, message.batch);
      // Whoever takes it from the queue sees the failure; nobody does when the job has failed before.
      answer.catch(() => undefined);
      await running.put({ batch: message.batch, answer });
    }
    await running.put(null);
  };
  const finish = async (): Promise<void> => {
    for (let next = await running.take(); next !== null; next = await running.take()) {
      await emitAnswer(next.batch, await next.answer, context);
    }
    for (const id of stage.nodes) await flow.end(id);
  };
  const failing = (error: unknown): never => {
    running.break(error);
    throw error;
  };
  await Promise.all([start().catch(failing), finish().catch(failing)]);
}

// ── Merges and cross-row nodes ──────────────────────────────────────────────────────────────────────────────────────

export async function runGathering(stage: Stage, context: StageContext): Promise<void> {
  const { compiling, flow, ledger, recorder } = context;
  const node = nodeOf(compiling, stage.nodes[0] ?? -1);
  if (node.kind === 'reduce' || node.kind === 'combine') return runGroups(stage, node, context);
  const { clock, listener } = compiling.environment;
  const room = recorder === null ? roomFor(compiling, node) : null;
  const gather =
    recorder === null ? spillingGathering(compiling, node, room) : recordedGathering(compiling, node, recorder);
  const inbox = flow.inboxOf(stage);
  let told = 0;
  try {
    for (let open = stage.inputs.length; open > 0;) {
      const message = await inbox.take();
      let start = clock.elapsed();
      const { side } = message;
      if (message.kind === 'part') {
        const { given } = message;
        if (given.kind !== 'groups' || !('merge' in gather)) throw new RangeError(`${node.label} takes rows only`);
        message.taken(gather.merge?.(given.part) ?? false);
        ledger.add(node.id, { side, in: given.part.rows, milliseconds: clock.elapsed() - start + given.milliseconds });
        continue;
      }
      const batches = message.kind === 'batch' ? gather.take(side, message.batch) : gather.end(side);
      if (message.kind === 'end') open -= 1;
      const given = message.kind === 'batch' ? message.batch.length : 0;
      ledger.add(node.id, { side, in: given, milliseconds: clock.elapsed() - start });
      await recorder?.room();
      start = clock.elapsed();
      for await (const batch of batches) {
        ledger.add(node.id, { out: batch.length, milliseconds: clock.elapsed() - start });
        await flow.emit(node.id, batch);
        start = clock.elapsed();
      }
      if (room === null || room.spilled.bytes === told) continue;
      told = room.spilled.bytes;
      listener({ kind: 'spilled', node: node.id, ...room.spilled });
    }
  } catch (error) {
    throw asRunError(error, node.span);
  } finally {
    room?.close();
  }
  await flow.end(node.id);
}

/** REDUCE and COMBINE: all comes at the end, with what failed. */
async function runGroups(stage: Stage, node: ReduceNode | CombineNode, context: StageContext): Promise<void> {
  const { compiling, flow, ledger } = context;
  const room = context.recorder === null ? roomFor(compiling, node) : null;
  const step = groupStep(compiling, node, room);
  const recording = context.recorder === null ? null : recordedGroups(context.recorder, node);
  const inbox = flow.inboxOf(stage);
  try {
    for (let open = stage.inputs.length; open > 0;) {
      const message = await inbox.take();
      const { side } = message;
      if (message.kind === 'batch') {
        step.take(side, message.batch);
        recording?.take(side, message.batch);
        ledger.add(node.id, { side, in: message.batch.length });
        continue;
      }
      if (message.kind === 'part') throw new RangeError(`${node.label} takes rows only`);
      open -= 1;
      for await (const answer of answersOf(step.end(side))) {
        recording?.answered(answer);
        await emitGroups(node.id, answer, context);
      }
      if (room !== null && room.spilled.bytes > 0)
        compiling.environment.listener({ kind: 'spilled', node: node.id, ...room.spilled });
    }
  } catch (error) {
    throw asRunError(error, node.span);
  } finally {
    room?.close();
  }
  await flow.end(node.id);
}

async function* answersOf(
  ending: Promise<GroupStepAnswer | null> | AsyncIterable<GroupStepAnswer>,
): AsyncGenerator<GroupStepAnswer> {
  if (Symbol.asyncIterator in ending) yield* ending;
  else {
    const answer = await ending;
    if (answer !== null) yield answer;
  }
}

async function emitGroups(node: NodeId, answer: GroupStepAnswer, context: StageContext): Promise<void> {
  const { ledger, flow } = context;
  const { batches, calls, ended, routed } = answer;
  const out = batches.reduce((sum, { length }) => sum + length, 0);
  ledger.add(node, { out, ended, milliseconds: calls?.milliseconds ?? 0 });
  if (calls !== null) ledger.addCalls(node, calls);
  const place = { length: 0, vectors: [], sequence: 0, ordinals: null, source: null };
  if (batches.length > 0 || routed !== null || calls === null) await emitRouted(node, routed, place, context);
  for (const batch of batches) await flow.emit(node, batch);
}

// ── Outputs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function runSink(stage: Stage, context: StageContext): Promise<void> {
  const { compiling, flow, ledger } = context;
  const node = nodeOf(compiling, stage.nodes[0] ?? -1);
  const output = context.outputs.get(node.id);
  const [input = -1] = inputsOf(node);
  if (output === undefined) throw new RangeError(`no output ${node.id}`);
  const { clock } = compiling.environment;
  const inbox = flow.inboxOf(stage);
  try {
    for (let message = await inbox.take(); message.kind !== 'end'; message = await inbox.take()) {
      const start = clock.elapsed();
      if (message.kind === 'part') {
        const { given } = message;
        if (given.kind !== 'bytes') throw new RangeError(`${node.label} takes rows only`);
        const { bytes, rows } = given;
        await output.pass(bytes, rows);
        ledger.add(node.id, { in: rows, out: rows, milliseconds: clock.elapsed() - start + given.milliseconds });
        message.taken(true);
        continue;
      }
      const { batch } = message;
      context.truths.get(node.id)?.count(batch);
      const written = await output.write(batch);
      for (const { part, rows } of written) context.recorder?.written(node.id, input, batch, part, rows);
      await context.recorder?.room();
      ledger.add(node.id, { in: batch.length, out: batch.length, milliseconds: clock.elapsed() - start });
    }
  } catch (error) {
    throw asRunError(error, node.span);
  }
}
