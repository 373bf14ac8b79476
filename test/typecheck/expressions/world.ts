/** Expressions as text, typed over a small world of columns. */
import { expect } from 'chai';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { parseExpression } from '../../../src/parser/parse.ts';
import { typeExpr } from '../../../src/typecheck/expressions/index.ts';
import type { Scope } from '../../../src/typecheck/scope.ts';
import type { FunctionSignature } from '../../../src/typecheck/signature.ts';
import type { Column, TypedExpr } from '../../../src/typecheck/typed.ts';
import type { Type } from '../../../src/typecheck/types.ts';
import {
  arrayOf,
  BOOL,
  BYTES,
  DATETIME,
  FLOAT,
  INT,
  JSON_TYPE,
  LONG,
  nullable,
  STRING,
} from '../../../src/typecheck/types.ts';
import { unmark } from '../../support/mark.ts';

/** `s: string, n: int …`, and with a `q` before the name the same as `T?`. */
const TYPES: readonly (readonly [string, Type])[] = [
  ['s', STRING],
  ['n', INT],
  ['l', LONG],
  ['f', FLOAT],
  ['b', BOOL],
  ['d', DATETIME],
  ['j', JSON_TYPE],
  ['y', BYTES],
  ['a', arrayOf(STRING)],
  ['i', arrayOf(INT)],
];

function column(name: string, type: Type, qualifier: string | null = null): Column {
  return { qualifier, name, type, origins: [] };
}

export const columns: readonly Column[] = [
  ...TYPES.map(([name, type]) => column(name, type)),
  ...TYPES.map(([name, type]) => column(`q${name}`, nullable(type))),
];

const shout: FunctionSignature = {
  kind: 'function',
  name: 'shout',
  module: '/job/functions.ts',
  parameters: [
    { name: 'text', type: STRING },
    { name: 'times', type: FLOAT },
  ],
  result: nullable(STRING),
  doc: '',
};

export function scopeOf(report: (diagnostic: Diagnostic) => void, more: Partial<Scope> = {}): Scope {
  return {
    columns,
    qualifiers: new Set(),
    parameters: new Map([
      ['limit', { type: INT, value: 3 }],
      ['pattern', { type: STRING, value: 'a%' }],
    ]),
    functions: new Map([['shout', shout]]),
    aliases: new Map(),
    aliasesWin: false,
    aggregates: { allowed: true },
    windows: { allowed: true },
    narrowed: new Set(),
    report,
    ...more,
  };
}

export interface Result {
  readonly expr: TypedExpr;
  readonly diagnostics: readonly Diagnostic[];
}

export function typeText(text: string, more: Partial<Scope> = {}, expected?: Type): Result {
  const { expression, diagnostics: syntax } = parseExpression({ name: 'expression', text });
  if (expression === null) throw new Error(`${text}: ${syntax.map(({ message }) => message).join('; ')}`);
  const diagnostics: Diagnostic[] = [];
  const expr = typeExpr(
    expression,
    scopeOf((diagnostic) => diagnostics.push(diagnostic), more),
    expected,
  );
  return { expr, diagnostics };
}

/** The typed expression of a text without mistakes. */
export function typed(text: string, more: Partial<Scope> = {}, expected?: Type): TypedExpr {
  const { expr, diagnostics } = typeText(text, more, expected);
  expect(
    diagnostics.map(({ code, message }) => `${code} ${message}`),
    text,
  ).to.deep.equal([]);
  return expr;
}

/** Expects exactly one diagnostic, of this code and at the place between `«` and `»`; answers with its message and help. */
export function mistakeIn(marked: string, code: string, more: Partial<Scope> = {}, expected?: Type): string {
  const { text, start, end } = unmark(marked);
  const { diagnostics } = typeText(text, more, expected);
  expect(
    diagnostics.map((found) => `${found.code} ${text.slice(found.span.start, found.span.end)}`),
    text,
  ).to.deep.equal([`${code} ${text.slice(start, end)}`]);
  const [found] = diagnostics;
  expect(found?.span.start).to.equal(start);
  return `${found?.message} | ${found?.help}`;
}
