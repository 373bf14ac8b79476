/** Rows through the nodes of a region that take them one by one: their steps, their clauses, their calls made again. */
import type { RoutedNode } from '../../planner/graph.ts';
import type { Batch, Vector } from '../batch.ts';
import { concat } from '../concat.ts';
import { range } from '../row-numbers.ts';
import { gather } from '../vectors.ts';
import type { Raised } from './act.ts';
import { decide } from './clause.ts';
import type { CompiledNode, Stepped } from './compiled.ts';
import { routedValues } from './exits.ts';
import { evaluated, failedEnding } from './failed.ts';
import { hiddenVectors } from './hidden.ts';
import { keptBatch } from './kept.ts';
import { isAlive, isUntouched } from './members.ts';
import type { Member } from './members.ts';
import { NO_CHAIN } from './origin.ts';
import type { Chain } from './origin.ts';
import { raisedByFailures, raisedByOperator } from './raising.ts';
import type { RegionRun, Retry, Running } from './run.ts';
import { ordinalsThrough, rowsAt } from './table.ts';

/** Takes what is new in the inputs; gives what the member's clauses raise. */
export async function advanceRowByRow(run: RegionRun, member: Running): Promise<readonly Raised[]> {
  if (member.node.kind === 'routed') {
    takeRouted(run, member, member.node);
    return [];
  }
  const parts: (readonly Raised[])[] = [];
  for (const [side, input] of member.inputs.entries()) {
    const fresh = [...input.table.since(member.cursors[side] ?? 0)];
    member.cursors[side] = input.table.length;
    for (const { start, batch } of fresh) {
      const rows = liveRows(input, start, batch.length);
      if (rows.length === 0) continue;
      const live = rows.length === batch.length ? batch : input.table.batchOf(rows);
      parts.push(await take(run, member, side, input, rows, live));
    }
  }
  if (member.retries.length > 0) parts.push(await callAgain(run, member));
  return parts.length === 1 ? (parts[0] ?? []) : parts.flat();
}

/** Live rows of an input's batch: through the node's step, or before its clause. */
async function take(
  run: RegionRun,
  member: Running,
  side: number,
  input: Running,
  rows: Int32Array,
  batch: Batch,
): Promise<readonly Raised[]> {
  const { node, step, hidden } = member.compiled;
  const full = hidden.length === 0 ? batch : withHidden(batch, hiddenVectors(hidden, input, rows));
  if (step !== null) {
    return stepped(run, member, input, rows, await step(full, 0), full);
  }
  switch (node.kind) {
    case 'handle': {
      const decisions = decide(member.compiled.clause, run, input, rows, full);
      for (const ending of decisions.endings) run.endings.push(ending);
      addRows(member, side, decisions.passing, batch, rows);
      return decisions.raised;
    }
    case 'sort': {
      const { failed } = evaluated(member.compiled.sort?.failing ?? [], full);
      for (const [at, error] of failed) run.endings.push(failedEnding(error, node.id, input, rows[at] ?? -1));
      const sorted = failed.size === 0 ? null : range(0, rows.length).filter((at) => !failed.has(at));
      addRows(member, side, sorted, batch, rows);
      return [];
    }
    case 'union':
      addRows(member, side, null, batch, rows);
      return [];
    default:
      throw new TypeError(`a ${node.kind} does not run inside a region`);
  }
}

function stepped(
  run: RegionRun,
  member: Running,
  input: Running,
  rows: Int32Array,
  answer: Stepped,
  full: Batch,
  /** Of calls made again: one for each row of `full`. */
  retries: readonly Retry[] | null = null,
): readonly Raised[] {
  const { table, compiled } = member;
  const { raising } = compiled;
  const chainAt = (place: number): Chain => retries?.[place]?.chain ?? NO_CHAIN;
  const conjecture = retries?.[0]?.conjecture ?? 0;
  const call = { run, member, input, side: 0, rows, conjecture, chainAt };
  const yielded = raising === null ? NOTHING : raisedByOperator(call, raising, answer.repairs);
  const failed = raising === null ? NOTHING : raisedByFailures(call, raising, answer.failed, full);
  for (const ending of [...yielded.endings, ...failed.endings]) run.endings.push(ending);
  const { batch, parents } = withKept(member, input, answer, full, failed.kept);
  const start = table.append({ ...batch, ordinals: ordinalsThrough(full, parents) });
  table.parents.pushAll(parents === null ? rows : parents.map((at) => rows[at] ?? -1));
  if (retries !== null)
    for (let row = start; row < table.length; row += 1)
      member.origin?.continueChain(row, chainAt(parents?.[row - start] ?? row - start));
  const { inputs } = answer;
  if (inputs !== undefined) {
    const kept = new Set(failed.kept);
    const gave = range(start, batch.length).filter((row) => !kept.has(parents?.[row - start] ?? row - start));
    member.calls.push({ conjecture, rows, inputs, gave });
  }
  return yielded.raised.length === 0 ? failed.raised : [...yielded.raised, ...failed.raised];
}

const NOTHING = { raised: [], endings: [], kept: [] };

/** The answer of a step with the rows that ON ERROR keeps, each where its row stands. */
function withKept(
  { compiled }: Running,
  input: Running,
  answer: Stepped,
  full: Batch,
  kept: readonly number[],
): Pick<Stepped, 'batch' | 'parents'> {
  const batch = withoutHidden(answer.batch, compiled, input);
  if (kept.length === 0) return { batch, parents: answer.parents };
  const places = Int32Array.from(kept);
  const beside = keptBatch(compiled.node, input, withoutHidden(rowsAt(full, places), compiled, input));
  const parents = new Int32Array(batch.length + places.length);
  parents.set(answer.parents ?? range(0, batch.length));
  parents.set(places, batch.length);
  const order = range(0, parents.length).toSorted((a, b) => (parents[a] ?? 0) - (parents[b] ?? 0) || a - b);
  const vectors = compiled.node.schema.flatMap(({ type }, at): readonly Vector[] => {
    const [one, other] = [batch.vectors[at], beside.vectors[at]];
    return one === undefined || other === undefined ? [] : [gather(concat([one, other], type), order)];
  });
  return { batch: { ...batch, length: order.length, vectors }, parents: order.map((at) => parents[at] ?? -1) };
}

/** Asks the next alternatives: rows that ask the same one go to it in batches. What died since it was raised is not asked for (S8). */
async function callAgain(run: RegionRun, member: Running): Promise<readonly Raised[]> {
  const [input] = member.inputs;
  const { step, hidden } = member.compiled;
  if (input === undefined || step === null) return [];
  const parts: (readonly Raised[])[] = [];
  for (const retries of batchesOf(member.retries.splice(0).filter(({ parent }) => isAlive(input, parent)))) {
    const rows = Int32Array.from(retries, ({ parent }) => parent);
    const batch = input.table.batchOf(rows);
    const full = hidden.length === 0 ? batch : withHidden(batch, hiddenVectors(hidden, input, rows));
    const answer = await step(full, retries[0]?.conjecture ?? 0);
    parts.push(stepped(run, member, input, rows, answer, full, retries));
  }
  return parts.flat();
}

/** What clauses have routed since the last time. A routed row lives while the row it was does (S10). */
function takeRouted(run: RegionRun, member: Running, node: RoutedNode): void {
  const taken = member.cursors[0] ?? 0;
  member.cursors[0] = run.endings.length;
  const { table } = member;
  // Another version of a group has its own row.
  for (const { ending, row } of member.ofGroups) if (!run.counts(ending)) table.ended.set(row);
  for (const [side, clause] of node.from.entries()) {
    const fresh = run.endings
      .slice(taken)
      .filter((ending) => ending.kind === 'route' && ending.clause === clause && run.counts(ending));
    if (fresh.length === 0) continue;
    const ordinals = fresh.map((ending) => {
      const { batch, at } = ending.member.table.placeOf(ending.row);
      return batch.ordinals?.[at] ?? at;
    });
    const start = table.append({ ...routedValues(fresh, node), ordinals: Int32Array.from(ordinals) });
    fresh.forEach((ending, at) => {
      if (ending.stands === undefined) return;
      member.ofGroups.push({ ending, row: start + at });
      table.members.set(start + at, Int32Array.of(ending.row, ...(ending.others ?? [])));
    });
    table.parents.pushAll(Int32Array.from(fresh, ({ row }) => row));
    table.sides.pushAll(new Int32Array(fresh.length).fill(side));
  }
}

/** As many as a source's batch has. */
const CALLS_AT_ONCE = 4096;

/** By alternative, in the order of their rows. */
function batchesOf(retries: readonly Retry[]): readonly (readonly Retry[])[] {
  const byConjecture = new Map<number, Retry[]>();
  for (const retry of retries) {
    const same = byConjecture.get(retry.conjecture) ?? [];
    byConjecture.set(retry.conjecture, same);
    same.push(retry);
  }
  return [...byConjecture.values()].flatMap((same) => {
    const sorted = same.toSorted((a, b) => a.parent - b.parent);
    const starts = Array.from({ length: Math.ceil(sorted.length / CALLS_AT_ONCE) }, (_, at) => at * CALLS_AT_ONCE);
    return starts.map((start) => sorted.slice(start, start + CALLS_AT_ONCE));
  });
}

/** The rows start … start + length − 1 that live. */
function liveRows(member: Member, start: number, length: number): Int32Array {
  const rows = range(start, length);
  return isUntouched(member) ? rows : rows.filter((row) => isAlive(member, row));
}

/** Appends the rows at some places of `batch` (whose rows are `rows` of the input) as they are; null for all. */
function addRows(member: Running, side: number, places: Int32Array | null, batch: Batch, rows: Int32Array): void {
  const { table } = member;
  table.append(batch, places);
  // Rows that were the first of their table have the numbers of their places.
  const parents =
    places === null
      ? rows
      : rows.length > 0 && rows[0] === 0 && rows[rows.length - 1] === rows.length - 1
        ? places
        : places.map((at) => rows[at] ?? -1);
  table.parents.pushAll(parents);
  if (member.inputs.length > 1) table.sides.pushAll(new Int32Array(parents.length).fill(side));
}

function withHidden(batch: Batch, vectors: readonly Vector[]): Batch {
  return { ...batch, vectors: [...batch.vectors, ...vectors] };
}

/** A step that hands its input's columns on as they are hands on the hidden ones too. */
function withoutHidden(batch: Batch, { node, hidden }: CompiledNode, input: Member): Batch {
  if (batch.vectors.length === node.schema.length) return batch;
  const from = input.table.schema.length;
  return { ...batch, vectors: batch.vectors.filter((_, at) => at < from || at >= from + hidden.length) };
}
