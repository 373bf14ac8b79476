import { expect } from 'chai';
import { syntax } from '../../src/diagnostics/catalogue/syntax.ts';
import { parse } from '../../src/parser/parse.ts';

function codes(text: string): readonly string[] {
  return parse({ name: 'test.scope', text }).diagnostics.map(({ code }) => code);
}

describe('the catalogue of syntax', () => {
  for (const [code, { title, why, example, cure }] of Object.entries(syntax)) {
    it(`shows ${code}, ${title}`, () => {
      expect(codes(example)).to.deep.equal([code]);
      expect(codes(cure)).to.deep.equal([]);
      expect(title).to.match(/^\S.*[^.]$/);
      expect(why).to.match(/\.$/);
    });
  }
});
