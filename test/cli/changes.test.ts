import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { changesSince } from '../../src/api/state/changes.ts';
import { commandText } from '../../src/cli/command-text.ts';
import { resumeRequest } from '../../src/cli/resume.ts';
import { inputFingerprint, modelFingerprint, moduleFingerprints } from '../../src/runtime/state/fingerprints.ts';
import type { JobStart } from '../../src/runtime/state/store.ts';
import { start } from '../runtime/state/conformance.ts';

const one = (path: string, fingerprint: string): JobStart['inputs'] => [{ path, fingerprint }];

describe('what has changed since a run began', () => {
  const base = start('a', { parameters: [{ name: 'in', value: '"x"' }], models: one('m', '1') });

  for (const [what, now, line] of [
    ['nothing', {}, null],
    ['the script', { scripts: one('job.scope', 'other') }, 'the script job.scope has changed'],
    ['a parameter', { parameters: [{ name: 'in', value: '"y"' }] }, 'the parameter @in was "x" and is "y"'],
    ['an input', { inputs: one('reviews.txt', 'other') }, 'the input reviews.txt has changed'],
    ['a module', { modules: one('operators.ts', 'other') }, 'the module operators.ts has changed'],
    [
      'a module that is gone',
      { modules: one('operators.ts', 'absent') },
      'the module operators.ts is not there any more',
    ],
    ['a model', { models: one('m', '2') }, 'the model m has changed'],
    ['the batch size', { options: { batchRows: 7 } }, '--batch was 4096 and is 7'],
    [
      'an optimiser option',
      { planFingerprint: 'x' },
      'the plan has changed: other optimiser options than before, or another version of pyscope',
    ],
  ] as const) {
    it(`names ${what}`, () => {
      expect(changesSince(base, { ...base, ...now })).to.deep.equal(line === null ? [] : [line]);
    });
  }

  it('names inputs that went and came, and not the plan where the script says why it is another', () => {
    const now = { ...base, inputs: one('new.txt', '1'), scripts: one('job.scope', 'x'), planFingerprint: 'x' };
    expect(changesSince(base, now)).to.deep.equal([
      'the script job.scope has changed',
      'the input reviews.txt is not there any more',
      'the input new.txt is new',
    ]);
  });
});

describe('a fingerprint', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-prints-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('of modules sees what they import by path, however it is written, and in circles', async () => {
    await mkdir(at('lib'));
    await writeFile(at('ops.ts'), `import { a } from './lib/a.js';\nexport * from "./lib";\nimport x from 'package';`);
    await writeFile(at('lib/a.ts'), `const b = await import('../ops.ts'); const c = require("./data.json");`);
    await writeFile(at('lib/index.ts'), '');
    await writeFile(at('lib/data.json'), '{}');
    const found = await moduleFingerprints([at('ops.ts'), at('gone.ts')], folder);
    expect(found.map(({ path }) => path)).to.deep.equal([
      'gone.ts',
      'lib/a.ts',
      'lib/data.json',
      'lib/index.ts',
      'ops.ts',
    ]);
    await writeFile(at('lib/data.json'), '[]');
    const later = await moduleFingerprints([at('ops.ts'), at('gone.ts')], folder);
    expect(later.filter((print, place) => print.fingerprint !== found[place]?.fingerprint)).to.have.length(1);
  });

  it('of a model sees the ends of its files, their sizes and names', async () => {
    await mkdir(at('m/onnx'), { recursive: true });
    const weights = Buffer.alloc(300_000, 1);
    await writeFile(at('m/onnx/model.onnx'), weights);
    const first = await modelFingerprint(at('m'));
    expect(await modelFingerprint(at('m'))).to.equal(first);
    weights[299_999] = 2;
    await writeFile(at('m/onnx/model.onnx'), weights);
    const second = await modelFingerprint(at('m'));
    await writeFile(at('m/config.json'), '');
    expect(new Set([first, second, await modelFingerprint(at('m')), await modelFingerprint(at('none'))]).size).to.equal(
      4,
    );
  });

  it('of an input is its size and time', async () => {
    await writeFile(at('in.txt'), 'a');
    const first = await inputFingerprint(at('in.txt'));
    await utimes(at('in.txt'), 5, 5);
    expect(await inputFingerprint(at('in.txt'))).to.not.equal(first);
    expect(await inputFingerprint(at('none'))).to.equal('absent');
  });
});

describe('--resume', () => {
  it('takes a script for a script and an id for an id', () => {
    expect(resumeRequest('job.scope', true)).to.deep.equal({ script: 'job.scope', job: null });
    expect(resumeRequest(undefined, 'job.scope')).to.deep.equal({ script: 'job.scope', job: null });
    expect(resumeRequest(undefined, 'a-1_b')).to.deep.equal({ script: null, job: 'a-1_b' });
    expect(resumeRequest('job.scope', 'a')).to.deep.equal({ script: 'job.scope', job: 'a' });
    expect(resumeRequest(undefined, true)).to.deep.equal({ script: null, job: null });
    expect(() => resumeRequest('job.scope', 'a/b')).to.throw('"a/b" cannot be the id of a job');
  });

  it('is told with all that the run was begun with, and without passwords', () => {
    const said = { param: new Map([['in', "it's.txt"]]), disableOpt: new Set(['meld']), opt: false };
    expect(commandText('a b.scope', 'j', { ...said, state: 'redis://:secret@h/0', allowRemote: true })).to.equal(
      `pyscope run 'a b.scope' -p 'in=it'\\''s.txt' --disable-opt meld --no-opt --state 'redis://:***@h/0' --allow-remote --resume j`,
    );
  });
});
