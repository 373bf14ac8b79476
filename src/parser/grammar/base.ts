/**
 * What all rules share. The grammar is one Chevrotain parser, written as a chain of classes, a construct family each:
 * base ← expressions ← operators ← actions ← queries ← rowsets ← statements. Rules build the tree as they read; while
 * Chevrotain records them, tokens and sub-results are dummies, so spans are taken from tokens and never from nodes.
 */
import type { IParserConfig, TokenType } from 'chevrotain';
import { EmbeddedActionsParser, EOF, NoViableAltException } from '../../lexer/chevrotain.ts';
import * as T from '../../lexer/tokens.ts';
import type { Token } from '../../lexer/tokens.ts';
import { endOf, spanOf } from '../../lexer/tokenize.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { diagnostic } from '../../diagnostics/catalogue/index.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Expr, Name, StringLiteral, TypeNode } from '../ast.ts';
import { MAX_DEPTH } from '../expression/read.ts';
import { leaf, nameOf, numberOf, parameterOf, stringOf } from '../leaves.ts';
import { failureMessages } from '../failure-messages.ts';
import { LazyLookahead } from './lookahead.ts';

/** How deep rowsets may stand in rowsets: each level costs some thirty frames of the JavaScript stack. */
export const MAX_ROWSET_DEPTH = 100;

export interface GrammarOptions {
  /** Chevrotain's own checks of the grammar: wanted in tests, too slow for every start. */
  readonly validate?: boolean;
}

export class BaseGrammar extends EmbeddedActionsParser {
  /** Index of the source being parsed. */
  protected source = 0;
  /** What was found while reading on: it does not end the statement. */
  protected remarks: Diagnostic[] = [];
  /** Where the nesting got too deep, if it did. */
  protected depthExceeded: { readonly token: Token; readonly limit: number } | null = null;
  #rowsetDepth = 0;
  /** Made when first asked for: a look ahead from each of many brackets would be quadratic. */
  #behindBrackets: ReadonlyMap<Token, Token> | null = null;

  constructor(options: GrammarOptions) {
    const config: IParserConfig = {
      maxLookahead: 1,
      lookaheadStrategy: new LazyLookahead({ maxLookahead: 1 }),
      recoveryEnabled: false,
      errorMessageProvider: failureMessages,
      skipValidations: options.validate !== true,
    };
    super([...T.ALL_TOKENS], config);
  }

  /** Offset where the next token begins. */
  protected start(): number {
    return this.LA(1).startOffset;
  }

  /** From an offset to the end of the last token taken. */
  protected span(start: number): Span {
    return { source: this.source, start, end: Math.max(start, endOf(this.LA(0))) };
  }

  /** The empty place in front of the next token. */
  protected emptySpan(): Span {
    const next = this.LA(1);
    const at = Number.isNaN(next.startOffset) ? endOf(this.LA(0)) : next.startOffset;
    return { source: this.source, start: at, end: at };
  }

  protected nextIs(type: TokenType, ahead = 1): boolean {
    return this.LA(ahead).tokenType === type;
  }

  /** Whether the statement has no n-th token from here. */
  protected atEnd(ahead = 1): boolean {
    return this.nextIs(EOF, ahead);
  }

  protected nextIsName(ahead = 1): boolean {
    return this.nextIs(T.Identifier, ahead) || this.nextIs(T.QuotedName, ahead);
  }

  /** Ends the statement here with "expected …". */
  protected fail(expected: string): never {
    const error = new NoViableAltException(expected, this.LA(1), this.LA(0));
    this.errors = [error];
    throw error;
  }

  protected tooDeep(limit: number = MAX_DEPTH): never {
    this.depthExceeded = { token: this.LA(0), limit };
    return this.fail('less nesting');
  }

  protected remarkMixed(place: Token, operator: string, other: string): void {
    this.remarks.push(diagnostic('PS1120', spanOf(place, this.source), { operator, other }));
  }

  protected remarkMisplacedNot(place: Token): void {
    this.remarks.push(diagnostic('PS1122', spanOf(place, this.source), {}));
  }

  /** Runs a rule that may stand in itself, with its depth counted. */
  protected nested<T>(read: () => T): T {
    if (this.RECORDING_PHASE) return read();
    if (this.#rowsetDepth >= MAX_ROWSET_DEPTH) this.tooDeep(MAX_ROWSET_DEPTH);
    this.#rowsetDepth += 1;
    const result = read();
    this.#rowsetDepth -= 1;
    return result;
  }

  /** The token behind the bracket that closes an opening one; undefined where there is none. */
  protected tokenBehindBracket(open: Token): Token | undefined {
    this.#behindBrackets ??= tokensBehindBrackets(this.input);
    return this.#behindBrackets.get(open);
  }

  protected resetState(source: number): void {
    this.#behindBrackets = null;
    this.source = source;
    this.remarks = [];
    this.depthExceeded = null;
    this.#rowsetDepth = 0;
  }

  // ── Names, literals, types ──

  readonly name = this.RULE('name', (): Name => nameOf(this.CONSUME(T.NameToken), this.source));

  readonly parameter = this.RULE('parameter', (): Name => parameterOf(this.CONSUME(T.ParameterName), this.source));

  readonly string = this.RULE('string', (): StringLiteral => stringOf(this.CONSUME(T.StringToken), this.source));

  /** `[-|+] number | string | true | false | null` */
  readonly literal = this.RULE('literal', (): Expr => {
    const start = this.start();
    return this.OR<Expr>([
      {
        ALT: () => {
          const sign = this.OR1([{ ALT: () => this.CONSUME(T.Minus) }, { ALT: () => this.CONSUME(T.Plus) }]);
          const operand = numberOf(this.CONSUME(T.NumberToken), this.source);
          const operator = sign.tokenType === T.Minus ? '-' : '+';
          return { kind: 'unary', operator, word: false, operand, span: this.span(start) };
        },
      },
      { ALT: () => this.constant(this.CONSUME1(T.NumberToken)) },
      { ALT: () => this.constant(this.CONSUME(T.StringToken)) },
      { ALT: () => this.constant(this.CONSUME(T.TrueWord)) },
      { ALT: () => this.constant(this.CONSUME(T.FalseWord)) },
      { ALT: () => this.constant(this.CONSUME(T.NullLiteralWord)) },
    ]);
  });

  protected constant(token: Token): Expr {
    return leaf(token, this.source) ?? { kind: 'null', span: spanOf(token, this.source) };
  }

  /** `name { '[' ']' | '?' }` */
  readonly type = this.RULE('type', (): TypeNode => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    let type: TypeNode = { kind: 'named-type', name, span: this.span(start) };
    let height = 1;
    this.MANY(() => {
      type = this.OR<TypeNode>([
        {
          ALT: () => {
            this.CONSUME(T.OpenBracket);
            this.CONSUME(T.CloseBracket);
            return { kind: 'array-type', element: type, span: this.span(start) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Question);
            // A `T?` made nullable again is itself; printed twice, `??` would be another token.
            const base = type.kind === 'nullable-type' ? type.base : type;
            return { kind: 'nullable-type', base, span: this.span(start) };
          },
        },
      ]);
      height += 1;
      if (height > MAX_DEPTH) this.tooDeep();
    });
    return type;
  });
}

function tokensBehindBrackets(tokens: readonly Token[]): ReadonlyMap<Token, Token> {
  const behind = new Map<Token, Token>();
  const open: Token[] = [];
  tokens.forEach((token, at) => {
    if (token.tokenType === T.OpenParen) open.push(token);
    const next = tokens[at + 1];
    const opened = token.tokenType === T.CloseParen ? open.pop() : undefined;
    if (opened !== undefined && next !== undefined) behind.set(opened, next);
  });
  return behind;
}
