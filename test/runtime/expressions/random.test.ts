/** Random expressions over random rows with nulls: compiled, folded and interpreted they give the same values and the same failures. */
import { expect } from 'chai';
import fc from 'fast-check';
import { compilePredicate } from '../../../src/runtime/expressions/compile.ts';
import type { RowError } from '../../../src/runtime/row-error.ts';
import { constantValue, expressionText, foldConstants } from '../../../src/typecheck/expressions/index.ts';
import { EvaluationFailure } from '../../../src/typecheck/functions/failure.ts';
import type { RuntimeValue } from '../../../src/typecheck/functions/entry.ts';
import type { TypedExpr } from '../../../src/typecheck/typed.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';
import { BOOL, FLOAT, INT, LONG, nullable, STRING } from '../../../src/typecheck/types.ts';
import type { Row } from './reference.ts';
import { interpret, substituted } from './reference.ts';
import { batchOf, evaluate, noModules, schemaOf, tryTyped, vectorsOf } from './world.ts';

const RUNS = process.env['PYSCOPE_LONG'] === undefined ? 250 : 50_000;

const int = fc.constantFrom(0, 1, -1, 2, 7, 2147483647, -2147483648);
const long = fc.constantFrom(0, 1, -3, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER);
const float = fc.constantFrom(0, -0, 1, 0.5, -2.25, NaN, Infinity, 1e308);
const text = fc.constantFrom('', 'a', 'ab', 'Ünï', '😀', ' a ', '7');

const COLUMNS: Readonly<Record<string, { readonly type: Type; readonly values: fc.Arbitrary<Value> }>> = {
  n: { type: INT, values: int },
  qn: { type: nullable(INT), values: fc.option(int) },
  l: { type: LONG, values: long },
  ql: { type: nullable(LONG), values: fc.option(long) },
  f: { type: FLOAT, values: float },
  qf: { type: nullable(FLOAT), values: fc.option(float) },
  s: { type: STRING, values: text },
  qs: { type: nullable(STRING), values: fc.option(text) },
  b: { type: BOOL, values: fc.boolean() },
  qb: { type: nullable(BOOL), values: fc.option(fc.boolean()) },
};

type Kind = 'number' | 'number?' | 'text' | 'text?' | 'bool';

/** Expression texts by the kind of their value; deeper ones are rarer. */
const texts = fc.letrec<Record<Kind, string>>((tie) => {
  const of = (kind: Kind): fc.Arbitrary<string> => tie(kind);
  const joined = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
      .map((pieces) => pieces.join(''));
  const arithmetic = fc.constantFrom(' + ', ' - ', ' * ', ' / ', ' % ');
  const compared = fc.constantFrom(' == ', ' != ', ' < ', ' <= ', ' > ', ' >= ');
  const choice = (kind: Kind): fc.Arbitrary<string> => joined('(', of('bool'), ' ? ', of(kind), ' : ', of(kind), ')');
  const deep = { depthSize: 'small', withCrossShrink: true } as const;
  return {
    number: fc.oneof(
      deep,
      fc.constantFrom('n', 'l', 'f', '1', '0.5', '2147483647', '3'),
      joined('(', of('number'), arithmetic, of('number'), ')'),
      joined('-(', of('number'), ')'),
      joined('(', of('number?'), ' ?? ', of('number'), ')'),
      joined('Math.max(', of('number'), ', ', of('number'), ')'),
      joined('(', of('text'), ').length'),
      choice('number'),
    ),
    'number?': fc.oneof(
      deep,
      fc.constantFrom('qn', 'ql', 'qf'),
      joined('(', of('number?'), arithmetic, of('number'), ')'),
      joined('(', of('number?'), arithmetic, of('number?'), ')'),
      joined('-(', of('number?'), ')'),
      joined('(', of('text?'), ')?.length'),
      joined('(', of('bool'), ' ? ', of('number'), ' : null)'),
      choice('number?'),
    ),
    text: fc.oneof(
      deep,
      fc.constantFrom('s', '"a"', '""', '"😀"'),
      joined('(', of('text'), ' + ', of('text'), ')'),
      joined('(', of('text'), ' + ', of('number'), ')'),
      joined('(', of('text?'), ' ?? ', of('text'), ')'),
      joined('(', of('text'), ').trim().toUpperCase()'),
      choice('text'),
    ),
    'text?': fc.oneof(
      deep,
      fc.constantFrom('qs', 'qs', 's[0]', 's.at(-1)'),
      joined('(', of('text?'), ')?.slice(1)'),
      joined('(', of('text?'), ' + ', of('text'), ')'),
      choice('text?'),
    ),
    bool: fc.oneof(
      deep,
      fc.constantFrom(
        'b',
        'true',
        'qb == true',
        's == "ab"',
        '"a" == qs',
        'qs != "a"',
        's.startsWith("a")',
        's.includes("😀")',
      ),
      joined('(', of('number?'), compared, of('number?'), ')'),
      joined('(', of('number'), compared, of('number'), ')'),
      joined('(', of('text?'), compared, of('text'), ')'),
      joined('(', of('text?'), compared, of('text?'), ')'),
      joined('(', of('number?'), ' == null)'),
      joined('((', of('text?'), ') IS NOT NULL)'),
      joined('(', of('number?'), ' BETWEEN ', of('number'), ' AND ', of('number?'), ')'),
      joined('(', of('number?'), ' NOT IN (1, 7, 0.5, null))'),
      joined('(', of('text?'), ' IN ("a", ', of('text'), '))'),
      joined('(', of('text?'), ' LIKE "%a_")'),
      joined('(', of('bool'), fc.constantFrom(' && ', ' || '), of('bool'), ')'),
      joined('(qn != null && Math.abs(qn) > ', of('number'), ')'),
      joined('!', of('bool')),
      choice('bool'),
    ),
  };
});

const expression = fc.oneof(texts['number?'], texts.text, texts['text?'], texts.bool, texts.number);
const row = fc.record(
  Object.fromEntries(Object.entries(COLUMNS).map(([name, { values }]) => [name, values])),
) as fc.Arbitrary<Row>;
const rows = fc.array(row, { minLength: 1, maxLength: 6 });

type Expected = { readonly value: RuntimeValue } | { readonly failure: string };

function expected(expr: TypedExpr, cells: Row): Expected {
  try {
    return { value: interpret(expr, cells) };
  } catch (error) {
    if (error instanceof EvaluationFailure) return { failure: error.message };
    throw error;
  }
}

function columnsOf(table: readonly Row[]) {
  return Object.fromEntries(
    Object.entries(COLUMNS).map(([name, { type }]) => [
      name,
      { type, values: table.map((cells) => cells[name] ?? null) },
    ]),
  );
}

const schema = schemaOf(columnsOf([]));

/** Rows that fail, as `row message`. */
function failuresText(failures: readonly RowError[]): readonly string[] {
  return failures.map(({ row, message }) => `${row} ${message}`);
}

describe('a random expression', () => {
  it('gives the same when it is compiled as when it is interpreted', () => {
    let failed = 0;
    fc.assert(
      fc.property(expression, rows, fc.boolean(), (source, table, utf8) => {
        const expr = tryTyped(source, schema);
        fc.pre(expr !== null);
        const wanted = table.map((cells) => expected(expr, cells));
        const { values, failures } = evaluate(expr, columnsOf(table), utf8);
        const wantedFailures = wanted.flatMap((one, at) => ('failure' in one ? [`${at} ${one.failure}`] : []));
        failed += wantedFailures.length;
        expect(failuresText(failures), source).to.deep.equal(wantedFailures);
        for (const [at, one] of wanted.entries())
          if ('value' in one) expect(values[at], source).to.deep.equal(one.value);
      }),
      { numRuns: RUNS },
    );
    expect(failed, 'rows that fail').to.be.greaterThan(0);
  });

  it('gives the same when it is folded', () => {
    fc.assert(
      fc.property(expression, row, (source, cells) => {
        const expr = tryTyped(source, schema);
        fc.pre(expr !== null);
        const wanted = expected(expr, cells);
        const constant = substituted(expr, cells);
        const columns = columnsOf([cells]);
        if ('value' in wanted) {
          expect(constantValue(constant), source).to.deep.equal(wanted.value);
          expect(evaluate(foldConstants(expr), columns).values, source).to.deep.equal([wanted.value]);
        } else {
          expect(constantValue(constant), source).to.equal(undefined);
          for (const folded of [foldConstants(expr), foldConstants(constant)]) {
            expect(failuresText(evaluate(folded, columns).failures), source).to.deep.equal([`0 ${wanted.failure}`]);
          }
        }
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('means the same when its text is read again', () => {
    fc.assert(
      fc.property(expression, row, (source, cells) => {
        const expr = tryTyped(source, schema);
        fc.pre(expr !== null);
        const again = tryTyped(expressionText(expr), schema);
        expect(again, expressionText(expr)).to.not.equal(null);
        if (again === null) return;
        expect(expressionText(again)).to.equal(expressionText(expr));
        const [first, second] = [expected(expr, cells), expected(again, cells)];
        expect('value' in second ? second.value : 'failed').to.deep.equal('value' in first ? first.value : 'failed');
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('selects as a predicate the rows where it is true', () => {
    fc.assert(
      fc.property(texts.bool, rows, fc.boolean(), (source, table, utf8) => {
        const expr = tryTyped(source, schema);
        fc.pre(expr !== null);
        const failures: RowError[] = [];
        const select = compilePredicate(expr, schema, noModules);
        const selected = select(batchOf(vectorsOf(columnsOf(table), utf8)), failures);
        const wanted = table.map((cells) => expected(expr, cells));
        expect(Array.from(selected), source).to.deep.equal(
          wanted.flatMap((one, at) => ('value' in one && one.value === true ? [at] : [])),
        );
        expect(failures.map((failure) => failure.row)).to.deep.equal(
          wanted.flatMap((one, at) => ('failure' in one ? [at] : [])),
        );
      }),
      { numRuns: RUNS },
    );
  });
});
