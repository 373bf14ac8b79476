/**
 * Random syntax trees, for properties: every kind of node, in the form the parser gives them (parentheses where
 * precedence wants them, no empty lists where one item must stand). Spans are empty. `scriptTexts` are such scripts as
 * text, for the fuzz tests of other rooms; names are few, so that scripts refer to their own rowsets now and then.
 */
import fc from 'fast-check';
import type * as Ast from '../../src/parser/ast.ts';
import { print } from '../../src/parser/printer.ts';
import {
  expressions,
  literals,
  maybe,
  names,
  numbers,
  parameters,
  plainNames,
  some,
  sortItems,
  span,
  strings,
  types,
} from './generate-expressions.ts';

export { expressions, names, types } from './generate-expressions.ts';

// ── Operators, clauses, actions ──

export const operatorCalls: fc.Arbitrary<Ast.OperatorCall> = fc.record({
  kind: fc.constant('operator-call' as const),
  path: some(plainNames, 2),
  arguments: fc.array(
    fc.record({
      kind: fc.constant('argument' as const),
      name: maybe(names),
      value: expressions,
      span: fc.constant(span),
    }),
    { maxLength: 3 },
  ),
  span: fc.constant(span),
});

const produced: fc.Arbitrary<Ast.Produced> = fc.record({
  kind: fc.constant('produced' as const),
  name: names,
  alias: maybe(names),
  type: maybe(types),
  span: fc.constant(span),
});

const columnRefs: fc.Arbitrary<Ast.ColumnRef> = fc.record({
  kind: fc.constant('column-ref' as const),
  qualifier: maybe(names),
  name: names,
  span: fc.constant(span),
});

const changes: fc.Arbitrary<Ast.Change> = fc
  .tuple(columnRefs, expressions)
  .map(([column, value]) => ({ kind: 'change', column, value, span }));

const { action } = fc.letrec<{ readonly action: Ast.Action }>((tie) => {
  const repairing = { limit: maybe(numbers), otherwise: maybe(tie('action')), span: fc.constant(span) };
  return {
    action: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'action' },
      fc.constantFrom<Ast.Action>({ kind: 'drop', span }, { kind: 'keep', span }),
      maybe(expressions).map((message): Ast.Action => ({ kind: 'abort', message, span })),
      names.map((target): Ast.Action => ({ kind: 'route', target, span })),
      fc.record({ kind: fc.constantFrom('edit' as const, 'append' as const), changes: some(changes, 2), ...repairing }),
      fc.record({ kind: fc.constantFrom('delete' as const, 'retry' as const), column: columnRefs, ...repairing }),
      fc.record({
        kind: fc.constant('retry-times' as const),
        times: numbers,
        backoff: maybe(expressions),
        otherwise: maybe(tie('action')),
        span: fc.constant(span),
      }),
    ),
  };
});

export const actions: fc.Arbitrary<Ast.Action> = action;

export const clauses: fc.Arbitrary<Ast.Clause> = fc.oneof(
  expressions.map((condition): Ast.Clause => ({ kind: 'where-clause', condition, span })),
  fc
    .tuple(maybe(expressions), action)
    .map(([condition, action]): Ast.Clause => ({ kind: 'when-clause', condition, action, span })),
  fc
    .tuple(expressions, maybe(expressions), action)
    .map(([condition, message, action]): Ast.Clause => ({ kind: 'assert-clause', condition, message, action, span })),
  action.map((action): Ast.Clause => ({ kind: 'on-error-clause', action, span })),
  some(fc.tuple(names, literals), 2).map((hints): Ast.Clause => ({
    kind: 'hint-clause',
    hints: hints.map(([name, value]) => ({ kind: 'hint', name, value, span })),
    span,
  })),
);

// ── Rowsets ──

const columns: fc.Arbitrary<Ast.ColumnDeclaration> = fc
  .tuple(names, maybe(types))
  .map(([name, type]) => ({ kind: 'column-declaration', name, type, span }));

const presortItems: fc.Arbitrary<Ast.PresortItem> = fc
  .tuple(names, fc.constantFrom('asc' as const, 'desc' as const))
  .map(([column, direction]) => ({ kind: 'presort-item', column, direction, span }));

const valuesRows: fc.Arbitrary<Ast.ValuesRow> = some(expressions, 2).map((values) => ({
  kind: 'values-row',
  values,
  span,
}));

const setSettings: fc.Arbitrary<Pick<Ast.SetOperation, 'operator' | 'quantifier' | 'on'>> = fc
  .tuple(
    fc.constantFrom('union' as const, 'except' as const, 'intersect' as const),
    fc.constantFrom('all' as const, 'distinct' as const, null),
    fc.array(names, { maxLength: 2 }),
  )
  .map(([operator, quantifier, on]) => ({ operator, quantifier: operator === 'union' ? quantifier : null, on }));

const rowsetNames: fc.Arbitrary<Ast.RowsetName> = names.map((name) => ({ kind: 'rowset-name', name, span }));

const selectItems: fc.Arbitrary<Ast.SelectItem> = fc.oneof(
  fc.constant<Ast.SelectItem>({ kind: 'star-item', span }),
  names.map((qualifier): Ast.SelectItem => ({ kind: 'qualified-star-item', qualifier, span })),
  fc
    .tuple(expressions, maybe(names))
    .map(([value, alias]): Ast.SelectItem => ({ kind: 'expression-item', value, alias, span })),
);

type Of<K extends Ast.Rowset['kind']> = Extract<Ast.Rowset, { readonly kind: K }>;

const last: Ast.LastRowset = { kind: 'last-rowset', span };
const produce = maybe(some(produced, 2));
const here = fc.constant(span);

const { rowset } = fc.letrec<{ readonly rowset: Ast.Rowset }>((tie) => {
  const parenthesised = tie('rowset').map((inner): Of<'parenthesised'> => ({
    kind: 'parenthesised',
    rowset: inner,
    span,
  }));
  const input: fc.Arbitrary<Ast.RowsetName | Ast.Parenthesised> = fc.oneof(
    { maxDepth: 2, depthIdentifier: 'rows' },
    rowsetNames,
    parenthesised,
  );
  const inputOrLast: fc.Arbitrary<Ast.Rowset> = fc.oneof(input, fc.constant(last));
  const rowsetSource = fc.record({
    kind: fc.constant('rowset-source' as const),
    input,
    alias: maybe(names),
    span: here,
  });
  const source: fc.Arbitrary<Ast.FromSource> = fc.oneof(
    rowsetSource,
    fc.record({
      kind: fc.constant('file-source' as const),
      file: strings,
      using: operatorCalls,
      alias: maybe(names),
      span: here,
    }),
  );
  const joinType = fc.constantFrom<Ast.JoinType>('inner', 'left', 'right', 'full', 'semi', 'anti');
  const join: fc.Arbitrary<Ast.Join> = fc.oneof(
    fc.record({ kind: fc.constant('join' as const), type: joinType, source, on: expressions, span: here }),
    fc.record({ kind: fc.constant('cross-join' as const), source, span: here }),
    fc.record({ kind: fc.constant('explode' as const), value: expressions, alias: names, span: here }),
  );
  const joins = fc.array(join, { maxLength: 2 });
  const from = fc.record({ kind: fc.constant('from' as const), source, joins, span: here });
  const primary: fc.Arbitrary<Ast.Primary> = fc.oneof(
    input,
    fc.record({
      kind: fc.constant('extract' as const),
      columns: some(columns),
      from: some(expressions, 2),
      using: maybe(operatorCalls),
      having: maybe(expressions),
      span: here,
    }),
    fc.record({
      kind: fc.constant('select' as const),
      distinct: fc.boolean(),
      top: maybe(numbers),
      items: some(selectItems),
      from: maybe(from),
      where: maybe(expressions),
      groupBy: fc.array(expressions, { maxLength: 2 }),
      having: maybe(expressions),
      orderBy: fc.array(sortItems(expressions), { maxLength: 2 }),
      span: here,
    }),
    fc.record({
      kind: fc.constant('process' as const),
      input: inputOrLast,
      using: some(operatorCalls, 2),
      produce,
      where: maybe(expressions),
      having: maybe(expressions),
      span: here,
    }),
    fc.record({
      kind: fc.constant('reduce' as const),
      input: inputOrLast,
      on: some(names, 2),
      presort: fc.array(presortItems, { maxLength: 2 }),
      using: operatorCalls,
      produce,
      having: maybe(expressions),
      span: here,
    }),
    fc.record({
      kind: fc.constant('combine' as const),
      type: fc.constantFrom<Ast.CombineType>('inner', 'left', 'right', 'full'),
      left: rowsetSource,
      right: rowsetSource,
      on: expressions,
      using: operatorCalls,
      produce,
      having: maybe(expressions),
      span: here,
    }),
    fc.record({ kind: fc.constant('values' as const), rows: some(valuesRows, 2), columns: some(columns), span: here }),
  );
  const term: fc.Arbitrary<Ast.Rowset> = fc.oneof(
    primary,
    fc.tuple(primary, some(clauses)).map(([input, list]) => claused(input, list)),
    some(clauses, 2).map((list): Ast.Rowset => ({ kind: 'claused', input: last, clauses: list, span })),
  );
  const links = fc.array(fc.tuple(setSettings, term), { maxLength: 2 });
  return {
    rowset: fc
      .tuple(term, links)
      .map(([first, rest]) =>
        rest.reduce<Ast.Rowset>(
          (left, [setting, right]) => ({ kind: 'set-operation', ...setting, left, right, span }),
          first,
        ),
      ),
  };
});

/** A WHERE right behind a SELECT or PROCESS that can still take one would be its own. */
function claused(input: Ast.Primary, list: readonly Ast.Clause[]): Ast.Rowset {
  const own = input.kind === 'select' || input.kind === 'process';
  const first = own ? list.findIndex(({ kind }) => kind !== 'where-clause') : 0;
  const clauses = first === -1 ? [] : list.slice(first);
  return clauses.length === 0 ? input : { kind: 'claused', input, clauses, span };
}

export const rowsets: fc.Arbitrary<Ast.Rowset> = rowset;

// ── Statements ──

export const statements: fc.Arbitrary<Ast.Statement> = fc.oneof(
  fc.record({
    kind: fc.constant('import-module' as const),
    names: some(
      fc.record({ kind: fc.constant('imported-name' as const), name: names, alias: maybe(names), span: here }),
    ),
    from: strings,
    span: here,
  }),
  fc.record({
    kind: fc.constant('import-view' as const),
    target: names,
    from: strings,
    params: fc.array(
      fc.record({ kind: fc.constant('view-argument' as const), parameter: parameters, value: expressions, span: here }),
      { maxLength: 2 },
    ),
    span: here,
  }),
  fc.record({
    kind: fc.constant('declare' as const),
    parameter: parameters,
    type: maybe(types),
    value: expressions,
    span: here,
  }),
  fc.record({ kind: fc.constant('set' as const), option: names, value: literals, span: here }),
  fc.record({ kind: fc.constant('export' as const), name: names, span: here }),
  { weight: 3, arbitrary: rowset.map((inner): Ast.Statement => ({ kind: 'rowset-statement', rowset: inner, span })) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(names, rowset)
      .map(([target, inner]): Ast.Statement => ({ kind: 'assignment', target, rowset: inner, span })),
  },
  fc.record({
    kind: fc.constant('output' as const),
    input: maybe(rowset),
    to: expressions,
    using: maybe(operatorCalls),
    orderBy: fc.array(sortItems(expressions), { maxLength: 2 }),
    expect: maybe(
      fc.record({ kind: fc.constant('expect' as const), truth: expressions, having: maybe(expressions), span: here }),
    ),
    span: here,
  }),
);

export const scripts: fc.Arbitrary<Ast.Script> = fc
  .array(statements, { minLength: 1, maxLength: 4 })
  .map((list) => ({ kind: 'script', statements: list, comments: [], span }));

/** Scripts that are right, in canonical layout. */
export const scriptTexts: fc.Arbitrary<string> = scripts.map((script) => print(script, ''));
