/** Operator calls of a built job, as text. */
import type { OperatorRole, OperatorSignature } from '../../typecheck/signature.ts';
import { BINDINGS, roleOf } from '../../runtime/operators/brand.ts';
import { builtinSignatures } from '../../runtime/operators/builtins/signatures.ts';
import { operatorSignature } from '../../runtime/operators/signature-of.ts';
import { BuiltIn } from './built-ins.ts';
import { constantText, namesText } from './text.ts';
import type { VirtualModule } from './virtual-module.ts';

/** `using:` takes a built-in or an instance of a class that extends an operator class. */
export type Using = BuiltIn | object;

/** `TextClassifier(text = line, model = "m")`; throws where `using` is no operator of the role. */
export function callText(using: Using, role: OperatorRole, module: VirtualModule): string {
  const { name, signature, bindings } = using instanceof BuiltIn ? builtIn(using) : userCall(using, module);
  if (signature.role !== role)
    throw new TypeError(`using is the ${signature.role} ${name}; it has to be a${vowel(role)} ${role}`);
  const args = Object.entries(bindings).filter(([, value]) => value !== undefined);
  return `${name}(${args.map(([key, value]) => `${key} = ${argumentText(signature, key, value)}`).join(', ')})`;
}

function vowel(role: string): string {
  return /^[aeiou]/.test(role) ? 'n' : '';
}

interface Call {
  readonly name: string;
  readonly signature: OperatorSignature;
  readonly bindings: object;
}

function builtIn({ operator, bindings }: BuiltIn): Call {
  const signature = builtinSignatures().get(operator);
  if (signature === undefined) throw new TypeError(`there is no built-in operator ${operator}`);
  return { name: operator, signature, bindings };
}

function userCall(using: object, module: VirtualModule): Call {
  if (roleOf(using) !== null) throw new TypeError('using is a class; make an instance of it: new …({ … })');
  const { constructor } = using;
  const role = roleOf(constructor);
  if (role === null) throw new TypeError('using is no operator: neither a built-in nor a class that extends one');
  const name = module.operator(constructor, constructor.name);
  const bindings: unknown = Reflect.get(using, BINDINGS);
  const signature = operatorSignature(constructor, role, name, null);
  return { name, signature, bindings: typeof bindings === 'object' && bindings !== null ? bindings : {} };
}

/** An input's expression as it is; an option's value as a constant, or as names where it takes columns. */
function argumentText({ inputs, options }: OperatorSignature, key: string, value: unknown): string {
  if (inputs.some(({ name }) => name === key)) {
    if (typeof value === 'string') return value;
    throw new TypeError(`the input ${key} is bound to an expression over the columns, as text`);
  }
  const columns = options.find(({ name }) => name === key)?.type.kind === 'columns';
  return columns && isNames(value) ? namesText(value) : constantText(value);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
