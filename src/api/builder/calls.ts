/** Operator calls of a built job, as text. */
import type { OperatorRole, OperatorSignature } from '../../typecheck/signature.ts';
import { BINDINGS, roleOf } from '../../runtime/operators/brand.ts';
import { builtinSignatures } from '../../runtime/operators/builtins/signatures.ts';
import { operatorSignature } from '../../runtime/operators/signature-of.ts';
import { BuiltIn } from './built-ins.ts';
import type { RepairedColumns } from './arguments.ts';
import { constantText, namesText, nameText } from './text.ts';
import type { VirtualModule } from './virtual-module.ts';

/** `using:` takes a built-in or an instance of a class that extends an operator class. */
export type Using = BuiltIn | object;

/** `TextClassifier(text = line, model = "m")`; throws where `using` is no operator of the role. */
export function callText(using: Using, role: OperatorRole, module: VirtualModule, repaired: Repaired = {}): string {
  const { name, signature, bindings } =
    using instanceof BuiltIn ? builtIn(using, repaired) : userCall(using, module, repaired);
  if (signature.role !== role)
    throw new TypeError(`using is the ${signature.role} ${name}; it has to be a${vowel(role)} ${role}`);
  const args = Object.entries(bindings).filter(([, value]) => value !== undefined);
  return `${name}(${args.map(([key, value]) => `${key} = ${argumentText(signature, key, value)}`).join(', ')})`;
}

function vowel(role: string): string {
  return /^[aeiou]/.test(role) ? 'n' : '';
}

type Repaired = { readonly [K in keyof RepairedColumns]: RepairedColumns[K] | undefined };

interface Call {
  readonly name: string;
  readonly signature: OperatorSignature;
  readonly bindings: object;
}

function builtIn({ operator, bindings }: BuiltIn, repaired: Repaired): Call {
  if (Object.values(repaired).some((columns: unknown) => columns !== undefined))
    throw new TypeError(
      `${operator} is built in and repairs nothing; say it behind it by assert({ … otherwise: 'EDIT …' })`,
    );
  const signature = builtinSignatures().get(operator);
  if (signature === undefined) throw new TypeError(`there is no built-in operator ${operator}`);
  return { name: operator, signature, bindings };
}

function userCall(using: object, module: VirtualModule, repaired: Repaired): Call {
  if (roleOf(using) !== null) throw new TypeError('using is a class; make an instance of it: new …({ … })');
  const { constructor } = using;
  const role = roleOf(constructor);
  if (role === null) throw new TypeError('using is no operator: neither a built-in nor a class that extends one');
  const given: unknown = Reflect.get(using, BINDINGS);
  const bindings = typeof given === 'object' && given !== null ? given : {};
  const operator = declaring(constructor, bindings, repaired);
  const name = module.operator(operator, constructor.name);
  return { name, signature: operatorSignature(operator, role, name, null), bindings };
}

/** The class itself, or one of its own that declares these columns' inputs too. */
function declaring(operator: object, bindings: object, repaired: Repaired): object {
  const fields = [
    ['edits', 'editCols', repaired.editCols],
    ['appends', 'appendCols', repaired.appendCols],
    ['deletes', 'deleteCols', repaired.deleteCols],
    ['fails', 'failCols', repaired.failCols],
  ] as const;
  const more = fields.flatMap(([field, argument, columns]) =>
    columns === undefined ? [] : [[field, columns.map((column) => inputBoundTo(column, bindings, argument))] as const],
  );
  if (more.length === 0) return operator;
  if (!isClass(operator)) throw new TypeError('using is no instance of a class');
  class Declaring extends operator {}
  for (const [field, inputs] of more) {
    const known: unknown = Reflect.get(operator, field);
    const all = new Set([...(Array.isArray(known) ? known.map(String) : []), ...inputs]);
    Object.defineProperty(Declaring, field, { value: [...all] });
  }
  return Declaring;
}

function isClass(operator: object): operator is new () => object {
  return typeof operator === 'function';
}

function inputBoundTo(column: string, bindings: object, argument: string): string {
  const bound = Object.entries(bindings).find(([, value]) => value === column || value === nameText(column));
  if (bound !== undefined) return bound[0];
  const columns = Object.values(bindings).filter((value) => typeof value === 'string');
  throw new TypeError(
    `${argument} names ${column}, which no input is bound to (bound are: ${columns.join(', ') || 'none'}); an operator repairs columns that it reads`,
  );
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
