import type { ParserMethod } from 'chevrotain';
import * as T from '../../lexer/tokens.ts';
import type { Window } from '../ast.ts';
import { BaseGrammar } from './base.ts';

/**
 * What an expression is, tightest last: TypeScript's levels with SQL's words beside them. These rules are recorded, for
 * lookahead and diagrams, and run only by tests; expression/read.ts reads expressions, and builds their tree.
 */
export abstract class ExpressionShape extends BaseGrammar {
  abstract readonly window: ParserMethod<[], Window>;

  readonly conditional = this.RULE('conditional', (): void => {
    this.SUBRULE1(this.coalesce);
    this.OPTION(() => {
      this.CONSUME(T.Question);
      this.SUBRULE2(this.conditional);
      this.CONSUME(T.Colon);
      this.SUBRULE3(this.conditional);
    });
  });

  readonly coalesce = this.RULE('coalesce', (): void => {
    this.AT_LEAST_ONE_SEP({ SEP: T.Coalesce, DEF: () => this.SUBRULE(this.disjunction) });
  });

  readonly disjunction = this.RULE('disjunction', (): void => {
    this.SUBRULE1(this.conjunction);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.OrOr) }, { ALT: () => this.CONSUME(T.Or) }]);
      this.SUBRULE2(this.conjunction);
    });
  });

  readonly conjunction = this.RULE('conjunction', (): void => {
    this.SUBRULE1(this.negation);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.AndAnd) }, { ALT: () => this.CONSUME(T.And) }]);
      this.SUBRULE2(this.negation);
    });
  });

  readonly negation = this.RULE('negation', (): void => {
    this.MANY(() => this.CONSUME(T.Not));
    this.SUBRULE(this.equality);
  });

  readonly equality = this.RULE('equality', (): void => {
    this.SUBRULE1(this.relation);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.Equal) }, { ALT: () => this.CONSUME(T.NotEqual) }]);
      this.SUBRULE2(this.relation);
    });
  });

  readonly relation = this.RULE('relation', (): void => {
    this.SUBRULE(this.sum);
    this.MANY(() => this.SUBRULE(this.relationTail));
  });

  readonly relationTail = this.RULE('relationTail', (): void => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.ordering);
          this.SUBRULE(this.sum);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Is);
          this.OPTION1(() => this.CONSUME1(T.Not));
          this.CONSUME(T.NullWord);
        },
      },
      {
        ALT: () => {
          this.OPTION2(() => this.CONSUME2(T.Not));
          this.SUBRULE(this.range);
        },
      },
    ]);
  });

  readonly ordering = this.RULE('ordering', (): void => {
    this.OR([
      { ALT: () => this.CONSUME(T.Less) },
      { ALT: () => this.CONSUME(T.LessEqual) },
      { ALT: () => this.CONSUME(T.Greater) },
      { ALT: () => this.CONSUME(T.GreaterEqual) },
    ]);
  });

  readonly range = this.RULE('range', (): void => {
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(T.In);
          this.OR2({
            DEF: [{ ALT: () => this.SUBRULE(this.list) }, { ALT: () => this.SUBRULE1(this.sum) }],
            IGNORE_AMBIGUITIES: true,
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Like);
          this.SUBRULE2(this.sum);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Between);
          this.SUBRULE3(this.sum);
          this.CONSUME(T.And);
          this.SUBRULE4(this.sum);
        },
      },
    ]);
  });

  readonly list = this.RULE('list', (): void => {
    this.CONSUME(T.OpenParen);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.conditional) });
    this.CONSUME(T.CloseParen);
  });

  readonly sum = this.RULE('sum', (): void => {
    this.SUBRULE1(this.product);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.Plus) }, { ALT: () => this.CONSUME(T.Minus) }]);
      this.SUBRULE2(this.product);
    });
  });

  readonly product = this.RULE('product', (): void => {
    this.SUBRULE1(this.prefixed);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Star) },
        { ALT: () => this.CONSUME(T.Slash) },
        { ALT: () => this.CONSUME(T.Percent) },
      ]);
      this.SUBRULE2(this.prefixed);
    });
  });

  readonly prefixed = this.RULE('prefixed', (): void => {
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Bang) },
        { ALT: () => this.CONSUME(T.Minus) },
        { ALT: () => this.CONSUME(T.Plus) },
      ]);
    });
    this.SUBRULE(this.chain);
  });

  /** A value with its members and indexes; only a name or a member can be called. */
  readonly chain = this.RULE('chain', (): void => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(T.Dot);
            this.SUBRULE1(this.member);
          },
        },
        { ALT: () => this.SUBRULE1(this.index) },
        {
          ALT: () => {
            this.CONSUME(T.OptionalDot);
            this.OR1([{ ALT: () => this.SUBRULE2(this.member) }, { ALT: () => this.SUBRULE2(this.index) }]);
          },
        },
      ]);
    });
  });

  readonly member = this.RULE('member', (): void => {
    this.CONSUME(T.MemberToken);
    this.OPTION(() => {
      this.CONSUME(T.OpenParen);
      this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.conditional) });
      this.CONSUME(T.CloseParen);
    });
  });

  readonly index = this.RULE('index', (): void => {
    this.CONSUME(T.OpenBracket);
    this.SUBRULE(this.conditional);
    this.CONSUME(T.CloseBracket);
  });

  readonly operand = this.RULE('operand', (): void => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.NameToken);
          this.OPTION(() => this.SUBRULE(this.call));
        },
      },
      { ALT: () => this.CONSUME(T.ParameterName) },
      { ALT: () => this.CONSUME(T.NumberToken) },
      { ALT: () => this.CONSUME(T.StringToken) },
      { ALT: () => this.CONSUME(T.TrueWord) },
      { ALT: () => this.CONSUME(T.FalseWord) },
      { ALT: () => this.CONSUME(T.NullLiteralWord) },
      { ALT: () => this.SUBRULE(this.array) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.caseExpression) },
    ]);
  });

  /** The call of a plain name, which may be an aggregate or a window function. */
  readonly call = this.RULE('call', (): void => {
    this.CONSUME(T.OpenParen);
    this.OPTION1(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Star) },
        {
          ALT: () => {
            this.OPTION2(() => this.CONSUME(T.Distinct));
            this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.conditional) });
          },
        },
      ]);
    });
    this.CONSUME(T.CloseParen);
    this.OPTION3(() => this.SUBRULE(this.window));
  });

  readonly array = this.RULE('array', (): void => {
    this.CONSUME(T.OpenBracket);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.conditional) });
    this.CONSUME(T.CloseBracket);
  });

  readonly group = this.RULE('group', (): void => {
    this.CONSUME(T.OpenParen);
    this.SUBRULE(this.conditional);
    this.CONSUME(T.CloseParen);
  });

  readonly caseExpression = this.RULE('caseExpression', (): void => {
    this.CONSUME(T.Case);
    this.OPTION1(() => this.SUBRULE1(this.conditional));
    this.AT_LEAST_ONE(() => {
      this.CONSUME(T.When);
      this.SUBRULE2(this.conditional);
      this.CONSUME(T.Then);
      this.SUBRULE3(this.conditional);
    });
    this.OPTION2(() => {
      this.CONSUME(T.Else);
      this.SUBRULE4(this.conditional);
    });
    this.CONSUME(T.End);
  });
}
