import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Argument, Expr } from '../../parser/ast.ts';
import { report, type Environment } from '../environment.ts';
import type { OperatorSignature, OptionSignature } from '../signature.ts';
import type { Column } from '../typed.ts';
import type { Value } from '../types.ts';
import { constantOf } from '../typing.ts';

/** The constant given for an option; undefined where it is not one or does not fit, which is reported. */
export function optionValue(
  env: Environment,
  signature: OperatorSignature,
  option: OptionSignature,
  argument: Argument,
  columns: readonly Column[],
): Value | undefined {
  if (option.type.kind === 'columns') return columnNames(env, option, argument.value, columns);
  const what = `the option ${option.name} of ${signature.name}`;
  const value = constantOf(env, argument.value, option.type.kind === 'any' ? null : option.type, what);
  if (value === undefined || option.oneOf === null || option.oneOf.includes(value)) return value;
  const [written, allowed] = [JSON.stringify(value), option.oneOf.map((one) => JSON.stringify(one))];
  report(env, 'PS2012', argument.value.span, {
    option: option.name,
    value: written,
    allowed: allowed.join(', '),
    suggestion: didYouMean(written, allowed),
  });
  return undefined;
}

/** `[line, id]`: names of columns, each of which must be there. */
function columnNames(
  env: Environment,
  option: OptionSignature,
  value: Expr,
  columns: readonly Column[],
): readonly string[] | undefined {
  const names = value.kind === 'array' ? value.elements : null;
  if (names === null || !names.every((element) => element.kind === 'name-expr')) {
    report(env, 'PS2052', value.span, { option: option.name, suggestion: `${option.name} = [${quotedNames(value)}]` });
    return undefined;
  }
  const known = columns.map((column) => column.name);
  const found: string[] = [];
  for (const element of names) {
    const name = element.name.text;
    if (known.includes(name)) found.push(name);
    else report(env, 'PS2003', element.span, { name, suggestion: didYouMean(name, known), columns: known });
  }
  return found.length === names.length ? found : undefined;
}

/** The names somebody quoted, or a stand-in. */
function quotedNames(value: Expr): string {
  const parts = value.kind === 'array' ? value.elements : [value];
  const names = parts.map((part) =>
    part.kind === 'string' ? part.value : part.kind === 'name-expr' ? part.name.text : 'column',
  );
  return names.join(', ');
}
