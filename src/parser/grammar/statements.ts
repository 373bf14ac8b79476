import { NoViableAltException } from '../../lexer/chevrotain.ts';
import * as T from '../../lexer/tokens.ts';
import type { Token } from '../../lexer/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type {
  Assignment,
  Declare,
  Expect,
  Expr,
  ExportStatement,
  ImportedName,
  ImportModule,
  ImportView,
  Name,
  OutputStatement,
  Rowset,
  RowsetStatement,
  SetOption,
  SortItem,
  Statement,
  StringLiteral,
  ViewArgument,
} from '../ast.ts';
import { MAX_ROWSET_DEPTH, type GrammarOptions } from './base.ts';
import { RowsetGrammar } from './rowsets.ts';

/** How far a reading got. */
export interface Attempt<N> {
  /** Null where it failed; what was read where only something stands behind it. */
  readonly node: N | null;
  /** Index of the token that could not be read; the number of tokens where all were, or where one more is wanted. */
  readonly at: number;
  /** What would have been read there, in words; null where nothing is wrong. */
  readonly expected: string | null;
  /** What was found while reading on. */
  readonly remarks: readonly Diagnostic[];
  readonly depthExceeded: { readonly token: Token; readonly limit: number } | null;
}

/** The whole grammar. A statement is parsed alone: the script's `;` are what parse() finds its way by after an error. */
export class Grammar extends RowsetGrammar {
  /** Recorded for the diagrams; parse() goes from statement to statement itself. */
  readonly script = this.RULE('script', (): void => {
    this.MANY(() => {
      this.SUBRULE(this.statement);
      this.CONSUME(T.Semicolon);
    });
  });

  readonly statement = this.RULE('statement', (): Statement =>
    this.OR<Statement>({
      DEF: [
        { GATE: () => this.nextIs(T.Assign, 2), ALT: () => this.SUBRULE(this.assignment) },
        { ALT: () => this.SUBRULE(this.importModule) },
        { ALT: () => this.SUBRULE(this.declare) },
        { ALT: () => this.SUBRULE(this.setOption) },
        { ALT: () => this.SUBRULE(this.output) },
        { ALT: () => this.SUBRULE(this.exportStatement) },
        { ALT: () => this.SUBRULE(this.rowsetStatement) },
      ],
      IGNORE_AMBIGUITIES: true,
    }),
  );

  /** `IMPORT '{' name [AS name] {, …} '}' FROM string` */
  readonly importModule = this.RULE('importModule', (): ImportModule => {
    const start = this.start();
    const names: ImportedName[] = [];
    this.CONSUME(T.Import);
    this.CONSUME(T.OpenBrace);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => names.push(this.SUBRULE(this.importedName)) });
    this.CONSUME(T.CloseBrace);
    this.CONSUME(T.From);
    const from = this.SUBRULE(this.string);
    return { kind: 'import-module', names, from, span: this.span(start) };
  });

  readonly importedName = this.RULE('importedName', (): ImportedName => {
    const start = this.start();
    const name = this.SUBRULE(this.name);
    const alias = this.SUBRULE(this.alias);
    return { kind: 'imported-name', name, alias, span: this.span(start) };
  });

  /** `name = rowset | name = IMPORT string [PARAMS @name = expr {, …}]` */
  readonly assignment = this.RULE('assignment', (): Assignment | ImportView => {
    const start = this.start();
    const target = this.SUBRULE(this.name);
    this.CONSUME(T.Assign);
    return this.OR<Assignment | ImportView>([
      { ALT: () => this.SUBRULE(this.view, { ARGS: [start, target] }) },
      {
        ALT: () => {
          const rowset: Rowset = this.SUBRULE(this.rowset);
          return { kind: 'assignment', target, rowset, span: this.span(start) };
        },
      },
    ]);
  });

  /** Behind `target =`, which begins at `start`. */
  readonly view = this.RULE('view', (start: number, target: Name): ImportView => {
    const params: ViewArgument[] = [];
    this.CONSUME(T.Import);
    const from: StringLiteral = this.SUBRULE(this.string);
    this.OPTION(() => {
      this.CONSUME(T.Params);
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => params.push(this.SUBRULE(this.viewArgument)) });
    });
    return { kind: 'import-view', target, from, params, span: this.span(start) };
  });

  readonly viewArgument = this.RULE('viewArgument', (): ViewArgument => {
    const start = this.start();
    const parameter = this.SUBRULE(this.parameter);
    this.CONSUME(T.Assign);
    const value = this.SUBRULE(this.expression);
    return { kind: 'view-argument', parameter, value, span: this.span(start) };
  });

  /** `DECLARE @name [: type] = expr` */
  readonly declare = this.RULE('declare', (): Declare => {
    const start = this.start();
    this.CONSUME(T.Declare);
    const parameter = this.SUBRULE(this.parameter);
    const type =
      this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.SUBRULE(this.type);
      }) ?? null;
    this.CONSUME(T.Assign);
    const value = this.SUBRULE(this.expression);
    return { kind: 'declare', parameter, type, value, span: this.span(start) };
  });

  /** `SET option = literal` */
  readonly setOption = this.RULE('setOption', (): SetOption => {
    const start = this.start();
    this.CONSUME(T.SetWord);
    const option = this.SUBRULE(this.name);
    this.CONSUME(T.Assign);
    const value = this.SUBRULE(this.literal);
    return { kind: 'set', option, value, span: this.span(start) };
  });

  /** `OUTPUT [rowset] TO expr [USING operator] [ORDER BY …] [EXPECT expr [HAVING expr]]` */
  readonly output = this.RULE('output', (): OutputStatement => {
    const start = this.start();
    this.CONSUME(T.Output);
    const input = this.OPTION1((): Rowset => this.SUBRULE(this.rowset)) ?? null;
    this.CONSUME(T.To);
    const to = this.SUBRULE(this.expression);
    const using = this.OPTION2(() => this.SUBRULE(this.using)) ?? null;
    const orderBy = this.OPTION3((): SortItem[] => this.SUBRULE(this.orderBy)) ?? [];
    const expect = this.OPTION4(() => this.SUBRULE(this.expect)) ?? null;
    return { kind: 'output', input, to, using, orderBy, expect, span: this.span(start) };
  });

  /** `EXPECT expr [HAVING expr]` */
  readonly expect = this.RULE('expect', (): Expect => {
    const start = this.start();
    this.CONSUME(T.Expect);
    const truth = this.SUBRULE(this.expression);
    const having = this.SUBRULE(this.having);
    return { kind: 'expect', truth, having, span: this.span(start) };
  });

  readonly exportStatement = this.RULE('exportStatement', (): ExportStatement => {
    const start = this.start();
    this.CONSUME(T.Export);
    const name = this.SUBRULE(this.name);
    return { kind: 'export', name, span: this.span(start) };
  });

  readonly rowsetStatement = this.RULE('rowsetStatement', (): RowsetStatement => {
    const start = this.start();
    const rowset = this.SUBRULE(this.rowset);
    return { kind: 'rowset-statement', rowset, span: this.span(start) };
  });

  constructor(options: GrammarOptions = {}) {
    super(options);
    this.performSelfAnalysis();
  }

  /** Reads one statement from the beginning of the tokens, which hold no `;`. */
  readStatement(tokens: readonly Token[], source: number): Attempt<Statement> {
    return this.#attempt(tokens, source, () => this.statement());
  }

  /** Reads one expression from the beginning of the tokens. */
  readExpression(tokens: readonly Token[], source: number): Attempt<Expr> {
    return this.#attempt(tokens, source, () => this.expression());
  }

  #attempt<N>(tokens: readonly Token[], source: number, read: () => N | undefined): Attempt<N> {
    this.input = [...tokens];
    this.resetState(source);
    const node = this.#guarded(read) ?? null;
    const [error] = this.errors;
    const { remarks, depthExceeded } = this;
    if (error === undefined) return { node, at: tokens.length, expected: null, remarks, depthExceeded };
    const at = tokens.indexOf(error.token);
    const complete = error.name === 'NotAllInputParsedException';
    return {
      node: complete ? node : null,
      at: at === -1 ? tokens.length : at,
      expected: error.message,
      remarks,
      depthExceeded,
    };
  }

  /** The depths are bounded, but a caller may have used up the stack before: that is too deep a nesting as well. */
  #guarded<N>(read: () => N): N | undefined {
    // Chevrotain fails by exceptions, and repairs fail by the hundred: their stack traces, which nobody reads, cost most.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.depthExceeded = { token: this.LA(1), limit: MAX_ROWSET_DEPTH };
      this.errors = [new NoViableAltException('less nesting', this.LA(1), this.LA(0))];
      return undefined;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}
