import { expect } from 'chai';
import fc from 'fast-check';
import { plainKernel, vectorKernel, WINDOW } from '../../../src/runtime/readers/mark-kernel.ts';
import type { MarkKernel } from '../../../src/runtime/readers/mark-kernel.ts';
import { Splitter } from '../../../src/runtime/readers/splitter.ts';

const found = (kernel: MarkKernel, bytes: Uint8Array): readonly number[] => {
  kernel.window.set(bytes);
  return [...kernel.positions.subarray(0, kernel.find(bytes.length, 1000, 44, 10, 34))];
};

describe('the marks of a file', () => {
  it('are found by vector instructions where a loop over bytes finds them', () => {
    const vector = vectorKernel();
    if (vector === null) throw new Error('this Node has no vector instructions');
    const plain = plainKernel();
    const bytes = fc.array(fc.constantFrom(44, 10, 34, 0, 45, 172, 255), { maxLength: 300 });
    fc.assert(
      fc.property(bytes, (values) => {
        const given = Uint8Array.from(values);
        expect(found(vector, given)).to.deep.equal(found(plain, given));
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  it('are found in windows that are full of them', () => {
    const vector = vectorKernel();
    if (vector === null) throw new Error('this Node has no vector instructions');
    const full = new Uint8Array(WINDOW).fill(44);
    expect(found(vector, full)).to.deep.equal(Array.from(full, (_, at) => 1000 + at));
  });

  it('give the same records however often the splitter stops on its way', () => {
    const piece = fc.constantFrom('a', ',', '\n', '"', '"x,\ny"', '\r\n', 'é');
    const dialect = { delimiter: Buffer.from(','), quote: 34, ending: 'lf' } as const;
    const cut = (text: string, capacity: number, kernel: MarkKernel): readonly unknown[] => {
      const bytes = Buffer.from(text);
      const splitter = new Splitter(dialect, Int32Array.of(0, -1, 1), capacity, null, kernel);
      const records: unknown[] = [];
      for (let at = 0; ;) {
        at = splitter.split(bytes, at, bytes.length, true);
        if (splitter.rows === 0) return records;
        for (let row = 0; row < splitter.rows; row++) {
          const second = capacity + row;
          const fields = [splitter.starts[row], splitter.ends[row], splitter.starts[second], splitter.ends[second]];
          records.push([splitter.fieldCounts[row], splitter.recordStarts[row + 1], ...fields]);
        }
      }
    };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (pieces, capacity) => {
        const text = pieces.join('');
        const whole = cut(text, 100, plainKernel());
        expect(cut(text, capacity, vectorKernel() ?? plainKernel())).to.deep.equal(whole);
      }),
      { seed: 10, numRuns: 300 },
    );
  });

  it('are looked for again where a record was cut off', () => {
    const splitter = new Splitter({ delimiter: Buffer.from(','), quote: -1, ending: 'lf' }, Int32Array.of(0), 10);
    const bytes = Buffer.from('a,b\nc,d,e\n');
    expect([splitter.split(bytes, 0, 7, false), splitter.rows]).to.deep.equal([4, 1]);
    expect([splitter.split(bytes, 4, bytes.length, false), splitter.rows]).to.deep.equal([10, 1]);
    expect(splitter.fieldCounts[0]).to.equal(3);
  });
});
