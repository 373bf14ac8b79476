import { expect } from 'chai';
import type { Row, RowBatch } from '../../../src/runtime/operators/row.ts';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import { answerOf, rejection, run, runnerOf, callOf } from './support.ts';
import { vectorOf } from '../../../src/runtime/vectors.ts';
import { STRING } from '../../../src/typecheck/types.ts';

const columns = { inputs: { text: 'string' }, outputs: { word: 'string', size: 'int' } } as const;

const WORDS = ['red fox', '', 'one two three'];
const EACH_WORD = {
  rows: [
    ['red', 3],
    ['fox', 3],
    ['one', 3],
    ['two', 3],
    ['three', 5],
  ],
  parents: [0, 0, 2, 2, 2],
  failures: [],
};

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

describe('a processor', () => {
  it('answers a row with one row', async () => {
    class Size extends Processor.declare(columns) {
      override call(row: Row<typeof Size>) {
        return row.with({ word: row.get('text'), size: row.get('text').length });
      }
    }
    expect(await run(Size, [['a', 'bcd']])).to.deep.equal({
      rows: [
        ['a', 1],
        ['bcd', 3],
      ],
      parents: null,
      failures: [],
    });
  });

  it('answers a row with a list of rows', async () => {
    class Words extends Processor.declare(columns) {
      override call(row: Row<typeof Words>) {
        return wordsOf(row.get('text')).map((word) => row.with({ word, size: word.length }));
      }
    }
    expect(await run(Words, [WORDS])).to.deep.equal(EACH_WORD);
  });

  it('answers with what a generator yields', async () => {
    class Words extends Processor.declare(columns) {
      override *call(row: Row<typeof Words>) {
        for (const word of wordsOf(row.get('text'))) yield row.with({ word, size: word.length });
      }
    }
    expect(await run(Words, [WORDS])).to.deep.equal(EACH_WORD);
  });

  it('answers with what an async generator yields', async () => {
    class Words extends Processor.declare(columns) {
      override async *call(row: Row<typeof Words>) {
        for (const word of wordsOf(row.get('text'))) {
          await Promise.resolve();
          yield row.with({ word, size: word.length });
        }
      }
    }
    expect(await run(Words, [WORDS])).to.deep.equal(EACH_WORD);
  });

  it('may be async for some rows only, each of which keeps its own values', async () => {
    class Words extends Processor.declare(columns) {
      override call(row: Row<typeof Words>) {
        const late = async () => {
          await Promise.resolve();
          return row.with({ word: row.get('text'), size: 1 });
        };
        return row.get('text') === 'sync' ? row.with({ word: 'sync', size: 0 }) : late();
      }
    }
    const { rows } = await run(Words, [['sync', 'b', 'sync', 'd', 'e']]);
    expect(rows).to.deep.equal([
      ['sync', 0],
      ['b', 1],
      ['sync', 0],
      ['d', 1],
      ['e', 1],
    ]);
  });

  it('drops a row by answering with nothing', async () => {
    class None extends Processor.declare(columns) {
      override call(row: Row<typeof None>) {
        return row.get('text') === 'drop' ? undefined : row.with({ word: 'kept', size: 0 });
      }
    }
    const { rows, parents } = await run(None, [['drop', 'x']]);
    expect({ rows, parents }).to.deep.equal({ rows: [['kept', 0]], parents: [1] });
  });

  it('answers a whole batch', async () => {
    class Sizes extends Processor.declare(columns) {
      override callBatch(batch: RowBatch<typeof Sizes>) {
        const texts = batch.get('text');
        return batch.with({ word: texts, size: Int32Array.from(texts, (text) => text.length) });
      }
    }
    const { rows, parents } = await run(Sizes, [['a', 'bcd']]);
    expect({ rows, parents }).to.deep.equal({
      rows: [
        ['a', 1],
        ['bcd', 3],
      ],
      parents: null,
    });
  });

  it('answers a batch with other numbers of rows, and with failures', async () => {
    class Words extends Processor.declare(columns) {
      override async callBatch(batch: RowBatch<typeof Words>) {
        const words = batch.get('text').map(wordsOf);
        const flat = words.flat();
        return batch.with(
          { word: flat, size: flat.map((word) => word.length) },
          {
            parents: words.flatMap((list, row) => list.map(() => row)),
            failures: new Map([[0, new Error('too red')]]),
          },
        );
      }
    }
    expect(await run(Words, [WORDS])).to.deep.equal({
      rows: EACH_WORD.rows.slice(2),
      parents: [2, 2, 2],
      failures: [{ row: 0, code: 'PR3001', message: 'Words failed: too red' }],
    });
  });

  it('reads its options, given and by default, and its context from preCall on', async () => {
    const seen: unknown[] = [];
    class Options extends Processor.declare({
      ...columns,
      options: { given: 'string', left: { type: 'float', default: 0.5 }, none: 'int?' },
    }) {
      override preCall() {
        seen.push(this.options.given, this.options.left, this.options.none, this.context.resolvePath('x'));
      }
      override postCall() {
        seen.push('closed');
      }
      override call() {
        return undefined;
      }
    }
    await run(Options, [['a']], new Map([['given', 'yes']]));
    expect(seen).to.deep.equal(['yes', 0.5, null, '/script/x', 'closed']);
  });

  it('handles columns whose names JavaScript uses itself', async () => {
    class Odd extends Processor {
      static inputs = { ['__proto__']: 'string', constructor: 'string' };
      static outputs = { ['__proto__']: 'string', toString: 'string' };
      override call(row: Row) {
        return row.with(
          new Map([
            ['__proto__', row.get('constructor')],
            ['toString', row.get('__proto__')],
          ]),
        );
      }
    }
    expect((await run(Odd, [['a'], ['b']])).rows).to.deep.equal([['b', 'a']]);
  });
});

describe('a processor that goes wrong', () => {
  it('fails the row on which it throws, with nothing of what it had yielded', async () => {
    class Throws extends Processor.declare(columns) {
      override *call(row: Row<typeof Throws>) {
        yield row.with({ word: 'first', size: 1 });
        if (row.get('text') === 'bad') throw new Error('no luck');
      }
    }
    expect(await run(Throws, [['ok', 'bad', 'ok']])).to.deep.equal({
      rows: [
        ['first', 1],
        ['first', 1],
      ],
      parents: [0, 2],
      failures: [{ row: 1, code: 'PR3001', message: 'Throws threw: no luck' }],
    });
  });

  it('fails the row whose promise rejects', async () => {
    class Rejects extends Processor.declare(columns) {
      override async call(row: Row<typeof Rejects>) {
        if (row.get('text') === 'bad') throw new Error('no luck');
        return row.with({ word: 'ok', size: 1 });
      }
    }
    const { parents, failures } = await run(Rejects, [['bad', 'ok', 'bad']]);
    expect(parents).to.deep.equal([1]);
    expect(failures.map(({ row, code }) => [row, code])).to.deep.equal([
      [0, 'PR3001'],
      [2, 'PR3001'],
    ]);
  });

  for (const [what, values, code, message] of [
    [
      'a missing column',
      { word: 'a' },
      'PR3006',
      "Wrong, column 'size': it has no value; every declared output needs one",
    ],
    [
      'an unknown column',
      { word: 'a', size: 1, sise: 2 },
      'PR3005',
      "Wrong declares no column 'sise'; declared are: word, size",
    ],
    ['NaN for an int', { word: 'a', size: Number.NaN }, 'PR3007', "Wrong, column 'size': NaN does not fit int"],
    [
      'an int that is too large',
      { word: 'a', size: 2 ** 31 },
      'PR3007',
      "Wrong, column 'size': 2147483648 does not fit int",
    ],
    ['a fraction for an int', { word: 'a', size: 0.5 }, 'PR3007', "Wrong, column 'size': 0.5 does not fit int"],
    ['a text for an int', { word: 'a', size: '7' }, 'PR3007', 'Wrong, column \'size\': "7" does not fit int'],
    [
      'null where it is not declared',
      { word: null, size: 1 },
      'PR3007',
      "Wrong, column 'word': null does not fit string; declare it as string? if it may be null",
    ],
    ['undefined', { word: undefined, size: 1 }, 'PR3007', "Wrong, column 'word': undefined is no string"],
  ] as const) {
    it(`is told of ${what} by operator, column and value`, async () => {
      class Wrong extends Processor {
        static inputs = columns.inputs;
        static outputs = columns.outputs;
        override call(row: Row) {
          return row.with(new Map(Object.entries(values)));
        }
      }
      expect((await run(Wrong, [['x']])).failures).to.deep.equal([{ row: 0, code, message }]);
    });
  }

  it('is told how to make rows when it answers with something else', async () => {
    class Plain extends Processor {
      static outputs = { word: 'string' };
      // A JavaScript author has no compiler to say so.
      override call(): never {
        return { word: 'x' } as never;
      }
    }
    expect((await run(Plain, [['x']])).failures[0]?.message).to.equal(
      'Plain answered with {"word":"x"}; make rows with row.with({ … })',
    );
  });

  it('is told of a repair that it does not declare', async () => {
    class Repairs extends Processor.declare(columns) {
      override call(row: Row<typeof Repairs>) {
        return row.edit({ text: 'better' });
      }
    }
    const [failure] = (await run(Repairs, [['x']])).failures;
    expect(failure?.code).to.equal('PR3008');
    expect(failure?.message).to.include("static edits = ['text']");
  });

  it('repairs rows of a batch, of which those that go need no answer', async () => {
    class Fixes extends Processor.declare({
      ...columns,
      outputs: { size: 'int' },
      edits: ['text'],
      deletes: ['text'],
    }) {
      override callBatch(batch: RowBatch<typeof Fixes>) {
        const repairs = batch
          .get('text')
          .flatMap((text, row) =>
            text === ''
              ? [batch.delete(row, ['text'])]
              : text.length > 1
                ? [batch.edit(row, { text: text.slice(1) })]
                : [],
          );
        return batch.with({ size: batch.get('text').map((text) => (text.length === 1 ? 1 : NaN)) }, { repairs });
      }
    }
    const given = [['a', '', 'bc', 'd']];
    expect(await run(Fixes, given)).to.deep.equal({ rows: [[1], [1]], parents: [0, 3], failures: [] });
    const { repairs } = await answerOf(Fixes, given);
    expect(repairs.map(({ row, kind, changes }) => [row, kind, changes])).to.deep.equal([
      [1, 'delete', [['text', null]]],
      [2, 'edit', [['text', 'c']]],
    ]);
  });

  it('ends the job where a batch repairs what it does not declare, or a row that it does not have', async () => {
    class Sly extends Processor.declare(columns) {
      override callBatch(batch: RowBatch<typeof Sly>) {
        return batch.with({ word: batch.get('text'), size: [1] }, { repairs: [batch.fail(0, 'text')] });
      }
    }
    expect(await rejection(run(Sly, [['x']]))).to.include({
      code: 'PR3008',
      message: "Sly repairs 'text' but does not declare it; add static fails = ['text']",
    });
    class Beyond extends Processor.declare({ ...columns, edits: ['text'] }) {
      override callBatch(batch: RowBatch<typeof Beyond>) {
        return batch.with({ word: batch.get('text'), size: [1] }, { repairs: [batch.edit(1, { text: '' })] });
      }
    }
    expect(await rejection(run(Beyond, [['x']]))).to.include({
      code: 'PR3009',
      message: 'Beyond repairs row 1 of a batch; its rows are 0 to 0',
    });
  });

  it('fails the rows whose batch values do not fit, and keeps the others', async () => {
    class Sizes extends Processor.declare({ ...columns, outputs: { size: 'int' } }) {
      override callBatch(batch: RowBatch<typeof Sizes>) {
        return batch.with({ size: batch.get('text').map(Number) });
      }
    }
    expect(await run(Sizes, [['1', 'x', '3']])).to.deep.equal({
      rows: [[1], [3]],
      parents: [0, 2],
      failures: [{ row: 1, code: 'PR3007', message: "Sizes, column 'size': NaN does not fit int" }],
    });
  });

  it('ends the job where a batch body throws, naming the operator and the place', async () => {
    class Batch extends Processor.declare(columns) {
      override callBatch(): never {
        throw new Error('no luck');
      }
    }
    const error = await rejection(run(Batch, [['x', 'y']]));
    expect(error).to.include({ code: 'PR3002', message: 'Batch failed on a batch of 2 rows: no luck' });
    expect(error).to.have.deep.property('place', { file: 'in.txt', line: 1 });
  });

  it('ends the job where a batch has too few values', async () => {
    class Batch extends Processor.declare(columns) {
      override callBatch(batch: RowBatch<typeof Batch>) {
        return batch.with({ word: ['a'], size: [1] });
      }
    }
    const error = await rejection(run(Batch, [['x', 'y']]));
    expect(error.message).to.include("column 'word': 1 values for 2 rows");
  });

  it('ends the job where preCall fails', async () => {
    class Pre extends Processor.declare(columns) {
      override async preCall() {
        throw new Error('no model');
      }
      override call() {
        return undefined;
      }
    }
    expect(await rejection(run(Pre, [['x']]))).to.include({
      code: 'PR3003',
      message: 'Pre failed in preCall(): no model',
    });
  });

  it('is told that a constructor is too early for options', async () => {
    class Early extends Processor.declare(columns) {
      readonly early = this.options;
      override call() {
        return undefined;
      }
    }
    const error = await rejection(run(Early, [['x']]));
    expect(error).to.have.property('code', 'PR3010');
    expect(error.message).to.include('read it in preCall() or later');
  });
});

describe('the speed of a processor', () => {
  const texts = Array.from({ length: 100_000 }, (_, row) => `row ${row}`);

  async function rowsPerSecond(operator: object): Promise<number> {
    const runner = runnerOf(callOf(operator));
    const input = vectorOf(STRING, texts);
    await runner.open();
    let best = 0;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await runner.run([input], texts.length, () => null);
      best = Math.max(best, (texts.length * 1000) / (performance.now() - start));
    }
    await runner.close();
    return best;
  }

  it('is at least 300,000 rows a second in row form', async () => {
    class Size extends Processor.declare({ inputs: { text: 'string' }, outputs: { size: 'int' } }) {
      override call(row: Row<typeof Size>) {
        return row.with({ size: row.get('text').length });
      }
    }
    expect(await rowsPerSecond(Size)).to.be.greaterThan(300_000);
  });

  it('is at least 1,000,000 rows a second in batch form', async () => {
    class Size extends Processor.declare({ inputs: { text: 'string' }, outputs: { size: 'int' } }) {
      override callBatch(batch: RowBatch<typeof Size>) {
        return batch.with({ size: batch.get('text').map((text) => text.length) });
      }
    }
    expect(await rowsPerSecond(Size)).to.be.greaterThan(1_000_000);
  });
});
