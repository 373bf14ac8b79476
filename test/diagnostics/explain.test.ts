import { expect } from 'chai';
import { catalogue } from '../../src/diagnostics/catalogue/index.ts';
import { explainCode } from '../../src/diagnostics/explain.ts';

describe('explainCode', () => {
  it('shows what a code means, why, and a script before and after', () => {
    expect(explainCode('PS2006')).to.equal(`PS2006 (error): a clause with no rowset before it

A clause that names no input takes the rowset of the statement before it.

This gives it:

    OUTPUT TO "b.txt";

This does not:

    EXTRACT line: string FROM "a.txt";
    OUTPUT TO "b.txt";
`);
  });

  it('takes a code in any case, and knows no others', () => {
    expect(explainCode(' ps2006 ')).to.equal(explainCode('PS2006'));
    expect(explainCode('PS0000')).to.equal(null);
    expect(explainCode('constructor')).to.equal(null);
  });

  it('has a page for every code, in lines that fit a terminal', () => {
    for (const code of Object.keys(catalogue)) {
      const lines = explainCode(code)?.split('\n') ?? [];
      expect(lines.length, code).to.be.greaterThan(2);
      for (const line of lines.slice(1)) expect(line.length, `${code}: ${line}`).to.be.at.most(80);
    }
  });
});
