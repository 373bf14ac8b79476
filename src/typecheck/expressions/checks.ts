/** What is wrong with a call that only its constants show: it fails whenever it is evaluated, or one of its patterns cannot be read. */
import { parseDatePattern } from '../functions/date-pattern.ts';
import { asFailure, valueText } from '../functions/failure.ts';
import { like } from '../functions/like.ts';
import type { TypedCall, TypedExpr } from '../typed.ts';
import { constantFailure, constantValue } from './constants.ts';
import { operandsOf } from '../visit.ts';
import { expressionText } from './text.ts';
import type { Typing } from './typing.ts';
import { mistake } from './typing.ts';

/** The call, or a mistake where it can never be evaluated. What a parameter's value rules out stays where a condition may rule it in. */
export function checked(call: TypedCall, typing: Typing): TypedExpr {
  const problem = problemOf(call);
  if (problem === null || (typing.guarded && hasParameter(call))) return call;
  return mistake(typing, problem.code, problem.at.span, { problem: problem.problem });
}

interface Problem {
  readonly code: 'PS3020' | 'PS3024';
  readonly at: TypedExpr;
  readonly problem: string;
}

function problemOf(call: TypedCall): Problem | null {
  const failure = constantFailure(call);
  if (failure !== null) {
    return { code: failure.code === 'PR2005' ? 'PS3024' : 'PS3020', at: call, problem: failure.message };
  }
  if (dividesByZero(call)) {
    return { code: 'PS3020', at: call, problem: `${expressionText(call)}: division by zero has no value` };
  }
  return patternProblem(call);
}

/** A script may guard against values that its parameters could have: `@n == 0 ? 0 : 1 / @n`. */
function hasParameter(expr: TypedExpr): boolean {
  return (expr.kind === 'literal' && expr.parameter !== null) || operandsOf(expr).some(hasParameter);
}

const DIVISIONS: ReadonlySet<string> = new Set(['float.divide', 'int.remainder', 'long.remainder', 'float.remainder']);

/** Whatever the left side is, it fails on every row. */
function dividesByZero({ fn, args }: TypedCall): boolean {
  const divisor = args[1];
  return divisor !== undefined && DIVISIONS.has(fn) && constantValue(divisor) === 0;
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
  return problem === null ? null : { code: 'PS3024', at, problem };
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
  return { code: 'PS3024', at, problem: `${expressionText(at)} lacks the flag g, which replaceAll and matchAll need` };
}
