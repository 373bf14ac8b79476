import { expect } from 'chai';
import { filesOf } from './support.ts';

const SCRIPTS: Readonly<Record<string, string>> = {
  'a filter with its output': 'OUTPUT r WHERE n > 3 TO "o.csv";',
  'groups that keep keys and texts': `
    g = SELECT k, COUNT(*) AS c, MIN(t) AS least, MAX(t) AS most, FIRST(t) AS one, LAST(t) AS two, LIST(t).join("|") AS all,
               COUNT(DISTINCT t) AS d, SUM(x) AS s FROM r GROUP BY k;
    OUTPUT g TO "o.csv";`,
  'groups by computed keys':
    'g = SELECT k.toUpperCase() AS u, n % 3 AS m, COUNT(*) AS c FROM r GROUP BY u, m; OUTPUT g TO "o.csv";',
  'pieces of a split': `
    w = SELECT piece, n FROM r CROSS APPLY EXPLODE(t.split(" ")) AS piece;
    g = SELECT piece, COUNT(*) AS c FROM w GROUP BY piece;
    OUTPUT g TO "g.csv";
    OUTPUT w TO "w.csv";`,
  'a file for each key': 'OUTPUT r TO "out/{k}.csv";',
  'lines that cannot be read': `
    bad = EXTRACT k: int, n: int FROM "r.csv" ON ERROR ROUTE TO lines;
    OUTPUT bad TO "o.csv";
    OUTPUT lines TO "l.csv";`,
  'rows that are kept for later':
    'OUTPUT r TO "o.csv" ORDER BY t DESC, n; s = SELECT TOP 5 k, t FROM r ORDER BY x; OUTPUT s TO "s.csv";',
  'a region that settles batch by batch': `
    a = r WHEN t.startsWith("www") EDIT t = t.slice(1) LIMIT 2 ELSE KEEP WHEN n == 4 APPEND k = "more" LIMIT 1 ELSE KEEP WHEN n == 5 DELETE k;
    OUTPUT a TO "o.csv";
    OUTPUT r TO "s.csv";`,
  'a join with itself': 'j = SELECT a.k, b.t FROM r AS a JOIN r AS b ON a.t == b.t && a.n < b.n; OUTPUT j TO "o.csv";',
};

/** Rows of many lengths, some with quotes, so that records lie across the chunks in many ways. */
function rows(): string {
  const lines = ['k,n,x,t'];
  for (let n = 0; n < 120; n++) {
    const text = n % 7 === 0 ? `"q ""${n}"", é"` : `${'w'.repeat(n % 11)} v${n % 5} €`;
    lines.push(`k${(n * n) % 6},${n % 10},${(n * 37) % 100}.5,${text}`);
  }
  return `${lines.join('\n')}\n`;
}

describe('memory that is read into again', () => {
  const inputs = { 'r.csv': rows() };
  const read = 'r = EXTRACT k: string, n: int, x: float, t: string FROM "r.csv";\n';

  for (const [name, script] of Object.entries(SCRIPTS)) {
    it(`does not show in ${name}`, async () => {
      const text = read + script;
      const wanted = await filesOf(text, { inputs });
      expect(Object.values(wanted).join('').length).to.be.greaterThan(50);
      for (const [chunkBytes, batchRows] of [
        [16, 1],
        [50, 2],
        [90, 1],
        [200, 3],
        [700, 5],
      ] as const) {
        const files = await filesOf(text, { inputs, batchRows, disk: (disk) => ({ ...disk, chunkBytes }) });
        expect(files).to.deep.equal(wanted);
      }
    });
  }
});
