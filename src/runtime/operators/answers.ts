/** Collects what a body answers, row by row, into the columns of a ProcessorAnswer. */
import type { ColumnSignature } from '../../typecheck/signature.ts';
import { vectorBuilder } from '../vectors.ts';
import type { OutputRow, Repair } from './row.ts';
import type { ProcessorAnswer, RowFailure, RowRepair } from './runner.ts';

export interface AnswerCollector {
  /** One answer row of input row `row`; rows come in order. */
  readonly add: (row: number, answer: OutputRow) => void;
  readonly repair: (row: number, repair: Repair) => void;
  readonly fail: (failure: RowFailure) => void;
  /** `length`: the number of input rows. */
  readonly finish: (length: number) => ProcessorAnswer;
}

export function answerCollector(columns: readonly ColumnSignature[], capacity: number): AnswerCollector {
  const builders = columns.map(({ type }) => vectorBuilder(type, capacity));
  const parents: number[] = [];
  const failures: RowFailure[] = [];
  const repairs: RowRepair[] = [];
  let oneEach = true;
  return {
    add: (row, { values }) => {
      if (row !== parents.length) oneEach = false;
      parents.push(row);
      for (let at = 0; at < builders.length; at++) builders[at]?.push(values[at] ?? null);
    },
    repair: (row, { kind, changes }) => void repairs.push({ row, kind, changes }),
    fail: (failure) => void failures.push(failure),
    finish: (length) => ({
      vectors: builders.map((builder) => builder.finish()),
      length: parents.length,
      parents: oneEach && parents.length === length ? null : Int32Array.from(parents),
      failures,
      repairs,
    }),
  };
}
