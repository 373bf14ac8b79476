import { expect } from 'chai';
import { compileExpr, compilePredicate, evaluateConstant } from '../../../src/runtime/expressions/compile.ts';
import { literalCode } from '../../../src/runtime/expressions/code.ts';
import { NotExecutableError } from '../../../src/runtime/expressions/not-executable.ts';
import { RowError } from '../../../src/runtime/row-error.ts';
import type { FunctionSignature } from '../../../src/typecheck/signature.ts';
import type { Type } from '../../../src/typecheck/types.ts';
import {
  arrayOf,
  BOOL,
  DATETIME,
  FLOAT,
  INT,
  JSON_TYPE,
  LONG,
  nullable,
  STRING,
} from '../../../src/typecheck/types.ts';
import { batchOf, noModules, run, schemaOf, typedOver, vectorsOf } from './world.ts';

const rows = {
  n: { type: INT, values: [10, 2147483647, 0, -2147483648] },
  m: { type: nullable(INT), values: [null, 1, 0, -1] },
  l: { type: LONG, values: [1, Number.MAX_SAFE_INTEGER, 0, Number.MIN_SAFE_INTEGER] },
  s: { type: STRING, values: ['7', 'x', '', '2024-01-01'] },
  j: { type: JSON_TYPE, values: [1, '2', { a: 1 }, true] },
};

/** `row code` of the rows that fail. */
function failing(text: string): readonly string[] {
  return run(text, rows).failures.map(({ row, code }) => `${row} ${code}`);
}

describe('a row that fails', () => {
  it('raises an error with its row and the place in the script', () => {
    const text = '1 + n / (m ?? 0)';
    const compiled = compileExpr(typedOver(text, schemaOf(rows)), schemaOf(rows), noModules);
    let raised: unknown;
    try {
      compiled(batchOf(vectorsOf(rows, true)));
    } catch (error) {
      raised = error;
    }
    if (!(raised instanceof RowError)) throw new Error('no RowError');
    expect(raised).to.include({ code: 'PR2001', row: 0, message: '10 / 0: division by zero has no value' });
    expect(text.slice(raised.span.start, raised.span.end)).to.equal('n / (m ?? 0)');
  });

  it('is collected where that is asked for, and the other rows go on', () => {
    const { values, failures } = run('10 % n', rows);
    expect(values).to.deep.equal([0, 10, 0, 10]);
    expect(failures.map(({ row }) => row)).to.deep.equal([2]);
    const select = compilePredicate(typedOver('100 / n > 1', schemaOf(rows)), schemaOf(rows), noModules);
    const collected: RowError[] = [];
    expect(Array.from(select(batchOf(vectorsOf(rows, true)), collected))).to.deep.equal([0]);
    expect(collected.map(({ row }) => row)).to.deep.equal([2]);
  });

  it('of overflow never wraps or rounds', () => {
    expect(failing('n + 1')).to.deep.equal(['1 PR2002']);
    expect(failing('n - 1')).to.deep.equal(['3 PR2002']);
    expect(failing('n * 2')).to.deep.equal(['1 PR2002', '3 PR2002']);
    expect(failing('-n')).to.deep.equal(['3 PR2002']);
    expect(failing('Math.abs(n)')).to.deep.equal(['3 PR2002']);
    expect(failing('l + 1')).to.deep.equal(['1 PR2002']);
    expect(failing('l - 1')).to.deep.equal(['3 PR2002']);
    expect(failing('l * 3')).to.deep.equal(['1 PR2002', '3 PR2002']);
    expect(failing('long(n) * 4 + l')).to.deep.equal(['1 PR2002', '3 PR2002']);
    expect(run('long(n) + 1', rows).values).to.deep.equal([11, 2147483648, 1, -2147483647]);
  });

  it('of a conversion names the value', () => {
    expect(failing('int(s)')).to.deep.equal(['1 PR2003', '2 PR2003', '3 PR2003']);
    expect(run('int(s)', rows).failures[0]?.message).to.equal('"x" is no int');
    expect(failing('int(l)')).to.deep.equal(['1 PR2003', '3 PR2003']);
    expect(failing('string(j)')).to.deep.equal(['0 PR2003', '2 PR2003', '3 PR2003']);
    expect(failing('float(j)')).to.deep.equal(['2 PR2003', '3 PR2003']);
    expect(failing('bool(j)')).to.deep.equal(['0 PR2003', '1 PR2003', '2 PR2003']);
    expect(failing('parseDate(s)')).to.deep.equal(['0 PR2004', '1 PR2004', '2 PR2004']);
    expect(failing('parseDate(s, "yyyy-MM-dd")')).to.deep.equal(['0 PR2004', '1 PR2004', '2 PR2004']);
    expect(failing('JSON.parse(s)')).to.deep.equal(['1 PR2003', '2 PR2003', '3 PR2003']);
    expect(failing('datetime(l)')).to.deep.equal(['1 PR2003', '3 PR2003']);
  });

  it('of an argument out of range is an error of the row', () => {
    expect(failing('"ab".repeat(n)')).to.deep.equal(['1 PR2009', '3 PR2006']);
    expect(failing('s.padEnd(n)')).to.deep.equal(['1 PR2009']);
    expect(failing('String.fromCodePoint(n)')).to.deep.equal(['1 PR2006', '3 PR2006']);
    expect(failing('regex("(" + s).test(s)')).to.deep.equal(['0 PR2005', '1 PR2005', '2 PR2005', '3 PR2005']);
    expect(failing('("ab" + s).split(regex("(a)|(b)"))')).to.deep.equal([
      '0 PR2006',
      '1 PR2006',
      '2 PR2006',
      '3 PR2006',
    ]);
  });

  it('is none where the failing part does not decide', () => {
    expect(failing('n != 0 && 10 / n > 1')).to.deep.equal([]);
    expect(failing('n == 0 || 10 / n > 1')).to.deep.equal([]);
    expect(failing('n == 0 ? 0.5 : 10 / n')).to.deep.equal([]);
    expect(failing('m ?? int(s)')).to.deep.equal([]);
    expect(failing('CASE WHEN n == 0 THEN 0 ELSE 10 % n END')).to.deep.equal([]);
    expect(failing('m / 0.5 + m % (m == 0 ? 1 : 2)')).to.deep.equal([]);
  });
});

describe('null', () => {
  it('makes arithmetic null, orderings false, and equals itself', () => {
    expect(run('m + n', rows).failures.map(({ row }) => row)).to.deep.equal([1, 3]);
    expect(run('m * 2', rows).values).to.deep.equal([null, 2, 0, -2]);
    expect(run('m > 0', rows).values).to.deep.equal([false, true, false, false]);
    expect(run('!(m > 0)', rows).values).to.deep.equal([true, false, true, true]);
    expect(run('m == m', rows).values).to.deep.equal([true, true, true, true]);
    expect(run('m == null', rows).values).to.deep.equal([true, false, false, false]);
    expect(run('m != 1', rows).values).to.deep.equal([true, false, true, true]);
    expect(run('m NOT BETWEEN 0 AND 1', rows).values).to.deep.equal([true, false, false, true]);
    expect(run('m IN (0, null)', rows).values).to.deep.equal([true, false, true, false]);
    expect(run('m / 0.5', rows).values).to.deep.equal([null, 2, 0, -2]);
    expect(run('"m" + m', rows).values).to.deep.equal([null, 'm1', 'm0', 'm-1']);
    expect(run('[m, 1]', rows).values).to.deep.equal([
      [null, 1],
      [1, 1],
      [0, 1],
      [-1, 1],
    ]);
  });
});

describe('a constant that all rows share', () => {
  it('keeps nothing of one row for the next: a regex starts at the beginning of each text', () => {
    const texts = { s: { type: STRING, values: ['aa', 'aa', 'ba', 'aa'] } };
    expect(run('regex("a", "g").test(s)', texts).values).to.deep.equal([true, true, true, true]);
    expect(run('regex("a", "y").test(s)', texts).values).to.deep.equal([true, true, false, true]);
    expect(run('s.replace(regex("a", "y"), "-")', texts).values).to.deep.equal(['-a', '-a', 'ba', '-a']);
  });

  it('in a list is found as == finds it', () => {
    const floats = { f: { type: nullable(FLOAT), values: [Number.NaN, 1, -0, null] } };
    expect(run('f IN (Number.NaN, 1, 0)', floats).values).to.deep.equal([false, true, true, false]);
    expect(run('f IN (null, 1)', floats).values).to.deep.equal([false, true, false, true]);
  });

  it('is a literal without the line ends of Unicode', () => {
    expect(literalCode('a\u2028\u2029"')).to.equal('"a\\u2028\\u2029\\""');
    expect(literalCode(-0)).to.equal('-0');
  });
});

describe('an imported function', () => {
  const call = (result: Type, body: (...args: readonly unknown[]) => unknown) => {
    const signature: FunctionSignature = {
      kind: 'function',
      name: 'f',
      module: '/job/f.ts',
      parameters: [{ name: 'x', type: nullable(FLOAT) }],
      result,
      doc: '',
    };
    return run('f(m)', rows, true, { moduleFunction: () => body }, { functions: new Map([['f', signature]]) });
  };

  it('is called with the values of the row', () => {
    expect(call(nullable(FLOAT), (x) => x).values).to.deep.equal([null, 1, 0, -1]);
    expect(call(STRING, (x) => `<${String(x)}>`).values).to.deep.equal(['<null>', '<1>', '<0>', '<-1>']);
    expect(call(arrayOf(INT), () => [1]).values).to.deep.equal([[1], [1], [1], [1]]);
  });

  it('that throws is an error of its row', () => {
    const { failures } = call(INT, (x) => {
      if (x === null) throw new TypeError('no number');
      return 1;
    });
    expect(failures.map(({ row, code, message }) => `${row} ${code} ${message}`)).to.deep.equal([
      '0 PR2007 f of /job/f.ts threw: no number',
    ]);
  });

  it('that answers with another type than declared is an error of its row', () => {
    const wrong: readonly (readonly [Type, unknown])[] = [
      [INT, 1.5],
      [INT, 2 ** 31],
      [LONG, 2 ** 53],
      [STRING, 1],
      [STRING, undefined],
      [BOOL, 'true'],
      [DATETIME, Number.NaN],
      [arrayOf(STRING), ['a', 1]],
      [JSON_TYPE, new Map()],
      [STRING, Promise.resolve('a')],
    ];
    for (const [type, answer] of wrong) {
      expect(call(type, () => answer).failures.map(({ code }) => code)).to.deep.equal([
        'PR2008',
        'PR2008',
        'PR2008',
        'PR2008',
      ]);
    }
  });
});

describe('compileExpr', () => {
  it('shares the vector of a column that stands alone', () => {
    const vectors = vectorsOf(rows, true);
    expect(compileExpr(typedOver('s', schemaOf(rows)), schemaOf(rows), noModules)(batchOf(vectors))).to.equal(
      vectors[3],
    );
  });

  it('refuses what is not computed row by row', () => {
    for (const text of ['SUM(n)', 'RANK() OVER (ORDER BY n)', '1 + COUNT(*)']) {
      expect(() => compileExpr(typedOver(text, schemaOf(rows)), schemaOf(rows), noModules), text).to.throw(
        NotExecutableError,
      );
    }
  });

  it('takes rows for rows without a history: a region puts lineage in their place before', () => {
    expect(run('attempts(m) + 1', rows).values).to.deep.equal([1, 1, 1, 1]);
    expect(run('original(m) ?? 5', rows).values).to.deep.equal([5, 1, 0, -1]);
  });

  it('computes constants without a batch', () => {
    expect(evaluateConstant(typedOver('"a".repeat(3) + 1', []), noModules)).to.equal('aaa1');
    expect(evaluateConstant(typedOver('parseDate("2024-01-01")', []), noModules)).to.equal(Date.UTC(2024, 0));
  });
});
