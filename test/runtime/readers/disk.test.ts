/** Readers on the file system itself. */
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RunError } from '../../../src/runtime/errors.ts';
import { readers } from '../../../src/runtime/readers/index.ts';
import { INT } from '../../../src/typecheck/types.ts';

const SPAN = { source: 0, start: 0, end: 0 };
const ROWS = 300_000;

describe('files on the disk', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'readers-'));
    const numbers = `n\n${Array.from({ length: ROWS }, (_, n) => n).join('\n')}\n`;
    writeFileSync(join(folder, 'a.csv'), numbers);
    writeFileSync(join(folder, 'b.csv.gz'), gzipSync(numbers));
    writeFileSync(join(folder, 'cut.csv.gz'), gzipSync(numbers).subarray(0, 100_000));
    writeFileSync(join(folder, 'none.csv.gz'), 'n\n1\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  async function read(name: string): Promise<{ sum: number; rows: number; bytes: number; total: number | null }> {
    const reader = readers.get('CsvReader');
    if (reader === undefined) throw new Error('no CsvReader');
    const source = await reader({
      files: [{ pattern: join(folder, name), text: name, span: SPAN }],
      declared: [{ name: 'n', type: INT, span: SPAN }],
      wanted: ['n'],
      options: new Map(),
      batchRows: 1000,
      signal: new AbortController().signal,
    });
    let sum = 0;
    let rows = 0;
    let bytes = 0;
    for await (const { batch, bytesRead } of source.batches()) {
      const [vector] = batch.vectors;
      if (vector?.kind !== 'int') throw new Error('no int vector');
      sum += vector.values.reduce((total, value) => total + value, 0);
      rows += batch.length;
      expect(bytesRead).to.be.at.least(bytes);
      bytes = bytesRead;
    }
    return { sum, rows, bytes, total: source.bytes };
  }

  async function failure(name: string): Promise<string> {
    try {
      await read(name);
    } catch (error) {
      if (error instanceof RunError) return `${error.code} ${error.message}`;
      throw error;
    }
    return 'it was read';
  }

  it('are read through many chunks, plain and compressed, and count their bytes', async () => {
    for (const name of ['a.csv', 'b.csv.gz']) {
      const { sum, rows, bytes, total } = await read(name);
      expect([sum, rows], name).to.deep.equal([(ROWS * (ROWS - 1)) / 2, ROWS]);
      expect(bytes).to.equal(total);
    }
    expect((await read('?.csv*')).rows).to.equal(2 * ROWS);
  });

  it('are refused where a .gz is cut off or none at all', async () => {
    expect(await failure('cut.csv.gz')).to.match(/^PR1011 cut\.csv\.gz is no complete gzip file/u);
    expect(await failure('none.csv.gz')).to.match(/^PR1011 none\.csv\.gz is no complete gzip file/u);
  });

  it('are refused where a folder or nothing stands there', async () => {
    expect(await failure('.')).to.match(/^PR1002 \. cannot be read: it is a folder/u);
    expect(await failure('c.csv')).to.match(/^PR1001 there is no file c\.csv/u);
  });
});
