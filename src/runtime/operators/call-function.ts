/** Functions of imported modules, as expressions call them. */
import type { FunctionSignature } from '../../typecheck/signature.ts';
import type { Value } from '../../typecheck/types.ts';
import { OperatorError, textOf } from './faults.ts';
import { fitFor, misfit } from './fit.ts';

export type ModuleFunction = (...args: readonly Value[]) => Value;

/** The function with its result checked; throws an OperatorError PR3011 where it throws or gives what it did not declare. */
export function checkedFunction(signature: FunctionSignature, live: object): ModuleFunction {
  const { name, result } = signature;
  const fit = fitFor(result);
  return (...args) => {
    const value = call(name, live, args);
    const fitted = fit(value);
    if (fitted !== undefined) return fitted;
    const what = value instanceof Promise ? 'it is async; functions in expressions are not' : misfit(value, result);
    throw new OperatorError('PR3011', `the result of ${name}(): ${what}`);
  };
}

function call(name: string, live: object, args: readonly Value[]): unknown {
  try {
    return typeof live === 'function' ? Reflect.apply(live, undefined, args) : undefined;
  } catch (thrown) {
    throw new OperatorError('PR3011', `${name}() threw: ${textOf(thrown)}`, thrown);
  }
}
