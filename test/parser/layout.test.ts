import { expect } from 'chai';
import { globSync } from 'tinyglobby';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tokenize } from '../../src/lexer/tokenize.ts';
import { parse } from '../../src/parser/parse.ts';
import { LINE_WIDTH, print } from '../../src/parser/printer.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scripts = globSync(['samples/*/job.scope', 'test/typecheck/usql/*.scope', 'test/snapshots/*/job.scope'], {
  cwd: root,
});

function printed(text: string): string {
  const { script, diagnostics } = parse({ name: 'test.scope', text });
  expect(diagnostics).to.deep.equal([]);
  return print(script, text);
}

function wordsOf(text: string): readonly string[] {
  const { tokens, comments } = tokenize({ name: 'test.scope', text }, 0);
  return [...tokens, ...comments]
    .toSorted((a, b) => a.startOffset - b.startOffset)
    .map(({ image }) => image.trimEnd())
    .filter((word) => word !== 'OUTER'); // LEFT OUTER JOIN is LEFT JOIN
}

describe('the layout of whole scripts', () => {
  for (const path of scripts) {
    it(`of ${path} is stable, keeps every word and comment, and fits`, () => {
      const text = readFileSync(`${root}${path}`, 'utf8');
      const once = printed(text);
      expect(printed(once)).to.equal(once);
      expect(wordsOf(once)).to.deep.equal(wordsOf(text));
      for (const line of once.split('\n')) {
        const code = line.replace(/\s*\/\/.*$/, '');
        expect(code.length, line).to.be.at.most(LINE_WIDTH);
      }
    });
  }

  it('is looked at for more than twenty scripts', () => {
    expect(scripts.length).to.be.greaterThan(20);
  });
});
