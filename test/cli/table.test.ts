import { expect } from 'chai';
import { displayWidth } from '../../src/diagnostics/render/width.ts';
import { tableLines } from '../../src/cli/table.ts';

const COLUMNS = [{ align: 'left', flexible: true }, { align: 'right' }] as const;

describe('tableLines', () => {
  it('pads columns to their widest cell', () => {
    expect(
      tableLines(
        COLUMNS,
        [
          ['a', '1'],
          ['long', '1,234'],
        ],
        80,
      ),
    ).to.deep.equal(['a         1', 'long  1,234']);
  });

  it('counts wide characters by their cells', () => {
    const widths = tableLines(
      COLUMNS,
      [
        ['日本', '1'],
        ['abcdef', '22'],
      ],
      80,
    ).map(displayWidth);
    expect(new Set(widths).size).to.equal(1);
  });

  it('cuts the flexible column at its beginning, as paths say most at their end', () => {
    const [line = ''] = tableLines(COLUMNS, [['some/very/long/path/to/file.csv', '12']], 20);
    expect(line).to.have.length.at.most(20);
    expect(line).to.match(/^…\S*file\.csv {2}12$/);
  });
});
