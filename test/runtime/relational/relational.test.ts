import { expect } from 'chai';
import fc from 'fast-check';
import type { JoinNode } from '../../../src/planner/graph.ts';
import type { AggregateName, TypedWindow } from '../../../src/typecheck/typed.ts';
import { FLOAT, INT, LONG, nullable, STRING } from '../../../src/typecheck/types.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';
import { answerOf, base, column, ref, span } from './support.ts';
import type { Row, Side } from './support.ts';

const KEY = nullable(STRING);
const NUMBER = nullable(INT);
const schema = [column('k', KEY), column('v', NUMBER)];
const renamed = [column('rk', KEY), column('rv', NUMBER)];

const row = fc.tuple(
  fc.option(fc.constantFrom('', 'a', 'b', 'é', '😀', '__proto__', 'constructor')),
  fc.option(fc.integer({ min: -3, max: 3 })),
);
const table = fc.array(row, { maxLength: 30 });
const size = fc.constantFrom(1, 2, 7, 100);

function groupsOf(rows: readonly Row[]): Map<Value, Row[]> {
  const groups = new Map<Value, Row[]>();
  for (const one of rows) groups.set(one[0] ?? null, [...(groups.get(one[0] ?? null) ?? []), one]);
  return groups;
}

function aggregates(...list: readonly (readonly [AggregateName, boolean, Type])[]): {
  readonly name: string;
  readonly value: {
    readonly kind: 'aggregate';
    readonly fn: AggregateName;
    readonly distinct: boolean;
    readonly arg: ReturnType<typeof ref>;
    readonly type: Type;
    readonly span: typeof span;
  };
}[] {
  return list.map(([fn, distinct, type]) => ({
    name: fn,
    value: { kind: 'aggregate', fn, distinct, arg: ref('v', NUMBER), type, span },
  }));
}

describe('aggregate', () => {
  it('gives one row per key in order of first appearance, nulls being equal and skipped by the functions', () => {
    const node = {
      ...base([column('k', KEY), ...['n', 'd', 's', 'lo', 'hi', 'all'].map((name) => column(name, nullable(LONG)))]),
      kind: 'aggregate' as const,
      input: 0,
      keys: [{ name: 'k', value: ref('k', KEY) }],
      aggregates: aggregates(
        ['COUNT', false, LONG],
        ['COUNT', true, LONG],
        ['SUM', false, nullable(LONG)],
        ['MIN', false, NUMBER],
        ['MAX', false, NUMBER],
        ['LIST', false, { kind: 'array', element: INT }],
      ),
    };
    fc.assert(
      fc.property(table, size, (rows, batchSize) => {
        const wanted = [...groupsOf(rows)].map(([key, members]) => {
          const values = members.map((member) => member[1]).filter((v): v is number => typeof v === 'number');
          const none = values.length === 0;
          return [
            key,
            values.length,
            new Set(values).size,
            none ? null : values.reduce((a, b) => a + b, 0),
            none ? null : Math.min(...values),
            none ? null : Math.max(...values),
            none ? null : values,
          ];
        });
        expect(answerOf(node, [{ schema, rows }], batchSize, false)).to.deep.equal(wanted);
      }),
    );
  });

  it('gives one row for no input where nothing is grouped', () => {
    const node = {
      ...base([column('n', LONG), column('s', nullable(LONG))]),
      kind: 'aggregate' as const,
      input: 0,
      keys: [],
      aggregates: aggregates(['COUNT', false, LONG], ['SUM', false, nullable(LONG)], ['AVG', false, nullable(FLOAT)]),
    };
    expect(answerOf(node, [{ schema, rows: [] }], 1, false)).to.deep.equal([[0, null, null]]);
  });

  it('takes the variance of a sample without cancellation, and none of a single value', () => {
    const node = (rows: readonly Row[]): readonly Row[] =>
      answerOf(
        {
          ...base([column('k', KEY), column('var', nullable(FLOAT)), column('sd', nullable(FLOAT))]),
          kind: 'aggregate',
          input: 0,
          keys: [{ name: 'k', value: ref('k', KEY) }],
          aggregates: aggregates(['VAR', false, nullable(FLOAT)], ['STDEV', false, nullable(FLOAT)]),
        },
        [{ schema: [column('k', KEY), column('v', FLOAT)], rows }],
        2,
        false,
      );
    expect(node([4, 7, 13, 16].map((x) => ['a', 1e9 + x]))).to.deep.equal([['a', 30, Math.sqrt(30)]]);
    expect(node([['a', 1.5]])).to.deep.equal([['a', null, null]]);
  });
});

describe('sort', () => {
  it('is stable, puts nulls first under ASC and last under DESC', () => {
    const node = (direction: 'asc' | 'desc'): Parameters<typeof answerOf>[0] => ({
      ...base(schema),
      kind: 'sort',
      input: 0,
      by: [{ value: ref('v', NUMBER), direction }],
    });
    fc.assert(
      fc.property(table, size, fc.constantFrom('asc' as const, 'desc' as const), (rows, batchSize, direction) => {
        const rank = (v: Value | undefined): number => (typeof v === 'number' ? v : -1000);
        const sign = direction === 'asc' ? 1 : -1;
        const wanted = rows.toSorted((a, b) => sign * (rank(a[1]) - rank(b[1])));
        expect(answerOf(node(direction), [{ schema, rows }], batchSize, false)).to.deep.equal(wanted);
      }),
    );
  });
});

describe('top', () => {
  it('keeps the first rows', () => {
    fc.assert(
      fc.property(table, size, fc.nat(40), (rows, batchSize, count) => {
        const node = { ...base(schema), kind: 'top' as const, input: 0, count, by: [] };
        expect(answerOf(node, [{ schema, rows }], batchSize, false)).to.deep.equal(rows.slice(0, count));
      }),
    );
  });
});

describe('top with an order', () => {
  it('gives what sorting and cutting gives, also when it drops rows on the way', () => {
    const by = [{ value: ref('v', NUMBER), direction: 'asc' as const }];
    const rows = Array.from({ length: 40_000 }, (_, at): Row => [String(at), (at * 7919) % 1009]);
    const sorted = answerOf({ ...base(schema), kind: 'sort', input: 0, by }, [{ schema, rows }], 1000, false);
    const node = { ...base(schema), kind: 'top' as const, input: 0, count: 100, by };
    expect(answerOf(node, [{ schema, rows }], 1000, false)).to.deep.equal(sorted.slice(0, 100));
  });
});

const text = (one: Row): string => JSON.stringify(one);

describe('sets', () => {
  it('distinct keeps the first of equal rows at its place', () => {
    fc.assert(
      fc.property(table, size, (rows, batchSize) => {
        const wanted = rows.filter((one, at) => rows.findIndex((other) => text(other) === text(one)) === at);
        const node = { ...base(schema), kind: 'distinct' as const, input: 0 };
        expect(answerOf(node, [{ schema, rows }], batchSize, false)).to.deep.equal(wanted);
      }),
    );
  });

  it('except and intersect give distinct rows of the left, matched by column name', () => {
    fc.assert(
      fc.property(table, table, size, fc.boolean(), fc.boolean(), (left, right, batchSize, rightFirst, wanted) => {
        const among = new Set(right.map(text));
        const expected = left.filter(
          (one, at) => among.has(text(one)) === wanted && left.findIndex((other) => text(other) === text(one)) === at,
        );
        const swapped: Side = { schema: schema.toReversed(), rows: right.map((one) => one.toReversed()) };
        const node = {
          ...base(schema),
          kind: wanted ? ('intersect' as const) : ('except' as const),
          left: 0,
          right: 1,
        };
        expect(answerOf(node, [{ schema, rows: left }, swapped], batchSize, rightFirst)).to.deep.equal(expected);
      }),
    );
  });
});

describe('join', () => {
  const types = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const;
  it('follows the left order, then the right order; a null key matches nothing', () => {
    fc.assert(
      fc.property(
        table,
        table,
        size,
        fc.boolean(),
        fc.constantFrom(...types),
        (left, right, batchSize, first, type) => {
          const node: JoinNode = {
            ...base(type === 'semi' || type === 'anti' ? schema : [...schema, ...renamed]),
            kind: 'join',
            type,
            left: 0,
            right: 1,
            leftAlias: null,
            rightAlias: null,
            keys: [{ left: ref('k', KEY), right: ref('rk', KEY) }],
            on: null,
          };
          const met = (a: Row, b: Row): boolean => a[0] !== null && a[0] === b[0];
          const keepsLeft = type === 'left' || type === 'full';
          const expected = left.flatMap((a): readonly Row[] => {
            const partners = right.filter((b) => met(a, b));
            if (type === 'semi') return partners.length > 0 ? [a] : [];
            if (type === 'anti') return partners.length > 0 ? [] : [a];
            if (partners.length === 0) return keepsLeft ? [[...a, null, null]] : [];
            return partners.map((b) => [...a, ...b]);
          });
          const unmatched = right.filter((b) => !left.some((a) => met(a, b))).map((b): Row => [null, null, ...b]);
          const wanted = type === 'right' || type === 'full' ? [...expected, ...unmatched] : expected;
          const sides = [
            { schema, rows: left },
            { schema: renamed, rows: right },
          ];
          expect(answerOf(node, sides, batchSize, first)).to.deep.equal(wanted);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('window', () => {
  const rows: readonly Row[] = [
    ['a', 3],
    ['b', 1],
    ['a', 1],
    ['a', 1],
    ['b', null],
  ];
  const run = (
    fn: TypedWindow['fn'],
    over: Partial<TypedWindow>,
    type: Type = LONG,
  ): readonly (Value | undefined)[] => {
    const value: TypedWindow = {
      kind: 'window',
      fn,
      distinct: false,
      args: [],
      partitionBy: [ref('k', KEY)],
      orderBy: [{ value: ref('v', NUMBER), direction: 'asc' }],
      frame: { start: null, end: 0 },
      type,
      span,
      ...over,
    };
    const node = {
      ...base([...schema, column('w', type)]),
      kind: 'window' as const,
      input: 0,
      windows: [{ name: 'w', value }],
    };
    return answerOf(node, [{ schema, rows }], 2, false).map((one) => one[2]);
  };
  const v = [ref('v', NUMBER)];

  it('ranks inside each partition and leaves the rows in their order', () => {
    expect(run('ROW_NUMBER', {})).to.deep.equal([3, 2, 1, 2, 1]);
    expect(run('RANK', {})).to.deep.equal([3, 2, 1, 1, 1]);
    expect(run('DENSE_RANK', {})).to.deep.equal([2, 2, 1, 1, 1]);
  });

  it('looks back and ahead', () => {
    expect(run('LAG', { args: v }, NUMBER)).to.deep.equal([1, null, null, 1, null]);
    expect(run('LEAD', { args: v }, NUMBER)).to.deep.equal([null, null, 1, 3, 1]);
  });

  it('aggregates over the running frame, the whole partition and a moving frame', () => {
    expect(run('SUM', { args: v }, nullable(LONG))).to.deep.equal([5, 1, 1, 2, null]);
    expect(run('SUM', { args: v, frame: { start: null, end: null } }, nullable(LONG))).to.deep.equal([5, 1, 5, 5, 1]);
    expect(run('SUM', { args: v, frame: { start: -1, end: 0 } }, nullable(LONG))).to.deep.equal([4, 1, 1, 2, null]);
    expect(run('FIRST_VALUE', { args: v, frame: { start: 1, end: 1 } }, NUMBER)).to.deep.equal([null, null, 1, 3, 1]);
  });
});
