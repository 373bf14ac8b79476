import { expect } from 'chai';
import fc from 'fast-check';
import type { Script } from '../../src/parser/ast.ts';
import { parse, parseExpression } from '../../src/parser/parse.ts';
import { LINE_WIDTH, print, printExpr } from '../../src/parser/printer.ts';
import { tokenize } from '../../src/lexer/tokenize.ts';
import { expressions, scripts } from './generate.ts';
import { withoutSpans } from './outline.ts';

const MANY = process.env['PYSCOPE_LONG'] === '1' ? 20 : 1;

/** Reads a script that must be right. */
function read(text: string): Script {
  const { script, diagnostics } = parse({ name: 'test.scope', text });
  expect(diagnostics.map(({ code, message, span }) => `${code} ${message} at ${text.slice(span.start)}`)).to.deep.equal(
    [],
  );
  return script;
}

function statements(script: Script): unknown {
  return withoutSpans(script.statements);
}

/** The tokens of a text with other gaps between them. */
function relaid(text: string, gaps: readonly string[]): string {
  const { tokens } = tokenize({ name: 'test.scope', text }, 0);
  return tokens.map(({ image }, at) => `${gaps[at % gaps.length] ?? ' '}${image}`).join('');
}

const gaps = fc.array(
  fc.constantFrom(
    ' ',
    ' ',
    ' ',
    ' ',
    '\n',
    '\r\n  ',
    '\n\n\n',
    ' /* in */ ',
    ' // end\n',
    '\n// own\n',
    '\n/* two\n   lines */\n',
  ),
  { minLength: 1, maxLength: 17 },
);

describe('print', () => {
  it('gives a text that parses to the tree it was made from', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        expect(statements(read(print(script, '')))).to.deep.equal(statements(script));
      }),
      { numRuns: 300 * MANY },
    );
  });

  it('keeps the tree and all comments of a script laid out in any way, and is idempotent', () => {
    fc.assert(
      fc.property(scripts, gaps, (generated, between) => {
        const text = relaid(print(generated, ''), between);
        const script = read(text);
        const printed = print(script, text);
        const again = read(printed);
        expect(statements(again)).to.deep.equal(statements(script));
        expect(again.comments.map((comment) => comment.text)).to.deep.equal(
          script.comments.map((comment) => comment.text.trimEnd()),
        );
        expect(print(again, printed)).to.equal(printed);
      }),
      { numRuns: 300 * MANY },
    );
  });

  it('leaves no line wide that could be broken', () => {
    const names = Array.from({ length: 40 }, (_, at) => `column${at}`);
    const text = `a = SELECT ${names.join(', ')} FROM b WHERE ${names.join(' && ')} GROUP BY ${names.join(', ')};`;
    for (const line of print(read(text), text).split('\n')) expect(line.length).to.be.at.most(LINE_WIDTH);
  });
});

describe('printExpr', () => {
  it('gives one line that parses to the expression it was made from', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = printExpr(expression);
        expect(text).not.to.contain('\n');
        const read = parseExpression({ name: 'test', text });
        expect(read.diagnostics).to.deep.equal([]);
        expect(withoutSpans(read.expression)).to.deep.equal(withoutSpans(expression));
      }),
      { numRuns: 1000 * MANY },
    );
  });

  it('puts parentheses where a tree needs them', () => {
    const { expression } = parseExpression({ name: 'test', text: 'a + b' });
    if (expression?.kind !== 'binary') throw new Error('not read');
    const product = { ...expression, operator: '*' as const, left: expression };
    expect(printExpr(product)).to.equal('(a + b) * b');
    expect(printExpr({ ...expression, operator: '??', right: { ...expression, operator: '||' } })).to.equal(
      'a ?? (a || b)',
    );
  });
});
