import { expect } from 'chai';
import fc from 'fast-check';
import { Combiner } from '../../../src/runtime/operators/group-operators.ts';
import type { Group } from '../../../src/runtime/operators/group-operators.ts';
import { failureOf, filesOf } from './support.ts';
import type { Job } from './support.ts';

/** The values of both groups, `-` for an empty one; fails on a group that has 13. */
class Told extends Combiner.declare({ inputs: { a: 'int', b: 'int' }, outputs: { told: 'string?' } }) {
  override call(left: Group<typeof Told>, right: Group<typeof Told>) {
    const a = [...left.rows()].map((row) => row.get('a'));
    const b = [...right.rows()].map((row) => row.get('b'));
    if ([...a, ...b].includes(13)) throw new Error('13');
    const text = (values: readonly number[]): string => (values.length === 0 ? '-' : values.join('+'));
    return left.with({ told: `${text(a)}/${text(b)}` });
  }
}

const HEAD = `IMPORT { Told } FROM "./operators.ts";
  s = EXTRACT k: float?, n: string, x: int FROM "s.csv";
  t = EXTRACT k: float?, n: string, y: int FROM "t.csv";\n`;

const S = 'k,n,x\n2,b,1\n1,a,2\n,a,3\n2,b,4\nNaN,a,5\n,a,6\n';
const T = 'k,n,y\n3,c,10\n2,b,20\n,a,30\nNaN,a,40\n3,c,50\n-0,z,60\n';

function job(more: Partial<Job> = {}): Job {
  return { inputs: { 's.csv': S, 't.csv': T }, operators: { Told }, ...more };
}

const combine = (type: string, on = 's.k == t.k && s.n == t.n'): string =>
  `r = COMBINE s ${type} WITH t ON ${on} USING Told(a = x, b = y)`;

async function outputOf(script: string, more: Partial<Job> = {}): Promise<string> {
  const text = `${HEAD}${script};\nOUTPUT r TO "r.csv";`;
  const { 'r.csv': file = '' } = await filesOf(text, job(more));
  for (const batchRows of [1, 3]) expect((await filesOf(text, job({ ...more, batchRows })))['r.csv']).to.equal(file);
  expect((await filesOf(text, job({ ...more, batchRows: 2, memory: 300 })))['r.csv'], 'through the disk').to.equal(
    file,
  );
  return file;
}

describe('an outer COMBINE', () => {
  it('hands over groups of the left side beside an empty one; null and NaN have no partner, and make a group', async () => {
    expect(await outputOf(combine('LEFT'))).to.equal(
      'k,n,x,y,told\n2,b,1,20,1+4/20\n1,a,2,,2/-\n,a,3,,3+6/-\nNaN,a,5,,5/-\n',
    );
  });

  it('has those of the right side behind all others, in their order, with the key columns of the side that is there', async () => {
    expect(await outputOf(combine('RIGHT OUTER'))).to.equal(
      'k,n,x,y,told\n2,b,1,20,1+4/20\n3,c,,10,-/10+50\n,a,,30,-/30\nNaN,a,,40,-/40\n0,z,,60,-/60\n',
    );
  });

  it('keeps both sides', async () => {
    expect(await outputOf(combine('FULL'))).to.equal(
      'k,n,x,y,told\n2,b,1,20,1+4/20\n1,a,2,,2/-\n,a,3,,3+6/-\nNaN,a,5,,5/-\n3,c,,10,-/10+50\n,a,,30,-/30\nNaN,a,,40,-/40\n0,z,,60,-/60\n',
    );
  });

  it('keeps whole groups of its side where rows meet none under the rest of ON', async () => {
    expect(await outputOf(combine('LEFT', 's.k == t.k && s.n == t.n && x > 1 && y > 20'))).to.equal(
      'k,n,x,y,told\n2,b,1,,1+4/-\n1,a,2,,2/-\n,a,3,,3+6/-\nNaN,a,5,,5/-\n',
    );
    expect(await outputOf(combine('RIGHT', 's.k == t.k && s.n == t.n && x > 1'))).to.include('\n2,b,4,20,4/20\n');
  });

  it('acts on groups of one side that fail', async () => {
    const inputs = { 's.csv': 'k,n,x\n1,a,13\n2,b,1\n', 't.csv': 'k,n,y\n3,c,13\n2,b,2\n' };
    expect(await outputOf(`${combine('FULL')} ON ERROR DROP`, { inputs })).to.equal('k,n,x,y,told\n2,b,1,2,1/2\n');
    expect(await outputOf(`${combine('FULL')} ON ERROR KEEP`, { inputs })).to.equal(
      'k,n,x,y,told\n1,a,13,,\n2,b,1,2,1/2\n3,c,,13,\n',
    );
    const right = { ...inputs, 's.csv': 'k,n,x\n' };
    const text = `${HEAD}${combine('FULL')};\nOUTPUT r TO "r.csv";`;
    expect(await failureOf(text, job({ inputs: right }))).to.include('on the group k = 3, n = "c"');
  });

  it('gives what pairing the groups one by one gives, in memory and through the disk', async () => {
    const rows = fc.array(fc.tuple(fc.constantFrom('', '1', '2', '3', 'NaN'), fc.constantFrom('a', 'b')), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.constantFrom('', 'LEFT', 'RIGHT', 'FULL'), async (s, t, type) => {
        const csv = (of: typeof s, last: string): string =>
          `k,n,${last}\n${of.map((row, at) => `${row.join(',')},${at}\n`).join('')}`;
        const inputs = { 's.csv': csv(s, 'x'), 't.csv': csv(t, 'y') };
        expect(await outputOf(combine(type), { inputs })).to.equal(naive(s, t, type));
      }),
      process.env['PYSCOPE_LONG'] === '1' ? { numRuns: 1000 } : { numRuns: 12, seed: 7 },
    );
  });
});

type Rows = readonly (readonly string[])[];

/** Key by key. */
function naive(s: Rows, t: Rows, type: string): string {
  const key = (row: readonly string[]): string => row.join(',');
  const at = (rows: Rows, of: string): readonly number[] =>
    [...rows.keys()].filter((row) => key(rows[row] ?? []) === of);
  const meets = (of: string): boolean => !of.startsWith(',') && !of.startsWith('NaN');
  const line = (of: string, a: readonly number[], b: readonly number[]): string =>
    `${of},${a[0] ?? ''},${b[0] ?? ''},${a.join('+') || '-'}/${b.join('+') || '-'}\n`;
  const [lefts, rights] = [new Set(s.map(key)), new Set(t.map(key))];
  const isPair = (of: string): boolean => meets(of) && lefts.has(of) && rights.has(of);
  const [keepsLeft, keepsRight] = [['LEFT', 'FULL'].includes(type), ['RIGHT', 'FULL'].includes(type)];
  const ofLeft = [...lefts].filter((of) => keepsLeft || isPair(of));
  const ofRight = [...rights].filter((of) => keepsRight && !isPair(of));
  return [
    'k,n,x,y,told\n',
    ...ofLeft.map((of) => line(of, at(s, of), isPair(of) ? at(t, of) : [])),
    ...ofRight.map((of) => line(of, [], at(t, of))),
  ].join('');
}
