import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { folderWith, pyscope } from './pyscope.ts';

describe('pyscope doctor', () => {
  it('finds this machine fit, says so to people and programs, and leaves no trace', async () => {
    const { folder, remove } = await folderWith({});
    try {
      const { code, out, err } = await pyscope(['doctor'], { folder });
      expect({ code, err }, out).to.deep.equal({ code: 0, err: '' });
      expect(out)
        .to.match(/^✓ node +Node v\d+/)
        .and.match(/✓ onnx /);
      const { out: json } = await pyscope(['doctor', '--json'], { folder });
      const told: { readonly well: boolean; readonly findings: readonly { readonly code: string }[] } =
        JSON.parse(json);
      expect(told.well).to.equal(true);
      const codes = told.findings.map((one) => one.code);
      expect(codes).to.deep.equal(['node', 'onnx', 'lmdb', 'memory', 'folder', 'disk', 'terminal']);
      expect(await readdir(folder)).to.deep.equal([]);
    } finally {
      await remove();
    }
  });

  it('exits with 1 where something is wrong', async () => {
    const { folder, remove } = await folderWith({});
    try {
      const { code, out } = await pyscope(['doctor', '--state', 'redis://127.0.0.1:1'], { folder });
      expect(code).to.equal(1);
      expect(out).to.include('✗ redis').and.include('nothing listens there').and.include('1 wrong');
    } finally {
      await remove();
    }
  });
});
