/** Repairs that a reducer yields for members of its group. */
import { expect } from 'chai';
import { Reducer } from '../../../src/runtime/operators/group-operators.ts';
import type { Group } from '../../../src/runtime/operators/group-operators.ts';
import { failureOf, filesOf } from './support.ts';

let calls = 0;

/** Takes away the member farthest from the mean, while it is more than 10 from it. */
class Outliers extends Reducer.declare({ inputs: { value: 'float' }, outputs: { mean: 'float' }, deletes: ['value'] }) {
  override *call(group: Group<typeof Outliers>) {
    calls += 1;
    const rows = [...group.rows()];
    const mean = rows.reduce((sum, row) => sum + row.get('value'), 0) / rows.length;
    yield group.with({ mean });
    const far = rows.toSorted((a, b) => Math.abs(b.get('value') - mean) - Math.abs(a.get('value') - mean))[0];
    if (far !== undefined && Math.abs(far.get('value') - mean) > 10) yield far.delete(['value']);
  }
}

class Restless extends Reducer.declare({ inputs: { value: 'float' }, outputs: { mean: 'float' }, edits: ['value'] }) {
  override *call(group: Group<typeof Restless>) {
    for (const row of group.rows()) yield row.edit({ value: row.get('value') + 1 });
  }
}

class Fails extends Reducer.declare({ inputs: { value: 'float' }, outputs: { mean: 'float' }, edits: ['value'] }) {
  override call(group: Group<typeof Fails>) {
    const rows = [...group.rows()];
    if (rows.some((row) => row.get('value') > 100)) throw new Error('too much');
    return group.with({ mean: rows.length });
  }
}

/** Fails on groups that add up to less than nothing. */
class Sum extends Reducer.declare({ inputs: { value: 'float' }, outputs: { sum: 'float' } }) {
  override call(group: Group<typeof Sum>) {
    const sum = [...group.rows()].reduce((total, row) => total + row.get('value'), 0);
    if (sum < 0) throw new Error('below zero');
    return group.with({ sum });
  }
}

/** How often each member was repaired. */
class History extends Reducer.declare({ inputs: { n: 'int' }, outputs: { repairs: 'int' } }) {
  override call(group: Group<typeof History>) {
    return group.with({ repairs: [...group.rows()].reduce((total, row) => total + row.get('n'), 0) });
  }
}

const operators = { Outliers, Restless, Fails, Sum, History };
const START = `IMPORT { Outliers, Restless, Fails, Sum, History } FROM "./operators.ts";
  all = EXTRACT k: string, value: float FROM "v.csv" USING CsvReader();`;
const OUT = 'OUTPUT out TO "out.csv" USING CsvWriter(); OUTPUT all TO "left.csv" USING CsvWriter();';
const inputs = { 'v.csv': 'k,value\na,1\nb,5\na,99\nb,6\na,3\na,50\n' };

describe('repairs of reducers', () => {
  it('delete members of a group, and call the reducer again on the touched groups only', async () => {
    const text = `${START} out = REDUCE all ON k USING Outliers(value = value); ${OUT}`;
    for (const batchRows of [1, 100]) {
      calls = 0;
      const files = await filesOf(text, { inputs, operators, batchRows });
      expect(files['out.csv']).to.equal('k,mean\na,2\nb,5.5\n');
      expect(files['left.csv']).to.equal('k,value\na,1\nb,5\nb,6\na,3\n');
      expect(calls).to.equal(4);
    }
  });

  it('end the job after eight on one chain, and show it', async () => {
    const text = `${START} out = REDUCE all ON k USING Restless(value = value); ${OUT}`;
    const error = await failureOf(text, { inputs, operators });
    expect(error).to.include('v.csv:2: PR7001 out: row.edit of Restless');
    expect(error).to.include('value 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9');
  });

  it('come before a failure of the reducer on the same group', async () => {
    const repaired = `${START} big = all WHEN value > 10 EDIT value = 10; out = REDUCE all ON k USING Fails(value = value); ${OUT}
      OUTPUT big TO "big.csv" USING CsvWriter();`;
    expect((await filesOf(repaired, { inputs, operators }))['out.csv']).to.equal('k,mean\na,4\nb,2\n');
    const failing = `${START} out = REDUCE all ON k USING Fails(value = value); ${OUT}`;
    const error = await failureOf(failing, { inputs: { 'v.csv': 'k,value\na,101\n' }, operators });
    expect(error).to.include('PR3001 Fails threw: too much, on the group k = "a"');
  });
});

describe('ON ERROR behind a REDUCE', () => {
  const below = { 'v.csv': 'k,value\na,1\nb,-5\na,-9\nb,6\nc,-1\n' };
  const reduce = async (clauses: string, rest = ''): Promise<Readonly<Record<string, string>>> => {
    const text = `${START} out = REDUCE all ON k USING Sum(value = value) ${clauses}; ${rest} ${OUT}`;
    const results = [];
    for (const batchRows of [1, 100]) results.push(await filesOf(text, { inputs: below, operators, batchRows }));
    expect(results[1]).to.deep.equal(results[0]);
    return results[0] ?? {};
  };

  it('repairs every member of the group that fails', async () => {
    const edited = await reduce('ON ERROR EDIT value = k.length LIMIT 1');
    expect(edited['out.csv']).to.equal('k,sum\na,2\nb,1\nc,1\n');
    expect(edited['left.csv']).to.equal('k,value\na,1\nb,-5\na,1\nb,6\nc,1\n');
    const deleted = await reduce('ON ERROR DELETE value');
    expect(deleted['out.csv']).to.equal('k,sum\nb,1\n');
    expect(deleted['left.csv']).to.equal('k,value\nb,-5\nb,6\n');
    const copied = await reduce('ON ERROR APPEND value = 9 LIMIT 1');
    expect(copied['out.csv']).to.equal('k,sum\na,10\nb,1\nc,8\n');
  });

  it('takes its ELSE with the columns of ON, for the version of the group that settles', async () => {
    const files = await reduce(
      'ON ERROR EDIT value = -2 LIMIT 1 ELSE ROUTE TO bad WHEN sum == 1 EDIT value = -3 LIMIT 1',
      'OUTPUT bad TO "bad.csv" USING CsvWriter();',
    );
    const reason = 'PR3001: Sum threw: below zero';
    // b settles at 1 first, then its members are −3 and fail, are −2 and fail again.
    expect(files['bad.csv']).to.equal(`k,reason\na,${reason}\nb,${reason}\nc,${reason}\n`);
    expect(files['out.csv']).to.equal('k,sum\n');
    expect(files['left.csv']).to.equal('k,value\na,-2\nb,-2\na,-2\nb,-2\nc,-2\n');
  });

  it('lets what it routes be repaired further on, whatever becomes of the group meanwhile', async () => {
    const files = await reduce(
      'ON ERROR ROUTE TO bad WHEN sum == 1 APPEND value = -9 LIMIT 1',
      'more = bad WHEN k != "c" EDIT k = "c" LIMIT 1 ELSE KEEP; OUTPUT more TO "more.csv" USING CsvWriter();',
    );
    // a is routed, and becomes c; so does b once it has failed.
    expect(files['out.csv']).to.equal('k,sum\n');
    expect(files['left.csv']?.split('\n').every((line) => !/^[ab]/u.test(line))).to.equal(true);
    expect(files['more.csv']).to.equal('k,reason\nc,PR3001: Sum threw: below zero\n');
  });

  it('keeps a row with the columns of ON, inside a region and outside', async () => {
    const text = (rest: string): string =>
      `${START} out = REDUCE all ON k USING Sum(value = value) PRODUCE sum AS total: float? ON ERROR KEEP; ${rest} ${OUT}`;
    const kept = 'k,total\na,\nb,1\nc,\n';
    expect((await filesOf(text(''), { inputs: below, operators }))['out.csv']).to.equal(kept);
    const inside = text('more = out WHEN k == "z" EDIT value = 1; OUTPUT more TO "more.csv" USING CsvWriter();');
    expect((await filesOf(inside, { inputs: below, operators }))['out.csv']).to.equal(kept);
    const edited = text('more = out WHEN total == null EDIT value = 1; OUTPUT more TO "more.csv" USING CsvWriter();');
    expect((await filesOf(edited, { inputs: below, operators }))['out.csv']).to.equal('k,total\na,2\nb,1\nc,1\n');
  });

  it('may ask how often the members were repaired, as the operator may', async () => {
    const text = `${START} out = REDUCE all ON k USING History(n = attempts(value)) PRODUCE repairs
      WHEN repairs == 0 EDIT value = 7 LIMIT 1; ${OUT}`;
    expect((await filesOf(text, { inputs: below, operators }))['out.csv']).to.equal('k,repairs\na,2\nb,2\nc,1\n');
    const failing = `${START} out = REDUCE all ON k USING Sum(value = value)
      ON ERROR EDIT value = value_of LIMIT 1 ELSE ABORT "tried " + String(attempts(k)); ${OUT}`.replace(
      'value_of',
      '-1',
    );
    expect(await failureOf(failing, { inputs: below, operators })).to.include('tried 1 (Sum threw: below zero');
  });
});

describe('groups of groups', () => {
  it('let a reducer delete a group of its group, and a clause behind both reach the rows of the first', async () => {
    // Sums of k: a1 3, a2 4, a3 99, b1 5. Of a the sum 99 goes, by the reducer of letters; the clause behind it saw that version too, and is stale. Of b the row itself goes.
    const text = `${START} sums = REDUCE all ON k USING Sum(value = value) PRODUCE sum;
      letters = SELECT k.slice(0, 1) AS letter, sum FROM sums;
      out = REDUCE letters ON letter USING Outliers(value = sum) WHEN mean > 4 DELETE value;
      OUTPUT sums TO "sums.csv" USING CsvWriter(); ${OUT}`;
    for (const batchRows of [1, 100]) {
      const given = { 'v.csv': 'k,value\na1,1\na2,4\na1,2\nb1,5\na3,99\n' };
      const files = await filesOf(text, { inputs: given, operators, batchRows });
      expect(files['out.csv']).to.equal('letter,mean\na,3.5\n');
      expect(files['sums.csv']).to.equal('k,sum\na1,3\na2,4\n');
      expect(files['left.csv']).to.equal('k,value\na1,1\na2,4\na1,2\na3,99\n');
    }
  });
});
