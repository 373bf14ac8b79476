/** PROCESS: evaluates the operator's inputs, calls it, joins its answers back to the rows they came from, and applies ON ERROR to the rows it could not answer. */
import type { ProcessNode } from '../../../planner/graph.ts';
import type { BoundOperator, Schema, TypedAction } from '../../../typecheck/typed.ts';
import type { Batch, Vector } from '../../batch.ts';
import { RunError } from '../../errors.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { CompiledExpr, ExpressionEnvironment } from '../../expressions/compile.ts';
import type { ProcessorRunner, RowFailure, RowRepair } from '../../operators/runner.ts';
import type { RowError } from '../../row-error.ts';
import { complement, range } from '../../row-numbers.ts';
import { concat } from '../../concat.ts';
import { constantVector, gather, vectorOf } from '../../vectors.ts';
import type { Clock } from '../environment.ts';
import { placeOf } from '../faults.ts';
import { ended, passedAll } from '../step.ts';
import type { OperatorCalls, Step, StepAnswer } from '../step.ts';
import { answeredOnRows, Calls, slices, withRandom } from './calls.ts';
import type { CallsAt, Piece } from './calls.ts';
import { ordinalsAt } from './rows.ts';
import { failuresOf, inRowOrder, lastOf, onErrorClause, unsettledErrors } from './on-error.ts';
import { RunnerPool } from './runner-pool.ts';
import type { RoutedNodes } from './routing.ts';

export interface ProcessContext {
  readonly environment: ExpressionEnvironment;
  readonly routes: RoutedNodes;
  readonly makeRunner: (call: BoundOperator, worker: number) => ProcessorRunner;
  readonly workers: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In a region failures and repairs count only when their rows have settled. */
  readonly inRegion: boolean;
  /** Where its answers are kept. */
  readonly keptAt: CallsAt | null;
}

/** Answers with the batch rows they belong to, non-decreasing. */
interface Answers {
  readonly rows: Int32Array;
  readonly vectors: readonly Vector[];
}

/** What the calls for one batch came to. */
interface Outcome {
  readonly parts: Answers[];
  /** By batch row, in order. */
  failures: readonly RowFailure[];
  readonly repairs: readonly RowRepair[];
  readonly calls: OperatorCalls;
}

export function processStep(node: ProcessNode, input: Schema, context: ProcessContext): Step {
  const [call] = node.using;
  if (call === undefined) throw new RangeError(`${node.label} has no operator`);
  const inputs = call.inputs.map(({ value }) => compileExpr(value, input, context.environment));
  const pool = new RunnerPool((worker) => context.makeRunner(call, worker), context.workers);
  const calls = new Calls(context.keptAt, context.clock);
  let batches = 0;
  const settle = (context.inRegion ? unsettled : failureHandling)(node, call, input, context);
  const shape = outputShape(node, call, input);
  return {
    run: async (batch) => {
      // A region asks in one order, and may ask about a batch again; a stage asks once, in any order.
      const name = context.inRegion ? `r${batches}` : String(batch.sequence);
      batches += 1;
      const calling = { call, pool, context, calls, name };
      const evaluated = inputVectors(inputs, batch);
      const good = evaluated.failures.length === 0 ? null : rowsWithout(evaluated.failures, batch.length);
      const outcome = await callOperator(calling, batch, evaluated.vectors, good, 0);
      const retried = await retry(node.onError, calling, batch, evaluated.vectors, outcome);
      const all = inRowOrder([...evaluated.failures, ...retried.failures]);
      return settle({ ...retried, failures: all }, batch, evaluated.vectors, shape);
    },
    close: () => pool.close(),
  };
}

interface Calling {
  readonly call: BoundOperator;
  readonly pool: RunnerPool;
  readonly context: ProcessContext;
  readonly calls: Calls;
  /** Which of the operator's batches this is, the same in every run. */
  readonly name: string;
}

/** Calls the operator on these rows of the batch (null: all). */
async function callOperator(
  { call, pool, calls, name }: Calling,
  batch: Batch,
  vectors: readonly Vector[],
  rows: Int32Array | null,
  attempt: number,
): Promise<Outcome> {
  const length = rows?.length ?? batch.length;
  const given = rows === null ? vectors : vectors.map((vector) => gather(vector, rows));
  const rowOf = (row: number): number => (rows === null ? row : (rows[row] ?? 0));
  const counted = { operator: call.signature.name, calls: 0, rows: 0, milliseconds: 0 };
  if (length === 0) {
    calls.passed(`${name}/${attempt}`, true);
    return { parts: [], failures: [], repairs: [], calls: counted };
  }
  const inputsOf = (start: number, end: number): readonly Vector[] =>
    end - start === length ? given : slices(given, start, end);
  const pieces = await calls.ask(`${name}/${attempt}`, length, inputsOf, (start, end, drawn) =>
    pool.use((runner) =>
      withRandom(runner, drawn, async () =>
        answeredOnRows(
          await runner.run(inputsOf(start, end), end - start, (row) => placeOf(batch, rowOf(start + row))),
        ),
      ),
    ),
  );
  return {
    parts: pieces.map((piece) => ({ rows: rowsOf(piece, rows), vectors: piece.vectors })),
    failures: pieces.flatMap((piece) => piece.failures.map((one) => ({ ...one, row: rowOf(piece.start + one.row) }))),
    repairs: pieces.flatMap((piece) => piece.repairs.map((one) => ({ ...one, row: rowOf(piece.start + one.row) }))),
    calls: {
      ...counted,
      calls: pieces.length,
      rows: length,
      milliseconds: pieces.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    },
  };
}

/** The batch's row that each answer row is for. */
function rowsOf({ start, length, origins }: Piece, rows: Int32Array | null): Int32Array {
  const own = origins ?? range(0, length);
  if (start === 0 && rows === null) return own;
  return own.map((row) => (rows === null ? start + row : (rows[start + row] ?? 0)));
}

/** RETRY n TIMES: calls again on the rows that failed. */
async function retry(
  action: TypedAction | null,
  calling: Calling,
  batch: Batch,
  vectors: readonly Vector[],
  first: Outcome,
): Promise<Outcome> {
  if (action?.kind !== 'retry-times') return first;
  let outcome = first;
  const { clock, signal } = calling.context;
  for (let attempt = 1; attempt <= action.times && outcome.failures.length > 0; attempt++) {
    await clock.sleep(action.backoff * 2 ** (attempt - 1), signal);
    const rows = Int32Array.from(outcome.failures, ({ row }) => row);
    const again = await callOperator(calling, batch, vectors, rows, attempt);
    outcome = {
      parts: [...outcome.parts, ...again.parts],
      failures: again.failures,
      repairs: [...outcome.repairs, ...again.repairs],
      calls: added(outcome.calls, again.calls),
    };
  }
  return outcome;
}

function added(a: OperatorCalls, b: OperatorCalls): OperatorCalls {
  return {
    operator: a.operator,
    calls: a.calls + b.calls,
    rows: a.rows + b.rows,
    milliseconds: a.milliseconds + b.milliseconds,
  };
}

// ── The inputs ──────────────────────────────────────────────────────────────────────────────────────────────────────

function inputVectors(
  inputs: readonly CompiledExpr[],
  batch: Batch,
): { readonly vectors: readonly Vector[]; readonly failures: readonly RowFailure[] } {
  const errors: RowError[] = [];
  const vectors = inputs.map((input) => input(batch, errors));
  return { vectors, failures: failuresOf(errors) };
}

function rowsWithout(failures: readonly RowFailure[], length: number): Int32Array {
  return complement(
    Int32Array.from(failures, ({ row }) => row),
    length,
  );
}

// ── The output ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** For each column of the node: an input column's index, or −1 − the index of an operator's output. */
type OutputShape = readonly number[];

function outputShape(node: ProcessNode, call: BoundOperator, input: Schema): OutputShape {
  return node.schema.map((column) => {
    const produced = node.produce.find(({ name }) => name === column.name);
    if (produced !== undefined) return -1 - call.outputs.findIndex(({ name }) => name === produced.from);
    const place = input.findIndex(({ name, qualifier }) => name === column.name && qualifier === column.qualifier);
    return place >= 0 ? place : input.findIndex(({ name }) => name === column.name);
  });
}

function joined(batch: Batch, { rows, vectors }: Answers, shape: OutputShape): Batch {
  const whole = isAll(rows, batch.length);
  return {
    ...batch,
    length: rows.length,
    vectors: shape.map((place) => {
      const vector = place < 0 ? vectors[-1 - place] : batch.vectors[place];
      if (vector === undefined) throw new RangeError(`the answer has no column ${place}`);
      return whole || place < 0 ? vector : gather(vector, rows);
    }),
    ordinals: whole ? batch.ordinals : ordinalsAt(batch, rows),
  };
}

function isAll(rows: Int32Array, length: number): boolean {
  return rows.length === length && rows.every((row, at) => row === at);
}

/** The answers of several calls as one, in row order. */
function merged(parts: readonly Answers[], outputs: BoundOperator['outputs']): Answers {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const rows = Int32Array.from(parts.flatMap((part) => [...part.rows]));
  const order = range(0, rows.length).toSorted((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0) || a - b);
  const vectors = outputs.map(({ type }, at) => {
    const all = parts.flatMap((part) => part.vectors[at] ?? []);
    return gather(concat(all, type), order);
  });
  return { rows: rows.toSorted((a, b) => a - b), vectors };
}

// ── ON ERROR ────────────────────────────────────────────────────────────────────────────────────────────────────────

type Settle = (outcome: Outcome, batch: Batch, inputs: readonly Vector[], shape: OutputShape) => StepAnswer;

function failureHandling(node: ProcessNode, call: BoundOperator, input: Schema, context: ProcessContext): Settle {
  const onError = onErrorClause(node.onError, input, context, (failure, batch, text) =>
    operatorFailed(call, failure, batch, text),
  );
  const keeps = lastOf(node.onError)?.kind === 'keep';
  return ({ failures, repairs, calls, parts }, batch, inputs, shape) => {
    if (repairs.length > 0) throw new TypeError(`${call.signature.name} repairs rows, and no region takes them back`);
    const answers = merged(keeps ? [...parts, kept(failures, call)] : parts, call.outputs);
    const more = new Map(call.inputs.map((one, at) => [one.name, inputs[at] ?? vectorOf(one.value.type, [])]));
    const settled = onError(failures, batch, more);
    const silent = silentRows(batch.length, answers.rows, failures);
    return {
      ...passedAll(joined(batch, answers, shape), distinct(answers.rows)),
      ended: [...ended('dropped', `${call.signature.name} yielded no row`, silent), ...settled.ended],
      routed: settled.routed,
      calls,
      told: { inputs, failures },
    };
  };
}

/** ON ERROR KEEP: null for what would have been produced. */
function kept(failures: readonly RowFailure[], { outputs }: BoundOperator): Answers {
  return {
    rows: Int32Array.from(failures, ({ row }) => row),
    vectors: outputs.map(({ type }) => constantVector(type, null, failures.length)),
  };
}

/** What becomes of failed rows and of repairs is the region's to say. */
function unsettled(node: ProcessNode, call: BoundOperator, input: Schema, { routes }: ProcessContext): Settle {
  const errors = unsettledErrors(node.onError, input, routes, (failure, batch, text) =>
    operatorFailed(call, failure, batch, text),
  );
  return ({ failures, repairs, calls, parts }, batch, inputs, shape) => {
    const answers = merged(parts, call.outputs);
    const more = new Map(call.inputs.map((one, at) => [one.name, inputs[at] ?? vectorOf(one.value.type, [])]));
    return {
      ...passedAll(joined(batch, answers, shape), distinct(answers.rows)),
      calls,
      unsettled: { ...errors(failures, batch, more), repairs: repairs.toSorted((a, b) => a.row - b.row) },
      told: { inputs, failures },
    };
  };
}

function operatorFailed(call: BoundOperator, failure: RowFailure, batch: Batch, text: string | null): RunError {
  const { name } = call.signature;
  const what = failure.message.startsWith(name) ? failure.message : `${name} failed: ${failure.message}`;
  return new RunError(failure.code, text === null ? what : `${text} (${what})`, {
    span: call.span,
    place: placeOf(batch, failure.row),
    cause: failure.cause,
    help: text === null ? 'ON ERROR DROP, ROUTE TO name or RETRY 3 TIMES keep the job going' : null,
  });
}

/** Rows that were neither answered nor failed. */
function silentRows(length: number, answered: Int32Array, failures: readonly RowFailure[]): number {
  if (answered.length === length && failures.length === 0 && isAll(answered, length)) return 0;
  const known = new Uint8Array(length);
  for (const row of answered) known[row] = 1;
  for (const { row } of failures) known[row] = 1;
  return known.reduce((count, one) => count + 1 - one, 0);
}

function distinct(sorted: Int32Array): number {
  let count = 0;
  for (let at = 0; at < sorted.length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) count += 1;
  return count;
}
