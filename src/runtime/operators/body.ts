/** What the body of a user's operator answers, whatever form it has. */
import { OperatorError, textOf } from './faults.ts';
import { shown } from './fit.ts';
import { OutputRow, Repair } from './row.ts';
import type { RowFailure } from './runner.ts';

/** A body that has not answered yet: a promise or an async generator. */
export function isAsync(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || answer instanceof OutputRow) return false;
  return isAsyncIterable(answer) || ('then' in answer && typeof answer.then === 'function');
}

/** What a promise or async generator gives, all of it. */
export async function settled(answer: unknown): Promise<unknown> {
  const value: unknown = await answer;
  if (!isAsyncIterable(value)) return value;
  const rows: unknown[] = [];
  for await (const row of value) rows.push(row);
  return rows;
}

/** The rows and repairs of a settled answer; throws an OperatorError where one is neither. */
export function outputsOf(operator: string, answer: unknown): readonly (OutputRow | Repair)[] {
  if (answer instanceof OutputRow || answer instanceof Repair) return [answer];
  if (answer === undefined || answer === null) return [];
  if (!isIterable(answer)) return [outputOf(operator, answer)];
  return [...answer].map((each) => outputOf(operator, each));
}

/** What a body threw on a row or group. */
export function failureOf(operator: string, row: number, thrown: unknown): RowFailure {
  const code = thrown instanceof OperatorError ? thrown.code : 'PR3001';
  const message = thrown instanceof OperatorError ? thrown.message : `${operator} threw: ${textOf(thrown)}`;
  return { row, code, message, cause: thrown };
}

function outputOf(operator: string, answer: unknown): OutputRow | Repair {
  if (answer instanceof OutputRow || answer instanceof Repair) return answer;
  throw new OperatorError('PR3004', `${operator} answered with ${shown(answer)}; make rows with row.with({ … })`);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
