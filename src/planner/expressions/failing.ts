/** Which expressions can fail at run time. Rules move, merge past and drop only those that cannot, so that a script's errors stay the same. */
import { constantValue } from '../../typecheck/expressions/constants.ts';
import type { TypedCall, TypedExpr } from '../../typecheck/typed.ts';
import { operandsOf } from '../../typecheck/visit.ts';

/** False wherever it is not certain: a call of the function table that is not named below may overflow, or find a text it cannot convert. */
export function cannotFail(expr: TypedExpr): boolean {
  return callCannotFail(expr) && operandsOf(expr).every(cannotFail);
}

function callCannotFail(expr: TypedExpr): boolean {
  switch (expr.kind) {
    case 'call':
      return NEVER_FAILS.has(expr.fn) || fineWithItsConstant(expr) || constantValue(expr) !== undefined;
    case 'module-call':
    case 'aggregate':
    case 'window':
      return false;
    case 'literal':
    case 'column':
    case 'logical':
    case 'coalesce':
    case 'conditional':
    case 'convert':
    case 'array':
    case 'lineage':
      return true;
  }
}

/** `x / 2`, `x LIKE "a%"`, `regex("a+")`: what could fail is known already. */
function fineWithItsConstant({ fn, args }: TypedCall): boolean {
  const last = args.at(-1);
  const constant = last === undefined ? undefined : constantValue(last);
  switch (fn) {
    case 'float.divide':
    case 'int.remainder':
    case 'long.remainder':
    case 'float.remainder':
      return typeof constant === 'number' && constant !== 0;
    case 'like':
      return typeof constant === 'string' && !constant.endsWith('\\');
    case 'regex':
      return args.every((arg) => constantValue(arg) !== undefined) && compiles(args);
    default:
      return false;
  }
}

function compiles(args: readonly TypedExpr[]): boolean {
  const [pattern, flags] = args.map(constantValue);
  try {
    return typeof pattern === 'string' && new RegExp(pattern, typeof flags === 'string' ? flags : '') instanceof RegExp;
  } catch {
    return false;
  }
}

const NEVER_FAILS: ReadonlySet<string> = new Set(
  [
    'equal not-equal less less-or-equal greater greater-or-equal between in is-null is-not-null bool.not',
    'float.add float.subtract float.multiply float.negate long.negate string.add',
    'string.length string.includes string.startsWith string.endsWith string.indexOf string.trim string.trimStart',
    'string.trimEnd string.toLowerCase string.toUpperCase string.slice string.split string.substring string.charAt',
    'regex.test array.length array.includes json.member',
    'Number.isInteger Number.isSafeInteger Number.isFinite Number.isNaN isFinite isNaN',
    'Math.abs Math.floor Math.ceil Math.round Math.trunc Math.sqrt Math.log Math.exp Math.min Math.max Math.sign',
  ].flatMap((ids) => ids.split(' ')),
);
