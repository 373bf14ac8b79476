import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { loadModule } from '../../../src/runtime/operators/loader.ts';
import { temporaryFolder } from './files.ts';
import { run } from './support.ts';

const PACKAGE = new URL('../../../src/api/index.ts', import.meta.url).href;

const LOADER = new URL('../../../src/runtime/operators/loader.ts', import.meta.url).href;

const SHOUT = `
import { Processor } from 'pyscope';
export class Shout extends Processor {
  static inputs = { text: 'string' };
  static outputs = { loud: 'string' };
  call(row) { return row.with({ loud: row.get('text').toUpperCase() }); }
}
`;

describe('loading a module', () => {
  const { write } = temporaryFolder();

  async function messageOf(name: string, text: string): Promise<string> {
    const { signature } = await loadModule(await write(name, text), PACKAGE);
    return signature.kind === 'load-error' ? signature.message : 'it loaded';
  }

  for (const name of ['shout.js', 'shout.mjs', 'shout.ts', 'a folder/shout.ts']) {
    it(`reads ${name} and gives a class that runs`, async () => {
      const { signature, exports } = await loadModule(await write(name, SHOUT), PACKAGE);
      expect(signature.kind === 'module' ? [...signature.exports.keys()] : signature.message).to.deep.equal(['Shout']);
      expect((await run(exports.get('Shout') ?? {}, [['a']])).rows).to.deep.equal([['A']]);
    });

    it(`reads ${name} beside a package.json of modules`, async () => {
      await write('package.json', '{ "type": "module" }');
      const { exports } = await loadModule(await write(name, SHOUT), PACKAGE);
      expect([...exports.keys()]).to.deep.equal(['Shout']);
    });
  }

  it('gives modules the package that runs, not a second copy of it', async () => {
    const program = await write(
      'program.mjs',
      `const { loadModule } = await import(${JSON.stringify(LOADER)});
       const { Processor } = await import(${JSON.stringify(PACKAGE)});
       const { exports } = await loadModule(${JSON.stringify(await write('shout.ts', SHOUT))}, ${JSON.stringify(PACKAGE)});
       console.log(Object.getPrototypeOf(exports.get('Shout')) === Processor);`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program]);
    expect(stdout.trim()).to.equal('true');
  });

  it('reads TypeScript with types, enums and imports of its own', async () => {
    await write(
      'helper.ts',
      'export enum Mark { Loud = "!" }\nexport const twice = (text: string): string => text + text;\n',
    );
    const path = await write(
      'typed.ts',
      `import { Processor, declareFunction } from 'pyscope';
       import type { Row } from 'pyscope';
       import { Mark, twice } from './helper.ts';
       export class Echo extends Processor.declare({ inputs: { text: 'string' }, outputs: { said: 'string' } }) {
         override call(row: Row<typeof Echo>) { return row.with({ said: twice(row.get('text')) + Mark.Loud }); }
       }
       export const isLoud = declareFunction({ text: 'string' }, 'bool', (text) => text.endsWith(Mark.Loud));
       export const notForScripts = 7;
       export type Gone = string;`,
    );
    const { signature } = await loadModule(path, PACKAGE);
    expect(signature).to.include({ kind: 'module' });
    if (signature.kind !== 'module') return;
    expect([...signature.exports].map(([name, { kind }]) => [name, kind])).to.deep.equal([
      ['Echo', 'operator'],
      ['isLoud', 'function'],
    ]);
    expect(signature.others).to.deep.equal(['notForScripts']);
  });

  it('says that there is no file', async () => {
    const path = await write('there.ts', '');
    const missing = await loadModule(`${dirname(path)}/nope.ts`, PACKAGE);
    const folder = await loadModule(dirname(path), PACKAGE);
    expect(missing.signature).to.include({ kind: 'load-error', message: 'there is no such file' });
    expect(folder.signature).to.include({ kind: 'load-error', message: 'there is no such file' });
  });

  it('says where the syntax of TypeScript is wrong', async () => {
    expect(await messageOf('wrong.ts', 'export const a = 1;\nexport const b = = 2;\n')).to.equal(
      './wrong.ts:2:17: Unexpected "="',
    );
  });

  it('says where the syntax of JavaScript is wrong', async () => {
    expect(await messageOf('wrong.mjs', 'export const a = 1;\nexport const b = = 2;\n')).to.equal(
      "./wrong.mjs:2: SyntaxError: Unexpected token '='",
    );
  });

  it('says which import is missing', async () => {
    expect(await messageOf('file.ts', "import './nope.ts';\n")).to.equal(
      "Cannot find module './nope.ts' imported from ./file.ts",
    );
    expect(await messageOf('package.ts', "import { x } from 'no-such-package';\nconsole.log(x);\n")).to.equal(
      "Cannot find package 'no-such-package' imported from ./package.ts; install it beside the script (npm install …)",
    );
    await write('empty.ts', 'export const a = 1;\n');
    expect(await messageOf('name.ts', "import { b } from './empty.ts';\nexport const c = b;\n")).to.include(
      "The requested module './empty.ts' does not provide an export named 'b'",
    );
  });

  it('says where it throws', async () => {
    const text = "export const a = 1;\nfunction fail() {\n  throw new RangeError('out of luck');\n}\nfail();\n";
    expect(await messageOf('throws.ts', text)).to.match(/^\.\/throws\.ts:3:\d+: RangeError: out of luck$/);
  });

  it('names no place of its own where a script of CommonJS throws', async () => {
    expect(await messageOf('throws.ts', 'throw new Error("no luck");\n')).to.match(
      /^(?:\.\/throws\.ts:1(?::\d+)?: )?no luck$/,
    );
  });

  it('says which export is malformed', async () => {
    expect(await messageOf('malformed.js', SHOUT.replace("'string'", "'strin'"))).to.match(
      /^'Shout' is declared wrongly: inputs 'text' has the type "strin"; types are string/,
    );
  });
});
