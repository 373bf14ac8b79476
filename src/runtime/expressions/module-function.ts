/** Functions of imported modules: their answers are checked against the declared type, since nothing else has. */
import type { Type, Value } from '../../typecheck/types.ts';
import { isNullable, nonNull, typeText } from '../../typecheck/types.ts';
import { EvaluationFailure, fail, valueText } from '../../typecheck/functions/failure.ts';

/** A function as its module exports it. */
export type ModuleFunction = (...args: readonly Value[]) => unknown;

/** The function, with PR2007 for what it throws and PR2008 for an answer that is not of its declared type; undefined counts as null. */
export function checkedFunction(call: ModuleFunction, module: string, name: string, result: Type): ModuleFunction {
  return (...args) => {
    const answer = called(call, module, name, args) ?? null;
    if (fits(answer, result)) return answer;
    const problem =
      answer instanceof Promise
        ? 'it gave a promise; functions of expressions answer at once'
        : `it gave ${shown(answer)}`;
    return fail('PR2008', { fn: name, module, declared: typeText(result), problem });
  };
}

function called(call: ModuleFunction, module: string, name: string, args: readonly Value[]): unknown {
  try {
    return call(...args);
  } catch (error) {
    if (error instanceof EvaluationFailure) throw error;
    return fail('PR2007', { fn: name, module, problem: error instanceof Error ? error.message : String(error) });
  }
}

function shown(answer: unknown): string {
  if (answer === null || typeof answer === 'string' || typeof answer === 'number' || typeof answer === 'boolean')
    return valueText(answer);
  return Array.isArray(answer) ? 'an array' : `a value of type ${typeof answer}`;
}

/** Whether a JavaScript value is one of the type. */
export function fits(value: unknown, type: Type): boolean {
  if (value === null) return isNullable(type);
  const base = nonNull(type);
  switch (base.kind) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return typeof value === 'number' && value === (value | 0);
    case 'long':
      return Number.isSafeInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'datetime':
      return Number.isInteger(value) && Math.abs(Number(value)) <= 8.64e15;
    case 'bytes':
      return value instanceof Uint8Array;
    case 'array':
      return Array.isArray(value) && value.every((element: unknown) => fits(element, base.element));
    case 'json':
      return isJson(value);
    default:
      return false;
  }
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(isJson);
}
