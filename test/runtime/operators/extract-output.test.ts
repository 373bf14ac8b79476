import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Extractor } from '../../../src/runtime/operators/extractor.ts';
import type { InputFile } from '../../../src/runtime/operators/extractor.ts';
import { extractReader } from '../../../src/runtime/operators/extract-reader.ts';
import { Outputter } from '../../../src/runtime/operators/outputter.ts';
import type { WrittenRow } from '../../../src/runtime/operators/outputter.ts';
import { outputWriter } from '../../../src/runtime/operators/output-writer.ts';
import type { ReadBatch } from '../../../src/runtime/operators/runner.ts';
import { shown } from '../../../src/runtime/operators/fit.ts';
import { valuesOf } from '../../../src/runtime/operators/cursor.ts';
import { diskFiles } from '../../../src/runtime/readers/input-files.ts';
import { vectorOf } from '../../../src/runtime/vectors.ts';
import type { ScalarKind, Value } from '../../../src/typecheck/types.ts';
import { INT, STRING } from '../../../src/typecheck/types.ts';
import { callOf, rejection } from './support.ts';
import { temporaryFolder } from './files.ts';

const NOWHERE = { source: 0, start: 0, end: 0 };

/** `key=value` lines; a value of digits is a number. */
class Pairs extends Extractor {
  override async *call(file: InputFile) {
    let line = 0;
    for await (const text of file.lines()) {
      line += 1;
      if (text.startsWith('#')) continue;
      if (text === '!') throw new Error('cannot go on');
      const [key = '', value = ''] = text.split('=');
      yield file.row({ key, value: /^\d+$/.test(value) ? Number(value) : value, more: true }, line);
    }
  }
}

interface Reading {
  readonly batches: readonly ReadBatch[];
  readonly rows: readonly (readonly Value[])[];
}

async function read(path: string, columns: readonly (readonly [string, ScalarKind])[]): Promise<Reading> {
  const declared = columns.map(([name, kind]) => ({ name, type: { kind }, span: NOWHERE }));
  const source = await extractReader(
    callOf(Pairs),
    diskFiles,
  )({
    files: [{ pattern: path, text: 'in.pairs', span: NOWHERE }],
    declared,
    wanted: columns.map(([name]) => name),
    options: new Map(),
    batchRows: 2,
    signal: new AbortController().signal,
  });
  const batches: ReadBatch[] = [];
  for await (const batch of source.batches()) batches.push(batch);
  const rows = batches.flatMap(({ batch }) => {
    const lists = batch.vectors.map(valuesOf);
    return Array.from({ length: batch.length }, (_, row) => lists.map((list) => list[row] ?? null));
  });
  return { batches, rows };
}

describe("a user's extractor", () => {
  const { write } = temporaryFolder();

  it('delivers its rows in batches, with the lines they stand in', async () => {
    const path = await write('in.pairs', '# comment\na=1\nb=2\nc=3\n');
    const { batches, rows } = await read(path, [
      ['value', 'int'],
      ['key', 'string'],
    ]);
    expect(rows).to.deep.equal([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    expect(batches.map(({ batch }) => [batch.sequence, batch.length])).to.deep.equal([
      [0, 2],
      [1, 1],
    ]);
    expect(batches[1]?.batch.source?.lineOf(0)).to.equal(4);
    expect(batches.at(-1)?.bytesRead).to.equal(22);
  });

  it('may leave out columns that nothing wants', async () => {
    const path = await write('in.pairs', 'a=1\n');
    expect((await read(path, [['key', 'string']])).rows).to.deep.equal([['a']]);
  });

  it('rejects a row that does not fit, and keeps the places of the others', async () => {
    const path = await write('in.pairs', 'a=x\nb=2\n');
    const { batches, rows } = await read(path, [['value', 'int']]);
    expect(rows).to.deep.equal([[2]]);
    expect([...(batches[0]?.batch.ordinals ?? [])]).to.deep.equal([1]);
    expect(batches[0]?.rejected).to.deep.equal([
      {
        place: { file: 'in.pairs', line: 1 },
        text: '{"key":"a","value":"x","more":true}',
        code: 'PR3007',
        message: 'Pairs, column \'value\': "x" does not fit int',
        sequence: 0,
        ordinal: 0,
      },
    ]);
  });

  it('unpacks .gz, drops a byte order mark and knows the name of the file', async () => {
    const path = await write('in.pairs.gz', gzipSync('\ufeffa=1\r\n'));
    const { rows } = await read(path, [
      ['key', 'string'],
      ['_file', 'string'],
    ]);
    expect(rows).to.deep.equal([['a', 'in.pairs.gz']]);
  });

  it('ends the job where it throws, naming the file and the last line it gave', async () => {
    const path = await write('in.pairs', 'a=1\nb=2\n!\n');
    const error = await rejection(read(path, [['key', 'string']]));
    expect(error).to.include({ code: 'PR3011', message: 'Pairs failed on in.pairs: cannot go on' });
    expect(error).to.have.deep.property('place', { file: 'in.pairs', line: 2 });
  });

  it('ends the job where a file is no UTF-8', async () => {
    const path = await write('in.pairs', new Uint8Array([0x61, 0xff, 0x0a]));
    expect(await rejection(read(path, [['key', 'string']]))).to.have.property('code', 'PR3011');
  });
});

class Markdown extends Outputter {
  override header(columns: WrittenRow['columns']) {
    return `| ${columns.map(({ name }) => name).join(' | ')} |\n`;
  }
  override async call(row: WrittenRow) {
    if (row.get('size') === 13) throw new Error('bad luck');
    return `| ${row.values().map(shown).join(' | ')} |\n`;
  }
  override footer() {
    return Buffer.from('end\n');
  }
}

async function written(sizes: readonly number[]): Promise<string> {
  const pieces: Uint8Array[] = [];
  const target = {
    write: async (chunk: Uint8Array) => {
      pieces.push(chunk);
    },
  };
  const columns = [
    { name: 'size', type: INT },
    { name: 'text', type: STRING },
  ];
  const sink = await outputWriter(callOf(Markdown))({ target, columns, options: new Map() });
  await sink.write(
    [
      vectorOf(INT, sizes),
      vectorOf(
        STRING,
        sizes.map((size) => 'x'.repeat(size)),
      ),
    ],
    sizes.length,
  );
  await sink.close();
  return Buffer.concat(pieces).toString();
}

describe("a user's outputter", () => {
  it('writes a header, its rows and a footer', async () => {
    expect(await written([1, 2])).to.equal('| size | text |\n| 1 | "x" |\n| 2 | "xx" |\nend\n');
  });

  it('ends the job where it throws', async () => {
    expect(await rejection(written([13]))).to.include({
      code: 'PR3012',
      message: 'Markdown failed on a row: bad luck',
    });
  });
});
