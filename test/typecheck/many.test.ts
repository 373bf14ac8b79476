import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { catalogue } from '../../src/diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { parse } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/printer.ts';
import { PRELUDE, ROWSETS, STATEMENTS } from '../diagnostics/habits.ts';
import { scriptTexts } from '../parser/generate.ts';
import { withoutSpans } from '../parser/outline.ts';
import { checkText } from '../support/check.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { SEED } from '../support/seed.ts';

const RUNS = process.env['PYSCOPE_LONG'] === undefined ? 20_000 : 2_000_000;
/** So many together are one test, so that a slow machine is no timeout. */
const PORTION = RUNS / 20;
const SLOW = 1000;

const usql = new URL('usql/', import.meta.url);
const corpus: readonly string[] = [
  ...Object.values(catalogue).flatMap(({ example, cure }) => [example, cure]),
  ...ROWSETS.flatMap(([wrong, , right]) => [wrong, right].map((rowset) => `${PRELUDE}r = ${rowset};\n`)),
  ...STATEMENTS.flatMap(([wrong, , right]) => [wrong, right]),
  ...readdirSync(usql).map((name) => readFileSync(new URL(name, usql), 'utf8')),
  ...fc.sample(scriptTexts, { numRuns: 300, seed: 1 }),
].filter((text) => text !== '' && text.length < 1500);

const ODD = [
  '"',
  "'",
  '`',
  '/*',
  '*/',
  '//',
  '--',
  '#',
  '\n',
  '@',
  '\\',
  '\u0000',
  '\ud800',
  '€',
  '0x',
  '1e',
  '(',
  ')',
];
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'line',
  'n',
  'r',
  'null',
  'SELECT',
  'select',
  'COUNT',
  '99999999999',
];
const words = corpus.flatMap((text) => text.split(/\b/)).filter((word) => word.trim() !== '');

/** One change: a word dropped, doubled, exchanged, or odd characters put in. */
function changed(text: string, random: Random): string {
  const parts = text.split(/\b/);
  const at = random.below(parts.length);
  const other = random.pick(random.below(3) === 0 ? words : random.below(2) === 0 ? ODD : NAMES);
  const replacement = [[], [parts[at] ?? '', ' ', parts[at] ?? ''], [other], [parts[at] ?? '', ' ', other, ' ']][
    random.below(4)
  ];
  return parts.toSpliced(at, 1, ...(replacement ?? [])).join('');
}

/** A script of the corpus, or the statements of two mixed, with up to three changes. */
function mutant(random: Random): string {
  let text = random.pick(corpus);
  if (random.below(4) === 0) {
    const [left, right] = [text, random.pick(corpus)].map((script) => script.split(';'));
    text = [...(left ?? []).slice(0, random.below(4)), ...(right ?? []).slice(random.below(3))].join(';');
  }
  for (let changes = random.below(4); changes > 0; changes -= 1) text = changed(text, random);
  return text;
}

function expectPlaces(diagnostics: readonly Diagnostic[], text: string): void {
  for (const { code, message, span, related } of diagnostics) {
    expect(code, message).to.not.equal('PS9001');
    expect(message).to.match(/\S/);
    for (const place of [span, ...related.map((one) => one.span)]) {
      if (place.source !== 0) continue;
      expect(place.start).to.be.within(0, place.end);
      expect(place.end).to.be.at.most(text.length);
    }
  }
}

function expectRoundTrip(text: string): boolean {
  const { script, diagnostics } = parse({ name: 'test.scope', text });
  if (diagnostics.some(({ severity }) => severity === 'error')) return false;
  const printed = print(script, text);
  const again = parse({ name: 'test.scope', text: printed });
  expect(again.diagnostics.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
  expect(withoutSpans(again.script.statements)).to.deep.equal(withoutSpans(script.statements));
  expect(print(again.script, printed)).to.equal(printed);
  return true;
}

describe(`parse, check and print on ${RUNS} mutated scripts`, () => {
  for (let portion = 0; portion < 20; portion += 1) {
    it(`give diagnostics with places only, in time, and print what they read (part ${portion + 1})`, function () {
      this.timeout(600_000);
      const seed = (SEED + portion * 7919) >>> 0;
      const random = randomFrom(seed);
      const seen = { right: 0, wrong: 0 };
      for (let run = 0; run < PORTION; run += 1) {
        const text = mutant(random);
        const started = performance.now();
        try {
          expectPlaces(checkText(text).diagnostics, text);
          expect(performance.now() - started, 'milliseconds').to.be.below(SLOW);
          seen[expectRoundTrip(text) ? 'right' : 'wrong'] += 1;
        } catch (error) {
          throw new Error(`seed ${seed}, run ${run}: ${String(error)}\n${JSON.stringify(text)}`, { cause: error });
        }
      }
      expect(seen.right, `right ones (seed ${seed})`).to.be.greaterThan(PORTION / 10);
      expect(seen.wrong, `wrong ones (seed ${seed})`).to.be.greaterThan(PORTION / 10);
    });
  }
});
