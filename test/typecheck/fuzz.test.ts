import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { scriptTexts } from '../parser/generate.ts';
import { checkText } from '../support/check.ts';

const RUNS = process.env['PYSCOPE_LONG'] === undefined ? 300 : 20_000;
const folder = new URL('usql/', import.meta.url);
const samples = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** A script that makes sense, with a few of its words exchanged, dropped or doubled. */
const mutated: fc.Arbitrary<string> = fc
  .record({
    text: fc.constantFrom(...samples),
    edits: fc.array(fc.record({ at: fc.nat(), from: fc.nat(), how: fc.constantFrom('swap', 'drop', 'double') }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ text, edits }) => {
    const words = text.split(/\b/);
    for (const { at, from, how } of edits) {
      const place = at % words.length;
      const word = words[place] ?? '';
      words[place] = how === 'drop' ? '' : how === 'double' ? `${word} ${word}` : (words[from % words.length] ?? '');
    }
    return words.join('');
  });

/** Diagnostics with places inside the text, never a fault of the checker. */
function expectSound(text: string): void {
  const { diagnostics } = checkText(text);
  for (const { code, span, message } of diagnostics) {
    expect(code, `${message}\n${text}`).to.not.equal('PS9001');
    if (span.source !== 0) continue;
    expect(span.start).to.be.within(0, span.end);
    expect(span.end).to.be.at.most(text.length);
  }
}

describe('check never fails', () => {
  it('on generated scripts', () => {
    fc.assert(fc.property(scriptTexts, expectSound), { numRuns: RUNS });
  });

  it('on scripts with exchanged words', () => {
    fc.assert(fc.property(mutated, expectSound), { numRuns: RUNS });
  });
});
