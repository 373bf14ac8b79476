/** Files that are broken in every way we know: no crash, and each line is either a row or rejected with its place and reason. */
import { expect } from 'chai';
import fc from 'fast-check';
import { RunError } from '../../../src/runtime/errors.ts';
import { INT, nullable, STRING } from '../../../src/typecheck/types.ts';
import type { Type } from '../../../src/typecheck/types.ts';
import { readAll } from './support.ts';

const MUTATIONS = process.env['PYSCOPE_LONG'] === '1' ? 2000 : 300;

const COLUMNS: readonly (readonly [string, Type])[] = [
  ['id', INT],
  ['name', STRING],
  ['note', nullable(STRING)],
];

const HEADER = 'id,name,note\n';
const GOOD = '1,Asha,x\n';
const big = (bytes: number): string => 'x'.repeat(bytes);

interface Broken {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Beginnings, middles and ends that are put together: 5 × 12 files and a few large ones. */
const beginnings: readonly (readonly [string, string])[] = [
  ['plain', HEADER],
  ['byte order mark', `\ufeff${HEADER}`],
  ['CRLF', 'id,name,note\r\n'],
  ['quoted header', '"id","name","note"\n'],
  ['blank in header', 'id, name,note\n'],
];

const middles: readonly (readonly [string, string | Uint8Array])[] = [
  ['nothing', ''],
  ['too few', '1,x\n'],
  ['too many', '1,x,y,z\n'],
  ['empty line', '\n'],
  ['NUL', '1,\0,\0\n'],
  ['bad UTF-8', Buffer.from([0x31, 0x2c, 0xc3, 0x28, 0x2c, 0x79, 0x0a])],
  ['half a character at the end', Buffer.from([0x31, 0x2c, 0x78, 0x2c, 0xe0, 0xa4])],
  ['open quote', '1,"x,y\n2,z,\n'],
  ['stray text', '1,"x"y,z\n'],
  ['no number', 'one,x,y\n'],
  ['lone CR', '1,x\ry,z\n'],
  ['surrogate as bytes', Buffer.from([0x31, 0x2c, 0xed, 0xa0, 0x80, 0x2c, 0x79, 0x0a])],
];

const large: readonly Broken[] = [
  { name: 'field of 10 MB', bytes: Buffer.from(`${HEADER}1,${big(10_000_000)},\n${GOOD}`) },
  { name: 'field of 17 MB', bytes: Buffer.from(`${HEADER}1,${big(17_000_000)},\n${GOOD}`) },
  {
    name: 'header of 10,001 columns',
    bytes: Buffer.from(`${Array.from({ length: 10_001 }, (_, at) => `c${at}`).join()}\n`),
  },
  { name: 'nothing at all', bytes: Buffer.alloc(0) },
  { name: 'only a byte order mark', bytes: Buffer.from('\ufeff') },
  { name: 'half of UTF-16', bytes: Buffer.from([0xff, 0xfe, 0x69]) },
];

const files: readonly Broken[] = [
  ...beginnings.flatMap(([start, header]) =>
    middles.map(([name, middle]) => ({
      name: `${start}, ${name}`,
      bytes: Buffer.concat([Buffer.from(header), Buffer.from(GOOD), Buffer.from(middle as string)]),
    })),
  ),
  ...large,
];

/** Rows and rejected lines, or the error that ended the reading. */
async function readOrRefuse(
  bytes: Uint8Array,
  chunkBytes?: number,
): Promise<{ rows: number; rejected: number } | RunError> {
  try {
    const read = await readAll(bytes, { columns: COLUMNS, ...(chunkBytes === undefined ? {} : { chunkBytes }) });
    for (const { message, code, place } of read.rejected) {
      expect(message).to.not.equal('');
      expect(code).to.match(/^PR11/u);
      expect(place.line).to.be.greaterThan(1);
    }
    return { rows: read.rows.length, rejected: read.rejected.length };
  } catch (error) {
    if (error instanceof RunError && error.code.startsWith('PR10')) return error;
    throw error;
  }
}

describe('malformed files', () => {
  for (const { name, bytes } of files) {
    it(`end in rows, rejected lines or one clear error: ${name}`, async () => {
      const read = await readOrRefuse(bytes);
      if (read instanceof RunError) {
        expect(read.message).to.match(/header|encoding|columns/u);
        return;
      }
      expect(read.rows + read.rejected).to.be.greaterThan(0);
    });
  }

  it('are counted line by line where no quote spans lines', async () => {
    const lines = ['1,a,b', '2', 'x,y,z', '', '3,c,', '4,d,e,f', '5,\0,'];
    const { rows, rejected } = await readAll(HEADER + lines.map((line) => `${line}\n`).join(''), { columns: COLUMNS });
    expect(rows.length).to.equal(3);
    expect(rejected.map(({ place, text }) => [place.line, text])).to.deep.equal([
      [3, '2'],
      [4, 'x,y,z'],
      [5, ''],
      [7, '4,d,e,f'],
    ]);
  });

  it('that were mutated at random never crash, and give the same whatever the chunks', async () => {
    const base = Buffer.from(`${HEADER}1,Asha,x\n2,"Rao, M",\n3,"say ""hi""","a\nb"\n4,हिन्दी,é\n`);
    const mutation = fc.tuple(fc.nat({ max: base.length - 1 }), fc.nat({ max: 255 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        async (mutations, chunkBytes) => {
          const bytes = Buffer.from(base);
          for (const [at, byte, quote] of mutations) bytes[at] = quote ? 0x22 : byte;
          const whole = await readOrRefuse(bytes);
          if (bytes.includes(13)) return;
          const pieces = await readOrRefuse(bytes, chunkBytes);
          if (whole instanceof RunError) expect(pieces).to.have.property('code', whole.code);
          else expect(pieces).to.deep.equal(whole);
        },
      ),
      { numRuns: MUTATIONS },
    );
  });
});
