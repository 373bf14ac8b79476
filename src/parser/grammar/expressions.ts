import * as T from '../../lexer/tokens.ts';
import type { Expr, Frame, FrameBound, SortItem, Window } from '../ast.ts';
import { readExpression, type Cursor } from '../expression/read.ts';
import { ExpressionShape } from './expression-shape.ts';

type Bound = FrameBound['bound'];

/** Expressions, and the lists of them that ORDER BY and OVER hold. */
export class ExpressionGrammar extends ExpressionShape {
  /** Recorded by its shape, run by {@link readExpression}. */
  readonly expression = this.RULE('expression', (): Expr => {
    if (this.RECORDING_PHASE) {
      this.SUBRULE(this.conditional);
      return { kind: 'null', span: this.emptySpan() };
    }
    return readExpression(this.#cursor());
  });

  #cursor(): Cursor {
    return {
      source: this.source,
      peek: (n) => this.LA(n),
      take: () => this.CONSUME(this.LA(1).tokenType),
      fail: (expected) => this.fail(expected),
      tooDeep: () => this.tooDeep(),
      mixed: (place, operator, other) => this.remarkMixed(place, operator, other),
      misplacedNot: (place) => this.remarkMisplacedNot(place),
      window: () => this.nested(() => this.SUBRULE1(this.window)),
    };
  }

  /** `expr {, expr}` */
  readonly expressions = this.RULE('expressions', (): Expr[] => {
    const list: Expr[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => list.push(this.SUBRULE(this.expression)) });
    return list;
  });

  /** `ORDER BY expr [ASC|DESC] {, …}` */
  readonly orderBy = this.RULE('orderBy', (): SortItem[] => {
    const items: SortItem[] = [];
    this.CONSUME(T.Order);
    this.CONSUME(T.By);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.sortItem)) });
    return items;
  });

  readonly sortItem = this.RULE('sortItem', (): SortItem => {
    const start = this.start();
    const value = this.SUBRULE(this.expression);
    const direction = this.SUBRULE(this.direction);
    return { kind: 'sort-item', value, direction, span: this.span(start) };
  });

  readonly direction = this.RULE('direction', (): 'asc' | 'desc' => {
    let direction: 'asc' | 'desc' = 'asc';
    this.OPTION(() => {
      direction = this.OR<'asc' | 'desc'>([
        { ALT: () => (this.CONSUME(T.Asc), 'asc') },
        { ALT: () => (this.CONSUME(T.Desc), 'desc') },
      ]);
    });
    return direction;
  });

  /** `OVER '(' [PARTITION BY …] [ORDER BY …] [ROWS frame] ')'` */
  readonly window = this.RULE('window', (): Window => {
    const start = this.start();
    this.CONSUME(T.Over);
    this.CONSUME(T.OpenParen);
    const partitionBy =
      this.OPTION1(() => {
        this.CONSUME(T.Partition);
        this.CONSUME(T.By);
        return this.SUBRULE(this.expressions);
      }) ?? [];
    const orderBy = this.OPTION2(() => this.SUBRULE(this.orderBy)) ?? [];
    const frame = this.OPTION3(() => this.SUBRULE(this.frame)) ?? null;
    this.CONSUME(T.CloseParen);
    return { kind: 'window', partitionBy, orderBy, frame, span: this.span(start) };
  });

  /** `ROWS bound | ROWS BETWEEN bound AND bound` */
  readonly frame = this.RULE('frame', (): Frame => {
    const at = this.start();
    this.CONSUME(T.Rows);
    const bounds = this.OR<Pick<Frame, 'start' | 'end'>>([
      {
        ALT: () => {
          this.CONSUME(T.Between);
          const low = this.SUBRULE1(this.frameBound);
          this.CONSUME(T.And);
          return { start: low, end: this.SUBRULE2(this.frameBound) };
        },
      },
      { ALT: () => ({ start: this.SUBRULE3(this.frameBound), end: null }) },
    ]);
    return { kind: 'frame', ...bounds, span: this.span(at) };
  });

  readonly frameBound = this.RULE('frameBound', (): FrameBound => {
    const start = this.start();
    let offset: Expr | null = null;
    const bound = this.OR<Bound>([
      {
        ALT: () => {
          this.CONSUME(T.Current);
          this.CONSUME(T.Row);
          return 'current-row';
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Unbounded);
          const preceding = this.SUBRULE1(this.side);
          return preceding ? 'unbounded-preceding' : 'unbounded-following';
        },
      },
      {
        ALT: () => {
          offset = this.SUBRULE(this.count);
          return this.SUBRULE2(this.side) ? 'preceding' : 'following';
        },
      },
    ]);
    return { kind: 'frame-bound', bound, offset, span: this.span(start) };
  });

  readonly side = this.RULE('side', (): boolean =>
    this.OR<boolean>([
      { ALT: () => (this.CONSUME(T.Preceding), true) },
      { ALT: () => (this.CONSUME(T.Following), false) },
    ]),
  );

  /** A constant, a parameter, or an expression in parentheses: `TOP 10 *` must not read on into a product. */
  readonly count = this.RULE('count', (): Expr => {
    const start = this.start();
    return this.OR<Expr>([
      { ALT: () => this.constant(this.CONSUME(T.NumberToken)) },
      { ALT: () => this.constant(this.CONSUME(T.ParameterName)) },
      {
        ALT: () => {
          this.CONSUME(T.OpenParen);
          const value = this.SUBRULE(this.expression);
          this.CONSUME(T.CloseParen);
          return { kind: 'parenthesised-expr', value, span: this.span(start) };
        },
      },
    ]);
  });
}
