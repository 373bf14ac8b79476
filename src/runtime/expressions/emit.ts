/** Typed expressions → statements of a loop over rows. Every part becomes a variable for its value and one for whether it is null. */
import { constantValue } from '../../typecheck/expressions/constants.ts';
import { isUnknown } from '../../typecheck/expressions/relations.ts';
import type { FunctionEntry } from '../../typecheck/functions/entry.ts';
import { seesNull } from '../../typecheck/functions/entry.ts';
import { regexOf } from '../../typecheck/functions/regex.ts';
import { entryOf } from '../../typecheck/functions/table.ts';
import type { TypedCall, TypedColumn, TypedExpr, TypedModuleCall } from '../../typecheck/typed.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import { isNullable, nonNull } from '../../typecheck/types.ts';
import { builtKind } from '../vectors.ts';
import type { Code, Place } from './code.ts';
import { emptyValue, literalCode } from './code.ts';
import * as helpers from './helpers.ts';
import type { ModuleFunction } from './module-function.ts';
import { checkedFunction } from './module-function.ts';
import { NotExecutableError } from './not-executable.ts';
import { arithmeticTemplates, comparisonTemplate } from './templates.ts';

export interface Emission {
  readonly code: Code;
  readonly moduleFunction: (module: string, name: string) => ModuleFunction;
}

/** Emits what computes the expression for the current row, and says where the value then stands. */
export function emit(expr: TypedExpr, to: Emission): Place {
  const constant = constantValue(expr);
  if (constant !== undefined) return constantPlace(constant, expr.type, to);
  switch (expr.kind) {
    case 'literal':
      return constantPlace(expr.value, expr.type, to);
    case 'column':
      return emitColumn(expr, to);
    case 'convert':
      return emitConvert(expr.value, expr.type, to);
    case 'call':
      return emitSpecial(expr, to) ?? emitCall(expr, to);
    case 'logical':
      return emitLogical(expr, to);
    case 'coalesce':
      return emitCoalesce(expr, to);
    case 'conditional':
      return emitConditional(expr, to);
    case 'array':
      return emitArray(expr, to);
    case 'module-call':
      return emitModuleCall(expr, to);
    case 'lineage':
      // Regions read lineage from their rows' chains before they compile. What comes here stands where no row has a history.
      return expr.fn === 'attempts' ? { value: '0', isNull: 'false' } : emitColumn(expr.column, to);
    case 'aggregate':
    case 'window':
      throw new NotExecutableError(expr.kind, expr.span);
  }
}

// ── Leaves ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function constantPlace(value: Value, type: Type, { code }: Emission): Place {
  if (value === null) return { value: emptyValue(type), isNull: 'true' };
  if (typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value))) {
    return { value: code.constant(value), isNull: 'false' };
  }
  const literal = literalCode(value);
  return { value: typeof value === 'number' && value <= 0 ? `(${literal})` : literal, isNull: 'false' };
}

export function columnIndex({ qualifier, name }: TypedColumn, { code }: Emission): number {
  const index = code.schema.findIndex((column) => column.qualifier === qualifier && column.name === name);
  if (index < 0) throw new TypeError(`the input has no column ${qualifier === null ? name : `${qualifier}.${name}`}`);
  return index;
}

/** A column whose type is not nullable holds no null, or the checker has shown that there is none here. */
function emitColumn(expr: TypedColumn, to: Emission): Place {
  const { code } = to;
  const index = columnIndex(expr, to);
  const [value, isNull] = [code.fresh('t'), isNullable(expr.type) ? code.fresh('z') : 'false'];
  const kind = builtKind(expr.type);
  if (kind === 'string') {
    const vector = code.column(index, '');
    const text = `${code.constant(helpers.text)}(${vector}, row)`;
    if (isNull === 'false') code.line(`const ${value} = ${text};`);
    else {
      code.line(`const ${isNull} = ${code.constant(helpers.nullAt)}(${vector}, row);`);
      code.line(`const ${value} = ${isNull} ? "" : ${text};`);
    }
    return { value, isNull };
  }
  const read = `${code.column(index, 'v')}[row]`;
  code.line(`const ${value} = ${kind === 'bool' ? `${read} === 1` : read};`);
  if (isNull !== 'false') {
    const nulls = kind === 'object' ? null : code.column(index, 'n');
    code.line(
      `const ${isNull} = ${nulls === null ? `${value} === null` : `${nulls} !== null && ${nulls}[row] === 1`};`,
    );
  }
  return { value, isNull };
}

/** Numbers have one JavaScript type and JSON holds the values themselves, so only how nulls are held can differ. */
function emitConvert(value: TypedExpr, type: Type, to: Emission): Place {
  const place = emit(value, to);
  if (!isNullable(type)) return { ...place, isNull: 'false' };
  if (place.isNull === 'false' || emptyValue(type) === emptyValue(value.type)) return place;
  return place.isNull === 'true'
    ? { value: emptyValue(type), isNull: 'true' }
    : { value: `(${place.isNull} ? ${emptyValue(type)} : ${place.value})`, isNull: place.isNull };
}

/** The place as one JavaScript value, null where it is null. */
function boxed({ value, isNull }: Place): string {
  if (isNull === 'false') return value;
  return isNull === 'true' ? 'null' : `(${isNull} ? null : ${value})`;
}

/** A variable for the value and, where the type may be null, one for that; both start as the type's null. */
function declared(type: Type, { code }: Emission): Place {
  const [value, isNull] = [code.fresh('t'), isNullable(type) ? code.fresh('z') : 'false'];
  code.line(`let ${value} = ${emptyValue(type)};`);
  if (isNull !== 'false') code.line(`let ${isNull} = true;`);
  return { value, isNull };
}

/** Gives the variables of `target` the value of `from`. */
function assign(target: Place, from: Place, { code }: Emission): void {
  code.line(`${target.value} = ${from.value};`);
  if (target.isNull !== 'false') code.line(`${target.isNull} = ${from.isNull};`);
}

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────────────────────────

type ConstantTest = (vector: never, row: number, text: helpers.ConstantText) => boolean;

/** Tests of a string column against a constant text, made on its bytes. */
const TEXT_TESTS: ReadonlyMap<string, { readonly test: ConstantTest; readonly negated: boolean }> = new Map([
  ['equal', { test: helpers.equalsText, negated: false }],
  ['not-equal', { test: helpers.equalsText, negated: true }],
  ['string.startsWith', { test: helpers.startsWithText, negated: false }],
  ['string.endsWith', { test: helpers.endsWithText, negated: false }],
  ['string.includes', { test: helpers.includesText, negated: false }],
]);

/** Calls that need not look at their arguments one by one; null where the call is none of these. */
function emitSpecial(expr: TypedCall, to: Emission): Place | null {
  const { fn } = expr;
  const args = columnFirst(expr);
  const [guarded, second] = args;
  if (guarded === undefined) return null;
  const first = unguarded(guarded);
  if (first.kind === 'column' && nonNull(first.type).kind === 'string') {
    if (fn === 'string.length' && !isNullable(first.type)) return emitLength(first, to);
    const constant = second === undefined || args.length > 2 ? undefined : constantValue(second);
    if (typeof constant === 'string' && TEXT_TESTS.has(fn)) return emitTextTest(fn, first, constant, to);
  }
  if (fn === 'regex') return emitRegex(expr, to);
  if (fn === 'in' && second !== undefined) return emitIn(first, second, to);
  return null;
}

/** The column of a `column?.member`, which its guard has shown not to be null. */
function unguarded(expr: TypedExpr): TypedExpr {
  if (expr.kind !== 'convert' || expr.value.kind !== 'column' || isNullable(expr.type)) return expr;
  return { ...expr.value, type: expr.type };
}

/** `"en" == language` is `language == "en"`. */
function columnFirst({ fn, args }: TypedCall): readonly TypedExpr[] {
  const [first, second] = args;
  const symmetric = fn === 'equal' || fn === 'not-equal';
  return symmetric && first !== undefined && second?.kind === 'column' && first.kind !== 'column'
    ? [second, first]
    : args;
}

function emitLength(column: TypedColumn, to: Emission): Place {
  const { code } = to;
  const value = code.fresh('t');
  code.line(`const ${value} = ${code.constant(helpers.lengthAt)}(${code.column(columnIndex(column, to), '')}, row);`);
  return { value, isNull: 'false' };
}

function emitTextTest(fn: string, column: TypedColumn, text: string, to: Emission): Place | null {
  const found = TEXT_TESTS.get(fn);
  if (found === undefined || (isNullable(column.type) && fn.startsWith('string.'))) return null;
  const { code } = to;
  const vector = code.column(columnIndex(column, to), '');
  const value = code.fresh('t');
  const test = `${code.constant(found.test)}(${vector}, row, ${code.constant(helpers.constantText(text))})`;
  const holds = isNullable(column.type) ? `!${code.constant(helpers.nullAt)}(${vector}, row) && ${test}` : test;
  code.line(`const ${value} = ${found.negated ? `!(${holds})` : holds};`);
  return { value, isNull: 'false' };
}

/** A regex of constants is compiled once; a bad one fails where the row is reached, as any call does. */
function emitRegex(expr: TypedCall, to: Emission): Place | null {
  const [pattern, flags] = expr.args.map(constantValue);
  const isConstant = typeof pattern === 'string' && (expr.args.length === 1 || typeof flags === 'string');
  if (!isConstant) return null;
  try {
    return {
      value: to.code.constant(regexOf(pattern, typeof flags === 'string' ? flags : undefined)),
      isNull: 'false',
    };
  } catch {
    return null;
  }
}

/** IN a constant list of scalars is a look-up. */
function emitIn(value: TypedExpr, list: TypedExpr, to: Emission): Place | null {
  const values = constantValue(list);
  if (!Array.isArray(values) || values.some((element) => typeof element === 'object' && element !== null)) return null;
  if (builtKind(value.type) === 'object') return null;
  const place = emit(value, to);
  const found = to.code.fresh('t');
  to.code.line(`const ${found} = ${to.code.constant(helpers.constantSet(values))}.has(${boxed(place)});`);
  return { value: found, isNull: 'false' };
}

function emitCall(expr: TypedCall, to: Emission): Place {
  const entry = entryOf(expr.fn);
  const places = expr.args.map((arg) => emit(arg, to));
  const operands = places.map((place, at) => ({ ...place, type: expr.args[at]?.type ?? expr.type }));
  const comparison = comparisonTemplate(entry.id, operands);
  if (comparison !== null) {
    const value = to.code.fresh('t');
    to.code.line(`const ${value} = ${comparison};`);
    return { value, isNull: 'false' };
  }
  const nulls = places.flatMap(({ isNull }, at) => (isNull === 'false' || seesNull(entry, at) ? [] : [isNull]));
  const target = declared(expr.type, to);
  if (nulls.length > 0) to.code.line(`if (!(${nulls.join(' || ')})) {`);
  emitEvaluation(expr, entry, places, target, to);
  if (nulls.length > 0) to.code.line('}');
  return target;
}

/** The call itself, where no argument that must not be null is. */
function emitEvaluation(
  expr: TypedCall,
  entry: FunctionEntry,
  places: readonly Place[],
  target: Place,
  to: Emission,
): void {
  const { code } = to;
  const [a, b] = places;
  const call = `${code.constant(entry.evaluate)}(${places.map((place, at) => (seesNull(entry, at) ? boxed(place) : place.value)).join(', ')})`;
  const template = a === undefined ? undefined : arithmeticTemplates.get(entry.id)?.(a.value, b?.value ?? '0');
  const failing = `${code.site(expr.span, entry.id)} ${target.value} = ${call};`;
  if (template === undefined) code.line(failing);
  else {
    code.line(`${target.value} = ${template.value};`);
    if (template.guard !== null) code.line(`if (${template.guard(target.value)}) { ${failing} }`);
  }
  if (target.isNull === 'false') return;
  if (entry.result.kind !== 'nullable') code.line(`${target.isNull} = false;`);
  else {
    code.line(`${target.isNull} = ${target.value} === null;`);
    if (emptyValue(expr.type) !== 'null')
      code.line(`if (${target.isNull}) ${target.value} = ${emptyValue(expr.type)};`);
  }
}

function emitModuleCall(expr: TypedModuleCall, to: Emission): Place {
  const { code } = to;
  const places = expr.args.map((arg) => emit(arg, to));
  const call = checkedFunction(to.moduleFunction(expr.module, expr.name), expr.module, expr.name, expr.type);
  const target = declared(expr.type, to);
  code.line(
    `${code.site(expr.span, expr.name)} ${target.value} = ${code.constant(call)}(${places.map(boxed).join(', ')});`,
  );
  if (target.isNull !== 'false') {
    code.line(`${target.isNull} = ${target.value} === null;`);
    if (emptyValue(expr.type) !== 'null')
      code.line(`if (${target.isNull}) ${target.value} = ${emptyValue(expr.type)};`);
  }
  return target;
}

// ── What evaluates a part only where it decides ─────────────────────────────────────────────────────────────────────

function emitLogical(expr: Extract<TypedExpr, { kind: 'logical' }>, to: Emission): Place {
  const { code } = to;
  const left = emit(expr.left, to);
  const value = code.fresh('t');
  code.line(`let ${value} = ${left.value};`);
  code.line(`if (${expr.operator === 'and' ? value : `!${value}`}) {`);
  code.line(`${value} = ${emit(expr.right, to).value};`);
  code.line('}');
  return { value, isNull: 'false' };
}

function emitCoalesce(expr: Extract<TypedExpr, { kind: 'coalesce' }>, to: Emission): Place {
  const { code } = to;
  const left = emit(expr.left, to);
  if (left.isNull === 'false') return left;
  const target = declared(expr.type, to);
  code.line(`if (${left.isNull}) {`);
  assign(target, emit(expr.right, to), to);
  code.line('} else {');
  assign(target, { value: left.value, isNull: 'false' }, to);
  code.line('}');
  return target;
}

function emitConditional(expr: Extract<TypedExpr, { kind: 'conditional' }>, to: Emission): Place {
  const { code } = to;
  const test = emit(expr.test, to);
  const target = declared(expr.type, to);
  code.line(`if (${test.value}) {`);
  assign(target, emit(expr.consequent, to), to);
  code.line('} else {');
  assign(target, emit(expr.alternate, to), to);
  code.line('}');
  return target;
}

function emitArray(expr: Extract<TypedExpr, { kind: 'array' }>, to: Emission): Place {
  const elements = expr.elements.map((element) => boxed(emit(element, to)));
  const value = to.code.fresh('t');
  to.code.line(`const ${value} = [${elements.join(', ')}];`);
  return { value, isNull: 'false' };
}

/** An expression in which a mistake was reported has no type to compile. */
export function requireKnown(expr: TypedExpr): void {
  if (isUnknown(expr.type)) throw new NotExecutableError(expr.kind, expr.span);
}
