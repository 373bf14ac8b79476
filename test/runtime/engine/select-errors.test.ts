/** ON ERROR behind a SELECT: rows on which one of its expressions fails. */
import { expect } from 'chai';
import { failureOf, filesOf, runScript } from './support.ts';

const XS = 'xs = EXTRACT x: long, k: string, y: long FROM "x.csv" USING CsvReader();';
const ZS = 'zs = EXTRACT k: string, z: long FROM "z.csv" USING CsvReader();';
const OUT = 'OUTPUT out TO "out.csv" USING CsvWriter(); OUTPUT bad TO "bad.csv" USING CsvWriter();';
const inputs = { 'x.csv': 'x,k,y\n1,a,2\n0,b,3\n3,a,0\n2,c,5\n', 'z.csv': 'k,z\na,1\nb,0\n' };
const ZERO = 'division by zero has no value';

async function both(select: string): Promise<readonly [out: string, bad: string]> {
  const text = `${XS} ${select.includes('zs') ? ZS : ''} out = SELECT ${select} ON ERROR ROUTE TO bad; ${OUT}`;
  const results = [];
  for (const batchRows of [1, 100]) {
    for (const noOpt of [false, true]) results.push(await filesOf(text, { inputs, batchRows, plan: { noOpt } }));
  }
  const [first] = results;
  for (const other of results) expect(other).to.deep.equal(first);
  return [first?.['out.csv'] ?? '', first?.['bad.csv'] ?? ''];
}

describe('ON ERROR behind a SELECT', () => {
  it('routes the rows of its FROM that an item, WHERE, HAVING or ORDER BY fails on, in their order', async () => {
    const [out, bad] = await both('k, 6 % x + 1 AS q FROM xs WHERE 6 % y >= 0 HAVING 10 % (q - 1) >= 0');
    expect(out).to.equal('k,q\n');
    expect(bad).to.equal(
      `x,k,y,reason\n1,a,2,PR2001: 10 % 0: ${ZERO}\n0,b,3,PR2001: 6 % 0: ${ZERO}\n3,a,0,PR2001: 6 % 0: ${ZERO}\n2,c,5,PR2001: 10 % 0: ${ZERO}\n`,
    );
    const [sorted, unsorted] = await both('x + 1 AS x FROM xs ORDER BY 6 % (x - 1) DESC, x');
    expect(sorted).to.equal('x\n2\n3\n4\n');
    expect(unsorted).to.equal(`x,k,y,reason\n0,b,3,PR2001: 6 % 0: ${ZERO}\n`);
  });

  it('takes a row for each element of an EXPLODE, and the row itself where the list fails', async () => {
    const [out, bad] = await both('k, w, 6 % x AS q FROM xs CROSS APPLY EXPLODE([1 % y, 9]) AS w');
    expect(out).to.equal('k,w,q\na,1,0\na,9,0\nc,1,0\nc,9,0\n');
    const row = `0,b,3,PR2001: 6 % 0: ${ZERO}\n`;
    expect(bad).to.equal(`x,k,y,reason\n${row}${row}3,a,0,PR2001: 1 % 0: ${ZERO}\n`);
  });

  it('takes rows out of groups and windows before they are made, and groups by their reason alone', async () => {
    const [out, bad] = await both('k, SUM(6 % x) + 1 AS s FROM xs GROUP BY k HAVING 7 % (s - 1) > 0');
    expect(out).to.equal('k,s\n');
    const reasons = ['6 % 0', '7 % 0', '7 % 0'].map((what) => `PR2001: ${what}: ${ZERO}\n`);
    expect(bad).to.equal(`reason\n${reasons.join('')}`);
    const [windows, failed] = await both('k, COUNT(6 % x) OVER (PARTITION BY k ORDER BY 6 % y) AS n FROM xs');
    expect(windows).to.equal('k,n\na,1\nc,1\n');
    expect(failed).to.equal(`x,k,y,reason\n0,b,3,PR2001: 6 % 0: ${ZERO}\n3,a,0,PR2001: 6 % 0: ${ZERO}\n`);
  });

  it('routes the columns of both sides of a join, a key of one name once', async () => {
    const [out, bad] = await both('a.k AS k, 6 % b.z AS q FROM xs AS a JOIN zs AS b ON a.k == b.k');
    expect(out).to.equal('k,q\na,0\na,0\n');
    expect(bad).to.equal(`x,k,y,z,reason\n0,b,3,0,PR2001: 6 % 0: ${ZERO}\n`);
  });

  it('sorts and compares what is left', async () => {
    const [out, bad] = await both('DISTINCT k, 6 % x AS q FROM xs ORDER BY 1 % (k.length - q - 1), k DESC');
    expect(out).to.equal('k,q\n');
    expect(bad.split('\n')).to.have.length(6);
    const [sorted] = await both('DISTINCT k, 6 % x AS q FROM xs ORDER BY 1 % (k.length + q), k DESC');
    expect(sorted).to.equal('k,q\nc,0\na,0\n');
  });

  it('drops and counts', async () => {
    const { files, result } = await runScript(
      `${XS} out = SELECT 6 % x AS q FROM xs ON ERROR DROP; OUTPUT out TO "out.csv" USING CsvWriter();`,
      { inputs },
    );
    expect(files['out.csv']).to.equal('q\n0\n0\n0\n');
    const ended = result.nodes.flatMap((node) => node.ended);
    expect(ended).to.deep.equal([{ how: 'dropped', clause: 'ON ERROR DROP', rows: 1 }]);
  });

  it('aborts with its message and the row, also where only the items are left of it', async () => {
    const abort = (select: string): Promise<string> =>
      failureOf(
        `${XS} out = SELECT ${select} ON ERROR ABORT "bad " + xs.k; OUTPUT out TO "out.csv" USING CsvWriter();`,
        { inputs },
      );
    expect(await abort('6 % x AS q FROM xs')).to.include(`x.csv:3: PR2001 bad b (6 % 0: ${ZERO})`);
    expect(await abort('x AS k FROM xs ORDER BY 6 % k')).to.include(`x.csv:3: PR2001 bad b (6 % 0: ${ZERO})`);
  });

  it('gives a rowset to ROUTE TO also where nothing can fail', async () => {
    const [out, bad] = await both('k FROM xs');
    expect(out).to.equal('k\na\nb\na\nc\n');
    expect(bad).to.equal('k,reason\n');
  });
});

describe('ON ERROR behind a SELECT with repairs', () => {
  const REPAIRED = 'OUTPUT out TO "out.csv" USING CsvWriter(); OUTPUT xs TO "xs.csv" USING CsvWriter();';

  async function repaired(select: string, rest = ''): Promise<Readonly<Record<string, string>>> {
    const text = `${XS} ${select.includes('zs') ? ZS : ''} out = SELECT ${select}; ${rest} ${REPAIRED}`;
    const results = [];
    for (const batchRows of [1, 100]) results.push(await filesOf(text, { inputs, batchRows }));
    expect(results[1]).to.deep.equal(results[0]);
    return results[0] ?? {};
  }

  it('edits, deletes and copies the row that an expression failed on', async () => {
    const edited = await repaired('k, 6 % x AS q FROM xs ON ERROR EDIT x = y + 1 LIMIT 1');
    expect(edited['xs.csv']).to.equal('x,k,y\n1,a,2\n4,b,3\n3,a,0\n2,c,5\n');
    expect(edited['out.csv']).to.equal('k,q\na,0\nb,2\na,0\nc,0\n');
    const deleted = await repaired('k, 6 % x AS q FROM xs ON ERROR DELETE x');
    expect(deleted['xs.csv']).to.equal('x,k,y\n1,a,2\n3,a,0\n2,c,5\n');
    const copied = await repaired('k, 6 % x AS q FROM xs ON ERROR APPEND x = 4 LIMIT 1 ELSE DROP');
    expect(copied['xs.csv']).to.equal('x,k,y\n1,a,2\n0,b,3\n4,b,3\n3,a,0\n2,c,5\n');
    expect(copied['out.csv']).to.equal('k,q\na,0\nb,2\na,0\nc,0\n');
  });

  it('counts its firings over all steps of the statement, and takes its ELSE with the row of FROM', async () => {
    const files = await repaired(
      'k, 6 % x AS q FROM xs WHERE 8 % y >= 0 HAVING 5 % q >= 0 ON ERROR EDIT y = x + 1 LIMIT 1 ELSE ROUTE TO bad',
      'OUTPUT bad TO "bad.csv" USING CsvWriter();',
    );
    // 1,a,2: q = 0 fails in HAVING, is edited once, fails again. 3,a,0: WHERE fails, is edited, then HAVING fails.
    const reason = (what: string): string => `PR2001: ${what} % 0: ${ZERO}`;
    expect(files['bad.csv']).to.equal(
      `x,k,y,reason\n1,a,2,${reason('5')}\n0,b,1,${reason('6')}\n3,a,4,${reason('5')}\n2,c,3,${reason('5')}\n`,
    );
    expect(files['out.csv']).to.equal('k,q\n');
  });

  it('repairs every member of a group that fails', async () => {
    const files = await repaired('k, 6 % (SUM(x) - 4) AS q FROM xs GROUP BY k ON ERROR EDIT x = 5 LIMIT 1 ELSE DROP');
    expect(files['xs.csv']).to.equal('x,k,y\n5,a,2\n0,b,3\n5,a,0\n2,c,5\n');
    expect(files['out.csv']).to.equal('k,q\na,0\nb,2\nc,0\n');
  });

  it('repairs a side of a join', async () => {
    const files = await repaired(
      'a.k AS k, 6 % b.z AS q FROM xs AS a JOIN zs AS b ON a.k == b.k ON ERROR EDIT z = a.y LIMIT 1',
    );
    expect(files['out.csv']).to.equal('k,q\na,0\nb,0\na,0\n');
  });

  it('lets a failure count only for a row that settles', async () => {
    const files = await repaired(
      'k, 6 % x AS q FROM xs',
      'late = xs WHEN x == 0 EDIT x = 7; last = out WHEN q == 99 EDIT x = 1;',
    );
    expect(files['out.csv']).to.equal('k,q\na,0\nb,6\na,0\nc,0\n');
    const text = `${XS} out = SELECT k, 6 % x AS q FROM xs; late = xs WHEN x == 3 EDIT x = 7; last = out WHEN q == 99 EDIT x = 1; ${REPAIRED}`;
    expect(await failureOf(text, { inputs })).to.include(`x.csv:3: PR2001 6 % 0: ${ZERO}`);
  });
});
