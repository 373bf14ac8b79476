import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { DOC, functionsDoc } from '../../../scripts/functions-doc.ts';
import { functionTable } from '../../../src/typecheck/functions/table.ts';

describe('docs/functions.md', () => {
  it('is what the function table gives (npx tsx scripts/functions-doc.ts)', async () => {
    expect(await readFile(DOC, 'utf8')).to.equal(await functionsDoc());
  });
});

describe('the function table', () => {
  it('has one entry an id, each with a sentence of documentation', () => {
    expect(new Set(functionTable.map(({ id }) => id)).size).to.equal(functionTable.length);
    for (const { id, doc } of functionTable) expect(doc, id).to.match(/^\S.*\.$/u);
  });

  it('lets only the last parameter be left out or repeated', () => {
    for (const { id, parameters } of functionTable) {
      const needs = parameters.map(({ need }) => need).join(' ');
      expect(needs, id).to.match(/^(?:required ?)*(?:optional ?)*(?:rest)?$/u);
    }
  });
});
