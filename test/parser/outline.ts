/** A tree in one line, for tests: `(kind field:value …)` without spans; null, false and empty lists are left out. */
import { expect } from 'chai';
import { parse, parseExpression } from '../../src/parser/parse.ts';

/** In these kinds the order of the fields says enough. */
const UNLABELLED: ReadonlySet<string> = new Set([
  'binary',
  'unary',
  'conditional',
  'array',
  'parenthesised-expr',
  'member',
  'index',
  'call',
  'in',
  'between',
  'like',
  'is-null',
  'case-arm',
  'argument',
  'sort-item',
  'assignment',
  'rowset-statement',
  'parenthesised',
  'where-clause',
  'claused',
  'change',
  'column-declaration',
  'expression-item',
]);

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function outline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(outline).join(' ')}]`;
  if (!isFields(value)) return String(value);
  const kind = String(value['kind']);
  const atom = atomOf(kind, value);
  if (atom !== null) return atom;
  const fields = Object.entries(value).filter(
    ([field, inner]) => field !== 'kind' && field !== 'span' && written(inner),
  );
  const parts = fields.map(([field, inner]) => {
    if (inner === true) return field;
    return UNLABELLED.has(kind) ? outline(inner) : `${field}:${outline(inner)}`;
  });
  return `(${[kind, ...parts].join(' ')})`;
}

function written(value: unknown): boolean {
  return value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
}

function atomOf(kind: string, value: Fields): string | null {
  switch (kind) {
    case 'name':
      return String(value['text']);
    case 'name-expr':
    case 'rowset-name':
    case 'named-type':
      return outline(value['name']);
    case 'string':
    case 'number':
      return String(value['raw']);
    case 'boolean':
      return String(value['value']);
    case 'null':
      return 'null';
    case 'parameter':
      return `@${outline(value['name'])}`;
    case 'last-rowset':
      return '_';
    default:
      return null;
  }
}

/** The outline of the only statement of a script that is right. */
export function statement(text: string): string {
  const { script, diagnostics } = parse({ name: 'test.scope', text });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
  expect(script.statements).to.have.length(1);
  return outline(script.statements[0]);
}

/** The outline of what is assigned by `x = …;`. */
export function rowset(text: string): string {
  const [, inner = ''] = /^\(assignment x (.*)\)$/s.exec(statement(`x = ${text};`)) ?? [];
  return inner;
}

export function expression(text: string): string {
  const { expression, diagnostics } = parseExpression({ name: 'test.scope', text });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
  return outline(expression);
}

/** A tree as plain data without its spans, for comparing two readings. */
export function withoutSpans(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value)));
}
