/**
 * What can go wrong when an expression is evaluated, as a typed catalogue: code → facts → message. A failure knows neither row nor place in
 * the script; the compiled expression (RowError) or the checker (PS3020, for constants) adds them.
 */
import type { Value } from '../types.ts';

interface Failure<P extends object> {
  readonly title: string;
  readonly message: (facts: P) => string;
}

function failure<P extends object>(definition: Failure<P>): Failure<P> {
  return definition;
}

export const failures = {
  PR2001: failure<{ readonly operator: '/' | '%'; readonly left: number }>({
    title: 'division by zero',
    message: ({ operator, left }) => `${left} ${operator} 0: division by zero has no value`,
  }),
  PR2002: failure<{ readonly type: 'int' | 'long'; readonly what: string }>({
    title: 'integer overflow',
    message: ({ type, what }) =>
      type === 'int'
        ? `${what} does not fit int (32 bits); use long(…) or float(…) on an operand`
        : `${what} does not fit long (±(2^53−1)); use float(…) on an operand`,
  }),
  PR2003: failure<{ readonly value: Value; readonly type: string }>({
    title: 'a value that does not convert',
    message: ({ value, type }) => `${valueText(value)} is no ${type}`,
  }),
  PR2004: failure<{ readonly text: string; readonly format: string | null }>({
    title: 'a text that is no date',
    message: ({ text, format }) =>
      `${valueText(text)} is no date of the form ${format === null ? 'ISO 8601 (2024-12-31T23:59:59.999Z)' : valueText(format)}`,
  }),
  PR2005: failure<{ readonly pattern: string; readonly problem: string }>({
    title: 'a pattern that cannot be read',
    message: ({ pattern, problem }) => `${valueText(pattern)}: ${problem}`,
  }),
  PR2006: failure<{ readonly fn: string; readonly problem: string }>({
    title: 'an argument out of range',
    message: ({ fn, problem }) => `${fn}: ${problem}`,
  }),
  PR2007: failure<{ readonly fn: string; readonly module: string; readonly problem: string }>({
    title: 'an imported function that threw',
    message: ({ fn, module, problem }) => `${fn} of ${module} threw: ${problem}`,
  }),
  PR2008: failure<{
    readonly fn: string;
    readonly module: string;
    readonly declared: string;
    readonly problem: string;
  }>({
    title: 'an imported function whose answer is not of its declared type',
    message: ({ fn, module, declared, problem }) =>
      `${fn} of ${module} is declared to give ${declared}, but ${problem}`,
  }),
  PR2009: failure<{ readonly fn: string; readonly length: number }>({
    title: 'a text that is too long',
    message: ({ fn, length }) => `${fn} would make a text of ${length} characters; the limit is ${MAX_TEXT}`,
  }),
  PR2010: failure<{ readonly fn: string; readonly value: Value }>({
    title: 'a JSON object or array where a single value is needed',
    message: ({ fn, value }) =>
      `${fn} of ${valueText(value)}: only JSON strings, numbers and booleans convert; JSON.stringify(x) gives its text`,
  }),
} as const;

export type FailureCode = keyof typeof failures;

export type FailureFacts<C extends FailureCode> = (typeof failures)[C] extends Failure<infer P> ? P : never;

/** The longest string an expression may make by repeating or padding, in UTF-16 units (safety: a field is at most 16 MB). */
export const MAX_TEXT = 16_777_216;

/** Thrown by evaluators; caught where the row or the constant is known. */
export class EvaluationFailure extends Error {
  override readonly name = 'EvaluationFailure';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function fail<C extends FailureCode>(code: C, facts: FailureFacts<C>): never {
  const { message } = failures[code] as unknown as Failure<FailureFacts<C>>;
  throw new EvaluationFailure(code, message(facts));
}

/** A failure as it is, and whatever ECMAScript throws by itself (a count or precision out of range) as PR2006. */
export function asFailure(error: unknown, fn: string): EvaluationFailure {
  if (error instanceof EvaluationFailure) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return new EvaluationFailure('PR2006', failures.PR2006.message({ fn, problem }));
}

/** A value as a message shows it: short, quoted where it is text. */
export function valueText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 76)}…${typeof value === 'string' ? '"' : ''}`;
}
