/** Checks a batch body's answer and turns its lists into vectors. */
import type { ColumnSignature } from '../../typecheck/signature.ts';
import type { Vector } from '../batch.ts';
import { gather, vectorBuilder } from '../vectors.ts';
import type { RowShape } from './cursor.ts';
import { OperatorError, textOf } from './faults.ts';
import type { Fit } from './fit.ts';
import { misfit, shown } from './fit.ts';
import { Repair } from './row.ts';
import type { BatchAnswer } from './row.ts';
import type { ProcessorAnswer, RowFailure } from './runner.ts';

/** `length` is that of the batch. Throws an OperatorError where the answer is not what `batch.with(…)` gives or its parents are wrong. */
export function answerBatch(shape: RowShape, answer: unknown, length: number): ProcessorAnswer {
  const { name } = shape.signature;
  if (!isAnswer(answer)) {
    throw new OperatorError('PR3004', `${name} answered a batch with ${shown(answer)}; answer with batch.with({ … })`);
  }
  const parents = answer.parents === null ? null : checkedParents(name, answer.parents, length);
  const failures = declaredFailures(name, answer.failures, length);
  const parentOf = (row: number): number => parents?.[row] ?? row;
  const repairs = checkedRepairs(name, answer.repairs);
  // A row that dies with its ancestor has no answer; in a list with one value for each row something stands for it.
  const dying =
    parents === null ? new Set(repairs.filter(({ kind }) => kind !== 'append').map(({ row }) => row)) : NONE;
  const vectors = shape.outputs.columns.map((column, at) =>
    vectorOfList(name, column, shape.outputs.fits[at], answer.columns[at] ?? [], parentOf, failures, dying),
  );
  const rows = parents?.length ?? length;
  const left = repairs.filter(({ row }) => !failures.has(row)).toSorted((a, b) => a.row - b.row);
  if (failures.size === 0 && dying.size === 0) return { vectors, length: rows, parents, failures: [], repairs: left };
  const kept = Int32Array.from(
    Array.from({ length: rows }, (_, row) => row).filter((row) => !failures.has(parentOf(row)) && !dying.has(row)),
  );
  return {
    vectors: vectors.map((vector) => gather(vector, kept)),
    length: kept.length,
    parents: kept.map(parentOf),
    failures: [...failures.values()].toSorted((a, b) => a.row - b.row),
    repairs: left,
  };
}

const NONE: ReadonlySet<number> = new Set();

function checkedRepairs(operator: string, repairs: readonly unknown[]): readonly Repair[] {
  return repairs.map((repair) => {
    if (repair instanceof Repair) return repair;
    const message = `${operator} answered a batch with the repair ${shown(repair)}; make it with batch.edit(row, { … })`;
    throw new OperatorError('PR3004', message);
  });
}

function isAnswer(answer: unknown): answer is BatchAnswer {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'columns' in answer &&
    'parents' in answer &&
    'failures' in answer &&
    'repairs' in answer
  );
}

function checkedParents(operator: string, parents: ArrayLike<number>, length: number): Int32Array {
  let last = 0;
  for (let row = 0; row < parents.length; row++) {
    const parent = parents[row];
    if (parent === undefined || !Number.isInteger(parent) || parent < last || parent >= length) {
      const message = `${operator}: parents[${row}] is ${String(parent)}; they are rows 0 to ${length - 1}, never decreasing`;
      throw new OperatorError('PR3004', message);
    }
    last = parent;
  }
  return Int32Array.from(parents);
}

function declaredFailures(
  operator: string,
  failures: ReadonlyMap<number, unknown>,
  length: number,
): Map<number, RowFailure> {
  const out = new Map<number, RowFailure>();
  for (const [row, cause] of failures) {
    if (!Number.isInteger(row) || row < 0 || row >= length) {
      throw new OperatorError('PR3004', `${operator}: failures has row ${row}; rows are 0 to ${length - 1}`);
    }
    out.set(row, { row, code: 'PR3001', message: `${operator} failed: ${textOf(cause)}`, cause });
  }
  return out;
}

/** The vector of a list; a value that does not fit fails its row and stands as null. */
function vectorOfList(
  operator: string,
  { name, type }: ColumnSignature,
  fit: Fit | undefined,
  list: ArrayLike<unknown>,
  parentOf: (row: number) => number,
  failures: Map<number, RowFailure>,
  dying: ReadonlySet<number>,
): Vector {
  if (list instanceof Float64Array && type.kind === 'float') {
    return { kind: 'number', values: list.slice(), nulls: null };
  }
  if (list instanceof Int32Array && type.kind === 'int') return { kind: 'int', values: list.slice(), nulls: null };
  const builder = vectorBuilder(type, list.length);
  for (let row = 0; row < list.length; row++) {
    const value = list[row];
    const held = fit?.(value);
    builder.push(held ?? null);
    const parent = parentOf(row);
    if (held !== undefined || failures.has(parent) || dying.has(row)) continue;
    const message = `${operator}, column '${name}': ${misfit(value, type)}`;
    failures.set(parent, { row: parent, code: 'PR3007', message, cause: null });
  }
  return builder.finish();
}
