import { expect } from 'chai';
import { colourLevel } from '../../src/cli/io.ts';

describe('colourLevel', () => {
  it('gives a terminal what it can, and a pipe nothing', () => {
    expect(colourLevel({}, true, 24)).to.equal(3);
    expect(colourLevel({}, true, 8)).to.equal(2);
    expect(colourLevel({}, true, 4)).to.equal(1);
    expect(colourLevel({}, true, 1)).to.equal(0);
    expect(colourLevel({}, false, 24)).to.equal(0);
  });

  it('obeys NO_COLOR unless it is empty', () => {
    expect(colourLevel({ NO_COLOR: '1' }, true, 24)).to.equal(0);
    expect(colourLevel({ NO_COLOR: '' }, true, 24)).to.equal(3);
  });

  it('obeys FORCE_COLOR before all else', () => {
    expect(colourLevel({ FORCE_COLOR: '1', NO_COLOR: '1' }, false, 1)).to.equal(1);
    expect(colourLevel({ FORCE_COLOR: '3' }, false, 1)).to.equal(3);
    expect(colourLevel({ FORCE_COLOR: '0' }, true, 24)).to.equal(0);
    expect(colourLevel({ FORCE_COLOR: 'true' }, false, 1)).to.equal(1);
  });
});
