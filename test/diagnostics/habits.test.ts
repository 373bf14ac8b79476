import { expect } from 'chai';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { checkText, described } from '../support/check.ts';
import { PRELUDE, ROWSETS, STATEMENTS } from './habits.ts';

function errorsOf(text: string): readonly Diagnostic[] {
  return checkText(text).diagnostics.filter(({ severity }) => severity === 'error');
}

/** Names, columns and paths: what to write there is the author's to know. */
const WITHOUT_HELP: ReadonlySet<string> = new Set(['PS2011', 'PS4001', 'PS4004']);

function expectCured(wrong: string, code: string, right: string): void {
  const [first] = errorsOf(wrong);
  expect(first?.code, `${first?.message}`).to.equal(code);
  expect(first?.message).to.match(/\S/);
  if (!WITHOUT_HELP.has(code)) expect(first?.help, first?.message).to.match(/\S/);
  expect(errorsOf(right).map(described)).to.deep.equal([]);
}

describe('the first message of what people type by habit', () => {
  for (const [wrong, code, right] of ROWSETS) {
    const script = (rowset: string): string => `${PRELUDE}r = ${rowset};\nOUTPUT r TO "o.csv";\n`;
    it(`is ${code} for ${wrong}`, () => expectCured(script(wrong), code, script(right)));
  }

  for (const [wrong, code, right] of STATEMENTS) {
    const script = (statements: string): string => `${PRELUDE}${statements}\nOUTPUT logs TO "last.csv";\n`;
    it(`is ${code} for ${wrong.trim()}`, () => expectCured(script(wrong), code, script(right)));
  }
});
