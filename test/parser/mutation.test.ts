import { expect } from 'chai';
import fc from 'fast-check';
import { parse, parseExpression } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/printer.ts';
import { ALL_TOKENS } from '../../src/lexer/tokens.ts';
import { scriptTexts } from './generate.ts';

const MANY = process.env['PYSCOPE_LONG'] === '1' ? 100 : 1;

const words = ALL_TOKENS.flatMap(({ PATTERN }) => (typeof PATTERN === 'string' ? [PATTERN] : []));
const pieces = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(
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
    'select',
    'SELCT',
  ),
  fc.string({ maxLength: 3 }),
);

interface Change {
  readonly at: number;
  readonly drop: number;
  readonly put: string;
}

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({ at: fc.nat(2000), drop: fc.constantFrom(0, 0, 1, 3, 20), put: fc.oneof(fc.constant(''), pieces) }),
  { minLength: 1, maxLength: 4 },
);

function mutated(text: string, list: readonly Change[]): string {
  return list.reduce((before, { at, drop, put }) => {
    const from = at % (before.length + 1);
    return `${before.slice(0, from)}${put}${before.slice(from + drop)}`;
  }, text);
}

/** Diagnostics with places inside the text, statements in order, and nothing thrown, in bounded time. */
function checkReading(text: string): void {
  const started = performance.now();
  const { script, diagnostics } = parse({ name: 'test.scope', text }, 3);
  expect(performance.now() - started).to.be.lessThan(1000);
  const all = [...diagnostics, ...diagnostics.flatMap(({ related }) => related), ...script.statements];
  for (const { span } of all) {
    expect(span.source).to.equal(3);
    expect(span.start).to.be.at.least(0);
    expect(span.end).to.be.at.least(span.start);
    expect(span.end).to.be.at.most(text.length);
  }
  for (const { message } of diagnostics) expect(message).to.be.a('string').and.not.contain('undefined');
  if (diagnostics.length === 0) {
    const printed = print(script, text);
    expect(parse({ name: 'test.scope', text: printed }).diagnostics).to.deep.equal([]);
  }
}

describe('parse of a mutated script', () => {
  it('gives diagnostics with places, in time', () => {
    fc.assert(
      fc.property(scriptTexts, changes, (text, list) => checkReading(mutated(text, list))),
      { numRuns: 400 * MANY },
    );
  });

  it('gives diagnostics with places for any heap of words', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), fc.constantFrom('', ' ', '\n'), (heap, between) => {
        const text = heap.join(between);
        checkReading(text);
        parseExpression({ name: 'test', text });
      }),
      { numRuns: 1000 * MANY },
    );
  });
});
