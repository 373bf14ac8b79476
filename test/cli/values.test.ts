import { expect } from 'chai';
import { changeText } from '../../src/cli/lineage/values.ts';

describe('the value of a repair before and after', () => {
  it('is told whole where there is room', () => {
    expect(changeText('teh cat', 'the cat', 'string', 20)).to.equal('"teh cat" → "the cat"');
    expect(changeText(1, 2, 'int', 20)).to.equal('1 → 2');
    expect(changeText(null, 'a', 'string?', 20)).to.equal('null → "a"');
  });

  it('leaves out what long texts begin with alike, so that what differs is seen', () => {
    const before = 'how do I change my passwrod, please';
    expect(changeText(before, before.replace('wrod', 'word'), 'string', 24)).to.equal(
      '"…my passwrod, please" → "…my password, please"',
    );
  });

  it('cuts nothing between the halves of a letter', () => {
    const before = `${'😀'.repeat(30)}a`;
    expect(changeText(before, `${'😀'.repeat(30)}b`, 'string', 24)).to.equal(
      `"…${'😀'.repeat(8)}a" → "…${'😀'.repeat(8)}b"`,
    );
  });

  it('shows the end of a text that was only made longer', () => {
    expect(changeText('a'.repeat(40), `${'a'.repeat(40)}b`, 'string', 24)).to.equal('"…aaaaaaaa" → "…aaaaaaaab"');
  });
});
