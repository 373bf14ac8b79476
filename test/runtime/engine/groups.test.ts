import { expect } from 'chai';
import { Combiner, Reducer } from '../../../src/runtime/operators/group-operators.ts';
import type { Group } from '../../../src/runtime/operators/group-operators.ts';
import { failureOf, filesOf, runScript } from './support.ts';
import type { Job } from './support.ts';

/** The texts of a group in its order, with how many there are. */
class Join extends Reducer.declare({ inputs: { text: 'string?' }, outputs: { all: 'string', n: 'int' } }) {
  override call(group: Group<typeof Join>) {
    const texts = [...group.rows()].map((row) => row.get('text') ?? '∅');
    return group.with({ all: texts.join('+'), n: group.length });
  }
}

/** None, one or several rows a group, late; fails the first time it sees "flaky" and always on "bad". */
class Odd extends Reducer.declare({ inputs: { text: 'string' }, outputs: { at: 'int', text: 'string' } }) {
  static seen = 0;
  override async *call(group: Group<typeof Odd>) {
    let at = 0;
    for (const row of group.rows()) {
      await Promise.resolve();
      const text = row.get('text');
      if (text === 'bad') throw new Error('cannot take "bad"');
      if (text === 'flaky' && Odd.seen++ === 0) throw new Error('once');
      if (text === 'none') return;
      yield row.with({ at, text });
      at += 1;
    }
  }
}

/** All pairs whose texts share their first letter. */
class Pair extends Combiner.declare({ inputs: { a: 'string', b: 'string' }, outputs: { both: 'string' } }) {
  override *call(left: Group<typeof Pair>, right: Group<typeof Pair>) {
    for (const l of left.rows()) {
      for (const r of right.rows()) {
        const [a, b] = [l.get('a'), r.get('b')];
        if (a === 'bad') throw new Error('cannot pair "bad"');
        if (a[0] === b[0]) yield left.with({ both: a + b }, l, r);
      }
    }
  }
}

/** One row a pair of groups, of which nothing says which rows it is from. */
class Sizes extends Combiner.declare({ inputs: {}, outputs: { l: 'int', r: 'int' } }) {
  override call(left: Group<typeof Sizes>, right: Group<typeof Sizes>) {
    return right.with({ l: left.length, r: right.length });
  }
}

class Wrong extends Combiner.declare({ inputs: { a: 'string', b: 'string' }, outputs: { both: 'string' } }) {
  override call(left: Group<typeof Wrong>) {
    for (const row of left.rows()) return row.with({ both: row.get('b') });
    return null;
  }
}

const HEAD = `IMPORT { Join, Odd, Pair, Sizes, Wrong } FROM "./operators.ts";
  s = EXTRACT k: string?, x: int, t: string FROM "s.csv";
  t = EXTRACT k: string?, y: int, u: string FROM "t.csv";\n`;

const S = 'k,x,t\nb,3,one\na,1,two\n,5,three\nb,1,four\na,9,five\n,2,six\nb,1,seven\n';
const T = 'k,y,u\na,1,t1\nc,2,c1\nb,3,ot\nb,4,fo\na,5,fi\n,6,th\n';

function job(more: Partial<Job> = {}): Job {
  return { inputs: { 's.csv': S, 't.csv': T }, operators: { Join, Odd, Pair, Sizes, Wrong }, ...more };
}

/** The same file at every batch size, with and without rules, in memory and through the disk. */
async function outputOf(script: string, more: Partial<Job> = {}): Promise<string> {
  const text = `${HEAD}${script}\nOUTPUT r TO "r.csv";`;
  const files: string[] = [];
  for (const batchRows of [1, 3, 4096]) {
    for (const noOpt of [false, true]) {
      for (const memory of [{}, { memory: 20_000 }]) {
        const { 'r.csv': file } = await filesOf(text, job({ ...more, ...memory, batchRows, plan: { noOpt } }));
        files.push(file ?? '');
      }
    }
  }
  expect(new Set(files).size).to.equal(1);
  return files[0] ?? '';
}

describe('REDUCE', () => {
  it('calls the operator on each group, in order of first appearance; null keys are one group', async () => {
    expect(await outputOf('r = REDUCE s ON k USING Join(text = t);')).to.equal(
      'k,all,n\nb,one+four+seven,3\na,two+five,2\n,three+six,2\n',
    );
  });

  it('orders the rows of a group by PRESORT, stable', async () => {
    expect(await outputOf('r = REDUCE s ON k PRESORT x DESC USING Join(text = t) PRODUCE all;')).to.equal(
      'k,all\nb,one+four+seven\na,five+two\n,three+six\n',
    );
    expect(await outputOf('r = REDUCE s ON k PRESORT x USING Join(text = t) PRODUCE all AS texts;')).to.equal(
      'k,texts\nb,four+seven+one\na,two+five\n,six+three\n',
    );
  });

  it('takes several columns in ON, in the order of ON, and filters with HAVING', async () => {
    expect(await outputOf('r = REDUCE s ON x, k USING Join(text = t) HAVING n > 1;')).to.equal(
      'x,k,all,n\n1,b,four+seven,2\n',
    );
  });

  it('takes several rows a group, none, and answers that come late', async () => {
    const inputs = { 's.csv': 'k,x,t\na,1,p\nb,1,none\na,2,q\nc,1,r\n', 't.csv': T };
    expect(await outputOf('r = REDUCE s ON k USING Odd(text = t);', { inputs })).to.equal(
      'k,at,text\na,0,p\na,1,q\nc,0,r\n',
    );
  });

  it('gives no rows for an empty input', async () => {
    const inputs = { 's.csv': 'k,x,t\n', 't.csv': T };
    expect(await outputOf('r = REDUCE s ON k USING Join(text = t);', { inputs })).to.equal('k,all,n\n');
  });

  it('routes groups that fail, after their tries, with the ON columns and the reason', async () => {
    Odd.seen = 0;
    const inputs = { 's.csv': 'k,x,t\na,1,flaky\nb,1,bad\na,2,q\nc,0,r\n', 't.csv': T };
    const { result, files } = await runScript(
      `${HEAD} r = REDUCE s ON k USING Odd(text = t + String(1 / x).slice(9))
         ON ERROR RETRY 2 TIMES ELSE ROUTE TO failed;
       OUTPUT r TO "r.csv"; OUTPUT failed TO "failed.csv";`,
      job({ inputs }),
    );
    expect(result.error).to.equal(null);
    expect(files['r.csv']).to.equal('k,at,text\na,0,flaky\na,1,q\n');
    expect(files['failed.csv']).to.match(/^k,reason\nb,"?PR3001: Odd threw: cannot take ""bad"""?\nc,PR\d+: .*0.*\n$/u);
  });

  it('fails the job naming the group', async () => {
    const inputs = { 's.csv': 'k,x,t\na,1,p\nb,1,bad\n', 't.csv': T };
    const text = `${HEAD} r = REDUCE s ON k USING Odd(text = t); OUTPUT r TO "r.csv";`;
    expect(await failureOf(text, job({ inputs }))).to.equal(
      'PR3001 Odd threw: cannot take "bad", on the group k = "b" « Odd(text = t) »',
    );
  });

  it('drops groups that fail, and says how many', async () => {
    const inputs = { 's.csv': 'k,x,t\na,1,p\nb,1,bad\nb,1,p\n', 't.csv': T };
    const text = `${HEAD} r = REDUCE s ON k USING Odd(text = t) ON ERROR DROP; OUTPUT r TO "r.csv";`;
    const { result, files } = await runScript(text, job({ inputs }));
    expect(files['r.csv']).to.equal('k,at,text\na,0,p\n');
    expect(result.nodes.flatMap(({ ended }) => ended)).to.deep.equal([
      { how: 'dropped', clause: 'ON ERROR DROP', rows: 1 },
    ]);
  });
});

describe('COMBINE', () => {
  it('calls the operator on each pair of matching groups; an answer carries the rows it names', async () => {
    expect(await outputOf('r = COMBINE s AS l WITH t AS m ON l.k == m.k USING Pair(a = l.t, b = m.u);')).to.equal(
      'k,x,t,y,u,both\nb,3,one,3,ot,oneot\nb,1,four,4,fo,fourfo\na,1,two,1,t1,twot1\na,9,five,5,fi,fivefi\n',
    );
  });

  it('gives the first row of a side that an answer does not name', async () => {
    expect(await outputOf('r = COMBINE s WITH t ON s.k == t.k USING Sizes();')).to.equal(
      'k,x,t,y,u,l,r\nb,3,one,3,ot,3,2\na,1,two,1,t1,2,2\n',
    );
  });

  it('leaves out the rows that meet none of the other group under the rest of ON', async () => {
    expect(await outputOf('r = COMBINE s WITH t ON s.k == t.k && s.x < t.y && t.y < 4 USING Sizes();')).to.equal(
      'k,x,t,y,u,l,r\nb,1,four,3,ot,2,1\n',
    );
  });

  it('says which group an input belongs to', async () => {
    const text = `${HEAD} r = COMBINE s WITH t ON s.k == t.k USING Wrong(a = s.t, b = t.u); OUTPUT r TO "r.csv";`;
    expect(await failureOf(text, job())).to.equal(
      'PR3005 Wrong: input \'b\' is bound to columns of the second group, on the group k = "b" « Wrong(a = s.t, b = t.u) »',
    );
  });

  it('converts the columns that HAVING or what follows reads, and no others', async () => {
    const inputs = { 's.csv': 'k,x,t\na,1,p\nb,0,o\n', 't.csv': 'k,y,u\na,none,p\nb,none,o\n' };
    const combined = '(COMBINE s WITH t ON s.k == t.k USING Pair(a = s.t, b = t.u) HAVING x > 0)';
    expect(await outputOf(`r = SELECT both FROM ${combined};`, { inputs })).to.equal('both\npp\n');
  });

  it('is empty where a side is', async () => {
    const inputs = { 's.csv': S, 't.csv': 'k,y,u\n' };
    expect(await outputOf('r = COMBINE s WITH t ON s.k == t.k USING Sizes();', { inputs })).to.equal('k,x,t,y,u,l,r\n');
  });

  it('drops pairs that fail', async () => {
    const inputs = { 's.csv': 'k,x,t\na,1,bad\nb,1,only\n', 't.csv': T };
    expect(
      await outputOf('r = COMBINE s WITH t ON s.k == t.k USING Pair(a = s.t, b = t.u) ON ERROR DROP;', { inputs }),
    ).to.equal('k,x,t,y,u,both\nb,1,only,3,ot,onlyot\n');
  });
});
