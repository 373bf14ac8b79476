/**
 * The naive reference of semantics.md: keep every row and its parents, loop until no handler fires, recompute everything from scratch each time.
 * Written from the rules alone; it shares the parser, the checker and the function table with the product, and nothing else.
 */
import type { RowsetId, TypedCombine, TypedReduce, TypedScript } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import type { BoundColumn, FailedCall } from './calls.ts';
import { decide, decideFailed, decideYielded } from './decide.ts';
import type { Decision, RepairDecision } from './decide.ts';
import { Computation, TooLong } from './nodes.ts';
import type { Job } from './nodes.ts';
import { raisersOf, shapeOf } from './regions.ts';
import type { Raiser, Shape } from './regions.ts';
import { Repairs } from './state.ts';
import type { Row } from './state.ts';
import { Versions } from './versions.ts';
import { isAlive, keyOf } from './trace.ts';

export interface Repaired {
  readonly handler: string;
  readonly kind: 'edit' | 'append' | 'delete' | 'retry';
}

export interface Settled {
  /** Rows of each output, in the order of its columns. */
  readonly outputs: readonly (readonly (readonly Value[])[])[];
  /** The same rows with their parents. */
  readonly rows: readonly (readonly Row[])[];
  readonly repairs: readonly Repaired[];
  /** The handler whose ABORT ended the job. */
  readonly abortedBy: string | null;
}

const REPAIRS = 60;

/** Passes after which a test gives up: LIMIT must have ended the job long before. */
const PASSES = 10_000;

export function settle(job: Job): Settled {
  const shape = shapeOf(job.script);
  const repairs = new Repairs();
  const fired = new Set<string>();
  const failedLooks = new Set<string>();
  const versions = new Versions();
  const log: Repaired[] = [];
  for (const { raisers, rowsets } of shape.regions) {
    for (let pass = 0; ; pass += 1) {
      if (pass === PASSES) throw new Error('a region does not settle');
      const computation = new Computation(job, shape, repairs, versions, fired, failedLooks);
      const raised = raisers.flatMap((raiser) => raisedBy(raiser, computation));
      const levels = raised.map(({ raiser }) => shape.level(raiser.id));
      const lowest = Math.min(...levels);
      const abort = aborting(raisers, computation, shape, lowest) ?? computation.failedBelow(rowsets, lowest);
      if (abort !== null) return { outputs: [], rows: [], repairs: log, abortedBy: computation.rowset(abort).label };
      computation.see(rowsets, lowest);
      if (raised.length === 0) break;
      const looking = raisers.filter(({ id }) => shape.level(id) <= lowest);
      for (const { decision } of looking.flatMap((raiser) => decidedBy(raiser, computation)))
        if (decision.kind === 'fail') failedLooks.add(decision.look);
      if (log.length + raised.length > REPAIRS) throw new TooLong();
      act(
        raised.filter(({ raiser }) => shape.level(raiser.id) === lowest),
        computation,
        fired,
        log,
      );
    }
  }
  const final = new Computation(job, shape, repairs, versions, fired, failedLooks);
  const abort =
    aborting(raisersOf(job.script), final, shape, Infinity) ?? final.failedBelow(used(job.script, shape), Infinity);
  if (abort !== null) return { outputs: [], rows: [], repairs: log, abortedBy: final.rowset(abort).label };
  return {
    outputs: job.script.outputs.map(({ input }) => tableOf(final, input)),
    rows: job.script.outputs.map(({ input }) => final.rows(input)),
    repairs: log,
    abortedBy: null,
  };
}

/** What an output or a clause needs (S11); nobody looks at the rest, and it fails nothing. */
function used({ outputs, rowsets }: TypedScript, { inputs }: Shape): readonly RowsetId[] {
  const effects = rowsets.flatMap(({ kind, id }) => (kind === 'handler' ? [id] : []));
  const found = new Set<RowsetId>([...outputs.map(({ input }) => input), ...effects]);
  // A set takes what is added to it while it is walked.
  for (const id of found) for (const input of inputs(id)) found.add(input);
  return [...found];
}

interface Raised {
  readonly raiser: Raiser;
  readonly row: Row;
  readonly others: readonly Row[];
  readonly decision: RepairDecision;
}

interface Decided {
  readonly row: Row;
  /** Of a group: its other members. */
  readonly others?: readonly Row[];
  readonly decision: Decision;
}

/** What a handler, an ON ERROR or an operator says of its rows. */
function decidedBy(raiser: Raiser, computation: Computation): readonly Decided[] {
  if (raiser.kind === 'process') {
    return computation.calls(raiser).flatMap((call) => {
      const unguarded = call.failure !== null && computation.onErrorOf(raiser) === null;
      const failed: readonly Decision[] = unguarded ? [{ kind: 'abort' }] : [];
      const yielded = call.repairs.map((repair, at) => decideYielded(call, repair, at, computation));
      return [...failed, ...yielded].map((decision) => ({ row: call.row, decision }));
    });
  }
  if (raiser.kind === 'reduce') {
    const columnOf = (name: string): BoundColumn => computation.columnBehind(raiser, raiser.using, name);
    const decided = computation.groupCalls(raiser).flatMap(({ id, repairs }) =>
      repairs.map((repair, at) => {
        const { row } = repair;
        const decision = decideYielded({ id, rowset: raiser, row, conjecture: 0, columnOf }, repair, at, computation);
        return { row, decision };
      }),
    );
    // The rows that raise them are the members, whatever the order of their groups.
    const places = new Map(computation.rows(raiser.input).map(({ id }, at) => [id, at]));
    const inOrder = decided.toSorted((a, b) => (places.get(a.row.id) ?? 0) - (places.get(b.row.id) ?? 0));
    return [...unguarded(raiser, computation), ...inOrder];
  }
  if (raiser.kind === 'combine') {
    const columnOf = (name: string): BoundColumn => computation.columnOfSide(raiser, name);
    const decided = computation.pairCalls(raiser).flatMap(({ id, repairs }) =>
      repairs.map((repair, at) => {
        const { row, side } = repair;
        const call = { id, rowset: raiser, row, conjecture: 0, columnOf };
        return { row, side, decision: decideYielded(call, repair, at, computation) };
      }),
    );
    // The rows of the left side raise theirs before those of the right one.
    const sides = [raiser.left, raiser.right].flatMap(({ rowset }, side) => {
      const places = new Map(computation.rows(rowset).map(({ id }, at) => [id, at]));
      const placeOf = ({ id, parents }: Row): number => places.get(id) ?? places.get(parents[0]?.id ?? '') ?? 0;
      return decided.filter((one) => one.side === side).toSorted((a, b) => placeOf(a.row) - placeOf(b.row));
    });
    return [...unguarded(raiser, computation), ...sides];
  }
  const from = computation.rowset(raiser.input);
  if (raiser.fires === 'error' && from.kind === 'process') {
    return computation
      .calls(from)
      .filter(({ failure }) => failure !== null)
      .map((call) => ({ row: call.row, decision: decideFailed(raiser, computation.failedCall(call), computation) }));
  }
  if (raiser.fires === 'error' && (from.kind === 'reduce' || from.kind === 'combine'))
    return failedGroups(from, computation).map(({ row, others, failed }) => {
      return { row, others, decision: decideFailed(raiser, failed, computation) };
    });
  return computation.rows(raiser.input).map((row) => ({ row, decision: decide(raiser, row, computation) }));
}

/** The groups on which an operator failed, in order. */
function failedGroups(
  rowset: TypedReduce | TypedCombine,
  computation: Computation,
): readonly { readonly row: Row; readonly others: readonly Row[]; readonly failed: FailedCall }[] {
  const calls = rowset.kind === 'reduce' ? computation.groupCalls(rowset) : computation.pairCalls(rowset);
  return calls.flatMap(({ failed }) => {
    const [row, ...others] = failed?.members ?? [];
    return failed === null || row === undefined ? [] : [{ row, others, failed }];
  });
}

/** A failure that no ON ERROR takes ends the job. */
function unguarded(rowset: TypedReduce | TypedCombine, computation: Computation): readonly Decided[] {
  if (computation.onErrorOf(rowset) !== null) return [];
  return failedGroups(rowset, computation).map(({ row }) => ({ row, decision: { kind: 'abort' } }));
}

function raisedBy(raiser: Raiser, computation: Computation): readonly Raised[] {
  return decidedBy(raiser, computation).flatMap(({ row, others = [], decision }) =>
    decision.kind === 'repair' ? [{ raiser, row, others, decision }] : [],
  );
}

/** S8: in clause order, then row order; what died meanwhile is stale. */
function act(raised: readonly Raised[], computation: Computation, fired: Set<string>, log: Repaired[]): void {
  const { repairs, shape } = computation;
  const copied = new Map<string, () => void>();
  for (const { raiser, row, others, decision } of raised.toSorted((a, b) => a.raiser.id - b.raiser.id)) {
    const { repair, key, once, ancestors, ownCall, valuesAt } = decision;
    if (![row, ...others, ...ancestors].every((one) => isAlive(one, repairs))) continue;
    fired.add(once);
    log.push({ handler: raiser.label, kind: repair });
    if (ownCall !== null) repairs.retryFailed(ownCall, key);
    const calls = new Set<string>();
    for (const ancestor of ancestors) {
      // A copy among the ancestors may have died with the one before it.
      if (!isAlive(ancestor, repairs)) continue;
      switch (repair) {
        case 'edit':
        case 'append':
          repairs[repair](ancestor, valuesAt(ancestor.node), key);
          // S13: a cross-row step in between makes new versions of the row, and each would copy it again.
          if (repair === 'append' && shape.level(raiser.id) > shape.steps(ancestor.node).core)
            copied.set(`${key} ${ancestor.id}`, () => repairs.countCopies(ancestor, key));
          break;
        case 'delete':
          repairs.delete(ancestor);
          break;
        case 'retry': {
          const call = ancestor.origin?.call ?? '';
          if (!calls.has(call)) repairs.retry(ancestor, key);
          calls.add(call);
          break;
        }
      }
    }
  }
  for (const count of copied.values()) count();
}

/** S10: an ABORT or a failure whose level has no repair left and whose row still lives. What stands behind a region sees settled rows only: it has no say yet. */
function aborting(raisers: readonly Raiser[], computation: Computation, shape: Shape, lowest: number): RowsetId | null {
  for (const raiser of raisers) {
    if (lowest !== Infinity && shape.level(raiser.id) >= lowest) continue;
    const ends = ({ decision: { kind } }: Decided): boolean => kind === 'abort' || kind === 'fail';
    if (decidedBy(raiser, computation).some(ends)) return raiser.id;
  }
  return null;
}

function tableOf(computation: Computation, id: number): readonly (readonly Value[])[] {
  const names = computation.rowset(id).schema.map(({ name }) => keyOf(null, name));
  return computation.rows(id).map((row) => names.map((name) => row.values.get(name) ?? null));
}
