import { expect } from 'chai';
import { typeText as shown } from '../../../src/typecheck/types.ts';
import { FLOAT, INT, JSON_TYPE, LONG, nullable, STRING } from '../../../src/typecheck/types.ts';
import { arrayOf } from '../../../src/typecheck/types.ts';
import { assignable, commonType, expressionText } from '../../../src/typecheck/expressions/index.ts';
import { typed } from './world.ts';

/** Expression → type. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'takes a literal at its narrowest type': {
    '1': 'int',
    '2147483647': 'int',
    '2147483648': 'long',
    '-2147483648': 'int',
    '-2147483649': 'long',
    '1.0': 'float',
    '1e3': 'float',
    '0xff': 'int',
    '"a"': 'string',
    true: 'bool',
    null: 'null',
    '@limit': 'int',
  },
  'promotes int to long to float': {
    'n + n': 'int',
    'n + l': 'long',
    'l * f': 'float',
    'n + 1.5': 'float',
    'n % n': 'int',
    'n / n': 'float',
    'l / n': 'float',
    '-l': 'long',
    '+n': 'int',
    'Math.max(n, l)': 'long',
    'Math.max(n, f, l)': 'float',
    'Math.abs(n)': 'int',
    'Math.abs(l)': 'long',
    'Math.floor(f)': 'float',
    'Math.floor(l)': 'long',
  },
  'lifts arithmetic over nulls': {
    'qn + 1': 'int?',
    'n * qf': 'float?',
    '-qn': 'int?',
    'qs + "a"': 'string?',
    '"a" + qn': 'string?',
    'qd - d': 'long?',
  },
  'compares with nulls to a bool': {
    'qn == null': 'bool',
    'qn > 1': 'bool',
    'qs == s': 'bool',
    'qn BETWEEN 1 AND 2': 'bool',
    'qs IN ("a", null)': 'bool',
    'qs NOT LIKE "a%"': 'bool',
    'qs IS NOT NULL': 'bool',
    'j == "a"': 'bool',
    'a == ["x"]': 'bool',
  },
  'writes numbers and bools beside a string': { 's + n': 'string', 'b + s': 'string', 's + f + b': 'string' },
  'gives members their declared types': {
    's.length': 'int',
    's[0]': 'string?',
    's.split(",")': 'string[]',
    's.split(",")[0]': 'string?',
    's.codePointAt(0)': 'int?',
    'a[0]': 'string?',
    'i.at(-1)': 'int?',
    'i.slice(1)': 'int[]',
    'i.includes(2.5)': 'bool',
    'i.concat([1.5])': 'float[]',
    'd.getUTCFullYear()': 'int',
    'd.getTime()': 'long',
    'n.toFixed(1)': 'string',
    'j.a': 'json?',
    'j.a.b[0].c': 'json?',
    'j["a b"]': 'json?',
    'Object.values(j)': 'json?[]',
    's.match(regex("a"))': 'string?[]?',
    'Number.parseInt(s)': 'float',
    'Math.PI': 'float',
    'Number.MAX_SAFE_INTEGER': 'long',
    'shout(s, n)': 'string?',
  },
  'passes nulls by with ?.': {
    'qs?.length': 'int?',
    'qs?.trim().toUpperCase()': 'string?',
    'qs?.split(",").length': 'int?',
    's?.length': 'int',
  },
  'finds the type that branches share': {
    'b ? 1 : 2.5': 'float',
    'b ? n : l': 'long',
    'b ? s : null': 'string?',
    'b ? null : null': 'null',
    'b ? [1] : []': 'int[]',
    'b ? qn : f': 'float?',
    'CASE WHEN b THEN 1 END': 'int?',
    'CASE WHEN b THEN 1 WHEN n > 2 THEN 2.5 ELSE 3 END': 'float',
    'CASE s WHEN "a" THEN 1 ELSE 2 END': 'int',
    '[1, 2.5]': 'float[]',
    '[1, null]': 'int?[]',
    '[[1], []]': 'int[][]',
    'qs ?? ""': 'string',
    'qn ?? 2.5': 'float',
    'qn ?? qn': 'int?',
    'qa ?? []': 'string[]',
    'j.a ?? "none"': 'json',
  },
  'knows where a condition has excluded null': {
    'qs != null && qs.length > 1': 'bool',
    'qs == null || qs.length > 1': 'bool',
    'qs IS NOT NULL AND qs.length > 1': 'bool',
    '!(qs == null) && qs.length > 1': 'bool',
    'qs != null ? qs.length : 0': 'int',
    'qs == null ? 0 : qs.length': 'int',
    'qn > 1 ? Math.abs(qn) : 0': 'int',
    'qs == "a" && qs.length == 1': 'bool',
    'CASE WHEN qs IS NULL THEN 0 ELSE qs.length END': 'int',
    'qs != null && qn != null && qs.length > Math.abs(qn)': 'bool',
    '(qs != null && b) ? qs.length : 0': 'int',
    '(qs == null || b) ? 0 : qs.length': 'int',
    'qs LIKE "a%" && qs.length > 1': 'bool',
  },
  'gives aggregates wide types, and ? where a group may be empty': {
    'COUNT(*)': 'long',
    'COUNT(DISTINCT s)': 'long',
    'SUM(n)': 'long?',
    'SUM(f)': 'float?',
    'AVG(n)': 'float?',
    'MIN(s)': 'string?',
    'LIST(s)': 'string[]?',
    'FIRST(j)': 'json?',
    'SUM(n) / COUNT(*)': 'float?',
  },
  'types window functions': {
    'ROW_NUMBER() OVER (ORDER BY n)': 'long',
    'NTILE(4) OVER (ORDER BY n)': 'int',
    'LAG(n) OVER (ORDER BY n)': 'int?',
    'LAG(n, 1, 0) OVER (ORDER BY n)': 'int',
    'LAG(n, 2, 0.5) OVER (ORDER BY n)': 'float',
    'SUM(n) OVER (PARTITION BY s)': 'long',
    'SUM(qn) OVER (PARTITION BY s)': 'long?',
    'SUM(n) OVER (ORDER BY n ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING)': 'long?',
    'FIRST_VALUE(qs) OVER (ORDER BY n)': 'string?',
    'SUM(SUM(n)) OVER ()': 'long?',
  },
  'types lineage functions': {
    'attempts(s)': 'int',
    'original(qn)': 'int?',
    'qs != null && original(qs) == null': 'bool',
  },
};

describe('typeExpr', () => {
  for (const [claim, cases] of Object.entries(TYPES)) {
    it(claim, () => {
      const found = Object.keys(cases).map((text) => [text, shown(typed(text).type)]);
      expect(Object.fromEntries(found)).to.deep.equal(cases);
    });
  }

  it('takes groups of a GROUP BY for never empty', () => {
    const grouped = { aggregates: { allowed: true, grouped: true } } as const;
    expect(shown(typed('SUM(n)', grouped).type)).to.equal('long');
    expect(shown(typed('SUM(qn)', grouped).type)).to.equal('long?');
    expect(shown(typed('STDEV(n)', grouped).type)).to.equal('float?');
  });

  it('converts to the expected type', () => {
    expect(typed('n', {}, LONG)).to.deep.include({ kind: 'convert', type: LONG });
    expect(typed('1', {}, nullable(FLOAT))).to.deep.include({ kind: 'literal', value: 1, type: nullable(FLOAT) });
    expect(typed('[]', {}, arrayOf(INT)).type).to.deep.equal(arrayOf(INT));
    expect(typed('null', {}, nullable(STRING))).to.deep.include({ value: null, type: nullable(STRING) });
    expect(typed('[1, "a", null]', {}, JSON_TYPE).type).to.deep.equal(JSON_TYPE);
  });

  it('resolves qualified columns, and unqualified ones that are unique', () => {
    const column = (qualifier: string, name: string) => ({ qualifier, name, type: INT, origins: [] });
    const scope = { columns: [column('a', 'x'), column('b', 'x'), column('b', 'z')], qualifiers: new Set(['a', 'b']) };
    expect(typed('b.x', scope)).to.deep.include({ kind: 'column', qualifier: 'b', name: 'x' });
    expect(typed('z', scope)).to.deep.include({ kind: 'column', qualifier: 'b', name: 'z' });
  });

  it('lets an alias stand for its item, behind a column of the same name unless aliases win', () => {
    const total = typed('n + 1');
    const aliases = new Map([
      ['total', total],
      ['n', total],
    ]);
    expect(expressionText(typed('total * 2', { aliases }))).to.equal('(n + 1) * 2');
    expect(expressionText(typed('n', { aliases }))).to.equal('n');
    expect(expressionText(typed('n', { aliases, aliasesWin: true }))).to.equal('n + 1');
  });

  it('does not take what an object inherits for a column or function', () => {
    const column = { qualifier: null, name: '__proto__', type: INT, origins: [] };
    expect(typed('__proto__ + 1', { columns: [column] })).to.deep.include({ kind: 'call', type: INT });
  });
});

describe('the type rules', () => {
  it('let values into wider types only', () => {
    expect(assignable(INT, LONG) && assignable(LONG, FLOAT) && assignable(INT, nullable(FLOAT))).to.equal(true);
    expect(assignable(FLOAT, LONG) || assignable(LONG, INT) || assignable(nullable(INT), INT)).to.equal(false);
    expect(assignable(arrayOf(INT), arrayOf(FLOAT)) && assignable(arrayOf(STRING), JSON_TYPE)).to.equal(true);
    expect(assignable(JSON_TYPE, STRING) || assignable(nullable(STRING), JSON_TYPE)).to.equal(false);
  });

  it('find the same common type from either side', () => {
    const types = [
      INT,
      LONG,
      FLOAT,
      STRING,
      JSON_TYPE,
      nullable(INT),
      nullable(STRING),
      arrayOf(INT),
      arrayOf(nullable(FLOAT)),
    ];
    for (const a of types) {
      for (const b of types) {
        const common = commonType(a, b);
        expect(common, `${shown(a)} and ${shown(b)}`).to.deep.equal(commonType(b, a));
        if (common !== null) expect(assignable(a, common) && assignable(b, common)).to.equal(true);
      }
    }
  });
});
