import { expect } from 'chai';
import { plan } from '../../src/planner/make-plan.ts';
import { typed } from '../support/check.ts';

const FIRST = 'r0 = EXTRACT a: int, b: string, c: float? FROM "x.csv";\n';

/** So many statements of one shape. */
const SHAPES: Readonly<Record<string, (count: number) => string>> = {
  'a chain of WHEREs': (count) => chain(count, (at) => `r${at + 1} = r${at} WHERE a > ${at};`),
  'a chain of SELECTs': (count) => chain(count, (at) => `r${at + 1} = SELECT a + 1 AS a, b, c FROM r${at};`),
  'handlers without LIMIT': (count) => chain(count, (at) => `r${at + 1} = r${at} WHEN a == ${at} APPEND a = a + 1;`),
  'pairs of EXTRACT and OUTPUT': (count) =>
    Array.from(
      { length: count / 2 },
      (_, at) => `e${at} = EXTRACT a FROM "e${at}.csv";\nOUTPUT e${at} TO "o${at}.csv";\n`,
    ).join(''),
};

function chain(count: number, statement: (at: number) => string): string {
  const statements = Array.from({ length: count }, (_, at) => statement(at));
  return `${FIRST}${statements.join('\n')}\nOUTPUT r${count} TO "o.csv";\n`;
}

function milliseconds(text: string): number {
  const started = performance.now();
  plan(typed(text), { disableOpts: new Set(), noOpt: true });
  return performance.now() - started;
}

describe('a script of 10,000 statements', () => {
  for (const [name, script] of Object.entries(SHAPES)) {
    it(`is checked in time that grows with its length: ${name}`, () => {
      milliseconds(script(500));
      const short = Math.min(milliseconds(script(1250)), milliseconds(script(1250)));
      const long = milliseconds(script(10_000));
      // Eight times as long; quadratic work would take 64 times as long.
      expect(long / short).to.be.below(32);
    });
  }
});
