import { expect } from 'chai';
import { expectAt, expectClean, rowset, schemaText, typed } from '../support/check.ts';

const out = (name: string) => `OUTPUT ${name} TO "out.tsv";\n`;

/** `a b` of `a, -b, c`: the declared columns that are converted. */
function usedColumns(script: string, label = 'rows'): string {
  const extract = typed(script).rowsets.find(
    (candidate) => candidate.kind === 'extract' && candidate.label.startsWith(label),
  );
  if (extract?.kind !== 'extract') throw new Error('no EXTRACT');
  return extract.columns
    .filter(({ used }) => used)
    .map(({ name }) => name)
    .join(' ');
}

describe('EXTRACT', () => {
  it('gives the declared columns; a missing type is string', () => {
    const script = typed(`rows = EXTRACT a, b: int?, c: float[], d: str, e: double FROM "a.csv";\n${out('rows')}`);
    expect(schemaText(script, 'rows')).to.equal('a: string, b: int?, c: float[], d: string, e: float');
  });

  it('goes by the file’s ending, also behind .gz', () => {
    const readerOf = (file: string) => {
      const extract = rowset(typed(`rows = EXTRACT a FROM "${file}";\n${out('rows')}`), 'rows');
      return extract.kind === 'extract' ? extract.reader.signature.name : extract.kind;
    };
    expect(['x.csv', 'x.tsv.gz', 'x.jsonl', 'X.TXT', 'logs/*.csv'].map(readerOf)).to.deep.equal([
      'CsvReader',
      'TsvReader',
      'JsonLinesReader',
      'LineReader',
      'CsvReader',
    ]);
    expectAt(`rows = EXTRACT a FROM «"x.parquet"»;\n${out('rows')}`, 'PS2025');
  });

  it('reads several files, and names them absolutely', () => {
    const extract = rowset(
      typed(`DECLARE @dir: string = "in";\nrows = EXTRACT a FROM @dir + "/a.csv", "/b.csv";\n${out('rows')}`),
      'rows',
    );
    const files = extract.kind === 'extract' ? extract.files.map(({ pattern, text }) => [pattern, text]) : [];
    expect(files).to.deep.equal([
      ['/job/in/a.csv', 'in/a.csv'],
      ['/b.csv', '/b.csv'],
    ]);
  });

  it('filters what it read with HAVING, which narrows nulls', () => {
    const script = typed(`rows = EXTRACT a: int?, b: int? FROM "a.csv" HAVING a != null && a > 1;\n${out('rows')}`);
    expect(schemaText(script, 'rows')).to.equal('a: int, b: int?');
    expectAt(`rows = EXTRACT a: int FROM "a.csv" HAVING «a»;\n${out('rows')}`, 'PS3010');
  });

  it('takes columns from file names', () => {
    const from = 'FROM "{region}/log_{date:yyyy}{date:MM}.csv"';
    expectClean(`rows = EXTRACT line, region, date: datetime ${from};\n${out('rows')}`);
    expectAt(
      `rows = EXTRACT line, date: datetime FROM «"{region}/log_{date:yyyy}{date:MM}.csv"»;\n${out('rows')}`,
      'PS2027',
    );
    expectAt(`rows = EXTRACT line, n: int FROM «"{n:yyyy}.csv"»;\n${out('rows')}`, 'PS2028');
    expectAt(`rows = EXTRACT line, d: datetime FROM «"{d}.csv"»;\n${out('rows')}`, 'PS2028');
    expectAt(`rows = EXTRACT line, a FROM "{a}.csv", «"b.csv"»;\n${out('rows')}`, 'PS2028');
    expectAt(`rows = EXTRACT line, «_file: int» FROM "*.csv";\n${out('rows')}`, 'PS2011');
  });

  it('reads lines into one column, beside those of the file’s name', () => {
    expectClean(`rows = EXTRACT line, _file, region FROM "{region}.txt";\n${out('rows')}`);
    expectAt(`rows = EXTRACT a, b FROM "a.log" USING «LineReader()»;\n${out('rows')}`, 'PS2054');
  });

  it('with an extractor that declares its columns takes those', () => {
    const using = 'FROM "a.log" USING LogReader()';
    const log = 'IMPORT { LogReader } FROM "./operators.ts";\n';
    expectClean(`${log}rows = EXTRACT query: string, latency: long, _file: string ${using};\n${out('rows')}`);
    expectAt(`${log}rows = EXTRACT «querry: string» ${using};\n${out('rows')}`, 'PS2013');
    expectAt(`${log}rows = EXTRACT «market: string» ${using};\n${out('rows')}`, 'PS2049');
  });

  it('can be left out: a file is read in place', () => {
    const script = typed(
      'IMPORT { LogReader } FROM "./operators.ts";\n' +
        'top = SELECT query, COUNT(*) AS count FROM "search.log" USING LogReader() GROUP BY query HAVING count > 1000 ORDER BY count DESC;\n' +
        out('top'),
    );
    expect(schemaText(script, 'top')).to.equal('query: string, count: long');
    expect(schemaText(script, 'top/extract')).to.equal('query: string, market: string?, latency: int');
  });

  it('left out takes the names the SELECT uses, of a file with a header, as strings', () => {
    const script = typed(
      'top = SELECT a.x.trim() AS y, b.z FROM "a.csv" USING CsvReader(header = true) AS a ' +
        'JOIN "b.csv" USING CsvReader(header = true) AS b ON a.id == b.id;\n' +
        out('top'),
    );
    expect(schemaText(script, 'top/extract')).to.equal('x: string, id: string');
    expect(schemaText(script, 'top/extract#2')).to.equal('z: string, id: string');
    expectAt(`s = SELECT a FROM "a.csv" USING «CsvReader()»;\n${out('s')}`, 'PS2057');
    expectAt(`s = SELECT * FROM "a.csv" USING «CsvReader(header = true)»;\n${out('s')}`, 'PS2057');
  });
});

describe('a declared column is converted', () => {
  const rows = 'rows = EXTRACT a: int, b: int, c: int FROM "a.csv";\n';

  it('when an output has it', () => {
    expect(usedColumns(`${rows}${out('rows')}`)).to.equal('a b c');
    expect(usedColumns(`${rows}OUTPUT rows TO "o.csv" USING CsvWriter(order = [c]);\n`)).to.equal('c');
    expect(usedColumns(`${rows}OUTPUT rows TO "o/{b}.csv" USING CsvWriter(order = [c]) ORDER BY a;\n`)).to.equal(
      'a b c',
    );
    expect(usedColumns(`${rows}EXPORT rows;\n`)).to.equal('a b c');
  });

  it('when an expression reads it, but not when it is only passed on', () => {
    expect(
      usedColumns(
        `${rows}s = SELECT a AS x, b FROM rows WHERE c > 1;\nOUTPUT s TO "o.csv" USING CsvWriter(order = [x]);\n`,
      ),
    ).to.equal('a c');
    expect(usedColumns(`${rows}s = SELECT COUNT(*) AS n FROM rows;\n${out('s')}`)).to.equal('');
    expect(
      usedColumns(`${rows}s = SELECT a, b + 1 AS b2 FROM rows;\nOUTPUT s TO "o.csv" USING CsvWriter(order = [a]);\n`),
    ).to.equal('a b');
  });

  it('when rows are compared, grouped, sorted or joined by it', () => {
    expect(
      usedColumns(`${rows}s = SELECT DISTINCT a, b FROM rows;\nOUTPUT s TO "o.csv" USING CsvWriter(order = [a]);\n`),
    ).to.equal('a b');
    expect(usedColumns(`${rows}s = SELECT COUNT(*) AS n FROM rows GROUP BY b;\n${out('s')}`)).to.equal('b');
    expect(usedColumns(`${rows}s = SELECT x.a FROM rows AS x JOIN rows AS y ON x.b == y.c;\n${out('s')}`)).to.equal(
      'a b c',
    );
    expect(usedColumns(`${rows}s = SELECT a FROM rows ORDER BY c;\n${out('s')}`)).to.equal('a c');
    expect(
      usedColumns(
        `${rows}s = (SELECT a, b FROM rows) EXCEPT (VALUES (1, 2) AS (a, b));\nOUTPUT s TO "o.csv" USING CsvWriter(order = [a]);\n`,
      ),
    ).to.equal('a b');
  });

  it('when a handler reads or repairs it, or routes it to an output', () => {
    expect(
      usedColumns(`${rows}s = rows ASSERT a > 0 ELSE DROP;\nOUTPUT s TO "o.csv" USING CsvWriter(order = [b]);\n`),
    ).to.equal('a b');
    expect(usedColumns(`${rows}s = rows WHEN a > 0 EDIT b = 1 LIMIT 1;\nt = SELECT c FROM s;\n${out('t')}`)).to.equal(
      'a b c',
    );
    expect(usedColumns(`${rows}s = rows WHEN a > 0 DELETE b;\nt = SELECT a FROM s;\n${out('t')}`)).to.equal('a');
    expect(
      usedColumns(
        `${rows}s = rows WHEN a > 0 ROUTE TO bad;\nOUTPUT bad TO "b.csv" USING CsvWriter(order = [b]);\nOUTPUT s TO "o.csv" USING CsvWriter(order = [a]);\n`,
      ),
    ).to.equal('a b');
    const failing = 'PROCESS rows USING Translator(text = String(a), model = "m") ON ERROR ROUTE TO bad';
    expect(
      usedColumns(
        `${rows}p = ${failing};\nOUTPUT p TO "o.csv" USING CsvWriter(order = [translation]);\nOUTPUT bad TO "b.csv" USING CsvWriter(order = [c]);\n`,
      ),
    ).to.equal('a c');
  });
});
