/**
 * Regions at work. A region that is row-local runs over each batch of its source by itself and forgets it; any other runs once, over all of its rows. Either way
 * only settled rows leave it, for the stages and outputs behind.
 */
import type { CombineNode, GraphNode, NodeId, ReduceNode } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Region } from '../../planner/plan.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, BatchSource } from '../batch.ts';
import { RunError } from '../errors.ts';
import type { Listener } from '../events.ts';
import { compileExpr, compilePredicate } from '../expressions/compile.ts';
import { chainText } from '../repair/chain-text.ts';
import { compileRegion } from '../repair/compiled.ts';
import type { CompiledRegion, Reduced, RegionEnvironment } from '../repair/compiled.ts';
import { settlementOf } from '../repair/counts.ts';
import { mostFirings } from '../repair/clause.ts';
import { RegionRecording } from '../lineage/region.ts';
import { batchesBySequence, routedBatch, routedBySequence, settledBatch, settledRows } from '../repair/exits.ts';
import { traceAll } from '../repair/members.ts';
import { RegionRun } from '../repair/run.ts';
import type { Ending } from '../repair/run.ts';
import { breather } from './breather.ts';
import { nodeOf, regionGroups, rowWiseStep, workersOf } from './compile.ts';
import type { Compiler } from './compile.ts';
import { asRunError, evaluating } from './faults.ts';
import { feedsOf, runsByBatch } from './flow.ts';
import type { Message } from './flow.ts';
import type { Inbox } from './inbox.ts';
import type { StageContext } from './stages.ts';
import type { Step } from './step.ts';

export async function runRegion(region: Region, inbox: Inbox<Message>, context: StageContext): Promise<void> {
  const { compiling } = context;
  const feeds = feedsOf(compiling.graph, region);
  const steps: Pick<Step, 'close'>[] = [];
  try {
    const compiled = compileRegion(
      compiling.graph,
      region,
      (rowset) => compiling.graph.computedBy.get(rowset) ?? -1,
      environment(context, steps),
    );
    const exits = exitsOf(compiling, region);
    const teller = { firings: 0 };
    if (runsByBatch(compiling, region)) await byBatch(compiled, region, exits, feeds, inbox, context, teller);
    else await overAll(compiled, region, exits, feeds, inbox, context, teller);
  } finally {
    await Promise.allSettled(steps.map((step) => step.close()));
  }
  for (const id of region.nodes) await context.flow.end(id);
}

async function byBatch(
  compiled: CompiledRegion,
  region: Region,
  exits: readonly NodeId[],
  [feed = -1]: readonly NodeId[],
  inbox: Inbox<Message>,
  context: StageContext,
  teller: Teller,
): Promise<void> {
  for (let message = await inbox.take(); message.kind === 'batch'; message = await inbox.take()) {
    const run = new RegionRun(compiled);
    const recording = recordingOf(context);
    enter(run, feed, message.batch, recording);
    await settle(run, region, context, teller);
    recording?.settled(run);
    await context.recorder?.room();
    for (const id of exits) {
      const member = run.memberOf(id);
      const batch = settledBatch(run, member, message.batch.sequence);
      recording?.left(member, batch, settledRows(run, member));
      await context.flow.emit(id, batch);
      await emitRouted(run, id, message.batch.sequence, context, recording);
    }
  }
}

async function overAll(
  compiled: CompiledRegion,
  region: Region,
  exits: readonly NodeId[],
  feeds: readonly NodeId[],
  inbox: Inbox<Message>,
  context: StageContext,
  teller: Teller,
): Promise<void> {
  const run = new RegionRun(compiled);
  const recording = recordingOf(context);
  for (let open = feeds.length; open > 0;) {
    const message = await inbox.take();
    if (message.kind === 'end') open -= 1;
    else if (message.kind === 'batch') enter(run, feeds[message.side] ?? -1, message.batch, recording);
    else throw new RangeError('a region takes rows only');
  }
  await settle(run, region, context, teller);
  recording?.settled(run);
  await context.recorder?.room();
  for (const id of exits) {
    const member = run.memberOf(id);
    for (const { batch, rows } of batchesBySequence(run, member)) {
      recording?.left(member, batch, rows);
      await context.flow.emit(id, batch);
    }
    await emitRouted(run, id, null, context, recording);
  }
}

function recordingOf({ recorder }: StageContext): RegionRecording | null {
  return recorder === null ? null : new RegionRecording(recorder);
}

function enter(run: RegionRun, feed: NodeId, batch: Batch, recording: RegionRecording | null): void {
  recording?.entered(run.memberOf(feed), batch);
  run.feed(feed, batch);
}

/** Numbers the firings of a region through all of its batches. */
interface Teller {
  firings: number;
}

/** Settles, counts what settled and tells of the repairs; an ABORT that counts ends the job. */
async function settle(run: RegionRun, region: Region, context: StageContext, teller: Teller): Promise<void> {
  const { listener } = context.compiling.environment;
  let abort: Ending | null;
  try {
    abort = await run.settle(breather(context.compiling));
  } finally {
    // Also where an operator failed: the repairs before it may be why.
    tellOfRepairs(run, region, listener, teller);
  }
  if (abort !== null) {
    if (abort.depth > 0) listener({ kind: 'repairs-exhausted', node: abort.clause });
    throw aborted(run, abort);
  }
  for (const id of region.nodes) {
    const member = run.memberOf(id);
    const { in: given, passed, out, ended } = settlementOf(run, member);
    if (member.inputs.length === 0) {
      const gone = ended.reduce((sum, { rows }) => sum + rows, 0);
      context.ledger.add(id, { passed: -gone, out, ended });
    } else
      given.forEach((rows, side) =>
        context.ledger.add(id, { side, in: rows, ...(side === 0 ? { passed, out, ended } : {}) }),
      );
  }
  for (const ending of run.endings) {
    if (ending.depth === 0 || !run.counts(ending)) continue;
    listener({ kind: 'repairs-exhausted', node: ending.clause });
  }
}

function tellOfRepairs(run: RegionRun, region: Region, listener: Listener, teller: Teller): void {
  for (const entry of run.log) {
    const place = placeOfRow(entry.member, entry.row);
    const { clause: node, kind: repair, origin, changes, reason, attempt } = entry;
    const firing = teller.firings + entry.firing;
    listener({ kind: 'repair', node, repair, origin, changes, reason, attempt, firing, place });
  }
  teller.firings += run.fired;
  for (const [node, rows] of run.stale) listener({ kind: 'repairs-stale', node, rows });
  listener({ kind: 'region-settled', region: region.id, passes: run.passes });
}

function aborted(run: RegionRun, ending: Ending): RunError {
  const { clause, reason, member, row, rung, depth, error = null } = ending;
  if (depth === 0 && error !== null) return placed(error, placeOfRow(member, row));
  const { node } = run.memberOf(clause);
  const asserts = node.kind === 'handle' && node.fires === 'false' && node.message === null;
  const why = error === null ? `${reason}${asserts && depth > 0 ? ' does not hold' : ''}` : error.message;
  const facts = { span: rung.span, place: placeOfRow(member, row), cause: error };
  if (depth === 0) return new RunError('PR7001', `${node.label}: ${why}: ABORT`, facts);
  const [cause, help] = whyNone(run, ending);
  const chain = chainText(run, ending);
  const history = chain === null ? '' : `\nits repairs: ${chain}`;
  return new RunError('PR7001', `${node.label}: ${why}, and ${cause}${history}`, { ...facts, help });
}

/** An operator that ran over rows of many batches does not know where they came from. */
function placed({ code, message, help, span, place, cause }: RunError, from: RunError['place']): RunError {
  return new RunError(code, message, { help, span, place: place ?? from, cause });
}

/** Why the repair before the end of the ladder could not act, and what to do about it. */
function whyNone(
  run: RegionRun,
  { clause, member, row, others = [], depth }: Ending,
): readonly [cause: string, help: string] {
  const what = 'ELSE ROUTE TO unrepaired, ELSE DROP or ELSE KEEP behind it says what then';
  const last = run.memberOf(clause).compiled.clause?.rungs[depth - 1];
  if (last === undefined || !('key' in last)) return ['no repair is left', what];
  const verb = last.kind.toUpperCase();
  const ancestors = traceAll(member, [row, ...others], last.trail);
  if (ancestors.length === 0) return [`it comes from no row that ${verb} ${last.column} could go back to`, what];
  if (mostFirings(last, ancestors) < last.limit)
    return [`no alternative is left that ${verb} ${last.column} could ask`, what];
  const times = last.limit === 1 ? 'once' : `${last.limit} times`;
  const done = last.limit === 0 ? `LIMIT 0 allows no ${verb}` : `${verb} ${last.column} has been tried ${times}`;
  return [`${done}, which is its LIMIT`, `${what}; LIMIT n says how often`];
}

function placeOfRow(member: Ending['member'], row: number): { readonly file: string; readonly line: number } | null {
  let at: Ending['member'] = member;
  let current = row;
  for (;;) {
    if (current < 0 || current >= at.table.length) return null;
    const source = at.table.sourceOf(current);
    if (source !== null) return { file: source.source.name, line: source.source.lineOf(source.ordinal) };
    const parent = at.table.members.get(current)?.[0] ?? at.table.parents.at(current);
    const next = at.inputs[Math.max(0, at.table.sides.at(current))];
    const base = at.origin?.baseOf(current) ?? current;
    if (base !== current) current = base;
    else if (next === undefined || parent < 0) return null;
    else {
      at = next;
      current = parent;
    }
  }
}

// ── In and out ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Nodes of the region that something outside reads, or that route. */
function exitsOf({ graph }: Compiler, region: Region): readonly NodeId[] {
  const inside = new Set(region.nodes);
  const read = new Set(graph.nodes.filter(({ id }) => !inside.has(id)).flatMap(inputsOf));
  return region.nodes.filter((id) => read.has(id));
}

/** `sequence` is null for a region that ran over all of its rows. */
async function emitRouted(
  run: RegionRun,
  id: NodeId,
  sequence: number | null,
  context: StageContext,
  recording: RegionRecording | null,
): Promise<void> {
  const { flow, compiling } = context;
  for (const reader of flow.routesOf(id)) {
    const node = nodeOf(compiling, reader.node);
    const parts = sequence === null ? routedBySequence(run, id, node) : [routedBatch(run, id, node, sequence)];
    for (const { batch, rows } of parts) {
      recording?.routed(id, batch, rows);
      await flow.emitRouted(reader, batch);
    }
  }
}

/** The places of a batch's rows, for a batch that numbers them 0, 1, 2 … */
function placedByRow({ source, ordinals }: Batch): BatchSource | null {
  if (source === null || ordinals === null) return source;
  return { name: source.name, lineOf: (row) => source.lineOf(ordinals[row] ?? row) };
}

/** The engine's steps for a region: given a batch without ordinals, the ordinals of the answer are the rows it was made from. */
function environment({ compiling, ledger, recorder }: StageContext, steps: Pick<Step, 'close'>[]): RegionEnvironment {
  const stepOf = (node: GraphNode, input: Schema, conjecture = 0): Step => {
    const step = rowWiseStep(compiling, node, workersOf(node), input, conjecture);
    if (step === null) throw new TypeError(`a ${node.kind} is no row-wise step`);
    steps.push(step);
    return step;
  };
  const groupsOf = (
    node: ReduceNode | CombineNode,
    inputs: readonly Schema[],
  ): ((batches: readonly Batch[]) => Promise<Reduced>) => {
    const groups = regionGroups(compiling, node, inputs);
    steps.push(groups);
    return async (batches) => {
      try {
        const answer = await groups.run(batches.map((batch) => ({ ...batch, ordinals: null, source: null })));
        if (answer?.unsettled === undefined || answer.unsettled === null)
          throw new TypeError(`a ${node.kind.toUpperCase()} gave nothing`);
        if (answer.calls !== null) ledger.addCalls(node.id, answer.calls);
        return { batches: answer.batches, ...answer.unsettled };
      } catch (error) {
        throw asRunError(error, node.span);
      }
    };
  };
  return {
    compile: (expr, input) => {
      const evaluate = compileExpr(expr, input, compiling.expressions);
      return (batch, failures) => (failures === undefined ? evaluating(batch, evaluate) : evaluate(batch, failures));
    },
    predicate: (expr, input) => compilePredicate(expr, input, compiling.expressions),
    reduce: (node, input) => {
      const call = groupsOf(node, [input]);
      return async (batch) => call([batch]);
    },
    combine: (node, left, right) => {
      const call = groupsOf(node, [left, right]);
      return async (...batches) => call(batches);
    },
    step: (node, input) => {
      const alternatives =
        node.kind === 'process'
          ? node.using.map((operator, at) => stepOf({ ...node, using: [operator] }, input, at))
          : [stepOf(node, input)];
      return async (batch, conjecture) => {
        const step = alternatives[conjecture];
        if (step === undefined) throw new RangeError(`${node.label} has no alternative ${conjecture}`);
        const { clock } = compiling.environment;
        const start = clock.elapsed();
        try {
          const answer = await step.run({ ...batch, ordinals: null, source: placedByRow(batch) });
          ledger.add(node.id, { milliseconds: clock.elapsed() - start });
          if (answer.calls !== null) ledger.addCalls(node.id, answer.calls);
          const { unsettled = null } = answer;
          return {
            batch: { ...answer.batch, source: batch.source },
            parents: answer.batch.ordinals,
            repairs: unsettled?.repairs ?? [],
            failed: unsettled,
            ...(recorder !== null && answer.told?.inputs ? { inputs: answer.told.inputs } : {}),
          };
        } catch (error) {
          throw asRunError(error, node.span);
        }
      };
    },
  };
}
