import { expect } from 'chai';
import { redact, redactorFor } from '../../../src/runtime/state/redact.ts';

describe('redact', () => {
  it('hides the password of every address in a text', () => {
    expect(redact('redis://a:b@h:1 and rediss://:c@h/0')).to.equal('redis://a:***@h:1 and rediss://:***@h/0');
  });

  it('hides secrets in a query', () => {
    expect(redact('https://h/x?token=abc&n=1')).to.equal('https://h/x?token=***&n=1');
  });

  it('leaves other text alone', () => {
    const text = 'a:b@c, see http://host/a@b, 12:30';
    expect(redact(text)).to.equal(text);
  });
});

describe('redactorFor', () => {
  it('hides the password as typed and decoded, wherever it stands', () => {
    const hide = redactorFor('redis://u:p%40ss@h');
    expect(hide('AUTH p@ss failed for p%40ss')).to.equal('AUTH *** failed for ***');
  });

  it('takes a password that is no percent encoding as it was typed', () => {
    expect(redactorFor('redis://u:50%off@h')('bad 50%off')).to.equal('bad ***');
  });
});
