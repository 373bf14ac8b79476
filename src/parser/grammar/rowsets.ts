import * as T from '../../lexer/tokens.ts';
import type {
  Clause,
  ColumnDeclaration,
  Combine,
  CombineType,
  Expr,
  Extract,
  LastRowset,
  Name,
  OperatorCall,
  PresortItem,
  Primary,
  Process,
  Reduce,
  Rowset,
  SetOperation,
  Values,
  ValuesRow,
} from '../ast.ts';
import { MAX_DEPTH } from '../expression/read.ts';
import { QueryGrammar } from './queries.ts';

type Setting = Pick<SetOperation, 'operator' | 'quantifier' | 'on'>;

/** Everything that yields rows. */
export class RowsetGrammar extends QueryGrammar {
  /** `term { set-operator term }`, from the left. */
  readonly rowset = this.RULE('rowset', (): Rowset => {
    const start = this.start();
    let left = this.SUBRULE1(this.term);
    let height = 1;
    this.MANY(() => {
      const setting = this.SUBRULE(this.setOperator);
      const right = this.SUBRULE2(this.term);
      left = { kind: 'set-operation', ...setting, left, right, span: this.span(start) };
      height += 1;
      if (height > MAX_DEPTH) this.tooDeep();
    });
    return left;
  });

  /** `(UNION [ALL | DISTINCT] | EXCEPT | INTERSECT) [ON '(' name {, name} ')']` */
  readonly setOperator = this.RULE('setOperator', (): Setting => {
    let quantifier: Setting['quantifier'] = null;
    const operator = this.OR1<Setting['operator']>([
      {
        ALT: () => {
          this.CONSUME(T.Union);
          this.OPTION1(() => {
            quantifier = this.OR2<'all' | 'distinct'>([
              { ALT: () => (this.CONSUME(T.All), 'all') },
              { ALT: () => (this.CONSUME(T.Distinct), 'distinct') },
            ]);
          });
          return 'union';
        },
      },
      { ALT: () => (this.CONSUME(T.Except), 'except') },
      { ALT: () => (this.CONSUME(T.Intersect), 'intersect') },
    ]);
    const on = this.OPTION2({
      GATE: () => !this.nextIs(T.ErrorWord, 2),
      DEF: (): Name[] => {
        this.CONSUME(T.On);
        this.CONSUME(T.OpenParen);
        const names = this.SUBRULE(this.names);
        this.CONSUME(T.CloseParen);
        return names;
      },
    });
    return { operator, quantifier, on: on ?? [] };
  });

  /** `primary {clause}`, or clauses alone on the last rowset. */
  readonly term = this.RULE('term', (): Rowset => {
    const start = this.start();
    const before = this.emptySpan();
    const clauses: Clause[] = [];
    const input = this.OR<Primary>({
      DEF: [
        { ALT: () => this.SUBRULE(this.primary) },
        {
          ALT: () => {
            clauses.push(this.SUBRULE1(this.clause));
            return { kind: 'last-rowset', span: before };
          },
        },
      ],
    });
    this.MANY({
      GATE: () => !this.nextIs(T.On) || this.nextIs(T.ErrorWord, 2),
      DEF: () => clauses.push(this.SUBRULE2(this.clause)),
    });
    return clauses.length === 0 ? input : { kind: 'claused', input, clauses, span: this.span(start) };
  });

  readonly primary = this.RULE('primary', (): Primary =>
    this.OR<Primary>([
      { ALT: () => this.SUBRULE(this.rowsetName) },
      { ALT: () => this.SUBRULE(this.parenthesised) },
      { ALT: () => this.SUBRULE(this.extract) },
      { ALT: () => this.SUBRULE(this.select) },
      { ALT: () => this.SUBRULE(this.process) },
      { ALT: () => this.SUBRULE(this.reduce) },
      { ALT: () => this.SUBRULE(this.combine) },
      { ALT: () => this.SUBRULE(this.values) },
    ]),
  );

  readonly extract = this.RULE('extract', (): Extract => {
    const start = this.start();
    this.CONSUME(T.Extract);
    const columns = this.SUBRULE(this.columns);
    this.CONSUME(T.From);
    const from = this.SUBRULE(this.expressions);
    const using = this.OPTION((): OperatorCall => this.SUBRULE(this.using)) ?? null;
    const having = this.SUBRULE(this.having);
    return { kind: 'extract', columns, from, using, having, span: this.span(start) };
  });

  readonly columns = this.RULE('columns', (): ColumnDeclaration[] => {
    const columns: ColumnDeclaration[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => columns.push(this.SUBRULE(this.column)) });
    return columns;
  });

  /** `name [: type]` */
  readonly column = this.RULE('column', (): ColumnDeclaration => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    const type =
      this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.SUBRULE(this.type);
      }) ?? null;
    return { kind: 'column-declaration', name, type, span: this.span(start) };
  });

  /** `PROCESS [input] USING operator {ELSE operator} [PRODUCE …] [WHERE expr] [HAVING expr]` */
  readonly process = this.RULE('process', (): Process => {
    const start = this.start();
    this.CONSUME(T.Process);
    const input = this.SUBRULE(this.inputOrLast);
    const using = [this.SUBRULE(this.using)];
    this.MANY(() => {
      this.CONSUME(T.Else);
      using.push(this.SUBRULE(this.operator));
    });
    const produce = this.OPTION(() => this.SUBRULE(this.produce)) ?? null;
    const where = this.SUBRULE(this.where);
    const having = this.SUBRULE(this.having);
    return { kind: 'process', input, using, produce, where, having, span: this.span(start) };
  });

  readonly inputOrLast = this.RULE('inputOrLast', (): Rowset => {
    const last: LastRowset = { kind: 'last-rowset', span: this.emptySpan() };
    return this.OPTION((): Rowset => this.SUBRULE(this.inputRowset)) ?? last;
  });

  /** `REDUCE [input] ON name {, name} [PRESORT …] USING operator [PRODUCE …] [HAVING expr]` */
  readonly reduce = this.RULE('reduce', (): Reduce => {
    const start = this.start();
    this.CONSUME(T.Reduce);
    const input = this.SUBRULE(this.inputOrLast);
    this.CONSUME(T.On);
    const on = this.SUBRULE(this.names);
    const presort = this.OPTION1(() => this.SUBRULE(this.presort)) ?? [];
    const using = this.SUBRULE(this.using);
    const produce = this.OPTION2(() => this.SUBRULE(this.produce)) ?? null;
    const having = this.SUBRULE(this.having);
    return { kind: 'reduce', input, on, presort, using, produce, having, span: this.span(start) };
  });

  readonly presort = this.RULE('presort', (): PresortItem[] => {
    const items: PresortItem[] = [];
    this.CONSUME(T.Presort);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => items.push(this.SUBRULE(this.presortItem)) });
    return items;
  });

  readonly presortItem = this.RULE('presortItem', (): PresortItem => {
    const start = this.start();
    const column = this.SUBRULE(this.name);
    const direction = this.SUBRULE(this.direction);
    return { kind: 'presort-item', column, direction, span: this.span(start) };
  });

  /** `COMBINE input [AS name] [INNER | LEFT … | RIGHT … | FULL [OUTER]] WITH input [AS name] ON expr USING operator [PRODUCE …] [HAVING expr]` */
  readonly combine = this.RULE('combine', (): Combine => {
    const start = this.start();
    this.CONSUME(T.Combine);
    const left = this.SUBRULE1(this.rowsetSource);
    const type = this.SUBRULE(this.combineType);
    this.CONSUME(T.With);
    const right = this.SUBRULE2(this.rowsetSource);
    this.CONSUME(T.On);
    const on = this.SUBRULE(this.expression);
    const using = this.SUBRULE(this.using);
    const produce = this.OPTION(() => this.SUBRULE(this.produce)) ?? null;
    const having = this.SUBRULE(this.having);
    return { kind: 'combine', type, left, right, on, using, produce, having, span: this.span(start) };
  });

  readonly combineType = this.RULE('combineType', (): CombineType => {
    const type = this.OPTION(() =>
      this.OR<CombineType>([
        { ALT: () => (this.CONSUME(T.Inner), 'inner') },
        { ALT: () => this.SUBRULE(this.outer) },
      ]),
    );
    return type ?? 'inner';
  });

  /** `VALUES (expr {, expr}) {, …} AS (column {, column})` */
  readonly values = this.RULE('values', (): Values => {
    const start = this.start();
    const rows: ValuesRow[] = [];
    this.CONSUME(T.Values);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => rows.push(this.SUBRULE(this.valuesRow)) });
    this.CONSUME(T.As);
    this.CONSUME(T.OpenParen);
    const columns = this.SUBRULE(this.columns);
    this.CONSUME(T.CloseParen);
    return { kind: 'values', rows, columns, span: this.span(start) };
  });

  readonly valuesRow = this.RULE('valuesRow', (): ValuesRow => {
    const start = this.start();
    this.CONSUME(T.OpenParen);
    const values: Expr[] = this.SUBRULE(this.expressions);
    this.CONSUME(T.CloseParen);
    return { kind: 'values-row', values, span: this.span(start) };
  });
}
