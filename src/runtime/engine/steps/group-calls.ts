/** The calls of a REDUCE or COMBINE operator on complete groups, with what ON ERROR makes of the groups it could not answer: those of PROCESS, by group. */
import type { CombineNode, ReduceNode } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import type { Batch, Vector } from '../../batch.ts';
import { RunError } from '../../errors.ts';
import type { ExpressionEnvironment } from '../../expressions/compile.ts';
import type { GroupAnswer, GroupRunner, GroupSide, RowFailure, RowRepair } from '../../operators/runner.ts';
import { batchesOf } from '../../relational/cross-row.ts';
import { concat } from '../../concat.ts';
import { constantVector, gather, valueAt } from '../../vectors.ts';
import type { Clock } from '../environment.ts';
import type { OperatorCalls, StepAnswer } from '../step.ts';
import { inRowOrder, lastOf, onErrorClause } from './on-error.ts';
import type { Settled } from './on-error.ts';
import type { Calls } from './calls.ts';
import { answeredOnGroups, withRandom } from './calls.ts';
import type { RoutedNodes } from './routing.ts';

export interface GroupContext {
  readonly environment: ExpressionEnvironment;
  readonly routes: RoutedNodes;
  readonly runner: GroupRunner;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In a region failures and repairs count only when their groups have settled, and the region closes the runner. */
  readonly inRegion: boolean;
  /** There are more calls to come: whoever makes them closes the runner. */
  readonly staysOpen?: boolean;
  readonly calls: Calls;
  /** Which of the calls on all complete groups this is, the same in every run. */
  readonly name: string;
}

/** What a node that calls an operator on groups is to the engine. All comes at the end of the last side. */
export interface GroupStep {
  take(side: number, batch: Batch): void;
  end(side: number): Promise<GroupStepAnswer | null>;
}

export type GroupStepAnswer = Pick<StepAnswer, 'ended' | 'routed' | 'calls'> & {
  readonly batches: readonly Batch[];
  readonly unsettled: UnsettledGroups | null;
  /** What the lineage is recorded from; it is there anyway. */
  readonly told: GroupsTold;
};

export interface GroupsTold extends Pick<CompleteGroups, 'sides' | 'failures'> {
  /** The group of every answer row. */
  readonly groups: Int32Array;
}

/** Groups are numbered in order of first appearance, rows of the input in the order they came. */
export interface UnsettledGroups {
  /** The group of every answer row. */
  readonly groups: Int32Array;
  readonly repairs: readonly RowRepair[];
  /** `row` is the group. */
  readonly failures: readonly RowFailure[];
  readonly errorOf: (failure: RowFailure, text: string | null) => RunError;
}

/** The keys of a group as messages show them: `region = "north", year = 2024`. */
export function groupName(names: readonly string[], keys: readonly Vector[], group: number): string {
  return names
    .map((name, at) => {
      const vector = keys[at];
      return `${name} = ${vector === undefined ? '?' : JSON.stringify(valueAt(vector, group))}`;
    })
    .join(', ');
}

/** Complete groups of one node. */
export interface CompleteGroups {
  readonly sides: readonly GroupSide[];
  readonly count: number;
  /** Groups on which an input expression failed: they are not asked for. */
  readonly failures: readonly RowFailure[];
  /** One row a group, with the columns that ON ERROR sees. */
  readonly failed: { readonly schema: Schema; readonly vectors: readonly Vector[] };
  /** Names a group in messages. */
  readonly nameOf: (group: number) => string;
  /** A column of the answer that is not produced, for these answer rows. */
  readonly beside: (name: string, answer: Pick<GroupAnswer, 'groups' | 'carried'>) => Vector;
}

export async function callOnGroups(
  node: ReduceNode | CombineNode,
  groups: CompleteGroups,
  context: GroupContext,
): Promise<GroupStepAnswer> {
  const { runner, inRegion, staysOpen = inRegion } = context;
  const wanted = without(groups.failures, groups.count);
  try {
    const called = await answered(node, groups, wanted, context);
    const keeps = !inRegion && lastOf(node.onError)?.kind === 'keep';
    const answer = keeps ? withKept(node, groups, called) : called;
    const failures = inRowOrder([...groups.failures, ...called.failures]);
    const settled = inRegion ? { ended: [], routed: null } : settle(node, groups, failures, context);
    const { name } = node.using.signature;
    const calls: OperatorCalls = {
      operator: name,
      calls: called.calls,
      rows: groups.sides.reduce((sum, { rows }) => sum + rows.length, 0),
      milliseconds: called.milliseconds,
    };
    const errorOf = (failure: RowFailure, text: string | null): RunError => groupFailed(node, groups, failure, text);
    const unsettled = inRegion ? { groups: answer.groups, repairs: answer.repairs, failures, errorOf } : null;
    const told = { sides: groups.sides, groups: answer.groups, failures };
    return { batches: batchesOf(columns(node, groups, answer), answer.length), ...settled, calls, unsettled, told };
  } finally {
    if (!staysOpen) await runner.close();
  }
}

function without(failures: readonly RowFailure[], count: number): Int32Array {
  const failed = new Set(failures.map(({ row }) => row));
  return Int32Array.from({ length: count }, (_, group) => group).filter((group) => !failed.has(group));
}

/** Asks for the groups, and with RETRY n TIMES again for those that failed. */
async function answered(
  node: ReduceNode | CombineNode,
  groups: CompleteGroups,
  wanted: Int32Array,
  context: GroupContext,
): Promise<GroupAnswer & { readonly calls: number; readonly milliseconds: number }> {
  const { clock, signal } = context;
  const action = node.onError;
  const parts = [...(await asked(groups, wanted, context, 0))];
  let calls = wanted.length;
  let failures = parts.flatMap((part) => part.failures);
  const { times, backoff } = action?.kind === 'retry-times' ? action : { times: 0, backoff: 0 };
  for (let attempt = 1; attempt <= times && failures.length > 0; attempt++) {
    await clock.sleep(backoff * 2 ** (attempt - 1), signal);
    const rows = Int32Array.from(failures, ({ row }) => row);
    const again = await asked(groups, rows, context, attempt);
    calls += failures.length;
    failures = again.flatMap((part) => part.failures);
    parts.push(...again);
  }
  const milliseconds = parts.reduce((sum, part) => sum + part.milliseconds, 0);
  return { ...merged(node, parts), failures, calls, milliseconds };
}

/** Asks for these groups, piece by piece where the answers are kept. */
async function asked(
  { sides }: CompleteGroups,
  wanted: Int32Array,
  { runner, calls, name }: GroupContext,
  attempt: number,
): Promise<readonly (GroupAnswer & { readonly milliseconds: number })[]> {
  const inputsOf = (start: number, end: number): readonly Vector[] =>
    sides.flatMap((side) => inputsOfGroups(side, wanted.subarray(start, end)));
  const pieces = await calls.ask(`${name}/${attempt}`, wanted.length, inputsOf, async (start, end, drawn) => {
    await runner.open();
    return withRandom(runner, drawn, async () =>
      answeredOnGroups(await runner.run(sides, wanted.subarray(start, end))),
    );
  });
  return pieces.map((piece) => ({ ...piece, groups: piece.origins ?? new Int32Array(0) }));
}

/** The inputs of the rows of some groups, group by group, with the size of each. */
function inputsOfGroups(side: GroupSide, groups: Int32Array): readonly Vector[] {
  const { inputs } = side;
  const of = Array.from(groups, (group) => rowsOfGroup(side, group));
  const sizes = Int32Array.from(of, ({ length }) => length);
  const all = joined(of);
  const known = inputs.flatMap((vector) => (vector === null ? [] : [gather(vector, all)]));
  return [{ kind: 'int', values: sizes, nulls: null }, ...known];
}

/** The answers of several calls as one, by group. */
function merged({ using }: ReduceNode | CombineNode, parts: readonly GroupAnswer[]): Omit<GroupAnswer, 'failures'> {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const groups = joined(parts.map((part) => part.groups));
  const order = Int32Array.from(groups.keys()).toSorted((a, b) => (groups[a] ?? 0) - (groups[b] ?? 0) || a - b);
  const inOrder = (values: Int32Array): Int32Array => Int32Array.from(order, (at) => values[at] ?? 0);
  return {
    repairs: parts.flatMap(({ repairs }) => repairs),
    vectors: using.outputs.map(({ type }, at) =>
      gather(
        concat(
          parts.flatMap((part) => part.vectors[at] ?? []),
          type,
        ),
        order,
      ),
    ),
    length: groups.length,
    groups: inOrder(groups),
    carried: (first?.carried ?? []).map((_, side) =>
      inOrder(joined(parts.flatMap((part) => part.carried[side] ?? []))),
    ),
  };
}

function rowsOfGroup({ starts, rows }: GroupSide, group: number): Int32Array {
  return rows.subarray(starts[group], starts[group + 1]);
}

/** ON ERROR KEEP: one row for each group that failed, with null for what would have been produced. */
function withKept(
  node: ReduceNode | CombineNode,
  { sides, failures }: CompleteGroups,
  answer: GroupAnswer,
): Omit<GroupAnswer, 'failures'> {
  const failed = Int32Array.from(inRowOrder([...failures, ...answer.failures]), ({ row }) => row);
  const kept: GroupAnswer = {
    vectors: node.using.outputs.map(({ type }) => constantVector(type, null, failed.length)),
    length: failed.length,
    groups: failed,
    carried: sides.map((side) => failed.map((group) => rowsOfGroup(side, group)[0] ?? -1)),
    failures: [],
    repairs: [],
  };
  return merged(node, [answer, kept]);
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const out = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The columns of the node's schema: produced ones from the answer, the others from beside it. */
function columns(
  node: ReduceNode | CombineNode,
  groups: CompleteGroups,
  answer: Omit<GroupAnswer, 'failures'>,
): readonly Vector[] {
  return node.schema.map(({ name }) => {
    const produced = node.produce.find((each) => each.name === name);
    if (produced === undefined) return groups.beside(name, answer);
    const vector = answer.vectors[node.using.outputs.findIndex((output) => output.name === produced.from)];
    if (vector === undefined) throw new RangeError(`${node.using.signature.name} has no output ${produced.from}`);
    return vector;
  });
}

/** ON ERROR by groups: a failed group counts as one row, the one that a ROUTE gets. */
function settle(
  node: ReduceNode | CombineNode,
  groups: CompleteGroups,
  failures: readonly RowFailure[],
  context: GroupContext,
): Settled {
  const { schema, vectors } = groups.failed;
  const batch: Batch = { length: groups.count, vectors, sequence: 0, ordinals: null, source: null };
  const clause = onErrorClause(node.onError, schema, context, (failure, _, text) =>
    groupFailed(node, groups, failure, text),
  );
  return clause(failures, batch, new Map());
}

function groupFailed(
  { using }: ReduceNode | CombineNode,
  groups: CompleteGroups,
  failure: RowFailure,
  text: string | null,
): RunError {
  const { name } = using.signature;
  const what = failure.message.startsWith(name) ? failure.message : `${name} failed: ${failure.message}`;
  const where = `${what}, on the group ${groups.nameOf(failure.row)}`;
  return new RunError(failure.code, text === null ? where : `${text} (${where})`, {
    span: using.span,
    cause: failure.cause,
    help: text === null ? 'ON ERROR DROP, ROUTE TO name or RETRY 3 TIMES keep the job going' : null,
  });
}
