import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { grammarFiles } from '../../scripts/grammar/files.ts';
import { KEYWORDS } from '../../src/lexer/tokens.ts';
import { Grammar } from '../../src/parser/grammar/statements.ts';

describe('the grammar', () => {
  it('has no rule that Chevrotain finds ambiguous or never reached', () => {
    expect(() => new Grammar({ validate: true })).not.to.throw();
  });

  for (const [name, content] of grammarFiles()) {
    it(`has its ${name} current`, () => {
      const path = fileURLToPath(new URL(`../../grammar/${name}`, import.meta.url));
      expect(readFileSync(path, 'utf8') === content, 'run npx tsx scripts/grammar.ts').to.equal(true);
    });
  }

  it('colours every keyword', () => {
    const colours = grammarFiles().get('pyscope.tmLanguage.json') ?? '';
    for (const word of KEYWORDS.keys()) expect(colours).to.match(new RegExp(`[(:|]${word}[|)]`));
  });

  it('draws every rule that it mentions', () => {
    const page = grammarFiles().get('railroad.html') ?? '';
    const drawn = new Set([...page.matchAll(/<h2 id="(\w+)"/g)].map(([, name]) => name));
    const mentioned = [...page.matchAll(/href="#(\w+)"/g)].map(([, name]) => name);
    expect(mentioned.filter((name) => !drawn.has(name))).to.deep.equal([]);
    expect(drawn.size).to.be.greaterThan(50);
    expect(page).not.to.match(/https?:/);
  });
});
