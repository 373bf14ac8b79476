import { expect } from 'chai';
import fc from 'fast-check';
import type { Vector } from '../../../src/runtime/batch.ts';
import { StateError } from '../../../src/runtime/state/errors.ts';
import type { KeptAnswer } from '../../../src/runtime/state/answers.ts';
import { pack, unpack } from '../../../src/runtime/state/packed.ts';
import { slice, utf8Vector, valueAt, vectorOf } from '../../../src/runtime/vectors.ts';
import { INT, STRING } from '../../../src/typecheck/types.ts';

function answer(vectors: readonly Vector[]): KeptAnswer {
  const rest = { origins: null, carried: [], failures: [], repairs: [] };
  return { digest: 7, asked: 3, milliseconds: 1.5, drawn: 2, vectors, length: 3, ...rest };
}

function again(vectors: readonly Vector[]): readonly Vector[] {
  return unpack(pack(answer(vectors)), 'key').vectors;
}

function faultOf(bytes: Uint8Array): string {
  try {
    unpack(bytes, '3/0/0');
  } catch (thrown) {
    if (thrown instanceof StateError) return thrown.message;
    throw thrown;
  }
  return 'no fault';
}

describe('a packed answer', () => {
  it('comes back as it was, also texts that are no UTF-8 and numbers that are no JSON', () => {
    const vectors: readonly Vector[] = [
      vectorOf(INT, [1, null, -(2 ** 31)]),
      vectorOf(STRING, ['\ud800 alone', null, '']),
      { kind: 'number', values: Float64Array.of(NaN, -0, Infinity), nulls: null },
      { kind: 'bool', values: Uint8Array.of(1, 0, 1), nulls: Uint8Array.of(0, 1, 0) },
      { kind: 'object', values: [Uint8Array.of(1, 2), { ['__proto__']: [1] }, [1.5, null]] },
    ];
    expect(again(vectors)).to.deep.equal(vectors);
  });

  it('has its failures without what caused them, and its repairs', () => {
    const failures = [{ row: 1, code: 'PR3001', message: 'no', cause: new Error('not kept') }];
    const repairs = [{ row: 2, kind: 'edit' as const, changes: [['text', 'new'] as const] }];
    const given = { ...answer([]), origins: Int32Array.of(0, 0, 2), carried: [Int32Array.of(1)], failures, repairs };
    const kept = unpack(pack(given), 'key');
    expect(kept).to.deep.equal({ ...given, failures: [{ row: 1, code: 'PR3001', message: 'no' }] });
  });

  it('has of a view over a file only the bytes of its rows', () => {
    const text = utf8Vector(['a'.repeat(100_000), 'zwei', null, 'drei']);
    const [vector] = again([slice(text, 1, 4)]);
    if (vector?.kind !== 'utf8') throw new Error('it is a text vector');
    expect([0, 1, 2].map((row) => valueAt(vector, row))).to.deep.equal(['zwei', null, 'drei']);
    expect(vector.bytes).to.have.length(8);
  });

  it('of which any byte has changed is refused, by the name of its place', () => {
    const bytes = pack(answer([vectorOf(STRING, ['one', 'two', null])]));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(faultOf(changed)).to.match(/^the committed answer 3\/0\/0 cannot be read: it/);
      }),
      { numRuns: 200, seed: 6 },
    );
    for (let length = 0; length < bytes.length; length += 1)
      expect(faultOf(bytes.subarray(0, length))).to.not.equal('no fault');
  });

  it('of another version says so', () => {
    const bytes = Buffer.from(pack(answer([])));
    bytes[3] = 9;
    expect(faultOf(bytes)).to.include('it is of version 9, and this pyscope reads version 1');
  });
});
