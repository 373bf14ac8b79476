import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { folderWith, pyscope } from './pyscope.ts';

interface Example {
  readonly script: string;
  /** By file name. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** Each script of the page with the files that stand below it. */
function examplesOf(page: string): readonly Example[] {
  const blocks = [...page.matchAll(/```(scope|csv (\S+))\n(.*?)```\n/gs)];
  const examples: { readonly script: string; readonly outputs: Map<string, string> }[] = [];
  for (const [, kind, file = '', text = ''] of blocks) {
    if (kind === 'scope') examples.push({ script: text, outputs: new Map() });
    else examples.at(-1)?.outputs.set(file, text);
  }
  return examples;
}

describe('docs/semantics.md', () => {
  it('shows scripts in the canonical layout, and what they write', async () => {
    const examples = examplesOf(await readFile(new URL('../../docs/semantics.md', import.meta.url), 'utf8'));
    expect(examples.length).to.be.at.least(5);
    for (const { script, outputs } of examples) {
      const { folder, remove } = await folderWith({ 'job.scope': script });
      const ran = await pyscope(['run', 'job.scope', '--quiet', '--state', 'none'], { folder });
      expect(ran, script).to.include({ code: 0, err: '' });
      const laidOut = await pyscope(['fmt', '--check', 'job.scope'], { folder });
      expect(laidOut.code, laidOut.out).to.equal(0);
      expect(outputs.size, script).to.be.greaterThan(0);
      for (const [file, text] of outputs) expect(await readFile(join(folder, file), 'utf8'), script).to.equal(text);
      await remove();
    }
  });
});
