import { expect } from 'chai';
import { checkText, described, expectAt, expectClean } from '../support/check.ts';

const LINES = 'lines = EXTRACT line: string, size: int FROM "a.csv";\n';
const OUT = 'OUTPUT lines TO "out.csv";\n';

describe('names of rowsets', () => {
  it('suggest the one that was meant', () => {
    const found = expectAt(`${LINES}OUTPUT «lnes» TO "b.csv";\n${OUT}`, 'PS2001');
    expect(found.help).to.equal('did you mean lines?');
  });

  it('mean the latest assignment before them', () => {
    expectClean(`${LINES}lines = SELECT line FROM lines;\nlines = SELECT line.length AS n FROM lines;\n${OUT}`);
    expectAt(
      `${LINES}lines = SELECT line FROM lines;\nlong = lines WHERE «size» > 1;\nOUTPUT long TO "b.csv";\n`,
      'PS2003',
    );
  });

  it('are known only below their definition', () => {
    const found = expectAt(`OUTPUT «lines» TO "b.csv";\n${LINES}${OUT}`, 'PS2002');
    expect(found.related.map(({ message }) => message)).to.deep.equal(['lines is defined here']);
  });

  it('may be those of Object’s own members', () => {
    expectAt(`${LINES}${OUT}OUTPUT «constructor» TO "b.csv";\n`, 'PS2001');
    expectClean(
      '__proto__ = EXTRACT constructor: string, __proto__: int FROM "a.csv";\nOUTPUT __proto__ TO "b.csv";\n',
    );
  });

  it('that an erroneous statement defines give no further errors', () => {
    const text = `${LINES}bad = PROCESS lines USING Nothing(x = 1);\nmore = SELECT a, b FROM bad WHERE c > 1;\nOUTPUT more TO "b.csv";\n`;
    expect(checkText(text).diagnostics.map(({ code }) => code)).to.deep.equal(['PS2004']);
  });
});

describe('the last rowset', () => {
  it('is the input of a clause that names none', () => {
    expectClean(
      'EXTRACT n: int FROM "a.csv";\nWHERE n > 1;\nSELECT n + 1 AS m;\nPROCESS USING Translator(text = String(m), model = "x");\nOUTPUT TO "b.csv";\n',
    );
  });

  it('stays the same behind an OUTPUT', () => {
    expectClean('EXTRACT n: int FROM "a.csv";\nOUTPUT TO "b.csv";\nWHERE n > 1;\nOUTPUT TO "c.csv";\n');
  });

  it('is a named one too', () => {
    expectClean(`${LINES}WHERE size > 1;\nOUTPUT TO "c.csv";\n`);
  });

  it('must be there', () => {
    expectAt('«SELECT 1 AS n»;\nOUTPUT TO "b.csv";\n', 'PS2006');
  });
});

describe('what a script leaves unused', () => {
  it('is a rowset that nobody reads', () => {
    expectAt(`${LINES}«other» = lines WHERE size > 1;\n${OUT}`, 'PS2030');
    expectAt(`${LINES}${OUT}«SELECT size FROM lines»;\n`, 'PS2030');
    expectAt(`«lines» = EXTRACT line: string FROM "b.csv";\n${LINES}${OUT}`, 'PS2030');
  });

  it('is not a rowset with a clause that acts by itself', () => {
    expectClean(`${LINES}seen = lines ASSERT size > 0 ELSE ABORT;\n${OUT}`);
    expectClean(`${LINES}seen = lines WHEN size == 0 ROUTE TO empty;\n${OUT}OUTPUT empty TO "e.csv";\n`);
    expectAt(`${LINES}«seen» = lines ASSERT size > 0 ELSE DROP;\n${OUT}`, 'PS2030');
  });

  it('is not a rowset that only rows are routed to', () => {
    expectClean(`${LINES}seen = lines WHEN size == 0 ROUTE TO empty;\nOUTPUT seen TO "s.csv";\n`);
  });

  it('is a parameter, an import', () => {
    expectAt(`DECLARE «@n»: int = 1;\n${LINES}${OUT}`, 'PS2031');
    expectAt(`IMPORT { «words» } FROM "./operators.ts";\n${LINES}${OUT}`, 'PS5011');
    expectAt(`IMPORT { words AS «split» } FROM "./operators.ts";\n${LINES}${OUT}`, 'PS5011');
  });

  it('is everything where nothing is written', () => {
    expectAt('lines = EXTRACT line: string FROM "a.txt";\n«long = lines WHERE line != ""»;\n', 'PS2029');
    expect(checkText('').diagnostics.map(({ code }) => code)).to.deep.equal(['PS2029']);
  });

  it('is not told where a syntax error may hide its use', () => {
    const text = `DECLARE @n: int = 1;\n${LINES}bad = SELECT FROM @n lines;\nOUTPUT bad TO "b.csv";\n`;
    expect(checkText(text).diagnostics.map(({ code }) => code)).to.satisfy((codes: string[]) =>
      codes.every((c) => c < 'PS2'),
    );
  });
});

describe('a script with a syntax error', () => {
  it('still gets its other errors, but none that follow from what could not be read', () => {
    const text = `${LINES}bad = SELECT FROM WHERE;\nOUTPUT bad TO "b.csv";\nOUTPUT lnes TO "c.csv";\n${OUT}`;
    const codes = checkText(text).diagnostics.map(({ code }) => code);
    expect(codes.filter((code) => code >= 'PS2')).to.deep.equal(['PS2001']);
    expect(codes.some((code) => code < 'PS2')).to.equal(true);
    const spaced = checkText('bad = SELECT FROM WHERE;\nOUTPUT `order-id [x]` TO "b.csv";\n').diagnostics;
    expect(spaced.map(({ code }) => code)).to.include('PS2001');
  });
});

describe('a script with six different mistakes', () => {
  const text = `DECLARE @min: int = "three";
lines = EXTRACT line: string, size: itn FROM "a.csv" USING CsvReadr();
long  = lines WHERE sise > @min;
p     = PROCESS lines USING TextClassifier(txt = line, model = "m") PRODUCE label;
OUTPUT lnes TO "b.csv";
OUTPUT p TO "c.csv";
OUTPUT long TO "d.csv";
`;

  it('gets six good diagnostics in source order, each at its place', () => {
    const { diagnostics, script } = checkText(text);
    const shown = diagnostics.map(
      (found) => `${described(found)} | ${text.slice(found.span.start, found.span.end)} | ${found.help}`,
    );
    expect(shown).to.deep.equal([
      'PS3011 this must be int, but it is string | "three" | write int("three")',
      'PS2032 there is no type itn | itn | did you mean int?',
      'PS2004 there is no extractor CsvReadr | CsvReadr | did you mean CsvReader?',
      'PS2003 there is no column sise here | sise | did you mean size?',
      'PS2007 TextClassifier has no input or option txt | txt | did you mean text?',
      'PS2001 there is no rowset lnes here | lnes | did you mean lines?',
    ]);
    expect(script).to.equal(null);
  });
});
