import { expect } from 'chai';
import { filesOf } from './support.ts';

describe('many rows of a batch', () => {
  /** Rows of many lengths, some quoted, some not ASCII. */
  const lines = Array.from({ length: 900 }, (_, n) => {
    const text = n % 13 === 0 ? `"a ""${n}"", é"` : `${n % 7 === 0 ? 'bad ' : ''}${'w'.repeat(n % 5)}€${n % 17}`;
    return `${n},${n % 10},${text}`;
  });
  const inputs = { 'r.csv': `id,n,t\n${lines.join('\n')}\n` };

  it('settle as rows do that come one by one', async () => {
    const text = `r = EXTRACT id: int, n: int, t: string FROM "r.csv";
      a = r WHEN t.startsWith("bad") EDIT t = t.slice(4).toUpperCase() LIMIT 1 ELSE KEEP
            WHEN n == 3 && attempts(t) == 0 APPEND t = t + "ü" LIMIT 1 ELSE KEEP
            WHEN n == 4 && id % 3 == 0 DELETE id
            WHEN n == 5 EDIT n = 50 LIMIT 1 ELSE KEEP;
      b = SELECT id, n, t, attempts(t) AS again FROM a WHERE n != 7 WHEN id % 19 == 0 DROP;
      both = a UNION (SELECT id, n, t FROM b);
      OUTPUT a TO "a.csv"; OUTPUT b TO "b.csv"; OUTPUT both TO "both.csv"; OUTPUT r TO "s.csv";`;
    const wanted = await filesOf(text, { inputs, batchRows: 1 });
    expect(wanted['a.csv']?.length).to.be.greaterThan(9000);
    for (const batchRows of [150, 4096]) expect(await filesOf(text, { inputs, batchRows })).to.deep.equal(wanted);
  });
});
