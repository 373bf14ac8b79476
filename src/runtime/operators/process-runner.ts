/** Runs user processors: rows or batches to the engine's columns. */
import { setImmediate as immediate } from 'node:timers/promises';
import type { Vector } from '../batch.ts';
import type { DataPlace } from '../errors.ts';
import { RunError } from '../errors.ts';
import { answerBatch } from './batch-answer.ts';
import type { AnswerCollector } from './answers.ts';
import { answerCollector } from './answers.ts';
import type { RowShape } from './cursor.ts';
import { BatchView, Cursor, layoutOf } from './cursor.ts';
import { failureOf, isAsync, outputsOf, settled } from './body.ts';
import { fatal, OperatorError } from './faults.ts';
import type { Instance, OperatorCall } from './instance.ts';
import { bracket, makeInstance } from './instance.ts';
import { OutputRow } from './row.ts';
import type { ProcessorAnswer, ProcessorRunner } from './runner.ts';

type PlaceOf = (row: number) => DataPlace | null;
type Body = (argument: unknown) => unknown;

/**
 * A runner of a user's processor class. Rows are answered in order, one after the other; an exception fails its row (row body) or ends the job with
 * a RunError (batch body, preCall, postCall, cancellation).
 */
export function processorRunner(call: OperatorCall, outputs: OperatorOutputs): ProcessorRunner {
  const shape: RowShape = {
    signature: call.signature,
    inputs: layoutOf(call.signature.inputs),
    outputs: layoutOf(outputs),
  };
  let instance: Instance | null = null;
  return {
    open: async () => {
      instance = makeInstance(call);
      await bracket(instance, 'preCall', call.signature.name);
    },
    run: async (inputs, length, placeOf) => {
      const batchBody = instance?.method('callBatch') ?? null;
      if (batchBody !== null) return runBatch(batchBody, shape, inputs, length, placeOf);
      const body = instance?.method('call') ?? null;
      if (body === null) throw new Error(`${call.signature.name} is not open`);
      return runRows(body, shape, call.context.signal, inputs, length, placeOf);
    },
    close: async () => {
      const open = instance;
      instance = null;
      if (open !== null) await bracket(open, 'postCall', call.signature.name);
    },
  };
}

export type OperatorOutputs = Parameters<typeof layoutOf>[0];

async function runBatch(
  body: Body,
  shape: RowShape,
  inputs: readonly Vector[],
  length: number,
  placeOf: PlaceOf,
): Promise<ProcessorAnswer> {
  try {
    const answer: unknown = await body(new BatchView(shape, inputs, length, placeOf));
    return answerBatch(shape, answer, length);
  } catch (thrown) {
    if (thrown instanceof RunError) throw thrown;
    if (thrown instanceof OperatorError)
      throw new RunError(thrown.code, thrown.message, { cause: thrown, place: placeOf(0) });
    throw fatal('PR3002', shape.signature.name, `failed on a batch of ${length} rows`, thrown, placeOf(0));
  }
}

/** Rows with a synchronous body share one cursor and make no promise; from the first row that answers with one, each row has its own cursor. */
async function runRows(
  body: Body,
  shape: RowShape,
  signal: AbortSignal,
  inputs: readonly Vector[],
  length: number,
  placeOf: PlaceOf,
): Promise<ProcessorAnswer> {
  const collector = answerCollector(shape.outputs.columns, length);
  const take = rowTaker(shape, collector);
  const cursor = new Cursor(shape, inputs, placeOf, 0);
  const pace = new Pace();
  let first = runSync(body, cursor, 0, length, take, pace);
  while (first.kind === 'pause') {
    await immediate();
    signal.throwIfAborted();
    first = runSync(body, cursor, first.row, length, take, pace);
  }
  let pending = first.answer;
  for (let row = first.row; row < length; row++) {
    signal.throwIfAborted();
    try {
      if (row > first.row) pending = body(new Cursor(shape, inputs, placeOf, row));
      take.all(row, await settled(pending));
    } catch (thrown) {
      signal.throwIfAborted();
      take.failed(row, thrown);
    }
  }
  return collector.finish(length);
}

/** Where the synchronous rows ended: at a row that answered with a promise or an async generator, or before a row because others wait. */
interface Stopped {
  readonly kind: 'async' | 'pause';
  readonly row: number;
  readonly answer: unknown;
}

function runSync(body: Body, cursor: Cursor, from: number, length: number, take: RowTaker, pace: Pace): Stopped {
  for (let row = from; row < length; row++) {
    if (row > from && pace.isOver()) return { kind: 'pause', row, answer: undefined };
    cursor.row = row;
    try {
      const answer = body(cursor);
      if (isAsync(answer)) return { kind: 'async', row, answer };
      take.all(row, answer);
    } catch (thrown) {
      take.failed(row, thrown);
    }
  }
  return { kind: 'async', row: length, answer: undefined };
}

/** How long rows may keep the process from anything else: signals, progress, other operators. */
const TURN_MS = 50;

/** Tells when a turn is over. Fast rows ask the clock seldom: it costs as much as such a row. */
class Pace {
  #since = performance.now();
  #left = 1;
  #stride = 1;

  isOver(): boolean {
    this.#left -= 1;
    if (this.#left > 0) return false;
    const now = performance.now();
    const over = now - this.#since >= TURN_MS;
    this.#stride = over ? 1 : Math.min(this.#stride * 2, 256);
    this.#left = this.#stride;
    if (over) this.#since = now;
    return over;
  }
}

interface RowTaker {
  /** All that the body answered for a row; throws an OperatorError where that is neither row nor repair, and then has taken nothing. */
  readonly all: (row: number, answer: unknown) => void;
  readonly failed: (row: number, thrown: unknown) => void;
}

function rowTaker({ signature: { name } }: RowShape, collector: AnswerCollector): RowTaker {
  return {
    all: (row, answer) => {
      if (answer instanceof OutputRow) return collector.add(row, answer);
      for (const one of outputsOf(name, answer)) {
        if (one instanceof OutputRow) collector.add(row, one);
        else collector.repair(row, one);
      }
    },
    failed: (row, thrown) => collector.fail(failureOf(name, row, thrown)),
  };
}
