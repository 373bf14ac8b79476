import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '../../src/api/compile.ts';
import { explainSvg } from '../../src/planner/explain/svg.ts';

const image = new URL('../../docs/images/multilingual.svg', import.meta.url);

describe('docs/images/multilingual.svg', () => {
  it('is what explain draws of the sample (UPDATE_SNAPSHOTS=1 draws it anew)', async () => {
    const { plan } = await compile(fileURLToPath(new URL('../../samples/multilingual/job.scope', import.meta.url)));
    if (plan === null) throw new Error('the sample has errors');
    const drawn = await explainSvg(plan);
    if (process.env['UPDATE_SNAPSHOTS'] === '1') writeFileSync(image, drawn);
    expect(readFileSync(image, 'utf8') === drawn).to.equal(true);
  });
});
