/** What a clause says of the rows before it: which pass, which end how, which repairs are raised. It looks at each row version once (S8). */
import type { Span } from '../../diagnostics/span.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import type { Evaluate } from '../relational/index.ts';
import type { RowError } from '../row-error.ts';
import { complement, range } from '../row-numbers.ts';
import { gather, valueAt } from '../vectors.ts';
import type { Raised } from './act.ts';
import type { Clause } from './compiled.ts';
import { dataError, evaluated, failedEnding, failuresByRow, NONE_FAILED } from './failed.ts';
import type { Evaluated } from './failed.ts';
import type { RepairRung, Rung } from './ladder.ts';
import type { Ancestor, Member } from './members.ts';
import { trace } from './members.ts';
import type { Ending, RegionRun, Running } from './run.ts';

export interface Decisions {
  /** Places in the batch that go on; null for all. */
  readonly passing: Int32Array | null;
  readonly raised: readonly Raised[];
  readonly endings: readonly Ending[];
}

/** `batch` holds the clause's view of `rows` of the input. */
export function decide(
  clause: Clause | null,
  run: RegionRun,
  input: Member,
  rows: Int32Array,
  batch: Batch,
): Decisions {
  if (clause === null) return { passing: null, raised: [], endings: [] };
  const { firing, failed } = firingPlaces(clause, batch);
  if (firing.length === 0 && failed.size === 0) return { passing: null, raised: [], endings: [] };
  const facts = new FiringFacts(clause, acting(batch, firing));
  const gone = new Set<number>();
  const raised: Raised[] = [];
  const endings: Ending[] = [];
  const fail = (place: number, error: ReturnType<typeof dataError>): void => {
    gone.add(place);
    endings.push(failedEnding(error, clause.node.id, input, rows[place] ?? -1));
  };
  for (const [place, error] of failed) fail(place, error);
  let row = -1;
  const traced = ({ trail }: RepairRung): readonly Ancestor[] => trace(input, row, trail);
  for (let at = 0; at < firing.length; at += 1) {
    const place = firing[at] ?? -1;
    row = rows[place] ?? -1;
    const choice = chosen(clause, run, traced);
    try {
      const said = sayOf(clause, run, facts, at, { input, row, ...choice });
      if (said.raised !== null) raised.push(said.raised);
      if (said.ending !== null) endings.push(said.ending);
      if (!said.passes) gone.add(place);
    } catch (error) {
      fail(place, dataError(error));
    }
  }
  if (gone.size === 0) return { passing: null, raised, endings };
  return { passing: complement(Int32Array.from(gone).toSorted(), batch.length), raised, endings };
}

interface Choice {
  readonly input: Member;
  readonly row: number;
  readonly rung: Rung;
  readonly ancestors: readonly Ancestor[];
  readonly depth: number;
}

/** What a clause that fires says of one row. Throws where one of its expressions fails. */
function sayOf(
  clause: Clause,
  run: RegionRun,
  facts: FiringFacts,
  at: number,
  { input, row, rung, ancestors, depth }: Choice,
): { readonly raised: Raised | null; readonly ending: Ending | null; readonly passes: boolean } {
  const { id: node, span } = clause.node;
  const end = { clause: node, member: input, row, rung, depth };
  switch (rung.kind) {
    case 'edit':
    case 'append':
    case 'delete':
    case 'retry': {
      const changes = facts.changes(rung, at);
      const raised = { node, span, rung, input, row, ancestors, ownCall: null, changes, reason: facts.reason(at), run };
      // A row that dies with its ancestor need not go on: what derives from it would be stale.
      return { raised, ending: null, passes: rung.kind === 'append' };
    }
    case 'drop':
    case 'route':
    case 'keep':
      return {
        raised: null,
        ending: { ...end, kind: rung.kind, reason: facts.reason(at) },
        passes: rung.kind === 'keep',
      };
    case 'abort':
      return { raised: null, ending: { ...end, kind: 'abort', reason: facts.abortMessage(rung, at) }, passes: true };
  }
}

/** Where the clause fires, and where its condition fails. */
function firingPlaces(
  clause: Clause,
  batch: Batch,
): { readonly firing: Int32Array; readonly failed: Evaluated['failed'] } {
  const { condition, fires } = clause;
  if (condition === null) return { firing: range(0, batch.length), failed: NONE_FAILED };
  const errors: RowError[] = [];
  const holds = condition(batch, errors);
  const failed = failuresByRow(errors);
  if (fires) return { firing: holds, failed };
  const others = complement(holds, batch.length);
  return { firing: failed.size === 0 ? others : others.filter((place) => !failed.has(place)), failed };
}

/** The rows at these places, for the expressions of an action. */
export function acting(batch: Batch, places: Int32Array): Batch {
  return { ...batch, length: places.length, vectors: batch.vectors.map((vector) => gather(vector, places)) };
}

/**
 * The first action of the ladder that can act (S5, S13). The ladder's end is never a repair.
 *
 * @param traced the ancestors that a rung would act on
 * @param special says of a rung whether it can act, null where the ancestors do
 */
export function chosen(
  clause: Clause,
  run: RegionRun,
  traced: (rung: RepairRung) => readonly Ancestor[],
  special: (rung: RepairRung) => boolean | null = () => null,
): { readonly rung: Rung; readonly ancestors: readonly Ancestor[]; readonly depth: number } {
  for (const [depth, rung] of clause.rungs.entries()) {
    if (!('key' in rung)) return { rung, ancestors: [], depth };
    const decided = special(rung);
    const ancestors = decided === null ? traced(rung) : [];
    if (decided ?? canAct(rung, ancestors, run)) return { rung, ancestors, depth };
  }
  return { rung: { kind: 'abort', message: null, span: clause.node.span }, ancestors: [], depth: clause.rungs.length };
}

/** What becomes of a group that failed: what its ON ERROR says, and with none the end of the job. */
export function chosenOrAbort(
  clause: Clause | null,
  run: RegionRun,
  traced: (rung: RepairRung) => readonly Ancestor[],
  span: Span,
): ReturnType<typeof chosen> {
  if (clause === null) return { rung: { kind: 'abort', message: null, span }, ancestors: [], depth: 0 };
  return chosen(clause, run, traced);
}

/** Whether a repair may act on these ancestors. */
export function canAct(rung: RepairRung, ancestors: readonly Ancestor[], run: RegionRun): boolean {
  if (ancestors.length === 0) return false;
  if (mostFirings(rung, ancestors) >= rung.limit) return false;
  return rung.kind !== 'retry' || ancestors.every(({ member, row }) => hasNext(run.memberOf(member.node.id), row));
}

/** S13: over several ancestors the largest. */
export function mostFirings({ key }: RepairRung, ancestors: readonly Ancestor[]): number {
  let most = 0;
  for (const { member, row } of ancestors) most = Math.max(most, member.origin?.timesOf(row, key) ?? 0);
  return most;
}

function hasNext(member: Running, row: number): boolean {
  if (member.node.kind !== 'process') return false;
  const call = member.table.parents.at(row);
  return (member.conjectures.get(call) ?? 0) + 1 < member.node.using.length;
}

/** What the clause's expressions say of its firing rows, computed when first asked. */
export class FiringFacts {
  private readonly clause: Clause;
  private readonly batch: Batch;
  private readonly computed = new Map<unknown, (at: number) => Value>();

  constructor(clause: Clause, batch: Batch) {
    this.clause = clause;
    this.batch = batch;
  }

  changes(rung: RepairRung, at: number): Raised['changes'] {
    if (rung.kind !== 'edit' && rung.kind !== 'append') return [];
    return rung.changes.map(({ node, column, value }) => ({ node, column, value: this.value(value, at) }));
  }

  /** S15. */
  reason(at: number): string {
    const { message, conditionText } = this.clause;
    if (message === null) return conditionText;
    return textOf(this.once(message, message)(at)) ?? conditionText;
  }

  abortMessage(rung: Rung, at: number): string {
    return this.said(rung, at) ?? this.reason(at);
  }

  /** The message of an ABORT, null where it has none. */
  said(rung: Rung, at: number): string | null {
    const message = this.clause.abortMessages.get(rung);
    return message === undefined ? null : textOf(this.once(message, message)(at));
  }

  private value(expr: Parameters<Clause['values']['get']>[0], at: number): Value {
    const evaluate = this.clause.values.get(expr);
    return evaluate === undefined ? null : this.once(expr, evaluate)(at);
  }

  /** Another rung may be taken on a row on which this one's expressions fail: only who asks for the value is told. */
  private once(key: unknown, evaluate: Evaluate): (at: number) => Value {
    const known = this.computed.get(key);
    if (known !== undefined) return known;
    const { vectors, failed } = evaluated([evaluate], this.batch);
    const [vector] = vectors;
    const read = (at: number): Value => {
      const error = failed.get(at);
      if (error !== undefined) throw error;
      return vector === undefined ? null : valueAt(vector, at);
    };
    this.computed.set(key, read);
    return read;
  }
}

function textOf(value: Value): string | null {
  return typeof value === 'string' ? value : null;
}
