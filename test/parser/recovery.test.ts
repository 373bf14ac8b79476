import { expect } from 'chai';
import { parse, parseExpression } from '../../src/parser/parse.ts';
import { outline } from './outline.ts';

function read(text: string): { readonly statements: readonly string[]; readonly codes: readonly string[] } {
  const { script, diagnostics } = parse({ name: 'test.scope', text });
  return { statements: script.statements.map(outline), codes: diagnostics.map(({ code }) => code) };
}

const RIGHT = `IMPORT { Tagger AS T } FROM "./operators.ts";
DECLARE @path: string = "a.txt";
lines = EXTRACT line: string, n: int? FROM @path USING LineReader(skip = 1);
tagged = PROCESS lines USING T(text = line) PRODUCE label AS tag WHERE n > 1;
counts = SELECT tag, COUNT(*) AS n FROM tagged JOIN lines ON tagged.line == lines.line GROUP BY tag ORDER BY n DESC;
checked = counts ASSERT n > 1 MESSAGE "few" ELSE EDIT tag = "none" LIMIT 2 ELSE DROP;
OUTPUT checked TO "o.csv" USING CsvWriter(order = [tag]) EXPECT "g.csv" HAVING f1 >= 0.9;
EXPORT checked;
`;

describe('the recovery of parse', () => {
  it('reads the statements behind a wrong one', () => {
    const { statements, codes } = read('a = b WHERE x +;\nEXPORT c;\n');
    expect(statements).to.deep.equal(['(export name:c)']);
    expect(codes).to.deep.equal(['PS1101']);
  });

  it('goes on at the next statement where the ; is missing as well', () => {
    const { statements, codes } = read('a = b WHERE x +\nc = d;\n');
    expect(statements).to.deep.equal(['(assignment c d)']);
    expect(codes).to.deep.equal(['PS1101']);
  });

  it('leaves out a statement that something else stands behind', () => {
    const { statements, codes } = read('a = b LATER 3;\n');
    expect(statements).to.deep.equal([]);
    expect(codes).to.deep.equal(['PS1101']);
  });

  it('takes a line in brackets for a part of its statement, even where it looks like another', () => {
    const { statements, codes } = read('a = PROCESS b USING C(\nd = 1,\ne = 2\n)\nf = g\n');
    expect(statements).to.have.length(2);
    expect(codes).to.deep.equal(['PS1104', 'PS1104']);
  });

  it('says nothing of a statement that the lexer has spoken of', () => {
    expect(read('a = b WHERE x == "open;\nc = d;\n')).to.deep.equal({
      statements: ['(assignment a (claused b [(where-clause (binary == x "open;))]))', '(assignment c d)'],
      codes: ['PS1002'],
    });
    expect(read('a = b WHERE x ** 2;\n').codes).to.deep.equal(['PS1012']);
  });

  it('gives one message for each token that is left out, and reads all other statements', () => {
    const { script } = parse({ name: 'test.scope', text: RIGHT });
    const words = [...RIGHT.matchAll(/"[^"]*"|@?\w+|[^\s\w]=?/g)];
    let tried = 0;
    for (const { index, 0: word } of words) {
      const { statements, codes } = read(
        RIGHT.slice(0, index) + ' '.repeat(word.length) + RIGHT.slice(index + word.length),
      );
      const where = `${word} at ${index}`;
      expect(codes.length, where).to.be.at.most(1);
      expect(statements.length, where).to.be.at.least(script.statements.length - (word === ';' ? 0 : 1));
      tried += 1;
    }
    expect(tried).to.be.greaterThan(100);
  });

  it('gives messages for each statement that is wrong', () => {
    const { codes } = read('a = b where x;\nc = EXTRCT d FROM "e";\nf = g = h;\n');
    expect(codes).to.deep.equal(['PS1102', 'PS1103', 'PS1101']);
  });

  it('gives no expression where only a part of the text is one', () => {
    const { expression, diagnostics } = parseExpression({ name: 'test', text: 'a + 1 b' });
    expect(expression).to.equal(null);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['PS1101']);
  });

  it('is blank for a blank script', () => {
    expect(read('')).to.deep.equal({ statements: [], codes: [] });
    expect(read(' ;; // c\n;')).to.deep.equal({ statements: [], codes: [] });
  });
});
