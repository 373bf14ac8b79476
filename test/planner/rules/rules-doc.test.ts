import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { DOC, withExamples } from '../../../scripts/rules-doc.ts';

describe('docs/internals.md', () => {
  it('shows for every rule what it does to a real plan (npx tsx scripts/rules-doc.ts)', async () => {
    const page = await readFile(DOC, 'utf8');
    expect(page).to.equal(await withExamples(page));
  });
});
