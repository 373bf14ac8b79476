/** What a writer writes, its reader reads back: any columns, any values, any options, whatever the batches and chunks. */
import { expect } from 'chai';
import fc from 'fast-check';
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
import type { Type, Value } from '../../../src/typecheck/types.ts';
import { readAll } from '../readers/support.ts';
import { written } from './support.ts';
import type { Table } from './support.ts';

const RUNS = process.env['PYSCOPE_LONG'] === '1' ? 20_000 : 300;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('"', ',', '\n', '\r', ' ', '\t', ';', '|', 'a', '\ufeff', 'n/a', '=1', '\0', "'"), {
      maxLength: 6,
    })
    .map((list) => list.join('')),
);

/** −0 is written 0, as JavaScript prints it. */
const float = fc.double().map((value) => value + 0);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as Value);
const time = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });

const scalars: readonly (readonly [Type, fc.Arbitrary<Value>])[] = [
  [STRING, text],
  [INT, fc.integer()],
  [LONG, fc.maxSafeInteger()],
  [FLOAT, finite],
  [BOOL, fc.boolean()],
  [DATETIME, time],
  [BYTES, fc.uint8Array({ maxLength: 9 })],
  [arrayOf(STRING), fc.array(text, { maxLength: 3 })],
  [arrayOf(DATETIME), fc.array(time, { maxLength: 3 })],
  [arrayOf(BYTES), fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 3 })],
];

const column: fc.Arbitrary<readonly [Type, fc.Arbitrary<Value>]> = fc.oneof(
  fc.constantFrom(...scalars),
  fc
    .constantFrom(...scalars)
    .map(([type, values]): readonly [Type, fc.Arbitrary<Value>] => [nullable(type), fc.option(values)]),
  fc.constant<readonly [Type, fc.Arbitrary<Value>]>([JSON_TYPE, json]),
);

const names = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a b', 'é', '"', 'x,y', 'line\nend'), text);

const tables: fc.Arbitrary<Table> = fc
  .uniqueArray(fc.tuple(names, column), { minLength: 1, maxLength: 5, selector: ([name]) => name })
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns.map(([name, [type]]): readonly [string, Type] => [name, type])),
      rows: fc.array(fc.tuple(...columns.map(([, [, values]]) => values)), { maxLength: 12 }),
    }),
  );

const sizes = fc.record({ write: fc.integer({ min: 1, max: 5 }), read: fc.integer({ min: 1, max: 5 }) });

describe('a writer and its reader', () => {
  it('agree on CSV in any dialect', async () => {
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '|', '\t', '||', '.', '1', 'é'),
      quote: fc.constantFrom('"', "'"),
      nullText: fc.constantFrom('', 'n/a', 'null', '-'),
      header: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(tables, dialect, sizes, async (table, options, size) => {
        const bytes = await written('CsvWriter', table, options, size.write);
        const back = await readAll(bytes, { columns: table.columns, options, batchRows: size.read });
        expect(back.rejected).to.deep.equal([]);
        expect(back.rows).to.deep.equal(table.rows);
      }),
      { numRuns: RUNS },
    );
  });

  it('agree on CSV when the reader sees a few bytes at a time', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 40 }), async (table, chunkBytes) => {
        const bytes = await written('CsvWriter', table);
        if (bytes.includes('\r')) return;
        const back = await readAll(bytes, { columns: table.columns, chunkBytes });
        expect(back.rows).to.deep.equal(table.rows);
      }),
      { numRuns: RUNS },
    );
  });

  it('agree on JSON lines', async () => {
    await fc.assert(
      fc.asyncProperty(tables, sizes, async (table, size) => {
        const bytes = await written('JsonLinesWriter', table, {}, size.write);
        const back = await readAll(bytes, { reader: 'JsonLinesReader', columns: table.columns, batchRows: size.read });
        expect(back.rejected).to.deep.equal([]);
        expect(back.rows).to.deep.equal(table.rows);
      }),
      { numRuns: RUNS },
    );
  });

  it('agree on lines', async () => {
    const lines = fc.array(text.filter((line) => !/[\r\n]/u.test(line) && !line.startsWith('\ufeff')));
    await fc.assert(
      fc.asyncProperty(lines, async (values) => {
        const table: Table = { columns: [['line', STRING]], rows: values.map((line) => [line]) };
        const back = await readAll(await written('LineWriter', table), {
          reader: 'LineReader',
          columns: table.columns,
        });
        expect(back.rows).to.deep.equal(table.rows);
      }),
      { numRuns: RUNS },
    );
  });

  it('agree on every float, NaN and the infinities included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(float), async (values) => {
        const table: Table = { columns: [['x', FLOAT]], rows: values.map((value) => [value]) };
        const back = await readAll(await written('CsvWriter', table), { columns: table.columns });
        expect(back.rows).to.deep.equal(table.rows);
      }),
      { numRuns: RUNS },
    );
  });
});
