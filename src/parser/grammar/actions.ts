import * as T from '../../lexer/tokens.ts';
import type { Action, Change, Clause, ColumnRef, Expr, Hint } from '../ast.ts';
import { MAX_DEPTH } from '../expression/read.ts';
import { BINARY_TOKENS } from '../expression/precedence.ts';
import { OperatorGrammar } from './operators.ts';

/** Clauses behind a rowset, and the actions of handlers. */
export class ActionGrammar extends OperatorGrammar {
  readonly clause = this.RULE('clause', (): Clause => {
    const start = this.start();
    return this.OR<Clause>([
      {
        ALT: () => {
          this.CONSUME(T.Where);
          const condition = this.SUBRULE1(this.expression);
          return { kind: 'where-clause', condition, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.When);
          const condition = this.SUBRULE2(this.expression);
          const action = this.SUBRULE1(this.action);
          return { kind: 'when-clause', condition, action, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Assert);
          const condition = this.SUBRULE3(this.expression);
          const message = this.OPTION(() => {
            this.CONSUME(T.Message);
            return this.SUBRULE4(this.expression);
          });
          this.CONSUME(T.Else);
          const action = this.SUBRULE2(this.action);
          return { kind: 'assert-clause', condition, message: message ?? null, action, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.On);
          this.CONSUME(T.ErrorWord);
          const action = this.SUBRULE3(this.action);
          return { kind: 'on-error-clause', action, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          const hints: Hint[] = [];
          this.CONSUME(T.Hint);
          this.CONSUME(T.OpenParen);
          this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => hints.push(this.SUBRULE(this.hint)) });
          this.CONSUME(T.CloseParen);
          return { kind: 'hint-clause', hints, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          const action = this.SUBRULE4(this.action);
          return { kind: 'when-clause', condition: null, action, span: this.span(start) };
        },
      },
    ]);
  });

  readonly hint = this.RULE('hint', (): Hint => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    this.CONSUME(T.Assign);
    const value = this.SUBRULE(this.literal);
    return { kind: 'hint', name, value, span: this.span(start) };
  });

  /** A ladder: `step {ELSE step}`, where each but the last is a repair. It is read flat and then nested from its end. */
  readonly action = this.RULE('action', (): Action => {
    const steps = [this.SUBRULE1(this.step)];
    this.MANY({
      GATE: () => canFallBack(steps.at(-1)),
      DEF: () => {
        this.CONSUME(T.Else);
        steps.push(this.SUBRULE2(this.step));
        if (steps.length > MAX_DEPTH) this.tooDeep();
      },
    });
    return this.ACTION(() => steps.reduceRight((otherwise, step) => withFallback(step, otherwise)));
  });

  readonly step = this.RULE('step', (): Action => {
    const start = this.start();
    return this.OR<Action>([
      {
        ALT: () => {
          this.CONSUME(T.Edit);
          const changes = this.SUBRULE1(this.changes);
          return { kind: 'edit', changes, ...this.SUBRULE1(this.limit), span: this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Append);
          const changes = this.SUBRULE2(this.changes);
          return { kind: 'append', changes, ...this.SUBRULE2(this.limit), span: this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Delete);
          const column = this.SUBRULE1(this.columnRef);
          return { kind: 'delete', column, ...this.SUBRULE3(this.limit), span: this.span(start) };
        },
      },
      { ALT: () => this.SUBRULE(this.retry) },
      { ALT: () => (this.CONSUME(T.Drop), { kind: 'drop', span: this.span(start) }) },
      { ALT: () => (this.CONSUME(T.Keep), { kind: 'keep', span: this.span(start) }) },
      {
        ALT: () => {
          this.CONSUME(T.Abort);
          const message = this.OPTION(() => this.SUBRULE(this.expression)) ?? null;
          return { kind: 'abort', message, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Route);
          this.CONSUME(T.To);
          const target = this.SUBRULE(this.name);
          return { kind: 'route', target, span: this.span(start) };
        },
      },
    ]);
  });

  /** `RETRY column [LIMIT expr]` or `RETRY expr TIMES [BACKOFF expr]`. */
  readonly retry = this.RULE('retry', (): Action => {
    const start = this.start();
    this.CONSUME(T.Retry);
    return this.OR<Action>({
      DEF: [
        {
          GATE: () => this.#columnFollows(),
          ALT: () => {
            const column = this.SUBRULE(this.columnRef);
            return { kind: 'retry', column, ...this.SUBRULE(this.limit), span: this.span(start) };
          },
        },
        {
          ALT: () => {
            const times = this.SUBRULE1(this.expression);
            this.CONSUME(T.Times);
            const backoff = this.OPTION(() => {
              this.CONSUME(T.Backoff);
              return this.SUBRULE2(this.expression);
            });
            return { kind: 'retry-times', times, backoff: backoff ?? null, otherwise: null, span: this.span(start) };
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  /** Whether `name` or `name.name` follows and is not the beginning of a count. */
  #columnFollows(): boolean {
    if (!this.nextIsName()) return false;
    const behind = this.LA(this.nextIs(T.Dot, 2) ? 4 : 2).tokenType;
    return behind !== T.Times && behind !== T.OpenParen && !BINARY_TOKENS.has(behind);
  }

  /** `[LIMIT expr]`, with the ladder still to come. */
  readonly limit = this.RULE('limit', (): { readonly limit: Expr | null; readonly otherwise: null } => {
    const limit = this.OPTION(() => {
      this.CONSUME(T.Limit);
      return this.SUBRULE(this.expression);
    });
    return { limit: limit ?? null, otherwise: null };
  });

  readonly changes = this.RULE('changes', (): Change[] => {
    const changes: Change[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => changes.push(this.SUBRULE(this.change)) });
    return changes;
  });

  readonly change = this.RULE('change', (): Change => {
    const start = this.start();
    const column = this.SUBRULE(this.columnRef);
    this.CONSUME(T.Assign);
    const value = this.SUBRULE(this.expression);
    return { kind: 'change', column, value, span: this.span(start) };
  });

  /** `column` or `rowset.column` */
  readonly columnRef = this.RULE('columnRef', (): ColumnRef => {
    const start = this.start();
    const first = this.SUBRULE1(this.name);
    const second = this.OPTION(() => {
      this.CONSUME(T.Dot);
      return this.SUBRULE2(this.name);
    });
    const [qualifier, name] = second === undefined ? [null, first] : [first, second];
    return { kind: 'column-ref', qualifier, name, span: this.span(start) };
  });
}

function canFallBack(step: Action | undefined): boolean {
  return step !== undefined && 'otherwise' in step;
}

function withFallback(step: Action, otherwise: Action): Action {
  if (!('otherwise' in step)) return step;
  return { ...step, otherwise, span: { ...step.span, end: otherwise.span.end } };
}
