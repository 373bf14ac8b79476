import { expect } from 'chai';
import iconv from 'iconv-lite';
import {
  arrayOf,
  BOOL,
  BYTES,
  DATETIME,
  FLOAT,
  INT,
  JSON_TYPE,
  LONG,
  nullable,
  STRING,
} from '../../../src/typecheck/types.ts';
import type { Type } from '../../../src/typecheck/types.ts';
import { RunError } from '../../../src/runtime/errors.ts';
import { readAll } from './support.ts';
import type { Attempt } from './support.ts';

type Columns = readonly (readonly [string, Type])[];

const AB: Columns = [
  ['a', STRING],
  ['b', nullable(STRING)],
];

async function failure(content: Parameters<typeof readAll>[0], attempt: Attempt): Promise<string> {
  try {
    await readAll(content, attempt);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const place = error.place === null ? '' : `${error.place.file}:${error.place.line ?? ''}: `;
    return `${place}${error.code} ${error.message}${error.help === null ? '' : ` (${error.help})`}`;
  }
  return 'it was read';
}

async function rejects(
  content: string | Uint8Array,
  columns: Columns,
  options: Attempt['options'] = {},
): Promise<readonly string[]> {
  const { rejected } = await readAll(content, { columns, options });
  return rejected.map(({ place, code, message }) => `${place.line ?? ''} ${code} ${message}`);
}

describe('CsvReader', () => {
  it('finds columns by the names of the header, in any order, and leaves the others out', async () => {
    const { rows } = await readAll('x,b,a\n1,2,3\n', { columns: AB });
    expect(rows).to.deep.equal([['3', '2']]);
  });

  it('goes by position without a header', async () => {
    const { rows } = await readAll('1,2\n3,4', { columns: AB, options: { header: false } });
    expect(rows).to.deep.equal([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('takes an empty unquoted field as null in a nullable column, a quoted one as empty', async () => {
    const { rows } = await readAll('a,b\n,\n"",""\n', { columns: AB });
    expect(rows).to.deep.equal([
      ['', null],
      ['', ''],
    ]);
  });

  it('takes the null text as null where it is not quoted and the column is nullable', async () => {
    const { rows } = await readAll('a,b\nn/a,n/a\n"n/a","n/a"\nx,\n', { columns: AB, options: { nullText: 'n/a' } });
    expect(rows).to.deep.equal([
      ['n/a', null],
      ['n/a', 'n/a'],
      ['x', null],
    ]);
  });

  it('reads every type', async () => {
    const columns: Columns = [
      ['i', INT],
      ['l', LONG],
      ['f', FLOAT],
      ['t', BOOL],
      ['d', DATETIME],
      ['y', BYTES],
      ['j', JSON_TYPE],
      ['r', arrayOf(INT)],
      ['n', nullable(INT)],
    ];
    const { rows } = await readAll(
      'i,l,f,t,d,y,j,r,n\n-2147483648,9007199254740991, 1e3 ,True,2024-02-29T12:00:00Z,aGk=,"{""a"":[1]}","[1,2]",\n',
      { columns },
    );
    expect(rows).to.deep.equal([
      [
        -2147483648,
        9007199254740991,
        1000,
        true,
        Date.UTC(2024, 1, 29, 12),
        new Uint8Array([104, 105]),
        { a: [1] },
        [1, 2],
        null,
      ],
    ]);
  });

  it('rejects what does not fit a type, and never rounds', async () => {
    const misfits = async (type: Type, ...texts: readonly string[]): Promise<void> => {
      const file = `x\n${texts.map((text) => `"${text}"\n`).join('')}`;
      const found = await rejects(file, [['x', type]]);
      expect(found.length, texts.join()).to.equal(texts.length);
    };
    await misfits(INT, '2147483648', '-2147483649', '1.0', '1e3', '', 'x', '0x1', '1_000', '٣');
    await misfits(LONG, '9007199254740992', '-9007199254740992', '99999999999999999999');
    await misfits(FLOAT, '', '1,5', 'abc', '1e', '--1', '1e999', '.', 'infinity', 'nan');
    await misfits(BOOL, '1', 'yes', 'tRue');
    await misfits(DATETIME, '2023-02-29', '3/14/2025', '2024-01-01T25:00:00Z');
    await misfits(BYTES, 'aGk', '***');
    await misfits(JSON_TYPE, '{', '', 'undefined');
    await misfits(arrayOf(INT), '[1.5]', '{}');
  });

  it('says what a value should have been', async () => {
    expect(await rejects('n\n12,5\n', [['n', FLOAT]], { delimiter: ';' })).to.deep.equal([
      '2 PR1102 column n: "12,5" is no float; decimals are written with a point',
    ]);
    expect(await rejects('n\n\n', [['n', INT]])).to.deep.equal([
      '2 PR1102 column n: is empty; int? takes empty fields as null',
    ]);
    expect(await rejects('d\n3.14.2025\n', [['d', DATETIME]], { datetimeFormat: 'M/d/yyyy' })).to.deep.equal([
      '2 PR1102 column d: "3.14.2025" is no datetime of the form M/d/yyyy',
    ]);
    expect(await rejects('d\n2017-08-30T16:31:02.8496897Z\n', [['d', DATETIME]])).to.deep.equal([
      '2 PR1102 column d: "2017-08-30T16:31:02.8496897Z" is no datetime, which holds milliseconds; a string keeps it, and datetime(s.slice(0, 23) + "Z") takes three digits of the fraction',
    ]);
    const [long] = await rejects(`n\n"\u001b[31m${'x'.repeat(500)}"\n`, [['n', INT]]);
    expect(long).to.match(/^2 PR1102 column n: "\\u001b\[31mx{52}…" is no int$/u);
  });

  it('reads dates of a given form', async () => {
    const { rows } = await readAll('d\n3/14/2025\n', {
      columns: [['d', DATETIME]],
      options: { datetimeFormat: 'M/d/yyyy' },
    });
    expect(rows).to.deep.equal([[Date.UTC(2025, 2, 14)]]);
  });

  it('names the header and the likely column when one is missing', async () => {
    expect(await failure('A,amuont\n1,2\n', { columns: [['amount', INT]] })).to.equal(
      'in.csv:1: PR1006 the header has no column amount; it has "A", "amuont" (did you mean amuont?)',
    );
    expect(await failure('a,a\n1,2\n', { columns: [['a', INT]] })).to.match(
      /in\.csv:1: PR1007 the header has a twice/u,
    );
    expect(await failure('', { columns: AB })).to.match(/in\.csv:1: PR1005 the file has no header line: it is empty/u);
  });

  it('rejects lines with too few or too many fields, naming both numbers', async () => {
    expect(await rejects('a,b\n1\n1,2,3\n\n1,2\n', AB)).to.deep.equal([
      '2 PR1101 the line has 1 field, and the header has 2',
      '3 PR1101 the line has 3 fields, and the header has 2',
      '4 PR1101 the line is empty, and the header has 2',
    ]);
  });

  it('rejects bad quotes and keeps what follows', async () => {
    const found = await readAll('a,b\n"x"y",1\nz,2\n"open,3\n', { columns: AB });
    expect(found.rows).to.deep.equal([['z', '2']]);
    expect(found.rejected.map(({ code, place, text }) => [code, place.line, text])).to.deep.equal([
      ['PR1103', 2, '"x"y",1'],
      ['PR1104', 4, '"open,3'],
    ]);
  });

  it('rejects lines that are no UTF-8, and only those', async () => {
    const file = Buffer.concat([
      Buffer.from('a,b\nx,1\n'),
      Buffer.from([0xff, 0x2c, 0x32, 0x0a]),
      Buffer.from('é,3\n'),
    ]);
    const { rows, rejected } = await readAll(file, { columns: AB });
    expect(rows).to.deep.equal([
      ['x', '1'],
      ['é', '3'],
    ]);
    expect(rejected.map(({ code, place, ordinal }) => [code, place.line, ordinal])).to.deep.equal([['PR1105', 3, 1]]);
  });

  it('reads UTF-8 and UTF-16 with their byte order marks, and encodings by name', async () => {
    const text = 'a,b\nहिन्दी,"ü\n"\n';
    for (const [encoding, option] of [
      ['utf-8', null],
      ['utf-16le', null],
      ['utf-16be', null],
      ['utf-16le', 'utf-16'],
    ] as const) {
      const { rows } = await readAll(iconv.encode(text, encoding, { addBOM: true }), {
        columns: AB,
        options: option === null ? {} : { encoding: option },
      });
      expect(rows, encoding).to.deep.equal([['हिन्दी', 'ü\n']]);
    }
    const latin = await readAll(iconv.encode('a,b\nMüller,€\n', 'windows-1252'), {
      columns: AB,
      options: { encoding: 'windows-1252' },
    });
    expect(latin.rows).to.deep.equal([['Müller', '€']]);
    expect(await failure('a,b\n', { columns: AB, options: { encoding: 'utf-9' } })).to.match(
      /PR1010 no encoding is called "utf-9"/u,
    );
  });

  it('skips lines before the header, whatever they hold', async () => {
    const { rows, places } = await readAll('# "report\n\na,b\n1,2\n', { columns: AB, options: { skip: 2 } });
    expect(rows).to.deep.equal([['1', '2']]);
    expect(places).to.deep.equal(['in.csv:4']);
  });

  it('reads any delimiter and quote, or none', async () => {
    expect(
      (await readAll("a||b\n'x||y'||2\n", { columns: AB, options: { delimiter: '||', quote: "'" } })).rows,
    ).to.deep.equal([['x||y', '2']]);
    expect((await readAll('a,b\n"x,y"\n', { columns: AB, options: { quote: '' } })).rows).to.deep.equal([['"x', 'y"']]);
    expect(await failure('a,b\n', { columns: AB, options: { delimiter: '' } })).to.match(/PR1004 delimiter = ""/u);
  });

  it('takes names of prototypes for what they are: names', async () => {
    const columns: Columns = [
      ['__proto__', STRING],
      ['constructor', STRING],
    ];
    const { rows } = await readAll('constructor,__proto__\n1,2\n', { columns });
    expect(rows).to.deep.equal([['2', '1']]);
  });
});

describe('LineReader', () => {
  it('reads LF and CRLF lines, and CR where there is no LF', async () => {
    const columns: Columns = [['line', STRING]];
    const lines = async (text: string): Promise<readonly unknown[]> =>
      (await readAll(text, { reader: 'LineReader', columns })).rows.map(([line]) => line);
    expect(await lines('a\r\nb\n\nc"d,e')).to.deep.equal(['a', 'b', '', 'c"d,e']);
    expect(await lines('a\rb\r')).to.deep.equal(['a', 'b']);
    expect(await lines('')).to.deep.equal([]);
    expect(await lines('\n')).to.deep.equal(['']);
  });

  it('gives one column', async () => {
    expect(await failure('x\n', { reader: 'LineReader', columns: AB })).to.match(
      /PR1012 LineReader gives one column, and 2 are declared/u,
    );
  });
});

describe('JsonLinesReader', () => {
  const columns: Columns = [
    ['n', INT],
    ['s', nullable(STRING)],
    ['d', nullable(DATETIME)],
  ];

  it('reads columns by key, exactly by type', async () => {
    const { rows } = await readAll('{"s":"x","n":1,"more":[]}\n{"n":2,"d":"2024-01-01"}\n', {
      reader: 'JsonLinesReader',
      columns,
    });
    expect(rows).to.deep.equal([
      [1, 'x', null],
      [2, null, Date.UTC(2024, 0, 1)],
    ]);
  });

  it('rejects what is no object, lacks a column, or has another type', async () => {
    const file = '{"n":"1"}\n[1]\n{"n":1.5}\n{"s":"x"}\n{"n":1\n\n{"n":1,"s":5}\n{"n":null}\n{"n":9007199254740993}\n';
    const { rows, rejected } = await readAll(file, { reader: 'JsonLinesReader', columns });
    expect(rows).to.deep.equal([]);
    expect(rejected.map(({ code, place }) => `${place.line ?? ''} ${code}`)).to.deep.equal([
      '1 PR1102',
      '2 PR1108',
      '3 PR1102',
      '4 PR1109',
      '5 PR1107',
      '6 PR1107',
      '7 PR1102',
      '8 PR1102',
      '9 PR1102',
    ]);
  });
});

describe('the files of a FROM', () => {
  const files = new Map(
    ['logs/b.csv', 'logs/a.csv', 'eu/log_20240102.csv', 'us/log_20240101.csv', 'us/other.csv'].map(
      (name): [string, Buffer] => [`/data/${name}`, Buffer.from(`n\n${name.length}\n`)],
    ),
  );

  it('are read in the order of their names, each row with the name of its file', async () => {
    const columns: Columns = [
      ['_file', STRING],
      ['n', INT],
    ];
    const { rows, files: read } = await readAll(files, { columns, pattern: '/data/logs/*.csv' });
    expect(read).to.deep.equal(['logs/a.csv', 'logs/b.csv']);
    expect(rows).to.deep.equal([
      ['a.csv', 10],
      ['b.csv', 10],
    ]);
  });

  it('fill columns from their paths', async () => {
    const columns: Columns = [
      ['region', STRING],
      ['date', DATETIME],
      ['n', INT],
    ];
    const { rows } = await readAll(files, { columns, pattern: '/data/{region}/log_{date:yyyy}{date:MM}{date:dd}.csv' });
    expect(rows).to.deep.equal([
      ['eu', Date.UTC(2024, 0, 2), 19],
      ['us', Date.UTC(2024, 0, 1), 19],
    ]);
  });

  it('may have signs of regular expressions in their path', async () => {
    const columns: Columns = [
      ['k', STRING],
      ['n', INT],
    ];
    const odd = new Map([['/data/a-b.(c)+$/x_q.csv', Buffer.from('n\n1\n')]]);
    const { rows } = await readAll(odd, { columns, pattern: '/data/a-b.(c)+$/x_{k}.csv' });
    expect(rows).to.deep.equal([['q', 1]]);
  });

  it('must be there', async () => {
    const columns: Columns = [['n', INT]];
    expect(await failure(files, { columns, pattern: '/data/none/*.csv' })).to.match(
      /^PR1001 no file matches none\/\*\.csv/u,
    );
    expect(await failure(files, { columns, pattern: '/data/x.csv' })).to.match(
      /^PR1001 there is no file x\.csv \(looked for \/data\/x\.csv/u,
    );
  });
});
