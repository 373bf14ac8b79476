import { expect } from 'chai';
import { checkText, expectAt, expectClean, typed } from '../support/check.ts';

const ROWS = 'rows = EXTRACT region: string, day: datetime, doc: json, line: string FROM "in/a.csv";\n';

describe('OUTPUT', () => {
  it('writes to an absolute path, by the file’s ending', () => {
    const [output] = typed(`${ROWS}OUTPUT rows TO "out/a.jsonl.gz";\n`).outputs;
    expect([output?.path, output?.pathText, output?.writer.signature.name]).to.deep.equal([
      '/job/out/a.jsonl.gz',
      'out/a.jsonl.gz',
      'JsonLinesWriter',
    ]);
    expectAt(`${ROWS}OUTPUT rows TO «"out/a"»;\n`, 'PS2025');
    expectAt(`${ROWS}OUTPUT rows TO «region + ".csv"»;\n`, 'PS2026');
  });

  it('writes one file per value of the columns in its path', () => {
    expect(typed(`${ROWS}OUTPUT rows TO "out/{region}/{day}.csv";\n`).outputs[0]?.partitionBy).to.deep.equal([
      'region',
      'day',
    ]);
    expectAt(`${ROWS}OUTPUT rows TO «"out/{regoin}.csv"»;\n`, 'PS2003');
    expectAt(`${ROWS}OUTPUT rows TO «"out/{doc}.csv"»;\n`, 'PS2024');
    expectAt(`${ROWS}OUTPUT rows TO «"out/{day:yyyy}.csv"»;\n`, 'PS2028');
    expectAt(`${ROWS}OUTPUT rows TO «"out/*.csv"»;\n`, 'PS2028');
  });

  it('writes each path once, and no path that is read', () => {
    expectAt(`${ROWS}OUTPUT rows TO "b.csv";\nOUTPUT rows TO «"./b.csv"»;\n`, 'PS2022');
    expectAt(`${ROWS}OUTPUT rows TO «"in/a.csv"»;\n`, 'PS2023');
    expectAt('r = EXTRACT a FROM "in/*.csv";\nOUTPUT r TO «"in/x.csv"»;\n', 'PS2023');
    expectAt('r = EXTRACT a, n FROM "in/log_{n}.csv";\nOUTPUT r TO «"in/log_{n}.csv"»;\n', 'PS2023');
    expectClean('r = EXTRACT a FROM "in/*.csv";\nOUTPUT r TO "in/x.tsv";\n');
    expectClean(`${ROWS}OUTPUT rows TO "in/{region}.csv";\n`);
  });

  it('compares with a ground truth by precision, recall and f1', () => {
    const [output] = typed(`${ROWS}OUTPUT rows TO "b.csv" EXPECT "gt.csv" HAVING f1 >= 0.9 && recall>0.5;\n`).outputs;
    expect([output?.expect?.truth, output?.expect?.havingText]).to.deep.equal([
      '/job/gt.csv',
      'f1 >= 0.9 && recall > 0.5',
    ]);
    expectAt(`${ROWS}OUTPUT rows TO "b.csv" EXPECT "gt.csv" HAVING «F1» > 0.9;\n`, 'PS2003');
    expectAt(`${ROWS}OUTPUT rows TO "b.csv" EXPECT "gt.csv" HAVING «f1»;\n`, 'PS3010');
    expectAt(`${ROWS}OUTPUT rows TO "b.csv" «EXPECT "b.csv"»;\n`, 'PS2053');
  });

  it('writes one column as lines', () => {
    expectClean(`${ROWS}OUTPUT rows TO "b.txt" USING LineWriter(order = [line]);\n`);
    expectAt(`${ROWS}OUTPUT rows TO «"b.txt"»;\n`, 'PS2054');
  });

  it('takes a whole rowset, and orders it', () => {
    const script = typed(`${ROWS}OUTPUT rows WHERE region == "x" TO "b.csv" ORDER BY line DESC;\n`);
    expect(script.outputs[0]?.orderBy.map(({ direction }) => direction)).to.deep.equal(['desc']);
    expect(script.rowsets.map(({ kind, label }) => `${kind} ${label}`)).to.deep.equal([
      'extract rows',
      'filter b.csv/filter',
    ]);
    expectAt(`${ROWS}OUTPUT rows TO "b.csv" ORDER BY «lin»;\n`, 'PS2003');
  });
});

describe('EXPORT', () => {
  it('names one rowset', () => {
    const script = typed(`${ROWS}EXPORT rows;\n`);
    expect(script.exported).to.equal(0);
    expectAt(`${ROWS}EXPORT «row»;\nOUTPUT rows TO "b.csv";\n`, 'PS2001');
  });
});

describe('a view', () => {
  it('gives the rowset it exports, with the parameters it is given', () => {
    const script = typed(
      'DECLARE @p: string = "z";\na = IMPORT "view.scope";\nb = IMPORT "view.scope" PARAMS @path = @p + ".txt";\nu = a UNION b;\nOUTPUT u TO "b.csv";\n',
    );
    expect(script.rowsets.map(({ label }) => label)).to.deep.equal(['a.lines', 'b.lines', 'u']);
    const files = script.rowsets.flatMap((rowset) =>
      rowset.kind === 'extract' ? rowset.files.map(({ text }) => text) : [],
    );
    expect(files).to.deep.equal(['a.txt', 'z.txt']);
  });

  it('gets parameters it declares, of their types, once each', () => {
    const use = (params: string) => `a = IMPORT "view.scope" PARAMS ${params};\nOUTPUT a TO "b.csv";\n`;
    expectAt(use('«@pth» = "x.txt"'), 'PS5008');
    expectAt(use('@path = «1»'), 'PS2011');
    expectAt(use('@path = "x.txt", «@path» = "y.txt"'), 'PS5012');
  });

  it('says its own mistakes at their own place, once however often it is imported', () => {
    const views = { 'bad.scope': 'l = EXTRACT line FROM "a.txt";\nm = l WHERE lin == "";\nEXPORT m;\n' };
    const { diagnostics } = checkText(
      'a = IMPORT "bad.scope";\nb = IMPORT "bad.scope";\nu = a UNION b;\nOUTPUT u TO "b.csv";\n',
      { views },
    );
    expect(diagnostics.map(({ code, span }) => `${code} ${span.source > 0}`)).to.deep.equal(['PS2003 true']);
  });

  it('may not come back to itself', () => {
    const views = {
      'one.scope': 'x = IMPORT "two.scope";\nEXPORT x;\n',
      'two.scope': 'x = IMPORT "one.scope";\nEXPORT x;\n',
    };
    const { diagnostics } = checkText('a = IMPORT "one.scope";\nOUTPUT a TO "b.csv";\n', { views });
    expect(diagnostics.map(({ message }) => message)).to.deep.equal([
      'this IMPORT comes back to itself: one.scope → two.scope → one.scope',
    ]);
    expectAt('a = IMPORT «"job.scope"»;\nOUTPUT a TO "b.csv";\n', 'PS5006');
  });

  it('must be there, export something, and write nothing', () => {
    expectAt('a = IMPORT «"gone.scope"»;\nOUTPUT a TO "b.csv";\n', 'PS5005');
    expectAt('a = IMPORT «"silent.scope"»;\nOUTPUT a TO "b.csv";\n', 'PS5007');
    expectAt('a = IMPORT «"writer.scope"»;\nOUTPUT a TO "b.csv";\n', 'PS5009');
  });
});
