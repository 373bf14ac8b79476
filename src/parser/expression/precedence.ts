/** The operators of expressions and how tight they bind: TypeScript's order, with SQL's words put beside their kin. */
import type { TokenType } from 'chevrotain';
import type { BinaryOperator, Expr } from '../ast.ts';
import * as T from '../../lexer/tokens.ts';

/** Higher binds tighter. */
export const PRECEDENCE = {
  conditional: 0,
  coalesce: 1,
  or: 2,
  and: 3,
  not: 4,
  equality: 5,
  relational: 6,
  additive: 7,
  multiplicative: 8,
  unary: 9,
  primary: 10,
} as const;

export type Precedence = (typeof PRECEDENCE)[keyof typeof PRECEDENCE];

const OPERATOR_PRECEDENCE: Readonly<Record<BinaryOperator, Precedence>> = {
  '??': PRECEDENCE.coalesce,
  '||': PRECEDENCE.or,
  '&&': PRECEDENCE.and,
  '==': PRECEDENCE.equality,
  '!=': PRECEDENCE.equality,
  '<': PRECEDENCE.relational,
  '<=': PRECEDENCE.relational,
  '>': PRECEDENCE.relational,
  '>=': PRECEDENCE.relational,
  '+': PRECEDENCE.additive,
  '-': PRECEDENCE.additive,
  '*': PRECEDENCE.multiplicative,
  '/': PRECEDENCE.multiplicative,
  '%': PRECEDENCE.multiplicative,
};

export interface BinaryToken {
  readonly operator: BinaryOperator;
  /** Written `AND`, `OR`. */
  readonly word: boolean;
  readonly precedence: Precedence;
}

function binary(operator: BinaryOperator, word = false): BinaryToken {
  return { operator, word, precedence: OPERATOR_PRECEDENCE[operator] };
}

/** Equality and inequality have more than one spelling, of which the lexer has spoken already. */
export const BINARY_TOKENS: ReadonlyMap<TokenType, BinaryToken> = new Map([
  [T.Coalesce, binary('??')],
  [T.OrOr, binary('||')],
  [T.Or, binary('||', true)],
  [T.AndAnd, binary('&&')],
  [T.And, binary('&&', true)],
  [T.Equal, binary('==')],
  [T.NotEqual, binary('!=')],
  [T.Less, binary('<')],
  [T.LessEqual, binary('<=')],
  [T.Greater, binary('>')],
  [T.GreaterEqual, binary('>=')],
  [T.Plus, binary('+')],
  [T.Minus, binary('-')],
  [T.Star, binary('*')],
  [T.Slash, binary('/')],
  [T.Percent, binary('%')],
]);

/** How tight the outermost operator of a tree binds; what is closed in itself is primary. */
export function precedenceOf(expr: Expr): Precedence {
  switch (expr.kind) {
    case 'binary':
      return OPERATOR_PRECEDENCE[expr.operator];
    case 'unary':
      return expr.word ? PRECEDENCE.not : PRECEDENCE.unary;
    case 'conditional':
      return PRECEDENCE.conditional;
    case 'in':
    case 'between':
    case 'like':
    case 'is-null':
      return PRECEDENCE.relational;
    default:
      return PRECEDENCE.primary;
  }
}
