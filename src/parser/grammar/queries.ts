import type { ParserMethod, TokenType } from 'chevrotain';
import * as T from '../../lexer/tokens.ts';
import type {
  Expr,
  From,
  FromSource,
  Join,
  JoinType,
  Parenthesised,
  Rowset,
  RowsetName,
  RowsetSource,
  Select,
  SelectItem,
  SortItem,
} from '../ast.ts';
import { ActionGrammar } from './actions.ts';

/** SELECT, and the inputs and joins of its FROM. */
export abstract class QueryGrammar extends ActionGrammar {
  abstract readonly rowset: ParserMethod<[], Rowset>;

  readonly select = this.RULE('select', (): Select => {
    const start = this.start();
    const items: SelectItem[] = [];
    this.CONSUME(T.Select);
    const distinct = this.OPTION1(() => this.CONSUME(T.Distinct)) !== undefined;
    const top =
      this.OPTION2(() => {
        this.CONSUME(T.Top);
        return this.SUBRULE(this.count);
      }) ?? null;
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) });
    const from = this.OPTION3(() => this.SUBRULE(this.from)) ?? null;
    const where = this.SUBRULE(this.where);
    const groupBy =
      this.OPTION4((): Expr[] => {
        this.CONSUME(T.Group);
        this.CONSUME(T.By);
        return this.SUBRULE(this.expressions);
      }) ?? [];
    const having = this.SUBRULE(this.having);
    const orderBy = this.OPTION5((): SortItem[] => this.SUBRULE(this.orderBy)) ?? [];
    const span = this.span(start);
    return { kind: 'select', distinct, top, items, from, where, groupBy, having, orderBy, span };
  });

  /** `* | name.* | expr [AS name]` */
  readonly selectItem = this.RULE('selectItem', (): SelectItem => {
    const start = this.start();
    return this.OR<SelectItem>({
      DEF: [
        { ALT: () => (this.CONSUME1(T.Star), { kind: 'star-item', span: this.span(start) }) },
        {
          GATE: () => this.nextIs(T.Dot, 2) && this.nextIs(T.Star, 3),
          ALT: () => {
            const qualifier = this.SUBRULE(this.name);
            this.CONSUME(T.Dot);
            this.CONSUME2(T.Star);
            return { kind: 'qualified-star-item', qualifier, span: this.span(start) };
          },
        },
        {
          ALT: () => {
            const value = this.SUBRULE(this.expression);
            const alias = this.SUBRULE(this.alias);
            return { kind: 'expression-item', value, alias, span: this.span(start) };
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  readonly from = this.RULE('from', (): From => {
    const start = this.start();
    const joins: Join[] = [];
    this.CONSUME(T.From);
    const source = this.SUBRULE(this.fromSource);
    this.MANY(() => joins.push(this.SUBRULE(this.join)));
    return { kind: 'from', source, joins, span: this.span(start) };
  });

  /** `input [AS name] | expr USING operator [AS name]` */
  readonly fromSource = this.RULE('fromSource', (): FromSource => {
    const start = this.start();
    return this.OR<FromSource>({
      DEF: [
        { GATE: () => !this.#fileFollows(), ALT: () => this.SUBRULE(this.rowsetSource) },
        {
          ALT: () => {
            const file = this.SUBRULE(this.expression);
            const using = this.SUBRULE(this.using);
            const alias = this.SUBRULE(this.alias);
            return { kind: 'file-source', file, using, alias, span: this.span(start) };
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  /** Whether a name or parenthesis begins the path of a file: then an operator, a member or USING stands behind it. */
  #fileFollows(): boolean {
    if (this.nextIs(T.OpenParen)) {
      const behind = this.tokenBehindBracket(this.LA(1));
      return behind !== undefined && FILE_CONTINUES.has(behind.tokenType);
    }
    return !this.nextIsName() || FILE_CONTINUES.has(this.LA(2).tokenType);
  }

  readonly rowsetSource = this.RULE('rowsetSource', (): RowsetSource => {
    const start = this.start();
    const input = this.SUBRULE(this.inputRowset);
    const alias = this.SUBRULE(this.alias);
    return { kind: 'rowset-source', input, alias, span: this.span(start) };
  });

  /** `name | '(' rowset ')'` */
  readonly inputRowset = this.RULE('inputRowset', (): RowsetName | Parenthesised =>
    this.OR<RowsetName | Parenthesised>([
      { ALT: () => this.SUBRULE(this.rowsetName) },
      { ALT: () => this.SUBRULE(this.parenthesised) },
    ]),
  );

  readonly rowsetName = this.RULE('rowsetName', (): RowsetName => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    return { kind: 'rowset-name', name, span: this.span(start) };
  });

  readonly parenthesised = this.RULE('parenthesised', (): Parenthesised => {
    const start = this.start();
    this.CONSUME(T.OpenParen);
    const rowset = this.nested(() => this.SUBRULE(this.rowset));
    this.CONSUME(T.CloseParen);
    return { kind: 'parenthesised', rowset, span: this.span(start) };
  });

  readonly join = this.RULE('join', (): Join => {
    const start = this.start();
    return this.OR<Join>([
      {
        ALT: () => {
          this.CONSUME(T.Cross);
          return this.SUBRULE(this.crossed, { ARGS: [start] });
        },
      },
      {
        ALT: () => {
          const type = this.SUBRULE(this.joinType);
          this.CONSUME(T.Join);
          const source = this.SUBRULE(this.fromSource);
          this.CONSUME(T.On);
          const on = this.SUBRULE(this.expression);
          return { kind: 'join', type, source, on, span: this.span(start) };
        },
      },
    ]);
  });

  /** Behind CROSS, which stands at `start`: `JOIN source | APPLY EXPLODE '(' expr ')' AS name`. */
  readonly crossed = this.RULE('crossed', (start: number): Join =>
    this.OR<Join>([
      {
        ALT: () => {
          this.CONSUME(T.Join);
          const source = this.SUBRULE(this.fromSource);
          return { kind: 'cross-join', source, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Apply);
          this.CONSUME(T.Explode);
          this.CONSUME(T.OpenParen);
          const value = this.SUBRULE(this.expression);
          this.CONSUME(T.CloseParen);
          this.CONSUME(T.As);
          const alias = this.SUBRULE(this.name);
          return { kind: 'explode', value, alias, span: this.span(start) };
        },
      },
    ]),
  );

  /** JOIN alone is an inner join. */
  readonly joinType = this.RULE('joinType', (): JoinType => {
    const type = this.OPTION1(() =>
      this.OR1<JoinType>([
        { ALT: () => (this.CONSUME(T.Inner), 'inner') },
        { ALT: () => (this.CONSUME(T.Semi), 'semi') },
        { ALT: () => (this.CONSUME(T.Anti), 'anti') },
        { ALT: () => this.SUBRULE(this.outer) },
      ]),
    );
    return type ?? 'inner';
  });

  /** `(LEFT | RIGHT | FULL) [OUTER]`: whose rows without a partner are kept. */
  readonly outer = this.RULE('outer', (): 'left' | 'right' | 'full' => {
    const side = this.OR<'left' | 'right' | 'full'>([
      { ALT: () => (this.CONSUME(T.Left), 'left') },
      { ALT: () => (this.CONSUME(T.Right), 'right') },
      { ALT: () => (this.CONSUME(T.Full), 'full') },
    ]);
    this.OPTION(() => this.CONSUME(T.Outer));
    return side;
  });
}

const FILE_CONTINUES: ReadonlySet<TokenType> = new Set([
  T.Using, T.Plus, T.Coalesce, T.Question,
  T.Dot, T.OptionalDot, T.OpenParen, T.OpenBracket,
]);
