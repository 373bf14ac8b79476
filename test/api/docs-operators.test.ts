import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { compile } from '../../src/api/compile.ts';
import { loadModule } from '../../src/runtime/operators/loader.ts';
import { temporaryFolder } from '../runtime/operators/files.ts';

const PACKAGE = new URL('../../src/api/index.ts', import.meta.url).href;

interface Example {
  readonly name: string;
  readonly text: string;
}

/** The code blocks of the page that begin with the name of a file. */
async function examples(): Promise<readonly Example[]> {
  const page = await readFile(new URL('../../docs/operators.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^```\w+\n\/\/ (\S+)\n([^]*?)^```$/gm)].map(([, name = '', text = '']) => ({ name, text }));
}

describe('the examples of docs/operators.md', () => {
  const { write } = temporaryFolder();

  it('load, and the scripts among them have no mistake', async () => {
    const found = await examples();
    expect(found.length).to.be.greaterThan(10);
    const paths = new Map<string, string>();
    for (const { name, text } of found) paths.set(name, await write(name, text));
    for (const [name, path] of paths) {
      if (name === 'job.ts') continue;
      if (name.endsWith('.scope')) {
        const { diagnostics } = await compile(path);
        expect(
          diagnostics.map(({ code, message }) => `${code} ${message}`),
          name,
        ).to.deep.equal([]);
      } else {
        const { signature } = await loadModule(path, PACKAGE);
        expect(signature.kind === 'module' ? 'it loads' : signature.message, name).to.equal('it loads');
        expect(signature.kind === 'module' ? signature.others : [], name).to.deep.equal([]);
      }
    }
  });
});
