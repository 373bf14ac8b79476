/** What every table of answers does; each implementation's test calls it. */
import { expect } from 'chai';
import { secondsOf, touched, writeEntry } from '../../../../src/runtime/models/cache/entry.ts';
import { keyOf } from '../../../../src/runtime/models/cache/key.ts';
import { bytesOf } from '../../../../src/runtime/models/cache/table.ts';
import type { AnswerTable, Entry, ModelRecord } from '../../../../src/runtime/models/cache/table.ts';

const PLENTY = 1e9;

export function model(id: string): ModelRecord {
  return {
    id,
    digest: id.repeat(8),
    task: 'text-classification',
    source: { kind: 'hub', written: 'some/model', name: 'some/model' },
    options: { top_k: 2, ['__proto__']: null },
    engine: 'e 1',
  };
}

export function entry(id: string, text: string, seconds = 1000): Entry {
  return { key: keyOf(id, text), value: writeEntry({ model: id, text, answer: { said: text } }, seconds), model: id };
}

async function all(table: AnswerTable): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const some of table.entries()) for (const { key, value } of some) found.set(key, value);
  return found;
}

/** @param open gives a new handle on the one table of the running test */
export function behavesAsTable(open: () => Promise<AnswerTable>): void {
  let table: AnswerTable;
  beforeEach(async () => {
    table = await open();
  });
  afterEach(async () => {
    await table.close();
  });

  const [one, two, three] = [entry('aa', 'one'), entry('aa', 'two \u2028 ü \ud800 \u0000'), entry('bb', 'one')];

  it('gives back what was put, in the order of the keys, and null for what was not', async () => {
    await table.put([one, two, three], PLENTY);
    expect(await table.get([two.key, 'nothing', one.key])).to.deep.equal([two.value, null, one.value]);
    expect(await table.get([])).to.deep.equal([]);
  });

  it('is one for all who have it open', async () => {
    const other = await open();
    await other.put([one], PLENTY);
    expect(await table.get([one.key])).to.deep.equal([one.value]);
    await other.close();
  });

  it('counts entries and bytes of each model, once however often they are put', async () => {
    await table.describe(model('aa'));
    await table.describe(model('bb'));
    await table.put([one, two], PLENTY);
    await table.put([one, three], PLENTY);
    await table.put([{ ...one, value: touched(one.value, 123_456_789) }], PLENTY);
    const bytes = bytesOf(one.key, touched(one.value, 123_456_789)) + bytesOf(two.key, two.value);
    expect((await table.models()).toSorted((a, b) => (a.id < b.id ? -1 : 1))).to.deep.equal([
      { ...model('aa'), entries: 2, bytes },
      { ...model('bb'), entries: 1, bytes: bytesOf(three.key, three.value) },
    ]);
  });

  it('hands out all of its entries', async () => {
    const many = Array.from({ length: 3000 }, (_, at) => entry('aa', `text ${at}`));
    await table.put(many, PLENTY);
    const found = await all(table);
    expect(found).to.deep.equal(new Map(many.map(({ key, value }) => [key, value])));
    const keys = many.map(({ key }) => key);
    expect(await table.get(keys)).to.deep.equal(many.map(({ value }) => value));
  });

  it('removes entries, with their counts', async () => {
    await table.describe(model('aa'));
    await table.put([one, two], PLENTY);
    expect(await table.remove([one.key, 'nothing'])).to.equal(1);
    expect(await table.get([one.key, two.key])).to.deep.equal([null, two.value]);
    expect(await table.models()).to.deep.equal([{ ...model('aa'), entries: 1, bytes: bytesOf(two.key, two.value) }]);
    await table.remove([two.key]);
    await table.forget('aa');
    expect(await table.models()).to.deep.equal([]);
  });

  it('clears everything', async () => {
    await table.describe(model('aa'));
    await table.put([one, two], PLENTY);
    await table.clear();
    expect(await all(table)).to.deep.equal(new Map());
    expect(await table.models()).to.deep.equal([]);
    await table.put([one], PLENTY);
    expect(await table.get([one.key])).to.deep.equal([one.value]);
  });

  it('keeps within its bytes, and rather what was used of late', async () => {
    await table.describe(model('aa'));
    const text = (at: number): string => `text ${String(at).padStart(4, '0')}`;
    const size = bytesOf(keyOf('aa', text(0)), entry('aa', text(0)).value);
    for (let from = 0; from < 2000; from += 500) {
      const some = Array.from({ length: 500 }, (_, at) => entry('aa', text(from + at), 1000 + from + at));
      await table.put(some, size * 1000);
      const [use] = await table.models();
      expect(use?.bytes).to.be.at.most(size * 1000);
    }
    const found = await all(table);
    const [use] = await table.models();
    expect(use).to.include({ entries: found.size });
    expect(found.size).to.be.within(900, 1000);
    const newest = [...found.values()].filter((value) => secondsOf(value) >= 2500);
    expect(newest.length).to.be.greaterThan(350);
    const oldest = [...found.values()].filter((value) => secondsOf(value) < 1500);
    expect(oldest.length).to.be.lessThan(newest.length / 3);
  });

  it('makes room of damaged entries too', async () => {
    await table.put([{ key: 'k'.repeat(21), value: '!', model: 'aa' }, one], PLENTY);
    await table.put([two], bytesOf(two.key, two.value));
    expect((await all(table)).size).to.be.at.most(1);
  });
}
