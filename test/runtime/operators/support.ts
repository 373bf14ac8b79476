/** Running operators without an engine. */
import { operatorSignature } from '../../../src/runtime/operators/signature-of.ts';
import { roleOf } from '../../../src/runtime/operators/brand.ts';
import type { OperatorContext } from '../../../src/runtime/operators/context.ts';
import type { OperatorCall } from '../../../src/runtime/operators/instance.ts';
import { processorRunner } from '../../../src/runtime/operators/process-runner.ts';
import type { ProcessorAnswer, ProcessorRunner, RowFailure } from '../../../src/runtime/operators/runner.ts';
import { valuesOf } from '../../../src/runtime/operators/cursor.ts';
import { vectorOf } from '../../../src/runtime/vectors.ts';
import type { Value } from '../../../src/typecheck/types.ts';

export const context: OperatorContext = {
  operator: 'test',
  worker: 0,
  signal: new AbortController().signal,
  model: () => Promise.reject(new Error('no models here')),
  resolvePath: (path) => `/script/${path}`,
  log: () => undefined,
  warn: () => undefined,
  random: () => 0.5,
  now: () => 0,
};

export function callOf(operator: object, options: ReadonlyMap<string, Value> = new Map()): OperatorCall {
  const role = roleOf(operator);
  if (role === null) throw new Error('no operator');
  const name = typeof operator === 'function' ? operator.name : '';
  return { signature: operatorSignature(operator, role, name, '/m.ts'), operator, options, context };
}

export function runnerOf(call: OperatorCall): ProcessorRunner {
  const { outputs } = call.signature;
  return processorRunner(call, Array.isArray(outputs) ? outputs : []);
}

export interface Ran {
  readonly rows: readonly (readonly Value[])[];
  readonly parents: readonly number[] | null;
  readonly failures: readonly Pick<RowFailure, 'row' | 'code' | 'message'>[];
}

/** One list of values for each declared input. */
export async function run(
  operator: object,
  columns: readonly (readonly Value[])[],
  options?: ReadonlyMap<string, Value>,
): Promise<Ran> {
  return ran(await answerOf(operator, columns, options));
}

export async function answerOf(
  operator: object,
  columns: readonly (readonly Value[])[],
  options?: ReadonlyMap<string, Value>,
): Promise<ProcessorAnswer> {
  const call = callOf(operator, options);
  const runner = runnerOf(call);
  const vectors = call.signature.inputs.map(({ type }, at) => vectorOf(type, columns[at] ?? []));
  const placeOf = (row: number): { file: string; line: number } => ({ file: 'in.txt', line: row + 1 });
  await runner.open();
  try {
    return await runner.run(vectors, columns[0]?.length ?? 0, placeOf);
  } finally {
    await runner.close();
  }
}

function ran({ vectors, length, parents, failures }: ProcessorAnswer): Ran {
  const lists = vectors.map(valuesOf);
  return {
    rows: Array.from({ length }, (_, row) => lists.map((list) => list[row] ?? null)),
    parents: parents === null ? null : [...parents],
    failures: failures.map(({ row, code, message }) => ({ row, code, message })),
  };
}

/** The error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
    throw new TypeError('threw something that is no error', { cause: thrown });
  }
  throw new Error('did not reject');
}
