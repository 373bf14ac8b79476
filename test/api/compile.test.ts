import { join } from 'node:path';
import { expect } from 'chai';
import type { Compilation } from '../../src/api/compile.ts';
import { compile } from '../../src/api/compile.ts';
import { temporaryFolder } from '../runtime/operators/files.ts';

const OPERATORS = `
import { Processor, declareFunction } from 'pyscope';
export class Shout extends Processor.declare({
  inputs: { text: 'string' },
  outputs: { loud: 'string' },
  options: { mark: { type: 'string', default: '!' } },
}) {
  call(row) { return row.with({ loud: row.get('text').toUpperCase() + this.options.mark }); }
}
export const isLong = declareFunction({ text: 'string' }, 'bool', (text) => text.length > 10);
`;

const JOB = `IMPORT { Shout, isLong } FROM "./operators.ts";
DECLARE @mark: string = "!";
lines = EXTRACT line: string FROM "in.txt";
loud = PROCESS lines USING Shout(text = line, mark = @mark);
OUTPUT loud WHERE isLong(loud) TO "out.csv";
`;

function found({ diagnostics, sources }: Compilation): readonly string[] {
  return diagnostics.map(({ code, message, span }) => `${sources[span.source]?.name}: ${code} ${message}`);
}

describe('compiling a script', () => {
  const { write } = temporaryFolder();

  it('loads the modules it imports and plans it', async () => {
    await write('operators.ts', OPERATORS);
    const compilation = await compile(await write('job.scope', JOB));
    expect(found(compilation)).to.deep.equal([]);
    expect(compilation.plan?.graph.nodes.map(({ kind }) => kind)).to.include('process');
    expect(compilation.modules.size).to.equal(1);
  });

  it('takes parameters as text', async () => {
    await write('operators.ts', OPERATORS);
    const { script } = await compile(await write('job.scope', JOB), { parameters: new Map([['mark', '?']]) });
    expect(script?.parameters.map(({ value }) => value)).to.deep.equal(['?']);
  });

  it('checks calls of imported operators', async () => {
    await write('operators.ts', OPERATORS);
    const wrong = JOB.replace('text = line', 'text = lin').replace('isLong(loud)', 'isLong(1)');
    const compilation = await compile(await write('job.scope', wrong));
    expect(compilation.diagnostics.map(({ code }) => code)).to.have.length(2);
    expect(compilation.plan).to.equal(null);
  });

  it('shows why a module does not load at its IMPORT', async () => {
    await write('operators.ts', 'export const a = = 1;\n');
    const path = await write('job.scope', JOB);
    const compilation = await compile(path);
    expect(found(compilation)[0]).to.equal(
      `${path}: PS5001 ./operators.ts does not load: ./operators.ts:1:17: Unexpected "="`,
    );
    const { start, end } = compilation.diagnostics[0]?.span ?? { start: 0, end: 0 };
    expect(JOB.slice(start, end)).to.equal('"./operators.ts"');
  });

  it('reads views, whose paths start at their own folders', async () => {
    await write('views/words.scope', 'words = EXTRACT word: string FROM "words.txt";\nEXPORT words;\n');
    const path = await write('job.scope', 'w = IMPORT "views/words.scope";\nOUTPUT w TO "out.csv";\n');
    const { script, sources } = await compile(path);
    const extract = script?.rowsets.find(({ kind }) => kind === 'extract');
    expect(extract?.kind === 'extract' ? extract.files[0]?.pattern : null).to.equal(join(path, '../views/words.txt'));
    expect(sources.map(({ name }) => name)).to.deep.equal([path, join(path, '../views/words.scope')]);
  });

  it('ends on views that import each other', async () => {
    await write('a.scope', 'b = IMPORT "b.scope";\nEXPORT b;\n');
    const path = await write('b.scope', 'a = IMPORT "a.scope";\nEXPORT a;\n');
    const { diagnostics } = await compile(path);
    expect(diagnostics.map(({ code }) => code)).to.include('PS5006');
  });

  it('reports mistakes of syntax and of types together, in order', async () => {
    const path = await write(
      'job.scope',
      'a = EXTRACT x: int FROM "a.csv"\nb = a WHERE x == "1";\nOUTPUT b TO "b.csv";\n',
    );
    const { diagnostics, plan } = await compile(path);
    expect(diagnostics.length).to.be.greaterThan(1);
    expect(diagnostics.map(({ span }) => span.start)).to.deep.equal(
      diagnostics.map(({ span }) => span.start).toSorted((a, b) => a - b),
    );
    expect(plan).to.equal(null);
  });

  it('says why a script cannot be read', async () => {
    const path = await write('job.scope', '');
    expect(found(await compile(`${path}x`))).to.deep.equal([
      `${path}x: PS0001 ${path}x cannot be read: there is no such file`,
    ]);
    expect(found(await compile(join(path, '..')))[0]).to.match(/PS0001 .* cannot be read: it is a folder$/);
    const latin = await write('latin.scope', new Uint8Array([0x2f, 0x2f, 0xe9]));
    expect(found(await compile(latin))[0]).to.match(/PS0001 .* cannot be read: it is no UTF-8 text$/);
  });

  it('drops a byte order mark', async () => {
    await write('operators.ts', OPERATORS);
    expect(found(await compile(await write('job.scope', `\ufeff${JOB}`)))).to.deep.equal([]);
  });

  it('takes a text with the folder where its paths start', async () => {
    const { sources, resolvePath } = await compile({ text: 'a;', name: '<stdin>', folder: '/jobs' });
    expect(sources[0]?.name).to.equal('<stdin>');
    expect(resolvePath('in.txt', 0)).to.equal('/jobs/in.txt');
  });

  it('leaves out the rules of the optimiser that it is told to', async () => {
    await write('operators.ts', OPERATORS);
    const path = await write('job.scope', JOB);
    const all = await compile(path, { plan: { noOpt: true } });
    expect(all.plan?.firings).to.deep.equal([]);
    const unknown = await compile(path, { plan: { disableOpts: new Set(['no-such-rule']) } });
    expect(unknown.diagnostics.map(({ code }) => code)).to.deep.equal(['PS6001']);
  });
});
