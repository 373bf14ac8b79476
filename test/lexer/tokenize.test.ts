import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Lexer } from '../../src/lexer/chevrotain.ts';
import { decodeNumber, decodeString } from '../../src/lexer/literals.ts';
import { ALL_TOKENS, KEYWORDS } from '../../src/lexer/tokens.ts';
import { tokenize } from '../../src/lexer/tokenize.ts';
import { unmark } from '../support/mark.ts';

function tokens(text: string): string[] {
  const { tokens, diagnostics } = tokenize({ name: 'test.scope', text }, 0);
  expect(diagnostics).to.deep.equal([]);
  return tokens.map(({ tokenType, image }) => (tokenType.name === image ? image : `${tokenType.name}:${image}`));
}

/** The codes of a marked text; every diagnostic must be at the mark. */
function codes(marked: string): string[] {
  const { text, start, end } = unmark(marked);
  return tokenize({ name: 'test.scope', text }, 7).diagnostics.map(({ code, span }) => {
    expect(span).to.deep.equal({ source: 7, start, end });
    return code;
  });
}

describe('tokenize', () => {
  it('takes words for keywords in upper case only', () => {
    expect(tokens('EXTRACT extract Extract EXTRACTS')).to.deep.equal([
      'EXTRACT',
      'Identifier:extract',
      'Identifier:Extract',
      'Identifier:EXTRACTS',
    ]);
  });

  it('knows every keyword, also where one begins another', () => {
    for (const word of KEYWORDS.keys()) expect(tokens(word)).to.deep.equal([word]);
  });

  it('reads names of any alphabet, quoted names and parameters', () => {
    expect(tokens('größe 名前 _x $y `order id` @p SELECTé')).to.deep.equal([
      'Identifier:größe',
      'Identifier:名前',
      'Identifier:_x',
      'Identifier:$y',
      'QuotedName:`order id`',
      'ParameterName:@p',
      'Identifier:SELECTé',
    ]);
  });

  it('reads the longest operator, and ?. only where no number follows', () => {
    expect(tokens('a??b a?.b a?.5:c <= < !=').map((token) => token.split(':')[0])).to.deep.equal([
      'Identifier',
      'Coalesce',
      'Identifier',
      'Identifier',
      'OptionalDot',
      'Identifier',
      'Identifier',
      'Question',
      'NumberToken',
      'Colon',
      'Identifier',
      'LessEqual',
      'Less',
      'NotEqual',
    ]);
  });

  it('takes a slash behind an operand for a division', () => {
    expect(tokens('a / b / c').filter((token) => token.startsWith('Slash'))).to.have.length(2);
  });

  it('skips a byte order mark, Windows line ends and comments, and keeps the comments', () => {
    const { tokens, comments } = tokenize({ name: 'x', text: '\uFEFFa // one\r\n/* two\r\n*/ b' }, 0);
    expect(tokens.map(({ image }) => image)).to.deep.equal(['a', 'b']);
    expect(comments.map(({ image }) => image)).to.deep.equal(['// one', '/* two\r\n*/']);
  });

  const wrong: Readonly<Record<string, readonly string[]>> = {
    'a < 5«€»;': ['PS1001'],
    'a = «"open;»\nb;': ['PS1002'],
    "«'it\\'s»": ['PS1002'],
    'a «/*» b': ['PS1003'],
    '«`open»\nb': ['PS1004'],
    '"a«\\d»b"': ['PS1005'],
    '"«\\u{110000}»"': ['PS1005'],
    '"«\\0»1"': ['PS1005'],
    '«3px»': ['PS1006'],
    '«010»': ['PS1006'],
    '«1__0»': ['PS1006'],
    '«0x»': ['PS1006'],
    '«10n»': ['PS1006'],
    '«1e»': ['PS1006'],
    '«9007199254740993»': ['PS1007'],
    '«1e999»': ['PS1007'],
    'a «-- comment»\nb': ['PS1008'],
    '«# comment»': ['PS1008'],
    'a = «@» b': ['PS1009'],
    'x == «/a[/]b/gi»': ['PS1010'],
    'a «===» b': ['PS1011'],
    'a «!==» b': ['PS1011'],
    'a «<>» b': ['PS1011'],
    'a «**» b': ['PS1012'],
    'a «=>» b': ['PS1012'],
    '«``»': ['PS1013'],
  };
  for (const [marked, expected] of Object.entries(wrong)) {
    it(`reports ${JSON.stringify(marked)} as ${expected.join(', ')}`, () => {
      expect(codes(marked)).to.deep.equal(expected);
    });
  }

  it('is a lexer that Chevrotain finds nothing wrong with and can optimise', () => {
    expect(
      () => new Lexer([...ALL_TOKENS], { positionTracking: 'onlyOffset', ensureOptimizations: true }),
    ).not.to.throw();
  });
});

describe('literals', () => {
  const strings = ['"\\n\\t\\\\\\"\'"', '"\\x41\\u0042\\u{1F600}"', "'\\0a\\\nb'", '"ünï"', '"\\v\\f\\b\\r"'];
  for (const raw of strings) {
    it(`decodes ${JSON.stringify(raw)} as JavaScript does`, () => {
      // The reference is the engine itself; the texts are ours.
      const reference: unknown = runInNewContext(raw);
      expect(decodeString(raw)).to.deep.equal({ value: reference, badEscapes: [], closed: true });
    });
  }

  for (const raw of [
    '0',
    '12',
    '1_000',
    '0.5',
    '.5',
    '5.',
    '1e3',
    '1.5E-3',
    '0xFf',
    '0o17',
    '0b1_01',
    '1e400',
    '12_',
  ]) {
    it(`reads the number ${raw} as JavaScript does`, () => {
      const { value, problem } = decodeNumber(raw);
      if (raw === '12_') expect(problem).to.equal('malformed');
      else expect(value).to.equal(runInNewContext(raw));
    });
  }
});
