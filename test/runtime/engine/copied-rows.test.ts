import { expect } from 'chai';
import fc from 'fast-check';
import { filesOf } from './support.ts';

const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ' ', '"', '|', ',', '\ufeff', 'é', '\r'), maxLength: 4 }),
  fc.constantFrom('=1+1', '""', '"a""b"', '"a,b|c"'),
);
/** Mostly as numbers are printed, so that rows are copied. */
const number = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('0', '-3', '12.5') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('007', '+5', '12.50', '-0', '1e3', '.5', ' 4', '0.0000001', '"8"'),
  },
);
const whole = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('0', '1', '-20', '2147483647') },
  { weight: 1, arbitrary: fc.constantFrom('03', ' 4') },
);
const row = fc.tuple(whole, field, number, field);

/** The rows put together with none: what comes out of a union is not known to be used up as it comes, so nothing is copied from where it stands. */
const UNITED = 'SELECT * FROM r WHERE n != 1 UNION ALL SELECT * FROM r WHERE n == 1 && n == 2';

/** What a script of one output writes. */
async function outcome(csv: string, options: string, rowset: string, output: string): Promise<string> {
  const script = `
    r = EXTRACT n: int, s: string, x: float, t: string FROM "r.csv" USING CsvReader(${options}) ON ERROR DROP;
    o = ${rowset};
    OUTPUT o TO "o.csv" USING CsvWriter(${output});`;
  return (await filesOf(script, { inputs: { 'r.csv': csv }, batchRows: 2 }))['o.csv'] ?? 'nothing';
}

describe('rows that are written as they were read', () => {
  it('are the rows that are put together value by value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        fc.constantFrom(',', '|'),
        fc.constantFrom('', 'quote = ""', 'encoding = "latin1"'),
        fc.constantFrom('', 'delimiter = "|"', 'order = [n, s, x]', 'order = [x, n]', 'defuse = true'),
        async (rows, delimiter, options, output) => {
          const csv = ['n,s,x,t'.replaceAll(',', delimiter), ...rows.map((one) => one.join(delimiter)), ''].join('\n');
          const all = [`delimiter = "${delimiter}"`, options].filter((option) => option !== '').join(', ');
          const copied = await outcome(csv, all, 'SELECT * FROM r WHERE n != 1', output);
          expect(copied).to.equal(await outcome(csv, all, UNITED, output));
        },
      ),
      { seed: 5, numRuns: 80, examples: [[[['0', '\ufeffa', '12.5', 'a']], ',', '', '']] },
    );
  });
});
