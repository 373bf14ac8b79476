/** What waits on the stack of {@link readExpression} for its next operand, and the nodes that come of it. */
import type { Token } from '../../lexer/tokens.ts';
import { endOf } from '../../lexer/tokenize.ts';
import type { Span } from '../../diagnostics/span.ts';
import { spanning } from '../../diagnostics/span.ts';
import type { CaseArm, Expr, UnaryExpr } from '../ast.ts';
import { PRECEDENCE, precedenceOf, type BinaryToken, type Precedence } from './precedence.ts';

/** A finished part: its node, how many levels stand on its leaves, how tight its outermost operator binds. */
export interface Operand {
  readonly node: Expr;
  readonly height: number;
  readonly precedence: Precedence;
}

/** An operator that waits for its right operand. */
export type Operator =
  | { readonly kind: 'prefix'; readonly token: Token; readonly operator: UnaryExpr['operator']; readonly word: boolean }
  | { readonly kind: 'binary'; readonly token: Token; readonly left: Operand; readonly binary: BinaryToken }
  | { readonly kind: 'like'; readonly value: Operand; readonly negated: boolean }
  | { readonly kind: 'in'; readonly value: Operand; readonly negated: boolean }
  | { readonly kind: 'between-low'; readonly value: Operand; readonly negated: boolean }
  | { readonly kind: 'between-high'; readonly value: Operand; readonly negated: boolean; readonly low: Operand }
  | { readonly kind: 'otherwise'; readonly test: Operand; readonly consequent: Operand };

/** Something that was opened and waits for what closes it. */
export type Bracket =
  | { readonly kind: 'group'; readonly open: Token }
  | { readonly kind: 'consequent'; readonly test: Operand }
  | { readonly kind: 'call'; readonly callee: Operand; readonly items: Operand[]; readonly distinct: boolean }
  | { readonly kind: 'array'; readonly open: Token; readonly items: Operand[] }
  | { readonly kind: 'index'; readonly object: Operand; readonly optional: boolean }
  | { readonly kind: 'list'; readonly value: Operand; readonly negated: boolean; readonly items: Operand[] }
  | CaseBracket;

export interface CaseBracket {
  readonly kind: 'case';
  readonly open: Token;
  readonly phase: 'subject' | 'when' | 'result' | 'else';
  readonly subject: Operand | null;
  readonly arms: CaseArm[];
  /** The arm under way: where its WHEN stands, and its condition once THEN is read. */
  readonly when: { readonly start: number; readonly condition: Operand | null };
  readonly height: number;
}

export type Entry = Operator | Bracket;

export function isBracket(entry: Entry): entry is Bracket {
  switch (entry.kind) {
    case 'group':
    case 'consequent':
    case 'call':
    case 'array':
    case 'index':
    case 'list':
    case 'case':
      return true;
    default:
      return false;
  }
}

export function precedenceOfOperator(operator: Operator): Precedence {
  switch (operator.kind) {
    case 'prefix':
      return operator.word ? PRECEDENCE.not : PRECEDENCE.unary;
    case 'binary':
      return operator.binary.precedence;
    case 'otherwise':
      return PRECEDENCE.conditional;
    case 'like':
    case 'in':
    case 'between-low':
    case 'between-high':
      return PRECEDENCE.relational;
  }
}

/** An operand from its node and the parts it stands on. */
export function operand(node: Expr, parts: readonly (Operand | null)[] = []): Operand {
  let height = -1;
  for (const part of parts) if (part !== null && part.height > height) height = part.height;
  return { node, height: height + 1, precedence: precedenceOf(node) };
}

/** The span from a token to the end of a node. */
export function from(token: Token, node: { readonly span: Span }): Span {
  return { source: node.span.source, start: token.startOffset, end: node.span.end };
}

/** The span from a node to a token's end. */
export function upTo(node: { readonly span: Span }, token: Token): Span {
  return { source: node.span.source, start: node.span.start, end: endOf(token) };
}

/** The node of an operator whose last operand is there; null for the low bound of BETWEEN, which still wants AND. */
export function combine(operator: Operator, right: Operand): Operand | null {
  const last = right.node;
  switch (operator.kind) {
    case 'prefix': {
      const { operator: sign, word, token } = operator;
      return operand({ kind: 'unary', operator: sign, word, operand: last, span: from(token, last) }, [right]);
    }
    case 'binary': {
      const left = operator.left.node;
      const { operator: sign, word } = operator.binary;
      const span = spanning(left.span, last.span);
      return operand({ kind: 'binary', operator: sign, word, left, right: last, span }, [operator.left, right]);
    }
    case 'otherwise': {
      const [test, consequent] = [operator.test.node, operator.consequent.node];
      const span = spanning(test.span, last.span);
      const node: Expr = { kind: 'conditional', test, consequent, alternate: last, span };
      return operand(node, [operator.test, operator.consequent, right]);
    }
    case 'between-low':
      return null;
    default:
      return combineRelation(operator, right);
  }
}

type Relation = Extract<Operator, { readonly kind: 'like' | 'in' | 'between-high' }>;

function combineRelation(operator: Relation, right: Operand): Operand {
  const value = operator.value.node;
  const { negated } = operator;
  const span = spanning(value.span, right.node.span);
  switch (operator.kind) {
    case 'like':
      return operand({ kind: 'like', value, pattern: right.node, negated, span }, [operator.value, right]);
    case 'in':
      return operand({ kind: 'in', value, list: [right.node], negated, span }, [operator.value, right]);
    case 'between-high': {
      const low = operator.low.node;
      const node: Expr = { kind: 'between', value, low, high: right.node, negated, span };
      return operand(node, [operator.value, operator.low, right]);
    }
  }
}
