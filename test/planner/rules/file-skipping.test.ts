import { expect } from 'chai';
import { fileSkipping } from '../../../src/planner/rules/file-skipping.ts';
import { failureOf, filesOf, runScript } from '../../runtime/engine/support.ts';
import { expectRule, expectUnfired } from '../support.ts';

const SET = 'a = EXTRACT x: int, region: string, day: datetime FROM "{region}/{day:yyyy-MM-dd}.csv";';
const OUT = 'OUTPUT out TO "out.csv";';

const FILES = {
  'north/2024-01-01.csv': 'x\n1\n2\n',
  'north/2024-01-02.csv': 'x\n3\n',
  'south/2024-01-01.csv': 'x\n4\n5\n',
  'west/2024-01-03.csv': 'x\nno number\n',
};

describe('file-skipping', () => {
  it('makes a WHERE on columns of the path a matter of which files are read', () => {
    expectRule(fileSkipping, {
      script: `${SET} out = a WHERE region == "north" && x > 1; ${OUT}`,
      before: [
        'a: EXTRACT x: int, region: string, day: datetime FROM "{region}/{day:yyyy-MM-dd}.csv" USING CsvReader',
        'out ← a: WHERE region == "north" && x > 1',
      ],
      after: [
        'a: EXTRACT x: int, region: string, day: datetime FROM "{region}/{day:yyyy-MM-dd}.csv", only files with region == "north" USING CsvReader',
        'out ← a: WHERE x > 1',
      ],
      says: ['a reads only files with region == "north"'],
    });
  });

  it('takes the WHERE away where nothing of it is left', () => {
    expectRule(fileSkipping, {
      script: `a = EXTRACT x: int, _file: string FROM "in/*.csv"; out = a WHERE _file != "old.csv"; ${OUT}`,
      before: [
        'a: EXTRACT x: int, _file: string FROM "in/*.csv" USING CsvReader',
        'out ← a: WHERE _file != "old.csv"',
        'out.csv ← out: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      after: [
        'a: EXTRACT x: int, _file: string FROM "in/*.csv", only files with _file != "old.csv" USING CsvReader',
        'out.csv ← a: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      says: ['a reads only files with _file != "old.csv"'],
    });
  });

  it('leaves a file alone that somebody else reads too, or whose lines ON ERROR looks at', () => {
    expectUnfired(fileSkipping, `${SET} out = a WHERE region == "north"; ${OUT} OUTPUT a TO "all.csv";`);
    expectUnfired(
      fileSkipping,
      `a = EXTRACT x: int, region: string FROM "{region}/*.csv" ON ERROR ROUTE TO bad; out = a WHERE region == "north"; ${OUT} OUTPUT bad TO "bad.csv";`,
    );
  });

  it('leaves what can fail, and what stands behind it, where it is', () => {
    expectUnfired(fileSkipping, `${SET} out = a WHERE 1 / x > 0 && region == "north"; ${OUT}`);
    expectUnfired(fileSkipping, `${SET} out = a WHERE region.length / x > 0; ${OUT}`);
  });

  it('reads no other files, says how many it passed over, and gives the same rows', async () => {
    const script = `${SET} out = SELECT x, region FROM a WHERE region IN ("north", "south") && day < parseDate("2024-01-02", "yyyy-MM-dd"); ${OUT}`;
    const { files, events, result } = await runScript(script, { inputs: FILES });
    expect(result.error?.message ?? null).to.equal(null);
    expect(files['out.csv']).to.equal('x,region\n1,north\n2,north\n4,south\n5,south\n');
    const [opened] = events.flatMap((event) => (event.kind === 'source-opened' ? [event] : []));
    expect([opened?.files, opened?.skipped]).to.deep.equal([['north/2024-01-01.csv', 'south/2024-01-01.csv'], 2]);
    const disableOpts = new Set(['file-skipping']);
    expect(await failureOf(script, { inputs: FILES, plan: { disableOpts } })).to.match(/^west\/2024-01-03.csv:2: PR1/);
  });

  it('gives no rows where no file stays', async () => {
    const script = `${SET} out = SELECT x FROM a WHERE region == "east"; ${OUT}`;
    expect(await filesOf(script, { inputs: FILES })).to.deep.equal({ 'out.csv': 'x\n' });
  });

  it('knows alternatives in a path, beside columns and alone', async () => {
    const both = 'a = EXTRACT x: int, region: string FROM "{region}/2024-01-0{1,2}.csv"; OUTPUT a TO "out.csv";';
    expect(await filesOf(both, { inputs: FILES })).to.deep.equal({
      'out.csv': 'x,region\n1,north\n2,north\n3,north\n4,south\n5,south\n',
    });
    const alone = 'a = EXTRACT x: int FROM "{north,south}/2024-01-01.csv"; OUTPUT a TO "out.csv";';
    expect(await filesOf(alone, { inputs: FILES })).to.deep.equal({ 'out.csv': 'x\n1\n2\n4\n5\n' });
  });
});
