/** Typed expressions as text, for explain and messages: canonical, and calls stand as a script writes them. */
import type { TypedExpr, TypedFrame, TypedSort, TypedWindow } from '../typed.ts';
import type { Value } from '../types.ts';
import { isNullable, nonNull } from '../types.ts';
import { formatIsoDate } from '../functions/iso-date.ts';
import { entryOf } from '../functions/table.ts';
import { operandsOf } from '../visit.ts';

/** Binding strengths of the operators, loosest first. */
const CONDITIONAL = 1;
const COALESCE = 2;
const OR = 3;
const AND = 4;
const EQUALITY = 5;
const ORDERING = 6;
const ADDITIVE = 7;
const MULTIPLICATIVE = 8;
const UNARY = 9;
/** A chain that `?.` may cut short: in parentheses, a member of it would not be cut with it. */
const CHAIN = 10;
const POSTFIX = 11;

const INFIX: ReadonlyMap<string, number> = new Map([
  ['==', EQUALITY],
  ['!=', EQUALITY],
  ['<', ORDERING],
  ['<=', ORDERING],
  ['>', ORDERING],
  ['>=', ORDERING],
  ['LIKE', ORDERING],
  ['+', ADDITIVE],
  ['-', ADDITIVE],
  ['*', MULTIPLICATIVE],
  ['/', MULTIPLICATIVE],
  ['%', MULTIPLICATIVE],
]);

interface Text {
  readonly text: string;
  readonly strength: number;
}

/** The expression in PYSCOPE syntax; it parses back to the same meaning, but for implied conversions, which are not shown. */
export function expressionText(expr: TypedExpr): string {
  return textOf(expr).text;
}

/** The text of a part, in parentheses where it binds looser than its place. */
function within(expr: TypedExpr, strength: number): string {
  const part = textOf(expr);
  return part.strength < strength ? `(${part.text})` : part.text;
}

function list(exprs: readonly TypedExpr[]): string {
  return exprs.map(expressionText).join(', ');
}

function textOf(expr: TypedExpr): Text {
  switch (expr.kind) {
    case 'literal':
      return literalText(expr.value, expr.parameter, nonNull(expr.type).kind);
    case 'column':
      return atom(columnText(expr.qualifier, expr.name));
    case 'convert':
      return textOf(expr.value);
    case 'call':
      return callText(expr.fn, expr.args);
    case 'logical': {
      const strength = expr.operator === 'and' ? AND : OR;
      const operator = expr.operator === 'and' ? '&&' : '||';
      return { text: `${within(expr.left, strength)} ${operator} ${within(expr.right, strength + 1)}`, strength };
    }
    case 'coalesce':
      return { text: `${within(expr.left, EQUALITY)} ?? ${within(expr.right, EQUALITY)}`, strength: COALESCE };
    case 'conditional':
      if (isOptionalChain(expr)) return { text: expressionText(expr.consequent), strength: CHAIN };
      return {
        text: `${within(expr.test, COALESCE)} ? ${within(expr.consequent, CONDITIONAL)} : ${within(expr.alternate, CONDITIONAL)}`,
        strength: CONDITIONAL,
      };
    case 'array':
      return atom(`[${list(expr.elements)}]`);
    case 'module-call':
      return atom(`${name(expr.name)}(${list(expr.args)})`);
    case 'lineage':
      return atom(`${expr.fn}(${expressionText(expr.column)})`);
    case 'aggregate':
      return atom(
        `${expr.fn}(${expr.distinct ? 'DISTINCT ' : ''}${expr.arg === null ? '*' : expressionText(expr.arg)})`,
      );
    case 'window':
      return atom(windowText(expr));
  }
}

function atom(text: string): Text {
  return { text, strength: POSTFIX };
}

/** A name, between backticks where it is no identifier. */
function name(text: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text) ? text : `\`${text}\``;
}

export function columnText(qualifier: string | null, column: string): string {
  return qualifier === null ? name(column) : `${name(qualifier)}.${name(column)}`;
}

function literalText(value: Value, parameter: string | null, kind: string): Text {
  if (parameter !== null) return atom(`@${parameter}`);
  if (typeof value === 'number') {
    if (kind === 'datetime') return atom(`parseDate("${formatIsoDate(value)}")`);
    if (Number.isNaN(value)) return atom('Number.NaN');
    if (!Number.isFinite(value)) return atom(`Number.${value < 0 ? 'NEGATIVE' : 'POSITIVE'}_INFINITY`);
    const text = Object.is(value, -0) ? '-0.0' : String(value);
    return { text, strength: text.startsWith('-') ? UNARY : POSTFIX };
  }
  if (value instanceof Uint8Array) return atom(`bytes(${value.length})`);
  return atom(JSON.stringify(value));
}

function callText(fn: string, args: readonly TypedExpr[]): Text {
  const { spelling } = entryOf(fn);
  const [first, second, third] = args;
  switch (spelling.kind) {
    case 'constant':
      return atom(`${spelling.namespace}.${spelling.name}`);
    case 'static':
      return atom(`${spelling.namespace}.${spelling.name}(${list(args)})`);
    case 'function':
      return atom(`${spelling.name}(${list(args)})`);
    case 'operator':
      return first === undefined ? atom(spelling.operator) : operatorText(spelling.operator, first, second, third);
    case 'property':
      return atom(first === undefined ? '' : `${dotted(first)}${spelling.name}`);
    case 'method':
      return atom(first === undefined ? '' : `${dotted(first)}${spelling.name}(${list(args.slice(1))})`);
  }
}

/** What `a?.b` became: `a != null ? a.b : null`, where the inner `a` is the guarded one itself. */
function isOptionalChain({ test, consequent }: Extract<TypedExpr, { kind: 'conditional' }>): boolean {
  const guard = test.kind === 'logical' ? test.right : test;
  if (guard.kind !== 'call' || guard.fn !== 'is-not-null') return false;
  const [guarded] = guard.args;
  return guarded !== undefined && asserts(consequent, guarded);
}

/** Whether a part takes the guarded value as one that is not null. */
function asserts(expr: TypedExpr, guarded: TypedExpr): boolean {
  return (expr.kind === 'convert' && expr.value === guarded) || operandsOf(expr).some((part) => asserts(part, guarded));
}

/** What stands before `.member` or `[index]`. A number needs parentheses: `(1).toFixed(2)`. */
function receiver(expr: TypedExpr): string {
  const text = within(expr, POSTFIX);
  return /^\d/u.test(text) ? `(${text})` : text;
}

/** A receiver with its dot. */
function dotted(expr: TypedExpr): string {
  const isGuarded = expr.kind === 'convert' && isNullable(expr.value.type) && !isNullable(expr.type);
  return `${receiver(expr)}${isGuarded ? '?.' : '.'}`;
}

function operatorText(operator: string, first: TypedExpr, second?: TypedExpr, third?: TypedExpr): Text {
  const strength = INFIX.get(operator);
  if (second !== undefined && strength !== undefined) {
    return { text: `${within(first, strength)} ${operator} ${within(second, strength + 1)}`, strength };
  }
  switch (operator) {
    case 'IS NULL':
      return { text: `${within(first, EQUALITY)} == null`, strength: EQUALITY };
    case 'IS NOT NULL':
      return { text: `${within(first, EQUALITY)} != null`, strength: EQUALITY };
    case '!':
      return { text: `!${within(first, UNARY)}`, strength: UNARY };
    case 'unary -':
      return { text: `-${within(first, POSTFIX)}`, strength: UNARY };
    case '[]':
      return atom(`${receiver(first)}[${second === undefined ? '' : expressionText(second)}]`);
    case '.':
      return atom(memberText(first, second));
    case 'IN':
      return { text: `${within(first, ADDITIVE)} IN ${inText(second)}`, strength: ORDERING };
    case 'BETWEEN':
      return {
        text: `${within(first, ADDITIVE)} BETWEEN ${second === undefined ? '' : within(second, ADDITIVE)} AND ${third === undefined ? '' : within(third, ADDITIVE)}`,
        strength: ORDERING,
      };
    default:
      return { text: `${within(first, ADDITIVE)} ${operator}`, strength: ORDERING };
  }
}

function memberText(object: TypedExpr, key: TypedExpr | undefined): string {
  if (key?.kind === 'literal' && typeof key.value === 'string') return `${dotted(object)}${name(key.value)}`;
  return `${receiver(object)}[${key === undefined ? '' : expressionText(key)}]`;
}

function inText(values: TypedExpr | undefined): string {
  if (values === undefined) return '()';
  return values.kind === 'array' ? `(${list(values.elements)})` : `(${expressionText(values)})`;
}

function windowText({ fn, distinct, args, partitionBy, orderBy, frame }: TypedWindow): string {
  const over = [
    partitionBy.length === 0 ? null : `PARTITION BY ${list(partitionBy)}`,
    orderBy.length === 0 ? null : `ORDER BY ${orderBy.map(sortText).join(', ')}`,
    frame.start === null && frame.end === (orderBy.length === 0 ? null : 0) ? null : frameText(frame),
  ].filter((part) => part !== null);
  const shown = fn === 'COUNT' && args.length === 0 ? '*' : list(args);
  return `${fn}(${distinct ? 'DISTINCT ' : ''}${shown}) OVER (${over.join(' ')})`;
}

function sortText({ value, direction }: TypedSort): string {
  return direction === 'asc' ? expressionText(value) : `${expressionText(value)} DESC`;
}

function frameText({ start, end }: TypedFrame): string {
  return `ROWS BETWEEN ${boundText(start, 'PRECEDING')} AND ${boundText(end, 'FOLLOWING')}`;
}

function boundText(offset: number | null, unbounded: 'PRECEDING' | 'FOLLOWING'): string {
  if (offset === null) return `UNBOUNDED ${unbounded}`;
  if (offset === 0) return 'CURRENT ROW';
  return offset < 0 ? `${-offset} PRECEDING` : `${offset} FOLLOWING`;
}

/** What to write for a JSON value where a number is wanted; a member of one may be missing. */
export function jsonHint(json: TypedExpr): string {
  const text = expressionText(json);
  return `say what the JSON value is: Number(${json.type.kind === 'nullable' ? `${text} ?? 0` : text})`;
}
