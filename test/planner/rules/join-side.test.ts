import { expect } from 'chai';
import { joinSide } from '../../../src/planner/rules/join-side.ts';
import { filesOf } from '../../runtime/engine/support.ts';
import { expectRule, expectUnfired } from '../support.ts';

const A = 'a = EXTRACT x: int?, y: string FROM "a.csv";';
const FEW = 'few = VALUES (3, "three"), (1, "one"), (1, "uno"), (null, "none"), (9, "nine") AS (x, word);';
const INPUTS = {
  'a.csv': `x,y\n${Array.from({ length: 40 }, (_, at) => `${at % 7 === 0 ? '' : at % 5},y${at}\n`).join('')}`,
};

describe('join-side', () => {
  it('reads a small left side first', () => {
    expectRule(joinSide, {
      script: `${A} ${FEW} out = SELECT few.word, a.y FROM few LEFT JOIN a ON few.x == a.x; OUTPUT out TO "out.csv";`,
      before: ['out.join ← few, a: LEFT JOIN ON few.x == a.x'],
      after: ['out.join ← few, a: LEFT JOIN ON few.x == a.x, left side first'],
      says: ['out.join reads its left side first, at most 5 rows, and keeps of the right side what meets it'],
    });
  });

  it('knows what TOP, HINT(rows), filters and groups say of the left side', () => {
    const says = (left: string, label: string): void =>
      expectRule(joinSide, {
        script: `${A} l = ${left}; r = EXTRACT x: int?, z: int FROM "r.csv"; out = SELECT l.x, r.z FROM l JOIN r ON l.x == r.x; OUTPUT out TO "out.csv";`,
        before: [`out.join ← ${label}, r: INNER JOIN ON l.x == r.x`],
        after: [`out.join ← ${label}, r: INNER JOIN ON l.x == r.x, left side first`],
        says: ['out.join reads its left side first, at most 7 rows, and keeps of the right side what meets it'],
      });
    says('SELECT TOP 7 x FROM a', 'l.top');
    says('(a WHERE y != "") HINT(rows = 7)', 'l');
  });

  it('leaves a join alone whose sides are not known to differ, or which wants all of its right side', () => {
    const join = (left: string, kind: string, right: string, hint = ''): string =>
      `${A} ${FEW} b = EXTRACT x: int?, z: int FROM "b.csv"; out = SELECT r.x FROM ${left} AS l ${kind} JOIN ${right} AS r ON l.x == r.x${hint}; OUTPUT out TO "out.csv";`;
    expectUnfired(joinSide, join('a', '', 'b'));
    expectUnfired(joinSide, join('a', '', 'few'));
    expectUnfired(joinSide, join('few', '', 'few'));
    expectUnfired(joinSide, join('few', 'RIGHT', 'b'));
    expectUnfired(joinSide, join('few', 'FULL', 'b'));
  });

  for (const kind of ['', 'LEFT', 'SEMI', 'ANTI']) {
    it(`does not change what ${kind} JOIN gives, in memory and through the disk`, async () => {
      const items = kind === 'SEMI' || kind === 'ANTI' ? 'word' : 'few.word, a.y';
      const script = `${A} ${FEW} out = SELECT ${items} FROM few ${kind} JOIN a ON few.x == a.x && a.y != "y8"; OUTPUT out TO "out.csv";`;
      const expected = await filesOf(script, { inputs: INPUTS, plan: { noOpt: true } });
      for (const memory of [{}, { memory: 1 }]) {
        for (const batchRows of [1, 3, 100]) {
          expect(await filesOf(script, { inputs: INPUTS, batchRows, ...memory })).to.deep.equal(expected);
        }
      }
    });
  }

  it('stands a side that reads the same source', async () => {
    const script = `${A} few = SELECT TOP 9 x, y FROM a; out = SELECT few.y, a.y AS other FROM few JOIN a ON few.x == a.x; OUTPUT out TO "out.csv";`;
    const expected = await filesOf(script, { inputs: INPUTS, plan: { noOpt: true } });
    expect(await filesOf(script, { inputs: INPUTS, batchRows: 2 })).to.deep.equal(expected);
  });
});
