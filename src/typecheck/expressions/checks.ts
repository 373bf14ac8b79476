/** What is wrong with a call that only its constants show: it fails whenever it is evaluated, or one of its patterns cannot be read. */
import { parseDatePattern } from '../functions/date-pattern.ts';
import type { EvaluationFailure } from '../functions/failure.ts';
import { asFailure, valueText } from '../functions/failure.ts';
import { like } from '../functions/like.ts';
import type { TypedCall, TypedExpr } from '../typed.ts';
import { constantFailure, constantValue } from './constants.ts';
import { expressionText } from './text.ts';
import type { Typing } from './typing.ts';
import { mistake } from './typing.ts';

/** The call, or a mistake where it can never be evaluated. */
export function checked(call: TypedCall, typing: Typing): TypedExpr {
  const failure = constantFailure(call);
  if (failure !== null) return reportFailure(call, failure, typing);
  if (dividesByZero(call)) {
    return mistake(typing, 'PS3020', call.span, { problem: `${expressionText(call)}: division by zero has no value` });
  }
  const problem = patternProblem(call);
  if (problem === null) return call;
  return mistake(typing, 'PS3024', problem.at.span, { problem: problem.problem });
}

function reportFailure(call: TypedCall, failure: EvaluationFailure, typing: Typing): TypedExpr {
  return failure.code === 'PR2005'
    ? mistake(typing, 'PS3024', call.span, { problem: failure.message })
    : mistake(typing, 'PS3020', call.span, { problem: failure.message });
}

const DIVISIONS: ReadonlySet<string> = new Set(['float.divide', 'int.remainder', 'long.remainder', 'float.remainder']);

/** Whatever the left side is, it fails on every row. */
function dividesByZero({ fn, args }: TypedCall): boolean {
  const divisor = args[1];
  return divisor !== undefined && DIVISIONS.has(fn) && constantValue(divisor) === 0;
}

interface Problem {
  readonly at: TypedExpr;
  readonly problem: string;
}

function patternProblem({ fn, args }: TypedCall): Problem | null {
  const second = args[1];
  if (second === undefined) return null;
  switch (fn) {
    case 'parseDate':
    case 'formatDate':
      return withConstant(second, datePatternProblem);
    case 'like':
      return withConstant(second, likeProblem);
    case 'string.replaceAll.regex':
    case 'string.matchAll.regex':
      return globalProblem(second);
    default:
      return null;
  }
}

function withConstant(at: TypedExpr, problemOf: (pattern: string) => string | null): Problem | null {
  const pattern = constantValue(at);
  const problem = typeof pattern === 'string' ? problemOf(pattern) : null;
  return problem === null ? null : { at, problem };
}

function datePatternProblem(pattern: string): string | null {
  const parsed = parseDatePattern(pattern);
  return parsed.kind === 'pattern-problem' ? `${valueText(pattern)}: ${parsed.message}` : null;
}

function likeProblem(pattern: string): string | null {
  try {
    like('', pattern);
    return null;
  } catch (error) {
    return asFailure(error, 'LIKE').message;
  }
}

/** Where the regex is written in place, its flags are known. */
function globalProblem(at: TypedExpr): Problem | null {
  if (at.kind !== 'call' || at.fn !== 'regex') return null;
  const [, flags] = at.args;
  const written = flags === undefined ? '' : constantValue(flags);
  if (typeof written !== 'string' || written.includes('g')) return null;
  return { at, problem: `${expressionText(at)} lacks the flag g, which replaceAll and matchAll need` };
}
