import { expect } from 'chai';
import { bytes, duration, percent, rate, roughly } from '../../src/cli/units.ts';

describe('units', () => {
  it('write durations as people say them', () => {
    expect([0, 7.4, 999.4, 1240, 12_340, 59_949, 59_960, 185_000, 7_800_000].map(duration)).to.deep.equal([
      '0 ms',
      '7 ms',
      '999 ms',
      '1.24 s',
      '12.3 s',
      '59.9 s',
      '1 min 0 s',
      '3 min 5 s',
      '2 h 10 min',
    ]);
  });

  it('guess in whole units only', () => {
    expect([100, 8_400, 99_400, 190_000, 7_200_000].map(roughly)).to.deep.equal(['1 s', '8 s', '99 s', '3 min', '2 h']);
  });

  it('write sizes in decimal units', () => {
    expect([0, 512, 999, 1000, 1540, 23_400, 999_600, 114_000_000].map(bytes)).to.deep.equal([
      '0 bytes',
      '512 bytes',
      '999 bytes',
      '1 KB',
      '1.5 KB',
      '23 KB',
      '1 MB',
      '114 MB',
    ]);
  });

  it('keep a digit of slow rates', () => {
    expect([0.44, 9.96, 4120.4].map(rate)).to.deep.equal(['0.4/s', '10.0/s', '4,120/s']);
  });

  it('never say 100% before the end', () => {
    expect([0, 0.999, 1, 1.2].map(percent)).to.deep.equal(['0%', '99%', '100%', '100%']);
  });
});
