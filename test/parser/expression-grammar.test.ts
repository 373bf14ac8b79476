import { expect } from 'chai';
import type { TokenType } from 'chevrotain';
import fc from 'fast-check';
import { Grammar } from '../../src/parser/grammar/statements.ts';
import * as T from '../../src/lexer/tokens.ts';
import { tokenize } from '../../src/lexer/tokenize.ts';
import { printExpr } from '../../src/parser/printer.ts';
import { expressions } from './generate.ts';

const MANY = process.env['PYSCOPE_LONG'] === '1' ? 50 : 1;

/** The recorded rules, run as Chevrotain runs them: the reference for the reader that is run in their place. */
class Reference extends Grammar {
  /** Whether the whole text is an expression by the recorded rules. */
  accepts(text: string): boolean {
    this.input = [...tokenize({ name: 'test', text }, 0).tokens];
    this.conditional();
    return this.errors.length === 0;
  }
}

const reference = new Reference({ validate: true });

/** Whether the reader takes the whole text, leaving aside what it only remarks on. */
function isRead(text: string): boolean {
  const { tokens } = tokenize({ name: 'test', text }, 0);
  const { node, at } = reference.readExpression(tokens, 0);
  return node !== null && at === tokens.length;
}

const { Case, When, Then, Else, End, Not, In, Like, Between, And, Or, Is, NullWord, Over, Order, By, Distinct } = T;
const words: readonly TokenType[] = [
  Case,
  When,
  Then,
  Else,
  End,
  Not,
  In,
  Like,
  Between,
  And,
  Or,
  Is,
  NullWord,
  Over,
  Order,
  By,
  Distinct,
];
const pieces = fc.oneof(
  fc.constantFrom(...words.map(({ name }) => name)),
  fc.constantFrom('a', 'f', '1', '"s"', '@p', 'true', 'null', '(', ')', '[', ']', ',', '.', '?.', '?', ':', '*'),
  fc.constantFrom('+', '-', '!', '==', '<', '&&', '||', '??', '/'),
);

/** Swaps, drops and doubles tokens of a right expression, which finds more of the border than random words do. */
function disturbed(text: string, at: number, put: string | null): string {
  const { tokens } = tokenize({ name: 'test', text }, 0);
  const images = tokens.map(({ image }) => image);
  images.splice(at % images.length, put === null ? 1 : 0, ...(put === null ? [] : [put]));
  return images.join(' ');
}

describe('the reader of expressions', () => {
  it('takes all that the recorded grammar takes, and nothing else', () => {
    let right = 0;
    const agree = (text: string): void => {
      // NOT deep in an operand is read, with a remark; the grammar has no place for it.
      const { tokens } = tokenize({ name: 'test', text }, 0);
      const { remarks } = reference.readExpression(tokens, 0);
      if (remarks.some(({ code }) => code === 'PS1122')) return;
      const accepted = reference.accepts(text);
      right += accepted ? 1 : 0;
      expect(isRead(text), text).to.equal(accepted);
    };
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 6 }), (heap) => agree(heap.join(' '))),
      {
        numRuns: 2000 * MANY,
      },
    );
    fc.assert(
      fc.property(expressions, fc.nat(), fc.option(pieces), (expression, at, put) =>
        agree(disturbed(printExpr(expression), at, put)),
      ),
      { numRuns: 1000 * MANY },
    );
    expect(right).to.be.greaterThan(100);
  });
});
