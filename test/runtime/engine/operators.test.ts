import { expect } from 'chai';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row } from '../../../src/runtime/operators/row.ts';
import { filesOf, failureOf, runScript } from './support.ts';
import type { Job } from './support.ts';

/** Fails on "bad"; doubles "two"; gives nothing for "none". */
class Upper extends Processor.declare({ inputs: { text: 'string' }, outputs: { upper: 'string?' } }) {
  override *call(row: Row): Generator<ReturnType<Row['with']>> {
    const text = textOf(row);
    if (text === 'bad') throw new Error('cannot read "bad"');
    if (text === 'none') return;
    yield row.with({ upper: text.toUpperCase() });
    if (text === 'two') yield row.with({ upper: 'AGAIN' });
  }
}

/** Fails the first `fails` times it sees a text. */
class Flaky extends Processor.declare({ inputs: { text: 'string' }, outputs: { out: 'string' } }) {
  static seen = new Map<string, number>();
  override call(row: Row): ReturnType<Row['with']> {
    const text = textOf(row);
    const times = (Flaky.seen.get(text) ?? 0) + 1;
    Flaky.seen.set(text, times);
    if (text.startsWith('flaky') && times <= Number(text.slice(5))) throw new Error(`try ${times}`);
    return row.with({ out: `${text}:${times}` });
  }
}

function textOf(row: Row): string {
  const text = row.get('text');
  return typeof text === 'string' ? text : '';
}

const TEXT = ['a', 'bad', 'two', 'none', 'b'].map((line) => `${line}\n`).join('');
const EXTRACT =
  'IMPORT { Upper, Flaky } FROM "./operators.ts";\nlines = EXTRACT line: string FROM "in.txt" USING LineReader();\n';

function job(text: string, more: Partial<Job> = {}): Job {
  return { inputs: { 'in.txt': text }, operators: { Upper, Flaky }, ...more };
}

describe('PROCESS', () => {
  it('joins answers to the rows they came from, and gathers what failed', async () => {
    const text = `${EXTRACT}
      up = PROCESS lines USING Upper(text = line.trim()) ON ERROR ROUTE TO failed;
      OUTPUT up TO "up.csv"; OUTPUT failed TO "failed.csv";`;
    for (const batchRows of [1, 2, 4096]) {
      const { result, files } = await runScript(text, job(TEXT, { batchRows }));
      expect(result.error).to.equal(null);
      expect(files['up.csv']).to.equal('line,upper\na,A\ntwo,TWO\ntwo,AGAIN\nb,B\n');
      expect(files['failed.csv']).to.match(/^line,reason\nbad,"PR3001: .*cannot read ""bad"".*"\n$/u);
      const process = result.nodes.find(({ ended }) => ended.length > 0);
      expect(process?.ended.map(({ how, clause, rows }) => `${how} ${rows}: ${clause}`)).to.have.members([
        'dropped 1: Upper yielded no row',
        'routed 1: ON ERROR ROUTE TO failed',
      ]);
    }
  });

  it('fails the job on a row without ON ERROR, naming operator, script and line', async () => {
    const text = `${EXTRACT}up = PROCESS lines USING Upper(text = line); OUTPUT up TO "up.csv";`;
    expect(await failureOf(text, job(TEXT))).to.match(
      /^in\.txt:2: PR3001 Upper.*cannot read "bad".* « Upper\(text = line\) »$/u,
    );
  });

  it('drops the rows that failed', async () => {
    const text = `${EXTRACT}up = PROCESS lines USING Upper(text = line) ON ERROR DROP; OUTPUT up TO "up.csv";`;
    expect((await filesOf(text, job(TEXT)))['up.csv']).to.equal('line,upper\na,A\ntwo,TWO\ntwo,AGAIN\nb,B\n');
  });

  it('counts an input that cannot be computed as a failure of its row', async () => {
    const text = `${EXTRACT}up = PROCESS lines USING Upper(text = String(6 / line.length)) ON ERROR DROP; OUTPUT up TO "up.csv";`;
    expect((await filesOf(text, job('ab\n\nabc\n')))['up.csv']).to.equal('line,upper\nab,3\nabc,2\n');
  });

  it('tries again after waits that double, and then takes the ELSE action', async () => {
    const waits: number[] = [];
    const clock = {
      now: () => 0,
      elapsed: () => 0,
      sleep: async (milliseconds: number) => void waits.push(milliseconds),
    };
    const text = `${EXTRACT}
      up = PROCESS lines USING Flaky(text = line) ON ERROR RETRY 3 TIMES BACKOFF 10 ELSE ROUTE TO failed;
      OUTPUT up TO "up.csv" USING CsvWriter(order = [out], header = false); OUTPUT failed TO "failed.csv" USING CsvWriter(order = [line]);`;
    Flaky.seen = new Map();
    const { files, result } = await runScript(text, job('a\nflaky2\nflaky9\nb\n', { clock }));
    expect(result.error).to.equal(null);
    expect(files).to.deep.equal({ 'up.csv': 'a:1\nflaky2:3\nb:1\n', 'failed.csv': 'line\nflaky9\n' });
    expect(waits).to.deep.equal([10, 20, 40]);
    expect(result.operators.map(({ operator, calls, rows }) => [operator, calls, rows])).to.deep.equal([
      ['Flaky', 4, 9],
    ]);
  });

  it('runs as many workers as a hint says, and keeps the order', async () => {
    const lines = Array.from({ length: 500 }, (_, n) => `${n}\n`).join('');
    const text = `${EXTRACT}up = PROCESS lines USING Upper(text = line) HINT(workers = 3); OUTPUT up TO "up.csv" USING CsvWriter(order = [upper], header = false);`;
    expect((await filesOf(text, job(lines, { batchRows: 10 })))['up.csv']).to.equal(lines);
  });
});

describe('a run that is interrupted', () => {
  it('stops at once, closes its operators, and leaves nothing', async () => {
    const stop = new AbortController();
    const lines = Array.from({ length: 5000 }, (_, n) => `${n}\n`).join('');
    const text = `${EXTRACT}up = PROCESS lines USING Upper(text = line); OUTPUT up TO "up.csv";`;
    const { result, files, events } = await runScript(
      text,
      job(lines, {
        batchRows: 10,
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'source-read' && event.bytes > 0) stop.abort(new Error('Ctrl-C'));
        },
      }),
    );
    expect(result.outcome).to.equal('interrupted');
    expect(result.error).to.equal(null);
    expect(files).to.deep.equal({});
    expect(events.at(-1)?.kind).to.equal('run-ended');
  });
});

describe('the events of a run', () => {
  it('tell totals that end at what the result says', async () => {
    const text = `${EXTRACT}up = PROCESS lines USING Upper(text = line) ON ERROR DROP; OUTPUT up TO "up.csv";`;
    const { result, events } = await runScript(text, job(TEXT, { batchRows: 2 }));
    expect(events[0]?.kind).to.equal('run-started');
    expect(events.find(({ kind }) => kind === 'source-opened')).to.deep.include({
      files: ['in.txt'],
      bytes: TEXT.length,
    });
    for (const node of result.nodes) {
      const last = events.findLast((event) => event.kind === 'node-rows' && event.node === node.node);
      expect(last).to.deep.include({ in: node.in.reduce((sum, rows) => sum + rows, 0), out: node.out });
    }
    expect(events.findLast(({ kind }) => kind === 'source-read')).to.deep.include({ bytes: TEXT.length });
  });
});
