import { expect } from 'chai';
import fc from 'fast-check';
import { like } from '../../../src/typecheck/functions/like.ts';

/** LIKE as a regular expression over code points. */
function reference(text: string, pattern: string): boolean {
  const parts = Array.from(pattern.matchAll(/\\(.)|%|_|./gsu), ([whole, escaped]) => {
    if (whole === '%') return '.*';
    return whole === '_' ? '.' : (escaped ?? whole).replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'su').test(text);
}

const unit = fc.constantFrom('a', 'b', '😀', '\n', '.', '\ud83d', '\ude00');
const text = fc.string({ unit, maxLength: 8 });
const pattern = fc
  .array(fc.oneof(fc.constantFrom('%', '_', '\\%', '\\_', '\\\\'), unit), { maxLength: 6 })
  .map((parts) => parts.join(''));

describe('LIKE', () => {
  it('matches whole texts, by case', () => {
    expect(like('banana', 'b%a')).to.equal(true);
    expect(like('banana', 'an%')).to.equal(false);
    expect(like('Banana', 'b%')).to.equal(false);
    expect(like('', '%')).to.equal(true);
    expect(like('', '')).to.equal(true);
  });

  it('takes a character of two UTF-16 units for one', () => {
    expect(like('😀', '_')).to.equal(true);
    expect(like('😀', '__')).to.equal(false);
    expect(like('😀', '\ud83d%')).to.equal(false);
  });

  it('takes what follows a backslash as it is', () => {
    expect(like('100%', '100\\%')).to.equal(true);
    expect(like('1000', '100\\%')).to.equal(false);
  });

  it('answers as the regular expression that it means', () => {
    fc.assert(
      fc.property(text, pattern, (value, like_) => void expect(like(value, like_)).to.equal(reference(value, like_))),
      {
        numRuns: 3000,
      },
    );
  });

  it('does not run away on many runs', () => {
    expect(like('a'.repeat(5000), `${'%a'.repeat(30)}%b`)).to.equal(false);
  });
});
