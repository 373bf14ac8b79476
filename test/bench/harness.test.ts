import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { difference } from '../../bench/answers.ts';
import { markdown, withPart } from '../../bench/harness/page.ts';
import { measure } from '../../bench/harness/process.ts';
import { median, rounds } from '../../bench/harness/rounds.ts';

const LIMITS = { seconds: 20, bytes: 2 ** 33 };

describe('the harness of the benches', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'pyscope-bench-test-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const differ = (answer: string, reference: string, inOrder: boolean): string | null => {
    const [a, b] = [join(folder, 'a.csv'), join(folder, 'b.csv')];
    writeFileSync(a, answer);
    writeFileSync(b, reference);
    return difference(a, b, inOrder);
  };

  it('takes answers in another order as equal where order is not asked for', () => {
    expect(differ('k,n\nb,2\na,1\n', 'k,n\na,1\nb,2\n', false)).to.equal(null);
    expect(differ('k,n\nb,2\na,1\n', 'k,n\na,1\nb,2\n', true)).to.equal('"b,2" stands for "a,1"');
  });

  it('takes numbers as equal that differ in how they are printed or in their last places only', () => {
    expect(differ('k,n\na,12.0\nb,0.30000000000000004\n', 'k,n\na,12\nb,0.3\n', true)).to.equal(null);
    expect(differ('k,n\na,12.1\n', 'k,n\na,12\n', true)).to.equal('"a,12.1" stands for "a,12"');
    expect(differ('k,n\na,\n', 'k,n\na,0\n', true)).to.equal('"a," stands for "a,0"');
  });

  it('sees a missing row', () => {
    expect(differ('k,n\na,1\n', 'k,n\na,1\nb,2\n', false)).to.equal('2 lines, and 3 are expected');
  });

  it('replaces the part of one bench in a page and nothing else', () => {
    const page = 'A\n<!-- begin x: written by npm run bench -->\nold\n<!-- end x -->\nB\n';
    const written = withPart(page, 'x', 'new\n');
    expect(written).to.equal('A\n<!-- begin x: written by npm run bench -->\n\nnew\n\n<!-- end x -->\nB\n');
    expect(() => withPart(page, 'y', 'new')).to.throw('the page has no part <!-- begin y');
  });

  it('draws tables', () => {
    expect(markdown({ header: ['peer', 'a'], rows: [['x', '1']] })).to.equal('| peer | a |\n| --- | ---: |\n| x | 1 |');
  });

  it('gives every contestant its turn in every round, every second one backwards', async () => {
    const turns: string[] = [];
    const contest = (key: string) => ({ key, go: async () => turns.push(key) });
    const samples = await rounds([contest('a'), contest('b')], 3, () => {});
    expect(turns.join('')).to.equal('abbaab');
    expect([...(samples.get('b') ?? [])]).to.deep.equal([2, 3, 6]);
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).to.deep.equal([2, 2.5]);
  });

  it("measures a process's own peak memory and says why one was not measured", async () => {
    const done = await measure(['--eval', 'Buffer.alloc(100e6, 1)'], LIMITS);
    expect(done.kind === 'measured' && done.peakBytes > 100e6 && done.seconds > 0).to.equal(true);
    expect(await measure(['--eval', 'throw new Error("no way")'], LIMITS)).to.deep.equal({
      kind: 'not-measured',
      why: 'Error: no way',
    });
    const slow = await measure(['--eval', 'for (;;);'], { seconds: 1, bytes: 2 ** 33 });
    expect(slow).to.deep.equal({ kind: 'not-measured', why: 'over 1 s' });
  });
});
