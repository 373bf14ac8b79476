import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '../../src/api/compile.ts';
import { explainText } from '../../src/planner/explain/text.ts';
import { tokenLadder, treeLadder, typeLadder } from './ladder.ts';

const here = new URL('./', import.meta.url);
const samples = new URL('../../samples/', import.meta.url);

/** Name → folder of its job.scope. */
const scripts = new Map([
  ...readdirSync(samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/job.scope`, samples)))
    .map((entry): [string, URL] => [entry.name, new URL(`${entry.name}/`, samples)]),
  ['language', new URL('language/', here)] as const,
]);

async function ladderOf(folder: URL): Promise<ReadonlyMap<string, string>> {
  const path = fileURLToPath(new URL('job.scope', folder));
  const optimised = await compile(path);
  const plain = await compile(path, { plan: { noOpt: true } });
  const [source] = optimised.sources;
  if (source === undefined || optimised.script === null || optimised.plan === null || plain.plan === null) {
    throw new Error(optimised.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  }
  return new Map([
    ['tokens', tokenLadder(source)],
    ['tree', treeLadder(optimised.tree)],
    ['types', typeLadder(optimised.script)],
    ['graph', explainText(plain.plan)],
    ['plan', explainText(optimised.plan)],
    [
      'diagnostics',
      optimised.diagnostics.map(({ code, message, help }) => `${code} ${message} | ${help}\n`).join(''),
    ],
  ]);
}

/** The snapshot of a step; written anew under UPDATE_SNAPSHOTS=1. */
function expectSnapshot(name: string, step: string, found: string): void {
  const file = new URL(`${name}/${step}.txt`, here);
  if (process.env['UPDATE_SNAPSHOTS'] === '1') {
    mkdirSync(new URL(`${name}/`, here), { recursive: true });
    writeFileSync(file, found);
  }
  expect(found, `${name}/${step}.txt`).to.equal(readFileSync(file, 'utf8'));
}

describe('the steps of the compiler, over the samples and the example of the language page', () => {
  for (const [name, folder] of scripts) {
    it(`give for ${name} what their snapshots show`, async () => {
      const ladder = await ladderOf(folder);
      for (const [step, text] of ladder) expectSnapshot(name, step, text);
    });
  }
});
