/** Expressions that fail between a repair and its rows (S10): they end the job for a row that settles, and for no other. */
import { expect } from 'chai';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row } from '../../../src/runtime/operators/row.ts';
import { runScript } from './support.ts';

class Same extends Processor.declare({ inputs: { n: 'long' }, outputs: { m: 'long' } }) {
  override call(row: Row<typeof Same>) {
    return row.with({ m: row.get('n') });
  }
}

const HEAD = `IMPORT { Same } FROM "./operators.ts";
  xs = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();
  zs = EXTRACT k: string, z: long FROM "z.csv" USING CsvReader();`;
const inputs = { 'x.csv': 'x,k\n1,a\n0,b\n2,a\n', 'z.csv': 'k,z\na,1\nb,0\n' };

/** By what fails on a row of 0. */
const ROW_WISE: Readonly<Record<string, string>> = {
  'a WHERE': 'xs WHERE 10 % x >= 0 WHEN k == "z" DELETE x',
  'an item': '(SELECT 10 % x AS q, k FROM xs) WHEN k == "z" DELETE k',
  'a condition': 'xs WHEN 10 % x < 0 DELETE x',
  'the condition of an ASSERT': 'xs ASSERT 10 % x >= 0 ELSE DELETE x',
  'the value of an EDIT': 'xs WHEN x < 1 EDIT k = String(10 % x) LIMIT 1 ELSE KEEP',
  'a MESSAGE': 'xs ASSERT x > 0 MESSAGE String(10 % x) ELSE DELETE x',
  'the ON of a join': '(SELECT a.x AS x, b.k AS l FROM xs AS a JOIN zs AS b ON 10 % a.x == b.z) WHEN x == 100 DELETE x',
  'the rest of an ON':
    '(SELECT a.x AS x, b.k AS l FROM xs AS a LEFT JOIN zs AS b ON a.k == b.k && 10 % a.x >= b.z) WHEN x == 100 DELETE x',
  'an ORDER BY': '(SELECT x, k FROM xs ORDER BY 10 % x) WHEN x == 100 DELETE x',
  'an EXPLODE': '(SELECT x, e FROM xs CROSS APPLY EXPLODE([10 % x, 1]) AS e) WHEN x == 100 DELETE x',
  'an input of an operator': '(PROCESS xs USING Same(n = 10 % x) PRODUCE m) WHEN m == 100 DELETE x',
};

const GROUPS: Readonly<Record<string, string>> = {
  'a GROUP BY': '(SELECT MIN(x) AS x FROM xs GROUP BY 10 % x) WHEN x == 100 DELETE xs.k',
  'an argument of SUM': '(SELECT k, SUM(10 % x) AS s FROM xs GROUP BY k) WHEN s == 100 DELETE k',
  'a SUM': '(SELECT k, SUM(9007199254740991 - x * 1000) AS s FROM xs GROUP BY k) WHEN s == 100 DELETE k',
};

async function outcome(step: string, mend: string): Promise<string> {
  const text = `${HEAD} out = ${step}; mended = ${mend}; OUTPUT out TO "out.csv" USING CsvWriter();`;
  const said = new Set<string>();
  for (const batchRows of [1, 100]) {
    const { result } = await runScript(text, { inputs, operators: { Same }, batchRows });
    const { error } = result;
    said.add(error === null ? 'done' : `${error.code} in line ${error.place?.line ?? '?'}`);
  }
  return [...said].join(', ');
}

describe('an expression that fails between a repair and its rows', () => {
  for (const [what, step] of Object.entries(ROW_WISE)) {
    it(`does not end the job on a row that is repaired: ${what}`, async () => {
      expect(await outcome(step, 'xs WHEN x == 0 EDIT x = 5 LIMIT 1 ELSE KEEP')).to.equal('done');
    });
    it(`ends the job on a row that settles: ${what}`, async () => {
      expect(await outcome(step, 'xs WHEN x == 1 EDIT x = 5 LIMIT 1 ELSE KEEP')).to.equal('PR2001 in line 3');
    });
  }

  for (const [what, step] of Object.entries(GROUPS)) {
    const least = (from: string, to: number): string =>
      `(SELECT k, MIN(x) AS least FROM xs GROUP BY k) WHEN ${from} EDIT xs.x = ${to} LIMIT 1 ELSE KEEP`;
    it(`waits for the repairs of its level: ${what}`, async () => {
      expect(await outcome(step, least('k != "z"', 9_007_199_254_740))).to.equal('done');
      expect(await outcome(step, least('k == "z"', 9))).to.match(/^PR2\d+ in line [23]$/u);
    });
  }
});
