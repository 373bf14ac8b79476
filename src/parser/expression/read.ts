/**
 * Reads one expression with a stack of its own, by operator precedence (Dijkstra's shunting-yard algorithm, with
 * brackets, CASE and ?: as barriers). The rules in grammar/expressions.ts say what an expression is, and Chevrotain takes
 * its lookahead, its diagrams and its list of expected tokens from them; they are not run, since a thousand nested
 * parentheses would need some twenty thousand frames of the JavaScript stack, and it has half of that.
 * test/parser/expression-grammar.test.ts holds the two together.
 */
import type { TokenType } from 'chevrotain';
import * as T from '../../lexer/tokens.ts';
import type { Token } from '../../lexer/tokens.ts';
import { endOf } from '../../lexer/tokenize.ts';
import { spanning, type Span } from '../../diagnostics/span.ts';
import type { BinaryOperator, Expr, Window } from '../ast.ts';
import { BINARY_TOKENS, PRECEDENCE, type BinaryToken, type Precedence } from './precedence.ts';
import { closeCase, NEXT_IN_CASE, openCase, stepCase } from './case.ts';
import {
  combine,
  isBracket,
  operand,
  precedenceOfOperator,
  upTo,
  type Bracket,
  type Entry,
  type Operand,
  type Operator,
} from './entries.ts';
import { leaf, memberName } from '../leaves.ts';

/** How the reader sees the tokens, and what it leaves to the parser. */
export interface Cursor {
  readonly source: number;
  /** The n-th token from here; 1 is the next one, 0 the last one taken. */
  peek(n: number): Token;
  take(): Token;
  /** Ends the statement with "expected …" at the next token. */
  fail(expected: string): never;
  tooDeep(): never;
  /** Reports `??` beside `||` or `&&`. */
  mixed(place: Token, operator: string, other: string): void;
  /** Reports NOT where only tighter operators may stand. */
  misplacedNot(place: Token): void;
  window(): Window;
}

/** The most levels a tree may have; the later passes recurse over it. */
export const MAX_DEPTH = 1000;

export function readExpression(cursor: Cursor): Expr {
  return new Reader(cursor).read();
}

/** What a step yields: the new value, null where another operand must follow, undefined where the step does not apply. */
type Step = Operand | null | undefined;

class Reader {
  readonly #cursor: Cursor;
  readonly #stack: Entry[] = [];

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  read(): Expr {
    let value = this.#operand();
    for (;;) {
      const step = this.#step(value);
      if (step === undefined) return this.#finish(value);
      value = step ?? this.#operand();
    }
  }

  get #next(): TokenType {
    return this.#cursor.peek(1).tokenType;
  }

  #push(entry: Entry): null {
    if (this.#stack.push(entry) > MAX_DEPTH) this.#cursor.tooDeep();
    return null;
  }

  #checked(value: Operand): Operand {
    return value.height > MAX_DEPTH ? this.#cursor.tooDeep() : value;
  }

  // ── Where an operand must stand ──

  /** Takes prefix operators and opening brackets up to a value that is whole in itself. */
  #operand(): Operand {
    for (;;) {
      const token = this.#cursor.peek(1);
      switch (token.tokenType) {
        case T.Bang:
          this.#prefix('!', false);
          break;
        case T.Minus:
          this.#prefix('-', false);
          break;
        case T.Plus:
          this.#prefix('+', false);
          break;
        case T.Not:
          this.#checkNot(token);
          this.#prefix('!', true);
          break;
        case T.OpenParen:
          this.#push({ kind: 'group', open: this.#cursor.take() });
          break;
        case T.OpenBracket: {
          const open = this.#cursor.take();
          if (this.#next === T.CloseBracket) return this.#closeArray(open, []);
          this.#push({ kind: 'array', open, items: [] });
          break;
        }
        case T.Case:
          this.#push(openCase(this.#cursor));
          break;
        default: {
          const node = leaf(token, this.#cursor.source);
          if (node === null) return this.#cursor.fail('an expression');
          this.#cursor.take();
          return operand(node);
        }
      }
    }
  }

  #prefix(operator: '!' | '-' | '+', word: boolean): void {
    this.#push({ kind: 'prefix', token: this.#cursor.take(), operator, word });
  }

  #checkNot(token: Token): void {
    const top = this.#stack.at(-1);
    if (top !== undefined && !isBracket(top) && precedenceOfOperator(top) > PRECEDENCE.not) {
      this.#cursor.misplacedNot(token);
    }
  }

  // ── Behind an operand ──

  #step(value: Operand): Step {
    const postfix = value.precedence === PRECEDENCE.primary ? this.#postfix(value) : undefined;
    if (postfix !== undefined) return postfix;
    const separator = this.#separator(value);
    return separator === undefined ? this.#infix(value) : separator;
  }

  #postfix(object: Operand): Step {
    switch (this.#next) {
      case T.Dot:
        return this.#member(object, false);
      case T.OptionalDot:
        if (this.#cursor.peek(2).tokenType !== T.OpenBracket) return this.#member(object, true);
        this.#cursor.take();
        return this.#openIndex(object, true);
      case T.OpenBracket:
        return this.#openIndex(object, false);
      case T.OpenParen:
        return this.#openCall(object);
      default:
        return undefined;
    }
  }

  #member(object: Operand, optional: boolean): Operand {
    this.#cursor.take();
    const member = memberName(this.#cursor.peek(1), this.#cursor.source);
    if (member === null) return this.#cursor.fail('the name of a member');
    const span = upTo(object.node, this.#cursor.take());
    return this.#checked(operand({ kind: 'member', object: object.node, member, optional, span }, [object]));
  }

  #openIndex(object: Operand, optional: boolean): null {
    this.#cursor.take();
    return this.#push({ kind: 'index', object, optional });
  }

  /** Only a name or a member can be called; `*` and DISTINCT only stand in the call of a plain name. */
  #openCall(callee: Operand): Step {
    const { kind } = callee.node;
    if (kind !== 'name-expr' && kind !== 'member') return undefined;
    this.#cursor.take();
    if (this.#next === T.CloseParen) return this.#closeCall(callee, [], false, false);
    if (kind === 'name-expr' && this.#next === T.Star) {
      this.#cursor.take();
      if (this.#next !== T.CloseParen) return this.#cursor.fail('")"');
      return this.#closeCall(callee, [], true, false);
    }
    const distinct = kind === 'name-expr' && this.#next === T.Distinct;
    if (distinct) this.#cursor.take();
    return this.#push({ kind: 'call', callee, items: [], distinct });
  }

  #separator(value: Operand): Step {
    switch (this.#next) {
      case T.Comma:
        return this.#comma(value);
      case T.CloseParen:
      case T.CloseBracket:
        return this.#close(value);
      case T.Colon:
        return this.#colon(value);
      case T.When:
      case T.Then:
      case T.Else:
      case T.End:
        return this.#case(value);
      default:
        return undefined;
    }
  }

  /** The innermost open bracket and the value within it, finished; undefined where nothing is open. */
  #innermost(value: Operand): { readonly bracket: Bracket; readonly inner: Operand } | undefined {
    if (!this.#stack.some(isBracket)) return undefined;
    const inner = this.#reduce(value, PRECEDENCE.conditional);
    const bracket = this.#stack.at(-1);
    return bracket !== undefined && isBracket(bracket) ? { bracket, inner } : undefined;
  }

  #comma(value: Operand): Step {
    const open = this.#innermost(value);
    if (open === undefined) return undefined;
    const { bracket, inner } = open;
    if (!('items' in bracket)) return this.#unclosed(bracket);
    this.#cursor.take();
    bracket.items.push(inner);
    return null;
  }

  #close(value: Operand): Step {
    const open = this.#innermost(value);
    if (open === undefined) return undefined;
    const { bracket, inner } = open;
    if (bracket.kind === 'case' || bracket.kind === 'consequent') return this.#unclosed(bracket);
    const square = bracket.kind === 'array' || bracket.kind === 'index';
    if (this.#next !== (square ? T.CloseBracket : T.CloseParen)) return this.#unclosed(bracket);
    this.#stack.pop();
    return this.#checked(this.#closed(bracket, inner));
  }

  #closed(bracket: Exclude<Bracket, { readonly kind: 'case' | 'consequent' }>, inner: Operand): Operand {
    switch (bracket.kind) {
      case 'group': {
        const span = this.#closedFrom(bracket.open.startOffset);
        return operand({ kind: 'parenthesised-expr', value: inner.node, span }, [inner]);
      }
      case 'array':
        return this.#closeArray(bracket.open, [...bracket.items, inner]);
      case 'index': {
        const object = bracket.object.node;
        const span = this.#closedFrom(object.span.start);
        const { optional } = bracket;
        return operand({ kind: 'index', object, index: inner.node, optional, span }, [bracket.object, inner]);
      }
      case 'call':
        return this.#closeCall(bracket.callee, [...bracket.items, inner], false, bracket.distinct);
      case 'list': {
        const items = [...bracket.items, inner];
        const value = bracket.value.node;
        const span = this.#closedFrom(value.span.start);
        const list = items.map((item) => item.node);
        return operand({ kind: 'in', value, list, negated: bracket.negated, span }, [bracket.value, ...items]);
      }
    }
  }

  /** Takes the closing bracket; the span from an offset up to it. */
  #closedFrom(start: number): Span {
    const source = this.#cursor.source;
    return { source, start, end: endOf(this.#cursor.take()) };
  }

  #closeArray(open: Token, items: readonly Operand[]): Operand {
    const span = this.#closedFrom(open.startOffset);
    return operand({ kind: 'array', elements: items.map((item) => item.node), span }, items);
  }

  #closeCall(callee: Operand, items: readonly Operand[], star: boolean, distinct: boolean): Operand {
    const span = this.#closedFrom(callee.node.span.start);
    const args = items.map((item) => item.node);
    if (callee.node.kind === 'name-expr') {
      const over = this.#next === T.Over ? this.#cursor.window() : null;
      if (star || distinct || over !== null) {
        const { name } = callee.node;
        const whole = over === null ? span : spanning(span, over.span);
        return operand({ kind: 'aggregate', name, star, distinct, arguments: args, over, span: whole }, items);
      }
    }
    return operand({ kind: 'call', callee: callee.node, arguments: args, span }, [callee, ...items]);
  }

  #colon(value: Operand): Step {
    const open = this.#innermost(value);
    if (open === undefined) return undefined;
    const { bracket, inner } = open;
    if (bracket.kind !== 'consequent') return this.#unclosed(bracket);
    this.#cursor.take();
    this.#stack.pop();
    return this.#push({ kind: 'otherwise', test: bracket.test, consequent: inner });
  }

  #case(value: Operand): Step {
    const open = this.#innermost(value);
    if (open === undefined) return undefined;
    const { bracket, inner } = open;
    if (bracket.kind !== 'case') return this.#unclosed(bracket);
    this.#stack.pop();
    if (this.#next === T.End) return this.#checked(closeCase(bracket, inner, this.#cursor));
    return this.#push(stepCase(bracket, inner, this.#cursor));
  }

  // ── Infix operators ──

  #infix(value: Operand): Step {
    const binary = BINARY_TOKENS.get(this.#next);
    if (binary !== undefined) return this.#binary(value, binary);
    switch (this.#next) {
      case T.Question: {
        const test = this.#reduce(value, PRECEDENCE.coalesce);
        this.#cursor.take();
        return this.#push({ kind: 'consequent', test });
      }
      case T.Is:
        return this.#isNull(value);
      case T.Not:
      case T.In:
      case T.Like:
      case T.Between:
        return this.#relation(value);
      default:
        return undefined;
    }
  }

  #binary(value: Operand, binary: BinaryToken): Step {
    if (value.precedence < binary.precedence) return undefined;
    if (this.#next === T.And) {
      const low = this.#reduce(value, PRECEDENCE.additive);
      const top = this.#stack.at(-1);
      if (top?.kind === 'between-low') {
        this.#stack.pop();
        this.#cursor.take();
        return this.#push({ ...top, kind: 'between-high', low });
      }
      return this.#pushBinary(low, binary);
    }
    return this.#pushBinary(value, binary);
  }

  #pushBinary(value: Operand, binary: BinaryToken): null {
    const left = this.#reduce(value, binary.precedence);
    return this.#push({ kind: 'binary', token: this.#cursor.take(), left, binary });
  }

  #isNull(left: Operand): Operand {
    const value = this.#reduce(left, PRECEDENCE.relational);
    this.#cursor.take();
    const negated = this.#next === T.Not;
    if (negated) this.#cursor.take();
    if (this.#next !== T.NullWord) return this.#cursor.fail(negated ? 'NULL' : 'NULL or NOT NULL');
    const span = upTo(value.node, this.#cursor.take());
    return this.#checked(operand({ kind: 'is-null', value: value.node, negated, span }, [value]));
  }

  #relation(left: Operand): Step {
    const negated = this.#next === T.Not;
    const kind = this.#cursor.peek(negated ? 2 : 1).tokenType;
    if (kind !== T.In && kind !== T.Like && kind !== T.Between) return undefined;
    const value = this.#reduce(left, PRECEDENCE.relational);
    if (negated) this.#cursor.take();
    this.#cursor.take();
    if (kind === T.Like) return this.#push({ kind: 'like', value, negated });
    if (kind === T.Between) return this.#push({ kind: 'between-low', value, negated });
    if (this.#next !== T.OpenParen) return this.#push({ kind: 'in', value, negated });
    this.#cursor.take();
    return this.#push({ kind: 'list', value, negated, items: [] });
  }

  // ── Reducing ──

  /** Gives the operators on the stack that bind at least so tight their right operand. */
  #reduce(value: Operand, least: Precedence): Operand {
    let right = value;
    for (;;) {
      const top = this.#stack.at(-1);
      if (top === undefined || isBracket(top) || precedenceOfOperator(top) < least) return right;
      this.#stack.pop();
      if (top.kind === 'binary') this.#checkMixed(top, right);
      right = this.#checked(combine(top, right) ?? this.#cursor.fail('AND'));
    }
  }

  #checkMixed(top: Extract<Operator, { readonly kind: 'binary' }>, right: Operand): void {
    for (const { node } of [top.left, right]) {
      if (node.kind !== 'binary' || !mixes(node.operator, top.binary.operator)) continue;
      const [first, second] = node === right.node ? [top.binary, node] : [node, top.binary];
      this.#cursor.mixed(top.token, spelling(first), spelling(second));
    }
  }

  #finish(value: Operand): Expr {
    const whole = this.#reduce(value, PRECEDENCE.conditional);
    const open = this.#stack.at(-1);
    return open !== undefined && isBracket(open) ? this.#unclosed(open) : whole.node;
  }

  #unclosed(bracket: Bracket): never {
    switch (bracket.kind) {
      case 'group':
        return this.#cursor.fail('")"');
      case 'call':
      case 'list':
        return this.#cursor.fail('"," or ")"');
      case 'array':
        return this.#cursor.fail('"," or "]"');
      case 'index':
        return this.#cursor.fail('"]"');
      case 'consequent':
        return this.#cursor.fail('":"');
      case 'case':
        return this.#cursor.fail(NEXT_IN_CASE[bracket.phase]);
    }
  }
}

function mixes(one: BinaryOperator, other: BinaryOperator): boolean {
  return one === '??' ? other === '||' || other === '&&' : other === '??' && (one === '||' || one === '&&');
}

function spelling({ operator, word }: { readonly operator: BinaryOperator; readonly word: boolean }): string {
  if (!word) return operator;
  return operator === '||' ? 'OR' : 'AND';
}
