import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { DOC, diagnosticsDoc } from '../../scripts/diagnostics-doc.ts';
import { catalogue } from '../../src/diagnostics/catalogue/index.ts';

describe('docs/diagnostics.md', () => {
  it('is what the catalogue gives (npx tsx scripts/diagnostics-doc.ts)', async () => {
    expect(await readFile(DOC, 'utf8')).to.equal(await diagnosticsDoc());
  });

  it('has a heading for every code', async () => {
    const page = await readFile(DOC, 'utf8');
    for (const code of Object.keys(catalogue)) expect(page).to.contain(`### ${code}: `);
  });
});
