import { expect } from 'chai';
import { filesOf } from '../engine/support.ts';

const FRAMES = [
  'UNBOUNDED PRECEDING AND 2 PRECEDING',
  'UNBOUNDED PRECEDING AND 1 FOLLOWING',
  'UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
  '2 PRECEDING AND 1 PRECEDING',
  '1 PRECEDING AND 1 FOLLOWING',
  '2 FOLLOWING AND 3 FOLLOWING',
  '1 PRECEDING AND UNBOUNDED FOLLOWING',
  '2 FOLLOWING AND UNBOUNDED FOLLOWING',
];

const X: readonly (number | null)[] = [3, null, 1, 3, 2, null, 1];

/** First and last place of a frame around a place. */
function bounds(frame: string, at: number): readonly [number, number] {
  const [from = 0, to = 0] = frame.split(' AND ').map((text) => {
    const [count = '', way] = text.split(' ');
    const by = count === 'UNBOUNDED' ? X.length : Number(count);
    return at + (way === 'PRECEDING' ? -by : by);
  });
  return [Math.max(0, from), Math.min(X.length - 1, to)];
}

function naive(frame: string): string {
  const lines = X.map((x, at) => {
    const [from, to] = bounds(frame, at);
    const all = X.slice(from, Math.max(from, to + 1)).flatMap((one) => one ?? []);
    const sum = (values: readonly number[]): string =>
      values.length === 0 ? '' : String(values.reduce((a, b) => a + b, 0));
    const least = all.length === 0 ? '' : String(Math.min(...all));
    return [at, x ?? '', sum(all), all.length, least, sum([...new Set(all)]), all[0] ?? '', all.join('|')].join(',');
  });
  return `i,x,s,n,least,d,f,l\n${lines.join('\n')}\n`;
}

describe('an aggregate over a frame', () => {
  for (const frame of FRAMES) {
    it(`has the rows between ${frame}`, async () => {
      const over = `OVER (ORDER BY i ROWS BETWEEN ${frame})`;
      const items = `SUM(x) ${over} AS s, COUNT(x) ${over} AS n, MIN(x) ${over} AS least, SUM(DISTINCT x) ${over} AS d, FIRST(x) ${over} AS f, LIST(x) ${over} AS all`;
      const script = `r = EXTRACT i: int, x: int? FROM "r.csv";
        w = SELECT i, x, s, n, least, d, f, all?.join("|") ?? "" AS l FROM (SELECT i, x, ${items} FROM r);
        OUTPUT w TO "w.csv";`;
      const inputs = { 'r.csv': `i,x\n${X.map((x, at) => `${at},${x ?? ''}\n`).join('')}` };
      expect((await filesOf(script, { inputs }))['w.csv']).to.equal(naive(frame));
    });
  }

  it('takes each row once where only one end of the frame moves', async () => {
    const count = 60_000;
    const script = `r = EXTRACT i: int FROM "r.csv";
      w = SELECT i, COUNT(*) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS n, MAX(i) OVER (ORDER BY i) AS m FROM r;
      OUTPUT (SELECT COUNT(*) AS rows, SUM(n) AS n, SUM(m) AS m FROM w WHERE n == ${count} - i && m == i) TO "w.csv";`;
    const inputs = { 'r.csv': `i\n${Array.from({ length: count }, (_, at) => `${at}\n`).join('')}` };
    const half = (count * (count - 1)) / 2;
    expect((await filesOf(script, { inputs }))['w.csv']).to.equal(`rows,n,m\n${count},${half + count},${half}\n`);
  });
});
