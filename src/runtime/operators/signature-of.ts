/** Reads the static fields of operator classes and the declarations of functions; user code wrote them, so nothing is taken for granted. */
import type {
  ColumnSignature,
  FunctionSignature,
  OperatorRole,
  OperatorSignature,
  OptionSignature,
  OptionType,
} from '../../typecheck/signature.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import { FUNCTION } from './brand.ts';
import { fitFor, misfit, shown } from './fit.ts';
import { parseType, scalarNames } from './type-text.ts';

/** Says what is wrong with a declaration. */
export class MalformedDeclaration extends Error {
  override readonly name = 'MalformedDeclaration';
}

/** The signature that a class's static fields declare; throws MalformedDeclaration. */
export function operatorSignature(
  operator: object,
  role: OperatorRole,
  name: string,
  module: string | null,
): OperatorSignature {
  const field = (key: string): unknown => Reflect.get(operator, key);
  const inputs = columnsOf(field('inputs'), 'inputs');
  const outputs = columnsOf(field('outputs'), 'outputs');
  const options = optionsOf(field('options'));
  const clash = options.find((option) => inputs.some((input) => input.name === option.name));
  if (clash !== undefined) throw new MalformedDeclaration(`'${clash.name}' is both an input and an option`);
  requireBody(operator, role);
  const repairable = (key: string): readonly string[] => inputNames(field(key), key, inputs);
  return {
    kind: 'operator',
    role,
    name,
    module,
    inputs,
    options,
    outputs: role === 'extractor' && outputs.length === 0 ? null : outputs,
    edits: repairable('edits'),
    appends: repairable('appends'),
    deletes: repairable('deletes'),
    fails: repairable('fails'),
    deterministic: flag(field('deterministic'), 'deterministic', true),
    costly: flag(field('costly'), 'costly', false),
    doc: text(field('doc'), 'doc'),
  };
}

/** The signature of a declared function; null where the value is none; throws MalformedDeclaration. */
export function functionSignature(value: unknown, name: string, module: string): FunctionSignature | null {
  if (typeof value !== 'function' || !Object.hasOwn(value, FUNCTION)) return null;
  const declaration: unknown = Reflect.get(value, FUNCTION);
  if (!isObject(declaration)) throw new MalformedDeclaration('its declaration is no object');
  const list: unknown = declaration['parameters'];
  if (!isList(list)) throw new MalformedDeclaration('its parameters are no list');
  return {
    kind: 'function',
    name,
    module,
    parameters: list.map((pair) => {
      if (!isList(pair)) throw new MalformedDeclaration('a parameter is no [name, type]');
      return { name: String(pair[0]), type: typeOf(pair[1], `parameter '${String(pair[0])}'`) };
    }),
    result: typeOf(declaration['result'], 'its result'),
    doc: text(declaration['doc'], 'doc'),
  };
}

const BODIES: Readonly<Record<OperatorRole, readonly string[]>> = {
  extractor: ['call'],
  processor: ['call', 'callBatch'],
  reducer: ['call'],
  combiner: ['call'],
  outputter: ['call'],
};

function requireBody(operator: object, role: OperatorRole): void {
  const prototype: unknown = Reflect.get(operator, 'prototype');
  const has = BODIES[role].filter((body) => isObject(prototype) && typeof prototype[body] === 'function');
  if (has.length === 1) return;
  const bodies = BODIES[role].map((body) => `${body}()`);
  throw new MalformedDeclaration(
    has.length === 0 ? `it has no method ${bodies.join(' or ')}` : `it has both ${bodies.join(' and ')}; keep one`,
  );
}

function columnsOf(declared: unknown, what: string): readonly ColumnSignature[] {
  if (declared === undefined) return [];
  if (!isObject(declared)) throw new MalformedDeclaration(`static ${what} is no object of names and types`);
  return Object.entries(declared).map(([name, type]) => ({ name, type: typeOf(type, `${what} '${name}'`) }));
}

function optionsOf(declared: unknown): readonly OptionSignature[] {
  if (declared === undefined) return [];
  if (!isObject(declared)) throw new MalformedDeclaration('static options is no object of names and types');
  return Object.entries(declared).map(([name, option]) => optionOf(name, option));
}

function optionOf(name: string, declared: unknown): OptionSignature {
  const long = isObject(declared) ? declared : { type: declared };
  const type = optionType(long['type'], `option '${name}'`);
  const fallback = long['default'];
  const oneOf = long['oneOf'];
  if (oneOf !== undefined && !isList(oneOf)) throw new MalformedDeclaration(`oneOf of option '${name}' is no list`);
  return {
    name,
    type,
    required: fallback === undefined && type.kind !== 'nullable',
    fallback: fallback === undefined ? undefined : optionValue(fallback, type, `the default of option '${name}'`),
    oneOf: oneOf?.map((value) => optionValue(value, type, `oneOf of option '${name}'`)) ?? null,
    doc: text(long['doc'], `doc of option '${name}'`),
  };
}

function optionType(declared: unknown, what: string): OptionType {
  return declared === 'columns' || declared === 'any' ? { kind: declared } : typeOf(declared, what);
}

const anyValue: Type = { kind: 'json' };
const nameList: Type = { kind: 'array', element: { kind: 'string' } };

function optionValue(value: unknown, type: OptionType, what: string): Value {
  const held = type.kind === 'any' ? anyValue : type.kind === 'columns' ? nameList : type;
  const fitted = fitFor(held)(value);
  if (fitted === undefined) throw new MalformedDeclaration(`${what}: ${misfit(value, held)}`);
  return fitted;
}

function typeOf(declared: unknown, what: string): Type {
  const type = typeof declared === 'string' ? parseType(declared) : null;
  if (type !== null) return type;
  const names = scalarNames.join(', ');
  throw new MalformedDeclaration(
    `${what} has the type ${shown(declared)}; types are ${names}, each also as T? and T[]`,
  );
}

function inputNames(declared: unknown, what: string, inputs: readonly ColumnSignature[]): readonly string[] {
  if (declared === undefined) return [];
  if (!isList(declared)) throw new MalformedDeclaration(`static ${what} is no list of inputs`);
  return declared.map((name) => {
    if (inputs.some((input) => input.name === name)) return String(name);
    throw new MalformedDeclaration(`static ${what} has ${shown(name)}, which is none of its inputs`);
  });
}

function flag(declared: unknown, what: string, fallback: boolean): boolean {
  if (declared === undefined) return fallback;
  if (typeof declared === 'boolean') return declared;
  throw new MalformedDeclaration(`static ${what} is ${shown(declared)}, not true or false`);
}

function text(declared: unknown, what: string): string {
  if (declared === undefined) return '';
  if (typeof declared === 'string') return declared;
  throw new MalformedDeclaration(`static ${what} is no string`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
