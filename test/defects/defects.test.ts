/**
 * Seeded defects: each is put into a copy of the tree alone, and the tests of its room run there. `PYSCOPE_DEFECTS=words` takes those that have the words in what they
 * break, `--grep 'commit:'` those of a room. The short run only sees to it that each still has its place in the code.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import type { Defect, Room } from './defects.ts';
import { ROOMS } from './defects.ts';

const LONG = process.env['PYSCOPE_LONG'] !== undefined;
const WANTED = process.env['PYSCOPE_DEFECTS'] ?? '';
const ROOT = resolve(import.meta.dirname, '../..');

/** Within this time a test that goes on and on has seen the defect. */
const PATIENCE = 300_000;

describe('defects put in by hand', () => {
  for (const { name, defects } of ROOMS) {
    it(`stand where they did: ${name}`, () => {
      for (const { file, find, replace } of defects) {
        expect(readFileSync(join(ROOT, file), 'utf8').split(find), `${file}: ${find}`).to.have.length(2);
        expect(replace).to.not.equal(find);
      }
    });
  }
  if (!LONG) return;

  let tree = '';
  before(() => {
    tree = mkdtempSync(join(tmpdir(), 'pyscope-defects-'));
    for (const part of ['src', 'test', 'package.json', 'tsconfig.json', '.mocharc.json'])
      cpSync(join(ROOT, part), join(tree, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  });
  after(() => rmSync(tree, { recursive: true, force: true }));

  for (const room of ROOMS) {
    it(`${room.name}: the tests pass without`, async function () {
      this.timeout(PATIENCE + 10_000);
      expect(await seenBy(room, tree)).to.equal(null);
    });
    for (const defect of room.defects.filter(({ breaks }) => breaks.includes(WANTED))) {
      it(`${room.name}: is seen: ${defect.breaks}`, async function () {
        this.timeout(PATIENCE + 10_000);
        const file = join(tree, defect.file);
        const sound = readFileSync(file, 'utf8');
        try {
          writeFileSync(file, damaged(sound, defect));
          expect(await seenBy(room, tree)).to.not.equal(null);
        } finally {
          writeFileSync(file, sound);
        }
      });
    }
  }
});

function damaged(sound: string, { find, replace }: Defect): string {
  return sound.replace(find, () => replace);
}

/** What the room's tests say that fails; null where all pass. */
function seenBy({ tests }: Room, tree: string): Promise<string | null> {
  const { PYSCOPE_LONG: _, ...env } = process.env;
  const args = [join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--bail', '--timeout', '180000', ...tests];
  return new Promise((settle) => {
    execFile(process.execPath, args, { cwd: tree, env, timeout: PATIENCE }, (error, stdout) => {
      settle(error === null ? null : stdout);
    });
  });
}
