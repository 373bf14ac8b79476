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

const operators = { Outliers, Restless, Fails };
const START = `IMPORT { Outliers, Restless, Fails } FROM "./operators.ts";
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
