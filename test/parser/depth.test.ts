import { expect } from 'chai';
import { print, printExpr } from '../../src/parser/printer.ts';
import { parse, parseExpression } from '../../src/parser/parse.ts';
import { withoutSpans } from './outline.ts';

function codes(text: string): readonly string[] {
  return parse({ name: 'test.scope', text }).diagnostics.map(({ code }) => code);
}

/** What nests in what, `levels` deep. */
const NESTS: Readonly<Record<string, (levels: number) => string>> = {
  parentheses: (levels) => `a = b WHERE ${'('.repeat(levels)}x${')'.repeat(levels)};`,
  negations: (levels) => `a = b WHERE ${'!'.repeat(levels)}x;`,
  sums: (levels) => `a = b WHERE x${' + x'.repeat(levels)};`,
  conditionals: (levels) => `a = b WHERE ${'x ? y : '.repeat(levels)}z;`,
  calls: (levels) => `a = b WHERE ${'f('.repeat(levels)}x${')'.repeat(levels)};`,
  members: (levels) => `a = b WHERE x${'.y'.repeat(levels)};`,
  cases: (levels) => `a = b WHERE ${'CASE WHEN '.repeat(levels)}x${' THEN y END'.repeat(levels)};`,
  ladders: (levels) => `a = b DELETE c${' ELSE DELETE c'.repeat(levels - 1)};`,
  unions: (levels) => `a = b${' UNION b'.repeat(levels - 1)};`,
  types: (levels) => `a = EXTRACT b: int${'[]'.repeat(levels - 1)} FROM "c";`,
};

describe('the depth of a script', () => {
  for (const [what, nest] of Object.entries(NESTS)) {
    it(`may be 1,000 levels of ${what}, and not one more`, () => {
      expect(codes(nest(1000))).to.deep.equal([]);
      expect(codes(nest(1001))).to.deep.equal(['PS1121']);
    });

    it(`is bounded for 100,000 levels of ${what}`, () => {
      expect(codes(nest(100_000))).to.deep.equal(['PS1121']);
    });
  }

  it('is bounded where nothing is closed', () => {
    expect(codes(`a = b WHERE ${'('.repeat(100_000)}`)).to.deep.equal(['PS1121']);
    expect(codes(`a = ${'SELECT * FROM ('.repeat(100_000)}`)).to.deep.equal(['PS1121']);
  });

  it('may be 100 rowsets in rowsets, and not one more', () => {
    const nest = (levels: number): string => `a = ${'SELECT * FROM ('.repeat(levels)}b${')'.repeat(levels)};`;
    expect(codes(nest(100))).to.deep.equal([]);
    expect(codes(nest(101))).to.deep.equal(['PS1121']);
  });

  it('can be printed to its bound', () => {
    for (const nest of Object.values(NESTS)) {
      const text = nest(1000);
      const { script } = parse({ name: 'test.scope', text });
      const printed = print(script, text);
      expect(codes(printed)).to.deep.equal([]);
    }
    const text = `${'('.repeat(1000)}x${')'.repeat(1000)}`;
    const { expression } = parseExpression({ name: 'test', text });
    if (expression === null) throw new Error('not read');
    expect(printExpr(expression)).to.equal(text);
  });

  it('is read at any depth of the caller', () => {
    const text = NESTS['parentheses']?.(1000) ?? '';
    const deep = (levels: number): unknown =>
      levels === 0 ? withoutSpans(parse({ name: 'x', text }).diagnostics.length) : deep(levels - 1);
    expect(deep(2000)).to.equal(0);
  });

  it('does not slow down a long script', () => {
    const text = 'out = lines WHERE line.length > 3 && x == "abc";\nOUTPUT out TO "a.csv" USING W(order = [line]);\n';
    const started = performance.now();
    const { script } = parse({ name: 'test.scope', text: text.repeat(5000) });
    expect(script.statements).to.have.length(10_000);
    // A tenth of a second on an idle machine; the bound is for a busy one.
    expect(performance.now() - started).to.be.lessThan(5000);
  });
});
