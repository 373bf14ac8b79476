import { expect } from 'chai';
import { Combiner, Reducer } from '../../../src/runtime/operators/group-operators.ts';
import type { Group } from '../../../src/runtime/operators/group-operators.ts';
import { MemorySpill } from '../spill/memory-files.ts';
import { failureOf, filesOf, runScript } from './support.ts';
import type { Job } from './support.ts';

class Join extends Reducer.declare({ inputs: { text: 'string' }, outputs: { all: 'string', n: 'int' } }) {
  static opened = 0;
  override preCall(): void {
    Join.opened += 1;
  }
  override call(group: Group<typeof Join>) {
    const texts = [...group.rows()].map((row) => row.get('text'));
    if (texts[0] === 't7') throw new Error('cannot take t7');
    return group.with({ all: texts.join('+'), n: group.length });
  }
}

class Sizes extends Combiner.declare({ inputs: {}, outputs: { l: 'int', r: 'int' } }) {
  override call(left: Group<typeof Sizes>, right: Group<typeof Sizes>) {
    return right.with({ l: left.length, r: right.length });
  }
}

const HEAD = `IMPORT { Join, Sizes } FROM "./operators.ts";
  s = EXTRACT k: int, x: int, t: string FROM "s.csv";
  u = EXTRACT k: int, y: int FROM "u.csv";\n`;

function lines(head: string, count: number, line: (row: number) => string): string {
  return `${head}\n${Array.from({ length: count }, (_, row) => `${line(row)}\n`).join('')}`;
}

const INPUTS = {
  's.csv': lines('k,x,t', 500, (row) => `${(row * 7) % 97},${row},t${row}`),
  'u.csv': lines('k,y', 300, (row) => `${(row * 5) % 61},${row}`),
};

function job(more: Partial<Job> = {}): Job {
  return { inputs: INPUTS, operators: { Join, Sizes }, batchRows: 16, ...more };
}

const SCRIPTS: Readonly<Record<string, string>> = {
  'a group': 'r = SELECT k, COUNT(*) AS n, SUM(x) AS s FROM s GROUP BY k;',
  'a join': 'r = SELECT s.x, u.y FROM s LEFT JOIN u ON s.k == u.k;',
  'a sort': 'r = SELECT * FROM s ORDER BY k DESC, t;',
  'a DISTINCT': 'r = SELECT DISTINCT k FROM s;',
  'an EXCEPT': 'r = SELECT k FROM s EXCEPT SELECT k FROM u;',
  'a window': 'r = SELECT k, x, ROW_NUMBER() OVER (PARTITION BY k ORDER BY t) AS n FROM s;',
  'a REDUCE': 'r = REDUCE s ON k PRESORT t DESC USING Join(text = t) ON ERROR DROP;',
  'a COMBINE': 'r = COMBINE s WITH u ON s.k == u.k && s.x < u.y USING Sizes();',
};

const MEMORY = 4000;

describe('what does not fit in memory', () => {
  it('gives the same whenever it begins to go to disk', async () => {
    for (const script of Object.values(SCRIPTS)) {
      const text = `${HEAD}${script}\nOUTPUT r TO "r.csv";`;
      const expected = await filesOf(text, job());
      for (const memory of [1500, 16_000, 30_000])
        expect(await filesOf(text, job({ memory })), `${script} in ${memory}`).to.deep.equal(expected);
    }
  });

  for (const [what, script] of Object.entries(SCRIPTS)) {
    const text = `${HEAD}${script}\nOUTPUT r TO "r.csv";`;

    it(`goes to disk in ${what}, which gives what it gives in memory`, async () => {
      const spill = new MemorySpill();
      const { 'r.csv': expected } = await filesOf(text, job());
      const { result, files, events } = await runScript(text, job({ memory: MEMORY, spill }));
      expect(result.error?.message ?? null).to.equal(null);
      expect(files['r.csv']).to.equal(expected);
      const [told] = events.flatMap((event) => (event.kind === 'spilled' ? [event] : []));
      expect(told?.bytes).to.be.greaterThan(1000);
      expect(spill.open_).to.equal(0);
    });

    it(`fails the job, and leaves no file open, wherever the disk is full in ${what}`, async () => {
      const counted = new MemorySpill();
      await filesOf(text, job({ memory: MEMORY, spill: counted }));
      expect(counted.operations).to.be.greaterThan(3);
      const step = Math.max(1, Math.floor(counted.operations / 6));
      for (let at = 1; at <= counted.operations; at += step) {
        const spill = new MemorySpill({ at, code: 'ENOSPC' });
        const message = await failureOf(text, job({ memory: MEMORY, spill }));
        expect(message).to.match(
          /^PR8001 what does not fit in memory cannot be (written to|read from) \/spill: the disk is full/,
        );
        expect(spill.open_).to.equal(0);
      }
    });
  }

  it('is not trusted when it comes back with another bit', async () => {
    const text = `${HEAD}${SCRIPTS['a sort']}\nOUTPUT r TO "r.csv";`;
    const message = await failureOf(text, job({ memory: MEMORY, spill: new MemorySpill(null, true) }));
    expect(message).to.match(
      /^PR8003 what was kept on disk in \/spill cannot be read back: its checksum does not match/,
    );
  });

  it('is a failure of a REDUCE where it is one group', async () => {
    const one = {
      ...INPUTS,
      's.csv': lines('k,x,t', 2000, (row) => `${row === 5 ? 1 : 4},${row},a text of the row ${row}`),
    };
    const text = `${HEAD}r = REDUCE s ON k USING Join(text = t);\nOUTPUT r TO "r.csv";`;
    const message = await failureOf(text, job({ inputs: one, memory: MEMORY }));
    expect(message).to.match(/^PR8004 the group k = 4 takes \d+ kB, and all that may be held in memory is 4 kB/);
  });

  it('is a failure of LIST where it is one group', async () => {
    const text = `${HEAD}r = SELECT k % 2 AS odd, LIST(t)?.length AS n FROM s GROUP BY k % 2;\nOUTPUT r TO "r.csv";`;
    expect(await failureOf(text, job({ memory: 3000 }))).to.match(/^PR8004 the group odd = [01] takes \d+ kB/);
  });

  it('is a failure of a window where it is one partition', async () => {
    const text = `${HEAD}r = SELECT x, ROW_NUMBER() OVER (ORDER BY t) AS n FROM s;\nOUTPUT r TO "r.csv";`;
    expect(await failureOf(text, job({ memory: 10_000 }))).to.match(
      /^PR8004 the group of all rows \(OVER without PARTITION BY\)/,
    );
  });

  it('knows the lines that its rows came from', async () => {
    const text = `${HEAD}r = SELECT 1 / (x - 450) AS y FROM (SELECT DISTINCT k, x FROM s);\nOUTPUT r TO "r.csv";`;
    const expected = await failureOf(text, job());
    expect(expected).to.match(/s\.csv:452: /);
    expect(await failureOf(text, job({ memory: MEMORY }))).to.equal(expected);
  });

  it('opens a reducer once, however many pieces its groups come in, and routes its failures as in memory', async () => {
    const text = `${HEAD}r = REDUCE s ON k USING Join(text = t) ON ERROR ROUTE TO bad;
      OUTPUT r TO "r.csv";
      OUTPUT bad TO "bad.csv";`;
    const expected = await filesOf(text, job());
    Join.opened = 0;
    expect(await filesOf(text, job({ memory: MEMORY }))).to.deep.equal(expected);
    expect(Join.opened).to.equal(1);
    expect(expected['bad.csv']).to.include('cannot take t7');
  });
});
