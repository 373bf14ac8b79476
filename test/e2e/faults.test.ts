/** What goes wrong while a job runs: each ends with an error that names code and place, exit code 1, and the earlier output as it was. */
import { access, cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { folderWith, pyscope, run } from './pyscope.ts';
import type { Ended, Setting } from './pyscope.ts';

const MODEL = fileURLToPath(new URL('../../samples/models/sentiment-en', import.meta.url));

const OPERATORS = `import { Processor, declareFunction } from 'pyscope';
class Shape extends Processor {
  static inputs = { text: 'string' };
  static outputs = { seen: 'string' };
}
class Base extends Shape {
  call(row) {
    return row.with({ seen: row.get('text') });
  }
}
const bad = (row) => { if (row.get('text') === 'c') throw new Error('c is bad'); };
export class Sync extends Base { call(row) { bad(row); return super.call(row); } }
export class Async extends Base { async call(row) { await null; bad(row); return super.call(row); } }
export class Generator extends Base { *call(row) { yield super.call(row); bad(row); } }
export class Before extends Base { preCall() { throw new Error('no key'); } }
export class After extends Base { postCall() { throw new Error('cannot close'); } }
export class Batch extends Shape { callBatch() { throw new Error('bad batch'); } }
export class NoRow extends Base { call() { return { seen: 'a' }; } }
export class Late extends Base {
  async call(row) {
    setTimeout(() => { throw new Error('too late'); }, 1);
    await new Promise((done) => setTimeout(done, 50));
    return super.call(row);
  }
}
export class Forgotten extends Late { async call(row) { void Promise.reject(new Error('nobody waits')); return super.call(row); } }
export class Leaves extends Base { call() { process.exit(0); } }
export class Never extends Base { async call() { await new Promise(() => {}); } }
export class Busy extends Base {
  call(row) {
    for (const end = Date.now() + 30; Date.now() < end;);
    if (row.get('text') === 'a') process.stderr.write('begun');
    return super.call(row);
  }
}
export const sure = declareFunction({ text: 'string' }, 'bool', (text) => { if (text === 'c') throw new Error('unsure'); return true; });
`;

const CSV = `orders = EXTRACT id: int, name: string FROM "orders.csv" USING CsvReader();
OUTPUT orders TO "out/o.csv";
`;

const processing = (operator: string): string => `IMPORT { ${operator} } FROM "./operators.mjs";
lines = EXTRACT line: string FROM "in.txt";
seen = PROCESS lines USING ${operator}(text = line);
OUTPUT seen TO "out/o.csv";
`;

const classifying = (model: string): string => `lines = EXTRACT line: string FROM "in.txt";
scored = PROCESS lines USING TextClassifier(text = line, model = "${model}") PRODUCE label;
OUTPUT scored TO "out/o.csv";
`;

describe('a job that fails', () => {
  let folder = '';
  let remove = async (): Promise<void> => {};
  beforeEach(async () => {
    ({ folder, remove } = await folderWith({
      'out/o.csv': 'old\n',
      'in.txt': 'a\nb\nc\nd\n',
      'operators.mjs': OPERATORS,
    }));
  });
  afterEach(() => remove());

  async function running(script: string, setting: Setting = {}): Promise<Ended> {
    await writeFile(join(folder, 'job.scope'), script);
    return pyscope(['run', 'job.scope', '--state', 'none', '--quiet'], { folder, ...setting });
  }

  async function untouched(): Promise<void> {
    expect(await readdir(join(folder, 'out'))).to.deep.equal(['o.csv']);
    expect(await readFile(join(folder, 'out/o.csv'), 'utf8')).to.equal('old\n');
  }

  async function expectFailure(script: string, ...parts: readonly string[]): Promise<void> {
    const { code, out, err } = await running(script);
    expect({ code, out }, err).to.deep.equal({ code: 1, out: '' });
    for (const part of parts) expect(err).to.include(part);
    await untouched();
  }

  for (const [operator, code, ...parts] of [
    ['Sync', 'PR3001', 'job.scope:3:28', 'Sync threw: c is bad', 'in.txt:3', 'ON ERROR'],
    ['Async', 'PR3001', 'job.scope:3:28', 'Async threw: c is bad', 'in.txt:3'],
    ['Generator', 'PR3001', 'job.scope:3:28', 'Generator threw: c is bad', 'in.txt:3'],
    ['Before', 'PR3003', 'job.scope:3:', 'Before failed in preCall(): no key'],
    ['After', 'PR3003', 'job.scope:3:', 'After failed in postCall(): cannot close'],
    ['Batch', 'PR3002', 'job.scope:3:', 'bad batch', 'in.txt:1'],
    ['NoRow', 'PR3004', 'job.scope:3:28', 'make rows with row.with', 'in.txt:1'],
    ['Late', 'PR3014', 'nothing waited for it: too late', 'operators.mjs:', 'await'],
    ['Forgotten', 'PR3014', 'nothing waited for it: nobody waits', 'operators.mjs:'],
    ['Leaves', 'PR3016', 'ended the process'],
    ['Never', 'PR3015', 'never comes'],
  ] as const) {
    it(`says what the operator did: ${operator}`, () => expectFailure(processing(operator), code, ...parts));
  }

  it('says where a function threw', () =>
    expectFailure(
      `IMPORT { sure } FROM "./operators.mjs";
lines = EXTRACT line: string FROM "in.txt";
OUTPUT lines WHERE sure(line) TO "out/o.csv";`,
      'PR2007',
      'job.scope:3:20',
      'unsure',
      'in.txt:3',
    ));

  it('lets a slow synchronous operator be interrupted', async () => {
    await writeFile(join(folder, 'in.txt'), 'a\n'.repeat(4000));
    const when = { err: 'begun', act: (kill: (signal: NodeJS.Signals) => void) => kill('SIGINT') };
    const { code, err } = await running(processing('Busy'), { when });
    expect({ code, err }).to.have.property('code', 130);
    await untouched();
  });

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`stops at ${signal} as at Ctrl-C`, async () => {
      await writeFile(join(folder, 'in.txt'), 'a\n'.repeat(4000));
      const when = { err: 'begun', act: (kill: (signal: NodeJS.Signals) => void) => kill(signal) };
      const { code, err } = await running(processing('Busy'), { when });
      expect(code).to.equal(130);
      expect(err).to.include('outputs are as they were before');
      await untouched();
    });
  }

  for (const [what, text, ...parts] of [
    ['a value of the wrong type', 'id,name\n1,a\n2x,b\n', 'PR1102', 'column id: "2x" is no int', 'orders.csv:3'],
    ['too few fields', 'id,name\n1,a\n2\n', 'PR1101', 'the line has 1 field', 'orders.csv:3'],
    ['a quote that nothing closes', 'id,name\n1,a\n2,"b\nc\n', 'PR1104', 'orders.csv:3'],
    ['a column that is not there', 'id,nme\n1,a\n', 'PR1006', 'did you mean nme?', 'orders.csv:1'],
  ] as const) {
    it(`names the line of a CSV file that has ${what}`, async () => {
      await writeFile(join(folder, 'orders.csv'), text);
      await expectFailure(CSV, 'job.scope:1:', ...parts);
    });
  }

  it('says where it looked for an input', () =>
    expectFailure(CSV, 'PR1001', 'job.scope:1:', 'there is no file orders.csv', join(folder, 'orders.csv')));

  it('says why an output cannot be written', async () => {
    await writeFile(join(folder, 'orders.csv'), 'id,name\n1,a\n');
    await expectFailure(CSV.replace('out/o.csv', 'in.txt/o.csv'), 'PR5102', 'job.scope:2:18', 'in.txt/o.csv');
  });

  it('says that a disk is full', async function () {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    if (mounted.code !== 0) {
      console.warn('\n    SKIPPED: no small disk to fill, mounting one is not allowed\n');
      this.skip();
    }
    try {
      await writeFile(join(disk, 'o.csv'), 'old\n');
      await writeFile(join(folder, 'in.txt'), 'a line of text\n'.repeat(20_000));
      await expectFailure(
        'lines = EXTRACT line: string FROM "in.txt";\nOUTPUT lines TO "disk/o.csv";\n',
        'PR5101',
        'job.scope:2:17',
        'the disk is full',
      );
      expect(await readdir(disk)).to.deep.equal(['o.csv']);
      expect(await readFile(join(disk, 'o.csv'), 'utf8')).to.equal('old\n');
    } finally {
      await run('umount', [disk]);
    }
  });

  it('names the model and what was tried', async () => {
    await cp(MODEL, join(folder, 'models/good'), { recursive: true });
    await expectFailure(classifying('./models/godo'), 'PR4001', 'job.scope:2:', join(folder, 'models/godo'), 'good');
    await access(join(folder, 'models/good/onnx/model_quantized.onnx'));
    await writeFile(join(folder, 'models/good/onnx/model_quantized.onnx'), 'no onnx at all');
    await expectFailure(classifying('./models/good'), 'PR4005', 'job.scope:2:', 'damaged');
    await rm(join(folder, 'models/good/tokenizer.json'));
    await expectFailure(classifying('./models/good'), 'PR4002', 'job.scope:2:', 'lacks tokenizer.json');
    await expectFailure(classifying('some/hub-model'), 'PR4003', 'job.scope:2:', '--allow-remote');
  });
});
