/** NaN and −0 as keys and in orders. */
import { expect } from 'chai';
import { FLOAT, INT, LONG, nullable } from '../../../src/typecheck/types.ts';
import { answerOf, base, column, ref, span } from './support.ts';
import type { Row } from './support.ts';

const schema = [column('x', nullable(FLOAT)), column('n', INT)];
const renamed = [column('y', nullable(FLOAT)), column('m', INT)];
const rows: readonly Row[] = [
  [0, 1],
  [Number.NaN, 2],
  [-0, 3],
  [null, 4],
  [Number.NaN, 5],
  [-1, 6],
];
const X = ref('x', nullable(FLOAT));

function sorted(direction: 'asc' | 'desc'): readonly unknown[] {
  const node = { ...base(schema), kind: 'sort', input: 0, by: [{ value: X, direction }] } as const;
  return answerOf(node, [{ schema, rows }], 2, false).map(([, n]) => n);
}

describe('NaN and −0', () => {
  it('make one group each with their like, shown as it first came', () => {
    const node = {
      ...base([column('x', nullable(FLOAT)), column('c', LONG)]),
      kind: 'aggregate' as const,
      input: 0,
      keys: [{ name: 'x', value: X }],
      aggregates: [
        {
          name: 'c',
          value: { kind: 'aggregate' as const, fn: 'COUNT' as const, distinct: false, arg: null, type: LONG, span },
        },
      ],
    };
    expect(answerOf(node, [{ schema, rows }], 2, false)).to.deep.equal([
      [0, 2],
      [Number.NaN, 2],
      [null, 1],
      [-1, 1],
    ]);
  });

  it('sort behind all numbers, and equal to 0; nulls first under ASC, last under DESC', () => {
    expect(sorted('asc')).to.deep.equal([4, 6, 1, 3, 2, 5]);
    expect(sorted('desc')).to.deep.equal([2, 5, 1, 3, 6, 4]);
  });

  it('meet in ON as == has it: NaN nothing, −0 the 0', () => {
    const node = {
      ...base([...schema, ...renamed]),
      kind: 'join' as const,
      type: 'inner' as const,
      left: 0,
      right: 1,
      leftAlias: null,
      rightAlias: null,
      keys: [{ left: X, right: ref('y', nullable(FLOAT)) }],
      on: null,
    };
    const met = answerOf(
      node,
      [
        { schema, rows },
        { schema: renamed, rows },
      ],
      2,
      true,
    ).map(([, n, , m]) => [n, m]);
    expect(met).to.deep.equal([
      [1, 1],
      [1, 3],
      [3, 1],
      [3, 3],
      [6, 6],
    ]);
  });
});
