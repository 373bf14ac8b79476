import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const src = resolve(dirname(fileURLToPath(import.meta.url)), '../src');

/** Data flows down this list: a room imports only from rooms above it, and from itself. */
const ROOMS = ['diagnostics', 'lexer', 'parser', 'typecheck', 'planner', 'runtime', 'api', 'cli'];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function imports(): readonly Import[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, target = '']) => ({
        file: relative(src, file),
        from: roomOf(file),
        to: roomOf(resolve(dirname(file), target)),
      })),
    );
}

function roomOf(path: string): string {
  return relative(src, path).split(sep)[0] ?? '';
}

describe('the rooms of src', () => {
  it('import only from rooms above them', () => {
    const all = imports();
    expect(all.length).to.be.greaterThan(50);
    const wrong = all.filter(({ from, to }) => ROOMS.indexOf(to) > ROOMS.indexOf(from));
    expect(wrong.map(({ file, to }) => `${file} imports ${to}`)).to.deep.equal([]);
  });

  it('are the known ones', () => {
    const rooms = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map((entry) => entry.name).toSorted()).to.deep.equal(ROOMS.toSorted());
  });
});
