import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { addParameter, positiveNumber } from '../../src/cli/options.ts';

describe('--param', () => {
  it('splits at the first = and takes @ for granted', () => {
    expect([...addParameter('@path=a=b', new Map([['x', '1']]))]).to.deep.equal([
      ['x', '1'],
      ['path', 'a=b'],
    ]);
  });

  it('lets a value be empty, a name not', () => {
    expect(addParameter('a=', new Map()).get('a')).to.equal('');
    for (const wrong of ['=a', 'a', '']) expect(() => addParameter(wrong, new Map())).to.throw(InvalidArgumentError);
  });
});

describe('--batch', () => {
  it('takes whole numbers from 1', () => {
    expect(positiveNumber('1')).to.equal(1);
    for (const wrong of ['0', '-1', '1.5', 'x', '', '1e3'])
      expect(() => positiveNumber(wrong)).to.throw(InvalidArgumentError);
  });
});
