import { Chalk } from 'chalk';
import { expect } from 'chai';
import type { Checked } from '../../src/diagnostics/render/format.ts';
import { pretty } from '../../src/diagnostics/render/pretty.ts';
import { found } from './marked.ts';

const plain = new Chalk({ level: 0 });

function shown(checked: Checked, width = 80): string {
  return pretty([checked], { chalk: plain, width });
}

/** The lines of the snippet alone: without the header, the blank line and the count. */
function drawn(checked: Checked, width = 80): readonly string[] {
  return shown(checked, width).split('\n').slice(1, -3);
}

describe('pretty diagnostics', () => {
  it('show place, code, message, line, carets, help and a count', () => {
    const checked = found('a = VALUES (1) AS (x);\nb = a WHERE «y» > 1;\n', {
      message: 'there is no column `y` in `a`',
      help: 'did you mean `x`?',
    });
    expect(shown(checked)).to.equal(
      [
        'job.scope:2:13: error PS1001: there is no column `y` in `a`',
        '  2 | b = a WHERE y > 1;',
        '    |             ^',
        '    = help: did you mean `x`?',
        '',
        '1 error in 1 script',
        '',
      ].join('\n'),
    );
  });

  it('stand in the order of the text and are counted by severity', () => {
    const checked = found('one «two» three');
    const [first] = checked.diagnostics;
    if (first === undefined) throw new Error('a diagnostic was expected');
    const warning = { ...first, severity: 'warning', span: { source: 0, start: 0, end: 3 } } as const;
    const text = shown({ ...checked, diagnostics: [first, warning] });
    expect(text.indexOf('1:1')).to.be.lessThan(text.indexOf('1:5'));
    expect(text).to.match(/1 error and 1 warning in 1 script\n$/);
  });

  it('say so when there is nothing to say', () => {
    expect(shown({ sources: [{ name: 'a', text: '' }], diagnostics: [] })).to.equal('no problems in 1 script\n');
  });

  it('put carets under the place behind tabs', () => {
    expect(drawn(found('\tWHERE «bad»'))).to.deep.equal(['  1 |     WHERE bad', '    |           ^^^']);
  });

  it('count wide and combining characters by the cells they take', () => {
    expect(drawn(found('"日本" == «wrong»'))).to.deep.equal(['  1 | "日本" == wrong', '    |           ^^^^^']);
    expect(drawn(found('"e\u0301" == «wrong»'))[1]).to.equal('    |        ^^^^^');
    expect(drawn(found('"👩‍💻" == «x»'))[1]).to.equal('    |         ^');
  });

  it('keep a very long line to the width, with the place in it', () => {
    const lines = drawn(found(`${'a, '.repeat(400)}«wrong»${', b'.repeat(400)}`), 60);
    expect(lines[0]).to.have.length.at.most(60);
    expect(lines[0]).to.match(/^ {2}1 \| ….*wrong.*…$/);
    const [text = '', carets = ''] = lines;
    expect(text.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).to.equal('wrong');
  });

  it('cut a place that is longer than the line', () => {
    for (const line of drawn(found(`x = «${'y'.repeat(500)}»;`), 50)) expect(line).to.have.length.at.most(50);
  });

  it('show every line of a short place and the ends of a long one', () => {
    expect(drawn(found('a «b\n  c»\n'))).to.deep.equal(['  1 | a b', '    |   ^', '  2 |   c', '    |   ^']);
    const long = drawn(found('a «b\nc\nd\ne\n  f» g'));
    expect(long).to.deep.equal(['  1 | a b', '    |   ^', '    | …', '  5 |   f g', '    |   ^']);
  });

  it('mark the end of the text with one caret', () => {
    expect(drawn(found('a = b«»'))).to.deep.equal(['  1 | a = b', '    |      ^']);
  });

  it('show related places with the same gutter', () => {
    const related = [{ message: 'first defined here', span: { source: 0, start: 0, end: 1 } }];
    expect(drawn(found('a = b;\n«a» = c;', { related }))).to.deep.equal([
      '  2 | a = c;',
      '    | ^',
      '    - job.scope:1:1: first defined here',
      '  1 | a = b;',
      '    | ^',
    ]);
  });

  it('escape what would act on the terminal', () => {
    const text = shown(found('x = "\u001b[2J\u202e" + «y»', { message: 'bad \u001b]0;title\u0007' }));
    // oxlint-disable-next-line no-control-regex -- no control but the line break may come through
    expect(text.replaceAll('\n', '')).to.not.match(/[\u0000-\u001f\u202e]/);
    expect(text).to.include(String.raw`x = "\x1b[2J\u202e" + y`);
  });

  it('leave no carriage return of a Windows line', () => {
    expect(shown(found('a\r\n«b»\r\n')))
      .to.not.include('\r')
      .and.not.include(String.raw`\r`);
  });

  it('colour severity and carets where colour is wanted', () => {
    const text = pretty([found('«a»')], { chalk: new Chalk({ level: 1 }), width: 80 });
    expect(text).to.include('\u001b[31m^\u001b[39m');
  });
});
