import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Argument, Expr, OperatorCall } from '../../parser/ast.ts';
import { report, type Environment } from '../environment.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import type { ColumnSignature, OperatorRole, OperatorSignature, OptionSignature } from '../signature.ts';
import type { BoundOperator, Column, NamedExpr } from '../typed.ts';
import { sameType, typeText, type Value } from '../types.ts';
import { scopeOf, type Visible } from '../typing.ts';
import { optionValue } from './options.ts';
import { checkDeclaredRepairs } from './repairs.ts';
import { resolveOperator } from './resolve.ts';

/** Resolves a call and binds its inputs over the visible columns and its options to constants; null when it has an error. */
export function bindOperator(
  env: Environment,
  call: OperatorCall,
  role: OperatorRole,
  visible: Visible,
): BoundOperator | null {
  const signature = resolveOperator(env, call, role);
  return signature === null ? null : bindTo(env, signature, call, visible);
}

/** The call of a signature that is already known, such as the default reader of a file's ending. */
export function bindTo(
  env: Environment,
  signature: OperatorSignature,
  call: OperatorCall,
  visible: Visible,
): BoundOperator | null {
  const given = matchArguments(env, signature, call);
  const inputs = signature.inputs.map((input) => bindInput(env, signature, input, given, call, visible));
  const options = new Map<string, Value>();
  let broken = given.size !== call.arguments.length;
  for (const option of signature.options) {
    const argument = given.get(option.name);
    const value =
      argument === undefined
        ? defaultOf(env, signature, option, call)
        : optionValue(env, signature, option, argument, visible.columns);
    if (value === undefined && (argument !== undefined || option.required)) broken = true;
    if (value !== undefined) options.set(option.name, value);
  }
  const bound = inputs.filter((input) => input !== null);
  if (broken || bound.length < inputs.length) return null;
  const outputs = outputsOf(env, signature, options, call);
  if (outputs === null) return null;
  const operator: BoundOperator = { signature, inputs: bound, options: [...options], outputs, span: call.span };
  checkDeclaredRepairs(env, operator, visible.columns);
  return operator;
}

/** Pairs arguments with declared inputs and options: unnamed ones are the inputs in their order. */
function matchArguments(
  env: Environment,
  signature: OperatorSignature,
  call: OperatorCall,
): ReadonlyMap<string, Argument> {
  const known = [...signature.inputs, ...signature.options].map(({ name }) => name);
  const given = new Map<string, Argument>();
  let position = 0;
  for (const argument of call.arguments) {
    const name = argument.name?.text ?? signature.inputs[position++]?.name;
    const operator = signature.name;
    if (name === undefined) report(env, 'PS2050', argument.span, { operator, limit: signature.inputs.length });
    else if (!known.includes(name)) {
      const suggestion = didYouMean(name, known);
      report(env, 'PS2007', argument.name?.span ?? argument.span, { operator, name, suggestion, known });
    } else if (given.has(name)) report(env, 'PS2010', argument.span, { operator, name });
    else given.set(name, argument);
  }
  return given;
}

function bindInput(
  env: Environment,
  signature: OperatorSignature,
  input: ColumnSignature,
  given: ReadonlyMap<string, Argument>,
  call: OperatorCall,
  visible: Visible,
): NamedExpr | null {
  const argument = given.get(input.name);
  if (argument !== undefined) {
    return { name: input.name, value: typeExpr(argument.value, scopeOf(env, visible), input.type) };
  }
  // A mistyped name was reported already, and is most likely this input.
  if (given.size === call.arguments.length) {
    const facts = { operator: signature.name, input: input.name, type: typeText(input.type) };
    report(env, 'PS2008', call.span, { ...facts, suggestion: likelyColumn(input, visible.columns) });
  }
  return null;
}

/** The column a missing input would most likely be bound to: the one of its name, else the first of its type. */
function likelyColumn(input: ColumnSignature, columns: readonly Column[]): string {
  const likely =
    columns.find((column) => column.name === input.name) ?? columns.find((column) => sameType(column.type, input.type));
  return likely?.name ?? 'column';
}

function defaultOf(
  env: Environment,
  signature: OperatorSignature,
  option: OptionSignature,
  call: OperatorCall,
): Value | undefined {
  if (option.required && option.fallback === undefined) {
    report(env, 'PS2009', call.span, { operator: signature.name, option: option.name, doc: option.doc });
  }
  return option.fallback;
}

function outputsOf(
  env: Environment,
  signature: OperatorSignature,
  options: ReadonlyMap<string, Value>,
  call: OperatorCall,
): readonly ColumnSignature[] | null {
  if (typeof signature.outputs !== 'function') return signature.outputs ?? [];
  const outputs = answerOf(signature.outputs, options);
  if (typeof outputs !== 'string') return outputs;
  report(env, 'PS2060', call.span, { operator: signature.name, problem: outputs });
  return null;
}

/** Operators are other people's code: one that throws here is reported like one that answers with a message. */
function answerOf(
  outputs: (options: ReadonlyMap<string, Value>) => readonly ColumnSignature[] | string,
  options: ReadonlyMap<string, Value>,
): readonly ColumnSignature[] | string {
  try {
    return outputs(options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The call that stands where USING was left out: no arguments, at the place the statement names its file. */
export function implicitCall(at: Expr): OperatorCall {
  return { kind: 'operator-call', path: [], arguments: [], span: at.span };
}
