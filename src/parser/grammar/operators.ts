import * as T from '../../lexer/tokens.ts';
import type { Argument, Expr, Name, OperatorCall, Produced } from '../ast.ts';
import { ExpressionGrammar } from './expressions.ts';

/** Operators as they are called behind USING, and what PRODUCE picks of them. */
export class OperatorGrammar extends ExpressionGrammar {
  /** `USING operator` */
  readonly using = this.RULE('using', (): OperatorCall => {
    this.CONSUME(T.Using);
    return this.SUBRULE(this.operator);
  });

  /** `name {. name} ['(' [arg {, arg}] ')']` */
  readonly operator = this.RULE('operator', (): OperatorCall => {
    const start = this.start();
    const path: Name[] = [];
    const args: Argument[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Dot, DEF: () => path.push(this.SUBRULE(this.name)) });
    this.OPTION(() => {
      this.CONSUME(T.OpenParen);
      this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.argument)) });
      this.CONSUME(T.CloseParen);
    });
    return { kind: 'operator-call', path, arguments: args, span: this.span(start) };
  });

  /** `[name =] expr` */
  readonly argument = this.RULE('argument', (): Argument => {
    const start = this.start();
    const name =
      this.OPTION({
        GATE: () => this.nextIs(T.Assign, 2),
        DEF: () => {
          const name = this.SUBRULE(this.name);
          this.CONSUME(T.Assign);
          return name;
        },
      }) ?? null;
    const value = this.SUBRULE(this.expression);
    return { kind: 'argument', name, value, span: this.span(start) };
  });

  /** `PRODUCE name [AS name] [: type] {, …}` */
  readonly produce = this.RULE('produce', (): Produced[] => {
    const produced: Produced[] = [];
    this.CONSUME(T.Produce);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => produced.push(this.SUBRULE(this.produced)) });
    return produced;
  });

  readonly produced = this.RULE('produced', (): Produced => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    const alias = this.SUBRULE(this.alias);
    const type =
      this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.SUBRULE(this.type);
      }) ?? null;
    return { kind: 'produced', name, alias, type, span: this.span(start) };
  });

  /** `[AS name]` */
  readonly alias = this.RULE('alias', (): Name | null => {
    const alias = this.OPTION(() => {
      this.CONSUME(T.As);
      return this.SUBRULE(this.name);
    });
    return alias ?? null;
  });

  /** `[WHERE expr]` */
  readonly where = this.RULE('where', (): Expr | null => {
    const condition = this.OPTION(() => {
      this.CONSUME(T.Where);
      return this.SUBRULE(this.expression);
    });
    return condition ?? null;
  });

  /** `[HAVING expr]` */
  readonly having = this.RULE('having', (): Expr | null => {
    const condition = this.OPTION(() => {
      this.CONSUME(T.Having);
      return this.SUBRULE(this.expression);
    });
    return condition ?? null;
  });

  /** `name {, name}` */
  readonly names = this.RULE('names', (): Name[] => {
    const names: Name[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.SUBRULE(this.name)) });
    return names;
  });
}
