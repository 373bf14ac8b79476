/** Random expressions and their parts, for {@link generate.ts}. */
import fc from 'fast-check';
import type * as Ast from '../../src/parser/ast.ts';
import { PRECEDENCE, precedenceOf, type Precedence } from '../../src/parser/expression/precedence.ts';
import type { Span } from '../../src/diagnostics/span.ts';

export const span: Span = { source: 0, start: 0, end: 0 };

export function some<T>(item: fc.Arbitrary<T>, most = 3): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: 1, maxLength: most });
}

export function maybe<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(item, { nil: null, freq: 2 });
}

// ── Names, types, literals ──

const words = fc.constantFrom(
  'a',
  'b',
  'line',
  'count',
  'order',
  'größe',
  'order id',
  'ORDER',
  '__proto__',
  'constructor',
  'true',
);
export const names: fc.Arbitrary<Ast.Name> = words.map((text) => ({ kind: 'name', text, span }));
export const plainNames: fc.Arbitrary<Ast.Name> = fc
  .constantFrom('a', 'b', 'line', 'f', 'Reader')
  .map((text) => ({ kind: 'name', text, span }));

export const types: fc.Arbitrary<Ast.TypeNode> = fc
  .tuple(
    fc.constantFrom('string', 'int', 'datetime', 'no type'),
    fc.array(fc.constantFrom('array-type' as const, 'nullable-type' as const), { maxLength: 3 }),
  )
  .map(([text, suffixes]) => {
    let type: Ast.TypeNode = { kind: 'named-type', name: { kind: 'name', text, span }, span };
    for (const kind of suffixes) {
      // `??` would be another token.
      if (kind === 'array-type') type = { kind, element: type, span };
      else if (type.kind !== 'nullable-type') type = { kind, base: type, span };
    }
    return type;
  });

export const strings: fc.Arbitrary<Ast.StringLiteral> = fc
  .string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '/', '*', ';', '\u2028', '😀', "'") })
  .map((value) => ({ kind: 'string', value, raw: JSON.stringify(value), span }));

export const numbers: fc.Arbitrary<Ast.NumberLiteral> = fc.constantFrom<Ast.NumberLiteral>(
  { kind: 'number', value: 0, integer: true, raw: '0', span },
  { kind: 'number', value: 12, integer: true, raw: '1_2', span },
  { kind: 'number', value: 255, integer: true, raw: '0xff', span },
  { kind: 'number', value: 0.5, integer: false, raw: '.5', span },
  { kind: 'number', value: 5, integer: false, raw: '5.', span },
  { kind: 'number', value: 1500, integer: false, raw: '1.5e3', span },
);

export const literals: fc.Arbitrary<Ast.Expr> = fc.oneof(
  strings,
  numbers,
  fc.boolean().map((value): Ast.Expr => ({ kind: 'boolean', value, span })),
  fc.constant<Ast.Expr>({ kind: 'null', span }),
  fc
    .tuple(fc.constantFrom('-' as const, '+' as const), numbers)
    .map(([operator, operand]): Ast.Expr => ({ kind: 'unary', operator, word: false, operand, span })),
);

export const parameters: fc.Arbitrary<Ast.Name> = fc
  .constantFrom('p', 'q', 'path')
  .map((text) => ({ kind: 'name', text, span }));

// ── Expressions ──

/** In parentheses where it binds looser than `least`. */
function closed(expr: Ast.Expr, least: Precedence): Ast.Expr {
  return precedenceOf(expr) < least ? { kind: 'parenthesised-expr', value: expr, span } : expr;
}

function tighter(level: Precedence): Precedence {
  return Object.values(PRECEDENCE).find((candidate) => candidate > level) ?? PRECEDENCE.primary;
}

const OPERATORS: readonly (readonly [Ast.BinaryOperator, boolean])[] = [
  ...(['??', '||', '&&', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%'] as const).map(
    (operator) => [operator, false] as const,
  ),
  ['||', true],
  ['&&', true],
];

/** `??` stands in parentheses beside `||` and `&&`. */
function unmixed(operand: Ast.Expr, operator: Ast.BinaryOperator): Ast.Expr {
  const mixes = (one: string, other: string): boolean => one === '??' && (other === '||' || other === '&&');
  if (operand.kind !== 'binary') return operand;
  const mixed = mixes(operand.operator, operator) || mixes(operator, operand.operator);
  return mixed ? { kind: 'parenthesised-expr', value: operand, span } : operand;
}

function binary([operator, word]: readonly [Ast.BinaryOperator, boolean], left: Ast.Expr, right: Ast.Expr): Ast.Expr {
  const level = precedenceOf({ kind: 'binary', operator, word, left, right, span });
  return {
    kind: 'binary',
    operator,
    word,
    left: unmixed(closed(left, level), operator),
    right: unmixed(closed(right, tighter(level)), operator),
    span,
  };
}

const frameBounds: fc.Arbitrary<Ast.FrameBound> = fc.oneof(
  fc
    .constantFrom('unbounded-preceding' as const, 'current-row' as const, 'unbounded-following' as const)
    .map((bound): Ast.FrameBound => ({ kind: 'frame-bound', bound, offset: null, span })),
  fc
    .tuple(fc.constantFrom('preceding' as const, 'following' as const), numbers)
    .map(([bound, offset]): Ast.FrameBound => ({ kind: 'frame-bound', bound, offset, span })),
);

const frames: fc.Arbitrary<Ast.Frame> = fc
  .tuple(frameBounds, maybe(frameBounds))
  .map(([start, end]) => ({ kind: 'frame', start, end, span }));

export function sortItems(value: fc.Arbitrary<Ast.Expr>): fc.Arbitrary<Ast.SortItem> {
  return fc.record({
    kind: fc.constant('sort-item' as const),
    value,
    direction: fc.constantFrom('asc' as const, 'desc' as const),
    span: fc.constant(span),
  });
}

/** Letrec cuts a branch off at its `depthSize`; the counts here only weigh the kinds. */
const { expr } = fc.letrec<{ readonly expr: Ast.Expr }>((tie) => {
  const expr = tie('expr');
  const few = fc.array(expr, { maxLength: 2 });
  const primary = expr.map((inner) => closed(inner, PRECEDENCE.primary));
  const callee = fc.oneof(
    plainNames.map((name): Ast.Expr => ({ kind: 'name-expr', name, span })),
    fc.tuple(primary, words, fc.boolean()).map(([object, text, optional]): Ast.Expr => ({
      kind: 'member',
      object,
      member: { kind: 'name', text, span },
      optional,
      span,
    })),
  );
  const relational = expr.map((inner) => closed(inner, PRECEDENCE.relational));
  const additive = expr.map((inner) => closed(inner, PRECEDENCE.additive));
  const windows: fc.Arbitrary<Ast.Window> = fc
    .tuple(few, fc.array(sortItems(expr), { maxLength: 2 }), maybe(frames))
    .map(([partitionBy, orderBy, frame]) => ({ kind: 'window', partitionBy, orderBy, frame, span }));
  const leaf = fc.oneof(
    literals.filter(({ kind }) => kind !== 'unary'),
    names.map((name): Ast.Expr => ({ kind: 'name-expr', name, span })),
    parameters.map((name): Ast.Expr => ({ kind: 'parameter', name, span })),
  );
  return {
    expr: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'expr' },
      leaf,
      fc
        .tuple(fc.constantFrom(...OPERATORS), expr, expr)
        .map(([operator, left, right]) => binary(operator, left, right)),
      fc.tuple(fc.constantFrom('!' as const, '-' as const, '+' as const), expr).map(([operator, inner]): Ast.Expr => ({
        kind: 'unary',
        operator,
        word: false,
        operand: closed(inner, PRECEDENCE.unary),
        span,
      })),
      expr.map((inner): Ast.Expr => ({
        kind: 'unary',
        operator: '!',
        word: true,
        operand: closed(inner, PRECEDENCE.not),
        span,
      })),
      fc.tuple(expr, expr, expr).map(([test, consequent, alternate]): Ast.Expr => ({
        kind: 'conditional',
        test: closed(test, PRECEDENCE.coalesce),
        consequent,
        alternate,
        span,
      })),
      few.map((elements): Ast.Expr => ({ kind: 'array', elements, span })),
      expr.map((value): Ast.Expr => ({ kind: 'parenthesised-expr', value, span })),
      callee,
      fc
        .tuple(primary, expr, fc.boolean())
        .map(([object, index, optional]): Ast.Expr => ({ kind: 'index', object, index, optional, span })),
      fc.tuple(callee, few).map(([callee, args]): Ast.Expr => ({ kind: 'call', callee, arguments: args, span })),
      fc.tuple(maybe(expr), some(fc.tuple(expr, expr), 2), maybe(expr)).map(([subject, arms, otherwise]): Ast.Expr => ({
        kind: 'case',
        subject,
        arms: arms.map(([when, then]) => caseArm(when, then)),
        otherwise,
        span,
      })),
      fc
        .tuple(relational, some(expr, 2), fc.boolean())
        .map(([value, list, negated]): Ast.Expr => ({ kind: 'in', value, list, negated, span })),
      fc
        .tuple(relational, additive, additive, fc.boolean())
        .map(([value, low, high, negated]): Ast.Expr => ({ kind: 'between', value, low, high, negated, span })),
      fc
        .tuple(relational, additive, fc.boolean())
        .map(([value, pattern, negated]): Ast.Expr => ({ kind: 'like', value, pattern, negated, span })),
      fc
        .tuple(relational, fc.boolean())
        .map(([value, negated]): Ast.Expr => ({ kind: 'is-null', value, negated, span })),
      fc
        .tuple(plainNames, fc.constantFrom('star', 'distinct', 'window'), some(expr, 2), windows)
        .map(([name, form, args, over]): Ast.Expr => ({
          kind: 'aggregate',
          name,
          star: form === 'star',
          distinct: form === 'distinct',
          arguments: form === 'star' ? [] : args,
          over: form === 'window' ? over : null,
          span,
        })),
    ),
  };
});

function caseArm(when: Ast.Expr, then: Ast.Expr): Ast.CaseArm {
  // oxlint-disable-next-line unicorn/no-thenable -- the node is data and never awaited
  return { kind: 'case-arm', when, then, span };
}

export const expressions: fc.Arbitrary<Ast.Expr> = expr;
