/** Jobs that stop at some step of their store and are gone on with: the same bytes, and no committed call made again. */
import { expect } from 'chai';
import { Combiner, Reducer } from '../../../src/runtime/operators/group-operators.ts';
import type { Group } from '../../../src/runtime/operators/group-operators.ts';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row, RowBatch } from '../../../src/runtime/operators/row.ts';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { keepAnswers } from '../../../src/runtime/state/keeper.ts';
import { memoryStore } from '../../../src/runtime/state/memory.ts';
import { unpack } from '../../../src/runtime/state/packed.ts';
import type { StateStore } from '../../../src/runtime/state/store.ts';
import { me, start } from '../state/conformance.ts';
import { runScript } from './support.ts';
import type { Job, Ran } from './support.ts';

/** Rows and groups that operators were asked about. */
let asked = 0;

class Label extends Processor.declare({ inputs: { text: 'string' }, outputs: { label: 'string', score: 'float' } }) {
  override callBatch(batch: RowBatch<typeof Label>) {
    const texts = [...batch.get('text')];
    asked += texts.length;
    return batch.with({
      label: texts.map((text) => (text.length % 3 === 0 ? 'POS' : 'NEG')),
      score: texts.map((text) => (text.length % 7) / 7),
    });
  }
}

class Sure extends Label {
  override callBatch(batch: RowBatch<typeof Label>) {
    const texts = [...batch.get('text')];
    asked += texts.length;
    return batch.with({ label: texts.map(() => 'SURE'), score: texts.map(() => 1) });
  }
}

/** None, one or two rows for a row; fails on some. */
class Split extends Processor.declare({ inputs: { text: 'string' }, outputs: { part: 'string' } }) {
  override *call(row: Row<typeof Split>) {
    asked += 1;
    const text = row.get('text');
    if (text.endsWith('7')) throw new Error('no sevens');
    if (text.endsWith('3')) return;
    yield row.with({ part: text.slice(0, 4) });
    if (text.endsWith('5')) yield row.with({ part: text.slice(4) });
  }
}

class Shorten extends Processor.declare({ inputs: { text: 'string' }, outputs: { n: 'int' }, edits: ['text'] }) {
  override *call(row: Row<typeof Shorten>) {
    asked += 1;
    const text = row.get('text');
    if (text.length > 9) yield row.edit({ text: text.slice(0, -1) });
    else yield row.with({ n: text.length });
  }
}

class Draw extends Processor.declare({ inputs: { text: 'string' }, outputs: { n: 'float' } }) {
  override call(row: Row<typeof Draw>) {
    asked += 1;
    const n = this.context.random();
    return row.with({ n: row.get('text').length % 2 === 0 ? n : this.context.random() });
  }
}

class DrawForGroup extends Reducer.declare({ inputs: { text: 'string' }, outputs: { n: 'float' } }) {
  override call(group: Group<typeof DrawForGroup>) {
    asked += 1;
    return group.with({ n: this.context.random() });
  }
}

class Sum extends Reducer.declare({ inputs: { text: 'string' }, outputs: { all: 'string' } }) {
  override call(group: Group<typeof Sum>) {
    asked += 1;
    const texts = [...group.rows()].map((row) => row.get('text'));
    if (texts.includes('line 7')) throw new Error('no sevens');
    return group.with({ all: texts.join('+') });
  }
}

class Trim extends Reducer.declare({ inputs: { text: 'string' }, outputs: { n: 'int' }, deletes: ['text'] }) {
  override *call(group: Group<typeof Trim>) {
    asked += 1;
    yield group.with({ n: group.length });
    const last = [...group.rows()].at(-1);
    if (group.length > 3 && last !== undefined) yield last.delete(['text']);
  }
}

class Both extends Combiner.declare({ inputs: { a: 'string', b: 'string' }, outputs: { both: 'string' } }) {
  override *call(left: Group<typeof Both>, right: Group<typeof Both>) {
    asked += 1;
    for (const l of left.rows()) yield left.with({ both: l.get('a') + right.length }, l);
  }
}

const operators = { Label, Sure, Split, Shorten, Draw, DrawForGroup, Sum, Trim, Both };
const HEAD = `IMPORT { ${Object.keys(operators).join(', ')} } FROM "./operators.ts";
  lines = EXTRACT line: string, k: string FROM "in.csv" USING CsvReader();`;
const HINT = 'HINT(commit = true)';
const inputs = {
  'in.csv': `line,k\n${Array.from({ length: 60 }, (_, at) => `line ${'x'.repeat(at % 9)}${at},k${at % 7}\n`).join('')}`,
};

const SCRIPTS: Readonly<Record<string, string>> = {
  'a chain of operators with routes and a union': `
    a = PROCESS lines USING Label(text = line) ${HINT};
    b = PROCESS (a WHERE label == "POS") USING Split(text = line) ON ERROR ROUTE TO bad ${HINT};
    c = PROCESS (a WHERE label != "POS") USING Split(text = line) ON ERROR RETRY 2 TIMES ELSE DROP ${HINT};
    d = b UNION c;
    OUTPUT d TO "out.csv"; OUTPUT bad TO "bad.csv";`,
  'a row-local region with alternatives and EDIT': `
    a = PROCESS lines USING Label(text = line) ELSE Sure(text = line) PRODUCE label, score ${HINT};
    b = a ASSERT score > 0.5 ELSE RETRY label ELSE DROP;
    c = PROCESS b USING Shorten(text = line) ${HINT};
    OUTPUT c TO "out.csv"; OUTPUT lines TO "lines.csv";`,
  'a region over groups': `
    a = PROCESS lines USING Label(text = line) ${HINT};
    g = SELECT k, COUNT(*) AS n, MAX(line) AS top FROM a GROUP BY k;
    h = g WHEN n > 6 DELETE line LIMIT 2 ELSE KEEP;
    OUTPUT h TO "out.csv"; OUTPUT a TO "a.csv";`,
  'a reducer that repairs': `
    a = PROCESS lines USING Label(text = line) ${HINT};
    r = REDUCE a ON k USING Trim(text = line) ${HINT};
    OUTPUT r TO "out.csv"; OUTPUT lines TO "lines.csv";`,
  'operators that draw random numbers': `
    a = PROCESS lines USING Draw(text = line) ${HINT};
    r = REDUCE (SELECT line, k FROM a) ON k USING DrawForGroup(text = line) ${HINT};
    OUTPUT a TO "out.csv"; OUTPUT r TO "groups.csv";`,
  'an operator whose values only the next one reads': `
    a = PROCESS lines USING Split(text = line) ON ERROR DROP ${HINT};
    b = PROCESS (SELECT k, part AS p FROM a WHERE k != "k2") USING Label(text = p) PRODUCE label ${HINT};
    OUTPUT (SELECT k, label FROM b WHERE label != "x") TO "out.csv"; OUTPUT lines TO "lines.csv";`,
  'groups of a reducer and a combiner': `
    a = PROCESS lines USING Label(text = line) ${HINT};
    r = REDUCE a ON k USING Sum(text = line) ON ERROR ROUTE TO bad ${HINT};
    c = COMBINE a WITH r ON a.k == r.k USING Both(a = a.line, b = r.all) ${HINT};
    OUTPUT (SELECT both FROM c) TO "out.csv"; OUTPUT bad TO "bad.csv";`,
};

class Crash extends Error {}

/** The store, whose n-th commit (from 1) fails, before or after it is durable. */
function failingAt(store: StateStore, n: number, when: 'before' | 'after'): StateStore {
  let commits = 0;
  return {
    ...store,
    async commit(lease, answers) {
      commits += 1;
      if (commits === n && when === 'before') throw new Crash();
      await store.commit(lease, answers);
      if (commits === n) throw new Crash();
    },
  };
}

interface Going {
  readonly text: string;
  readonly job: Job;
  readonly store: StateStore;
  readonly lease: { readonly id: string; readonly epoch: number };
  readonly committed: readonly string[];
}

/** One run, with how much it asked of operators. */
async function go({ text, job, store, lease, committed }: Going): Promise<Ran & { readonly asked: number }> {
  asked = 0;
  const { signal } = new AbortController();
  const answers = keepAnswers(store, lease, signal, { committed });
  const ran = await runScript(text, { ...job, answers });
  return { ...ran, asked };
}

async function rowsKept(store: StateStore): Promise<number> {
  const keys = await store.committed('a');
  const answers = await Promise.all(keys.map((key) => store.answer('a', key)));
  return answers.reduce((sum, bytes, at) => sum + unpack(bytes ?? new Uint8Array(0), keys[at] ?? '').asked, 0);
}

describe('a job that is gone on with', () => {
  for (const [what, script] of Object.entries(SCRIPTS)) {
    it(`writes the same bytes and asks for no committed answer again: ${what}`, async () => {
      const text = HEAD + script;
      const job = { inputs, operators, batchRows: 8 };
      asked = 0;
      const whole = await runScript(text, job);
      expect(whole.result.error).to.equal(null);
      const all = asked;
      let stopped = 0;
      for (let n = 1; ; n += n < 3 ? 1 : Math.ceil(n * 1.5)) {
        const store = memoryStore({ leaseMilliseconds: 0 });
        const when = n % 2 === 0 ? 'before' : 'after';
        const lease = await store.begin(start('a'));
        const first = await go({ text, job, store: failingAt(store, n, when), lease, committed: [] });
        if (first.result.outcome === 'done') break;
        expect(first.outputs.files.size, 'nothing is published').to.equal(0);
        stopped += 1;
        const kept = await rowsKept(store);
        const taken = await store.resume('a', me);
        const second = await go({ text, job, store, lease: taken.lease, committed: taken.committed });
        expect(second.result.error, `stopped at commit ${n}`).to.equal(null);
        expect(second.files).to.deep.equal(whole.files);
        expect(second.asked + kept, `asked, stopped at commit ${n}`).to.equal(all);
        const rows = ({ result }: Ran) =>
          result.nodes.map(({ label, in: given, out, ended }) => [label, given, out, ended]);
        expect(rows(second)).to.deep.equal(rows(whole));
      }
      expect(stopped, 'how often it was stopped').to.be.greaterThan(1);
    });
  }

  it('fails with what the store said, and publishes nothing, when an answer cannot be kept', async () => {
    const store = memoryStore();
    const full = (): Promise<never> => Promise.reject(new StateError('PR6007', 'the job store failed: disk full'));
    const lease = await store.begin(start('a'));
    const text = HEAD + SCRIPTS['groups of a reducer and a combiner'];
    const job = { inputs, operators, batchRows: 8 };
    const { result, outputs } = await go({ text, job, store: { ...store, commit: full }, lease, committed: [] });
    expect([result.outcome, result.error?.code, result.error?.message]).to.deep.equal([
      'failed',
      'PR6007',
      'the job store failed: disk full',
    ]);
    expect(outputs.files.size).to.equal(0);
  });

  describe('whose values only the next operator reads', () => {
    const text = HEAD + SCRIPTS['an operator whose values only the next one reads'];
    const job = { inputs, operators, batchRows: 8 };

    /** Bytes in the store behind each commit, with all that a run wrote. */
    async function bytesWhileRunning(
      keepAll: boolean,
    ): Promise<{ readonly bytes: readonly number[]; readonly ran: Ran }> {
      const store = memoryStore({ leaseMilliseconds: 0 });
      const bytes: number[] = [];
      const weighed: StateStore = {
        ...store,
        async commit(lease, answers) {
          await store.commit(lease, answers);
          const keys = await store.committed('a');
          const sizes = await Promise.all(keys.map(async (key) => (await store.answer('a', key))?.byteLength ?? 0));
          bytes.push(sizes.reduce((sum, size) => sum + size, 0));
        },
      };
      const settings = { waitingBytes: 0, keepAll };
      const answers = keepAnswers(weighed, await store.begin(start('a')), new AbortController().signal, settings);
      const ran = await runScript(text, { ...job, answers });
      await answers.flush();
      return { bytes, ran };
    }

    it('frees them while it runs, unless all is to be kept', async () => {
      const [freeing, keeping] = [await bytesWhileRunning(false), await bytesWhileRunning(true)];
      expect(freeing.ran.files).to.deep.equal(keeping.ran.files);
      const falls = (bytes: readonly number[]): number =>
        bytes.filter((size, at) => size < (bytes[at - 1] ?? 0)).length;
      expect(falls(keeping.bytes)).to.equal(0);
      expect(falls(freeing.bytes)).to.be.greaterThan(0);
      expect(freeing.bytes.at(-1)).to.be.below(keeping.bytes.at(-1) ?? 0);
    });

    it('asks nothing again when all of it was answered, nor anything about values that are gone', async () => {
      const store = memoryStore({ leaseMilliseconds: 0 });
      const first = await go({ text, job, store, lease: await store.begin(start('a')), committed: [] });
      const { lease, committed } = await store.resume('a', me);
      const gone = await Promise.all(
        committed.map(async (key) => unpack((await store.answer('a', key)) ?? Buffer.alloc(0), key)),
      );
      expect(gone.filter(({ freed }) => freed?.length === 1).length).to.equal(8);
      const second = await go({ text, job, store, lease, committed });
      expect(second.asked).to.equal(0);
      expect(second.files).to.deep.equal(first.files);
    });

    it('asks all of a batch anew where other rows are asked about', async () => {
      const store = memoryStore({ leaseMilliseconds: 0 });
      await go({ text, job, store, lease: await store.begin(start('a')), committed: [] });
      const other = { 'in.csv': inputs['in.csv'].replace('line xxxx4', 'line yyyy4') };
      const { lease, committed } = await store.resume('a', me);
      const second = await go({ text, job: { ...job, inputs: other }, store, lease, committed });
      expect(second.files).to.deep.equal((await runScript(text, { ...job, inputs: other })).files);
      expect(second.asked).to.be.greaterThan(0).and.below(30);
    });

    it('refuses to go on without the answers that they went into', async () => {
      const store = memoryStore({ leaseMilliseconds: 0 });
      await go({ text, job, store, lease: await store.begin(start('a')), committed: [] });
      const { lease, committed } = await store.resume('a', me);
      const [lost = ''] = committed.filter((key) => !key.startsWith(`${committed[0]?.split('.')[0] ?? ''}.`));
      const known = committed.filter((key) => key !== lost);
      const second = await go({ text, job, store, lease, committed: known });
      expect(second.result.error).to.include({ code: 'PR6012' });
      expect(second.result.error?.message).to.include('what it was made of was freed');
      expect(second.outputs.files.size).to.equal(0);
    });
  });

  it('asks nothing at all where everything was committed, and loads no operator', async () => {
    const text = HEAD + SCRIPTS['groups of a reducer and a combiner'];
    const store = memoryStore({ leaseMilliseconds: 0 });
    const job = { inputs, operators, batchRows: 8 };
    const first = await go({ text, job, store, lease: await store.begin(start('a')), committed: [] });
    const { lease, committed } = await store.resume('a', me);
    const second = await go({ text, job, store, lease, committed });
    expect(second.asked).to.equal(0);
    expect(second.files).to.deep.equal(first.files);
    expect(second.result.operators.map(({ rows, calls }) => [rows, calls])).to.deep.equal(
      first.result.operators.map(({ rows, calls }) => [rows, calls]),
    );
  });

  it('takes no answer for another question: what was asked has a digest', async () => {
    const text = HEAD + SCRIPTS['a chain of operators with routes and a union'];
    const store = memoryStore({ leaseMilliseconds: 0 });
    const job = { operators, batchRows: 8 };
    await go({ text, job: { ...job, inputs }, store, lease: await store.begin(start('a')), committed: [] });
    const other = { 'in.csv': inputs['in.csv'].replace('line xxxx4', 'line yyyy4') };
    const { lease, committed } = await store.resume('a', me);
    const second = await go({ text, job: { ...job, inputs: other }, store, lease, committed });
    expect(second.files).to.deep.equal((await runScript(text, { ...job, inputs: other })).files);
    expect(second.asked).to.be.greaterThan(0).and.below(30);
  });
});
