import { expect } from 'chai';
import { checkText, expectAt, expectClean, originText, rowset, schemaText, typed } from '../support/check.ts';

const LINES = 'lines = EXTRACT line: string, size: int, note: string? FROM "a.csv";\n';
const out = (name: string) => `OUTPUT ${name} TO "out.tsv";\n`;
const process = (rest: string) => `${LINES}p = PROCESS lines USING ${rest};\n${out('p')}`;

describe('an operator’s arguments', () => {
  it('bind its inputs by name or in order, and its options by name', () => {
    for (const call of ['TextClassifier(text = line.trim(), model = "m")', 'TextClassifier(line, model = "m")']) {
      const script = typed(process(call));
      const found = rowset(script, 'p');
      const [operator] = found.kind === 'process' ? found.using : [];
      expect(operator?.inputs.map(({ name }) => name)).to.deep.equal(['text']);
      expect(operator?.options).to.deep.equal([['model', 'm']]);
    }
  });

  it('carry the defaults of options that are left out', () => {
    const script = typed(`${LINES}${out('lines')}`);
    expect(script.outputs[0]?.writer.options).to.deep.equal([['header', false]]);
  });

  it('convert where nothing is lost, and else are refused', () => {
    expectClean(
      `IMPORT { Sessions } FROM "./operators.ts";\n${LINES}r = REDUCE lines ON line USING Sessions(start = size);\n${out('r')}`,
    );
    expectAt(process('TextClassifier(text = «size», model = "m")'), 'PS3011');
    expectAt(process('TextClassifier(text = «note», model = "m")'), 'PS3009');
    expectClean(process('TextClassifier(text = note ?? "", model = "m")'));
    expectClean(process('TextClassifier(text = note, model = "m") WHERE note != null'));
  });

  it('name what the operator declares', () => {
    expect(expectAt(process('TextClassifier(«txet» = line, model = "m")'), 'PS2007').help).to.equal(
      'did you mean text?',
    );
    expect(expectAt(process('«TextClassifier(model = "m")»'), 'PS2008').help).to.equal(
      'bind it to a column or expression: text = line',
    );
    expectAt(process('«TextClassifier(text = line)»'), 'PS2009');
    expectAt(process('TextClassifier(line, «text = line», model = "m")'), 'PS2010');
    expectAt(process('TextClassifier(line, «"m"», model = "m")'), 'PS2050');
  });

  it('are constants for options', () => {
    expectAt(process('TextClassifier(text = line, model = «line»)'), 'PS2026');
    expectAt(process('TextClassifier(text = line, model = «1»)'), 'PS2011');
    expectClean(`DECLARE @m: string = "m";\n${process('TextClassifier(text = line, model = @m + "-small")')}`);
  });

  it('list columns in brackets', () => {
    const script = typed(`${LINES}OUTPUT lines TO "o.csv" USING CsvWriter(order = [size, line]);\n`);
    expect(new Map(script.outputs[0]?.writer.options).get('order')).to.deep.equal(['size', 'line']);
    expectAt(`${LINES}OUTPUT lines TO "o.csv" USING CsvWriter(order = [line, «sise»]);\n`, 'PS2003');
    expect(
      expectAt(`${LINES}OUTPUT lines TO "o.csv" USING CsvWriter(order = «["line", "size"]»);\n`, 'PS2052').help,
    ).to.equal('write the columns’ names in brackets, without quotes: order = [line, size]');
  });

  it('may decide what the operator yields', () => {
    expect(
      schemaText(typed(process('Transformer(text = line, model = "m", task = "text-classification")')), 'p'),
    ).to.equal('line: string, size: int, note: string?, label: string, score: float');
    expectAt(process('«Transformer(text = line, model = "m", task = "x")»'), 'PS2060');
  });
});

describe('an operator’s name', () => {
  it('is a built-in’s or an import’s', () => {
    expectAt(process('«TextClasifier»(text = line, model = "m")'), 'PS2004');
    expectClean(`IMPORT { SpellChecker AS Check } FROM "./operators.ts";\n${process('Check(text = line)')}`);
    expectAt(process('«SpellChecker»(text = line)'), 'PS2004');
  });

  it('is of the kind its statement needs', () => {
    expectAt(process('«CsvReader»()'), 'PS2005');
    expectAt(`IMPORT { words } FROM "./operators.ts";\n${process('«words»(text = line)')}`, 'PS2005');
  });

  it('of U-SQL or SCOPE is translated', () => {
    expect(
      expectAt('l = EXTRACT a FROM "a.tsv" USING «Extractors.Tsv»();\nOUTPUT l TO "b.csv";\n', 'PS2051').help,
    ).to.equal('write TsvReader()');
    expectAt(`${LINES}OUTPUT lines TO "b.csv" USING «Outputters.Csv»();\n`, 'PS2051');
    expectAt(`${LINES}OUTPUT lines TO "b.csv" USING «DefaultTextOutputter»();\n`, 'PS2051');
  });

  it('imported but broken is said once, at the IMPORT', () => {
    expectAt(`IMPORT { Spell } FROM «"./broken.ts"»;\n${process('Spell(text = line) PRODUCE corrected')}`, 'PS5001');
    expectAt(`IMPORT { «Spell» } FROM "./operators.ts";\n${process('Spell(text = line) PRODUCE corrected')}`, 'PS5002');
  });
});

describe('PROCESS', () => {
  it('keeps the input’s columns with their origins, and adds what is produced', () => {
    const script = typed(process('TextClassifier(text = line, model = "m") PRODUCE label AS mood, score: float'));
    expect(schemaText(script, 'p')).to.equal('line: string, size: int, note: string?, mood: string, score: float');
    expect(originText(script, 'p', 'line')).to.equal('lines.line');
    expect(originText(script, 'p', 'mood')).to.equal('p.mood');
  });

  it('produces only what the operator yields, under names that are free', () => {
    expectAt(process('TextClassifier(text = line, model = "m") PRODUCE «labl»'), 'PS2013');
    expectAt(process('TextClassifier(text = line, model = "m") PRODUCE «label AS line»'), 'PS2014');
    expectAt(process('TextClassifier(text = line, model = "m") PRODUCE label, score AS «label»'), 'PS2017');
    expectAt(process('TextClassifier(text = line, model = "m") PRODUCE score: «int»'), 'PS2011');
  });

  it('filters its input with WHERE and its result with HAVING', () => {
    expectClean(process('TextClassifier(text = line, model = "m") PRODUCE label WHERE size > 1 HAVING label == "x"'));
    expectAt(
      process('TextClassifier(text = line, model = "m") PRODUCE label WHERE size > 1 && «label» == "x"'),
      'PS2015',
    );
    expectAt(process('TextClassifier(text = line, model = "m") WHERE «score» > 0.5'), 'PS2015');
    expectAt(process('TextClassifier(text = line, model = "m") WHERE «scroe» > 0.5'), 'PS2003');
  });

  it('tries conjectures that yield the same', () => {
    expectClean(process('TextClassifier(text = line, model = "m") ELSE TextClassifier(text = line, model = "n")'));
    expectAt(process('TextClassifier(text = line, model = "m") ELSE «Translator(text = line, model = "n")»'), 'PS2016');
    expectAt(
      process('TextClassifier(text = line, model = "m") ELSE «Translator(text = line, model = "n")» PRODUCE label'),
      'PS2016',
    );
  });

  it('with an unknown operator still has the columns it says it produces', () => {
    const { diagnostics } = checkText(
      `${process('Nothing(x = 1) PRODUCE a AS b')}q = SELECT b, c FROM p;\n${out('q').replace('out', 'q')}`,
    );
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['PS2004', 'PS2003']);
  });
});

describe('REDUCE', () => {
  const sessions = 'IMPORT { Sessions } FROM "./operators.ts";\n';

  it('gives its ON columns, with their origins, and what it produces', () => {
    const script = typed(
      `${sessions}${LINES}r = REDUCE lines ON line, note PRESORT size DESC USING Sessions(start = size) PRODUCE begin HAVING begin > 0;\n${out('r')}`,
    );
    expect(schemaText(script, 'r')).to.equal('line: string, note: string?, begin: int');
    expect(originText(script, 'r', 'line')).to.equal('lines.line');
    expect(originText(script, 'r', 'begin')).to.equal('r.begin');
  });

  it('names columns that are there', () => {
    expectAt(`${sessions}${LINES}r = REDUCE lines ON «lin» USING Sessions(start = size);\n${out('r')}`, 'PS2003');
    expectAt(
      `${sessions}${LINES}r = REDUCE lines ON line PRESORT «sise» USING Sessions(start = size);\n${out('r')}`,
      'PS2003',
    );
    expectAt(
      `${sessions}${LINES}r = REDUCE lines ON line, «line» USING Sessions(start = size);\n${out('r')}`,
      'PS2017',
    );
  });

  it('no longer sees the columns it does not group by', () => {
    expectAt(
      `${sessions}${LINES}r = REDUCE lines ON line USING Sessions(start = size) HAVING «size» > 1;\n${out('r')}`,
      'PS2003',
    );
  });
});

describe('COMBINE', () => {
  const matcher = 'IMPORT { Matcher } FROM "./operators.ts";\n';
  const other = 'other = EXTRACT id: int, name: string FROM "b.csv";\n';

  it('gives both sides’ columns and what it produces', () => {
    const script = typed(
      `${matcher}${LINES}${other}c = COMBINE lines AS a WITH other AS b ON a.size == b.id && a.line != b.name USING Matcher(left = a.line, right = b.name);\n${out('c')}`,
    );
    expect(schemaText(script, 'c')).to.equal(
      'line: string, size: int, note: string?, id: int, name: string, score: float',
    );
    expect(originText(script, 'c', 'name')).to.equal('other.name');
    const combine = rowset(script, 'c');
    expect(combine.kind === 'combine' && combine.keys.length).to.equal(1);
    expect(combine.kind === 'combine' && combine.on?.kind).to.equal('call');
  });

  it('has a key of one name once, and no other shared name', () => {
    const twin = 'twin = SELECT size, line AS text FROM lines;\n';
    const script = typed(
      `${matcher}${LINES}${twin}c = COMBINE lines WITH twin ON lines.size == twin.size USING Matcher(left = line, right = text);\n${out('c')}`,
    );
    expect(schemaText(script, 'c')).to.equal('line: string, size: int, note: string?, text: string, score: float');
    expectAt(
      `${matcher}${LINES}c = COMBINE lines AS a WITH «lines AS b» ON a.size == b.size USING Matcher(left = a.line, right = b.line);\n${out('c')}`,
      'PS2061',
    );
  });

  it('has nullable columns of the side that may be missing, and the key of the side that is there', () => {
    const twin = 'twin = EXTRACT size: long?, text: string FROM "t.csv";\n';
    const schemaOf = (type: string): string =>
      schemaText(
        typed(
          `${matcher}${LINES}${twin}c = COMBINE lines ${type} WITH twin ON lines.size == twin.size USING Matcher(left = line, right = text);\n${out('c')}`,
        ),
        'c',
      );
    expect(schemaOf('LEFT')).to.equal('line: string, size: int, note: string?, text: string?, score: float');
    expect(schemaOf('RIGHT OUTER')).to.equal('line: string?, size: long?, note: string?, text: string, score: float');
    expect(schemaOf('FULL')).to.equal('line: string?, size: long?, note: string?, text: string?, score: float');
    expect(schemaOf('INNER')).to.equal('line: string, size: int, note: string?, text: string, score: float');
  });

  it('takes equalities alone where FULL keeps both sides', () => {
    expectAt(
      `${matcher}${LINES}${other}c = COMBINE lines FULL WITH other ON size == id && «line != name» USING Matcher(left = line, right = name);\n${out('c')}`,
      'PS2064',
    );
  });

  it('needs a key', () => {
    expectAt(
      `${matcher}${LINES}${other}c = COMBINE lines WITH other ON «size < id» USING Matcher(left = line, right = name);\n${out('c')}`,
      'PS2048',
    );
  });
});
