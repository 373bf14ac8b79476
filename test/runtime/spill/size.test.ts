import { expect } from 'chai';
import { Memory } from '../../../src/runtime/spill/memory.ts';
import { parseSize } from '../../../src/typecheck/size.ts';

describe('a size', () => {
  it('is a number of bytes, kB, MB or GB', () => {
    const sizes = ['256MB', '256 mb', '1.5GiB', '64k', '1024', '10B', '2GB'].map(parseSize);
    expect(sizes).to.deep.equal([2 ** 28, 2 ** 28, 1.5 * 2 ** 30, 2 ** 16, 1024, 10, 2 ** 31]);
  });

  it('is nothing else', () => {
    expect(['', 'MB', '-1MB', '1TBB', '1,5GB', '0', '0.0001B', '1 000'].map(parseSize)).to.deep.equal(
      Array.from({ length: 8 }, () => null),
    );
  });
});

describe('the memory of a job', () => {
  it('is all there for one operator', () => {
    const claim = new Memory(100, 1).claim();
    expect([claim.set(100), claim.set(101)]).to.deep.equal([false, true]);
  });

  it('gives each operator its share, and more to the first that asks, but never more than the budget to all', () => {
    const memory = new Memory(120, 3);
    const [first, second, third] = [memory.claim(), memory.claim(), memory.claim()];
    expect(memory.share).to.equal(20);
    expect([first.set(60), first.set(61)]).to.deep.equal([false, true]);
    first.set(60);
    expect([second.set(20), third.set(20), second.set(21)]).to.deep.equal([false, false, true]);
  });
});
