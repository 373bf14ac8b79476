import { expect } from 'chai';
import { BOOL, DATETIME, FLOAT, INT, nullable, STRING } from '../../../src/typecheck/types.ts';
import { writtenText } from './support.ts';
import type { Table } from './support.ts';

const people: Table = {
  columns: [
    ['name', STRING],
    ['note', nullable(STRING)],
    ['size', FLOAT],
    ['born', DATETIME],
  ],
  rows: [
    ['Asha, Dr.', null, 1.5, 0],
    ['', '', 1e21, 1_710_374_400_000],
    ['say "hi"', 'two\nlines', -0, -1],
  ],
};

describe('CsvWriter', () => {
  it('quotes what must be, tells null from the empty text, and prints numbers as JavaScript does', async () => {
    expect(await writtenText('CsvWriter', people)).to.equal(
      'name,note,size,born\n' +
        '"Asha, Dr.",,1.5,1970-01-01T00:00:00.000Z\n' +
        ',"",1e+21,2024-03-14T00:00:00.000Z\n' +
        '"say ""hi""","two\nlines",0,1969-12-31T23:59:59.999Z\n',
    );
  });

  it('writes the columns of order, and no header where it should not', async () => {
    const options = { order: ['born', 'name'], header: false, delimiter: ';', datetimeFormat: 'M/d/yyyy' };
    expect(await writtenText('CsvWriter', people, options)).to.equal(
      '1/1/1970;Asha, Dr.\n3/14/2024;\n12/31/1969;"say ""hi"""\n',
    );
  });

  it('quotes a text that would be read as null', async () => {
    const table: Table = { columns: [['a', nullable(STRING)]], rows: [['n/a'], [null], ['']] };
    expect(await writtenText('CsvWriter', table, { nullText: 'n/a' })).to.equal('a\n"n/a"\nn/a\n""\n');
  });

  it('leaves formulas as they are, and defuses texts that would be formulas when asked to', async () => {
    const table: Table = {
      columns: [
        ['a', STRING],
        ['b', INT],
      ],
      rows: [
        ['=1+1', -5],
        ['@x,y', 5],
      ],
    };
    expect(await writtenText('CsvWriter', table)).to.equal('a,b\n=1+1,-5\n"@x,y",5\n');
    expect(await writtenText('CsvWriter', table, { defuse: true })).to.equal(`a,b\n'=1+1,-5\n"'@x,y",5\n`);
  });

  it('refuses a value that needs quotes when there are none', async () => {
    const error = await failure(writtenText('CsvWriter', people, { quote: '' }));
    expect(error).to.match(/column name: "Asha, Dr\." needs quotes/u);
  });

  it('refuses half of a surrogate pair, which would be written as something else', async () => {
    const table: Table = { columns: [['a', STRING]], rows: [['ok \ufffd'], ['x\ud83d']] };
    expect(await failure(writtenText('CsvWriter', table))).to.match(/half of a surrogate pair/u);
  });

  it('refuses an order that names what is not there', async () => {
    expect(await failure(writtenText('CsvWriter', people, { order: ['nam'] }))).to.match(
      /order names nam, and the rows have name/u,
    );
  });
});

describe('TsvWriter', () => {
  it('writes tabs, and quotes a field that holds one', async () => {
    const table: Table = {
      columns: [
        ['a', STRING],
        ['b', BOOL],
      ],
      rows: [
        ['x\ty', true],
        ['x,y', false],
      ],
    };
    expect(await writtenText('TsvWriter', table)).to.equal('a\tb\n"x\ty"\ttrue\nx,y\tfalse\n');
  });
});

describe('JsonLinesWriter', () => {
  it('writes one object a row, whatever the columns are called', async () => {
    const table: Table = {
      columns: [
        ['__proto__', STRING],
        ['n', nullable(INT)],
      ],
      rows: [
        ['a"b\u2028', null],
        ['', 2],
      ],
    };
    expect(await writtenText('JsonLinesWriter', table)).to.equal(
      '{"__proto__":"a\\"b\u2028","n":null}\n{"__proto__":"","n":2}\n',
    );
  });

  it('refuses a float that JSON has no number for', async () => {
    const table: Table = { columns: [['x', FLOAT]], rows: [[Number.NaN]] };
    expect(await failure(writtenText('JsonLinesWriter', table))).to.match(/column x: NaN is no JSON number/u);
  });
});

describe('LineWriter', () => {
  it('refuses several columns and texts that are more than a line', async () => {
    expect(await failure(writtenText('LineWriter', people))).to.match(/one column, and the rows have 4/u);
    expect(await failure(writtenText('LineWriter', people, { order: ['note'] }))).to.match(
      /column note: a text with a line end/u,
    );
  });
});

async function failure(writing: Promise<unknown>): Promise<string> {
  try {
    await writing;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it was written';
}
