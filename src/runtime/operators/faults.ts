/** Everything that can go wrong with an operator, by code. docs/ and the report show the code beside the message. */
import type { DataPlace } from '../errors.ts';
import { RunError } from '../errors.ts';

export const operatorFaults = {
  PR3001: 'the operator threw on a row',
  PR3002: 'the operator threw on a batch',
  PR3003: 'preCall or postCall failed',
  PR3004: 'the operator answered with something that is no row',
  PR3005: 'a column that the operator does not declare',
  PR3006: 'a declared column without a value',
  PR3007: 'a value that does not fit its declared type',
  PR3008: 'a repair that the operator does not declare',
  PR3009: 'a repair, which this version does not run',
  PR3010: 'the operator cannot be made',
  PR3011: 'the extractor failed',
  PR3012: 'the outputter failed',
  PR3013: 'a warning of an operator',
  PR3014: 'work that an operator began and did not wait for failed',
  PR3015: 'the job waits for what never comes',
  PR3016: 'an operator ended the process',
} as const;

export type OperatorFault = keyof typeof operatorFaults;

/** A fault in what an operator's body did, thrown at the place in its code that did it. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly code: OperatorFault;

  constructor(code: OperatorFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The text of anything thrown. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A fault that ends the job: the operator's name, what it did, and what was thrown. */
export function fatal(
  code: OperatorFault,
  operator: string,
  what: string,
  thrown: unknown,
  place: DataPlace | null = null,
): RunError {
  return new RunError(code, `${operator} ${what}: ${textOf(thrown)}`, { cause: thrown, place });
}
