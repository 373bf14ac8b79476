import { Chalk } from 'chalk';
import { expect } from 'chai';
import { diagnostic } from '../../src/diagnostics/catalogue/index.ts';
import { diagnosticsAsJson, json } from '../../src/diagnostics/render/json.ts';
import { github } from '../../src/diagnostics/render/github.ts';
import { sarif } from '../../src/diagnostics/render/sarif.ts';
import { found } from './marked.ts';

const look = { chalk: new Chalk({ level: 0 }), width: 80 };

describe('the json format', () => {
  it('gives every fact with lines, columns and offsets', () => {
    expect(diagnosticsAsJson([found('a\nb «c» d', { help: 'drop it' })])).to.deep.equal({
      version: 1,
      scripts: ['job.scope'],
      errors: 1,
      warnings: 0,
      notes: 0,
      diagnostics: [
        {
          code: 'PS1001',
          severity: 'error',
          message: 'no good',
          help: 'drop it',
          place: {
            file: 'job.scope',
            start: { line: 2, column: 3 },
            end: { line: 2, column: 4 },
            startOffset: 4,
            endOffset: 5,
          },
          related: [],
        },
      ],
    });
  });

  it('is one document also when nothing was found', () => {
    expect(JSON.parse(json([], look))).to.include({ version: 1, errors: 0 });
  });
});

describe('the github format', () => {
  it('writes one annotation a line, with what it means escaped', () => {
    const text = github([found('a «bc»', { message: '100%\nsure', severity: 'note' }, 'a,b:c.scope')], look);
    expect(text).to.equal(
      '::notice file=a%2Cb%3Ac.scope,line=1,endLine=1,col=3,endColumn=4,title=PS1001::100%25%0Asure\n',
    );
  });

  it('names lines only when the place goes over several', () => {
    expect(github([found('«a\nb»')], look)).to.match(/^::error file=job\.scope,line=1,endLine=2,title=PS1001::/);
  });
});

describe('the sarif format', () => {
  it('gives results whose rules come from the catalogue', () => {
    const checked = found('x = 5«€»;', { help: 'remove it' }, 'my jobs/a.scope');
    const log: unknown = JSON.parse(sarif([checked], look));
    expect(log).to.have.property('version', '2.1.0');
    expect(log).to.have.nested.property('runs[0].tool.driver.rules[0].id', 'PS1001');
    expect(log).to.have.nested.property('runs[0].tool.driver.rules[0].help.text').that.includes('This gives PS1001');
    expect(log).to.have.nested.property('runs[0].results[0].ruleIndex', 0);
    expect(log)
      .to.have.nested.property('runs[0].results[0].locations[0].physicalLocation')
      .that.deep.equals({
        artifactLocation: { uri: 'my%20jobs/a.scope' },
        region: { startLine: 1, startColumn: 6, endLine: 1, endColumn: 7 },
      });
  });

  it('carries what the catalogue made', () => {
    const checked = found('«€»');
    const made = diagnostic('PS1001', { source: 0, start: 0, end: 1 }, { found: '€' });
    expect(sarif([{ ...checked, diagnostics: [made] }], look)).to.include('does not belong in a script');
  });
});
