import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { HINTS, SETTINGS } from '../../src/typecheck/closed-tables.ts';
import { schemaText, typed } from '../support/check.ts';

const page = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
const INPUTS = `lines = EXTRACT line: string FROM "a.txt";
logs = EXTRACT user: string, n: int, m: int?, t: datetime, tags: string[], j: json, x: float FROM "logs.csv";
`;
const schemaOf = (statements: string, label = 'r'): string =>
  schemaText(typed(`${INPUTS}${statements}\nOUTPUT ${label} TO "o.csv";\nOUTPUT logs TO "p.csv";\n`), label);

describe('docs/language.md', () => {
  it('lists every setting and hint', () => {
    const plain = page.replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1');
    for (const [name, { doc }] of [...SETTINGS, ...HINTS]) {
      expect(plain).to.match(new RegExp(`\\| \`${name}\` +\\| [a-z ]+ +\\| ${doc.replace('’', "'")}`));
    }
  });

  it('says what indexes and members give', () => {
    expect(schemaOf('r = SELECT j.a AS a, j["k"].b AS b, tags[0] AS c, user[0] AS d FROM logs;')).to.equal(
      'a: json?, b: json?, c: string?, d: string?',
    );
  });

  it('says how arithmetic and text are typed', () => {
    expect(schemaOf('r = SELECT n + m AS a, n + x AS b, n / n AS c, user + n AS d, t - t AS e FROM logs;')).to.equal(
      'a: int?, b: float, c: float, d: string, e: long',
    );
    expect(
      schemaOf('r = SELECT [1, 2.5] AS a, n > 1 ? n : null AS b, CASE WHEN n > 1 THEN 1 END AS c FROM logs;'),
    ).to.equal('a: float[], b: int?, c: int?');
  });

  it('says what is routed', () => {
    expect(schemaOf('a = EXTRACT v: int FROM "z.csv" ON ERROR ROUTE TO bad;', 'bad')).to.equal(
      'file: string, line: int, text: string, reason: string',
    );
    const classify = 'PROCESS lines USING TextClassifier(text = line, model = "m")';
    expect(schemaOf(`a = ${classify} ON ERROR ROUTE TO bad;`, 'bad')).to.equal('line: string, reason: string');
    expect(schemaOf(`a = ${classify} WHEN label == "x" ROUTE TO bad;`, 'bad')).to.equal(
      'line: string, label: string, score: float, reason: string',
    );
  });

  it('says which columns a file that is read in place has', () => {
    expect(schemaOf('r = SELECT a, b.trim() AS b FROM "x.csv" USING CsvReader(header = true);')).to.equal(
      'a: string, b: string',
    );
    expect(schemaOf('r = SELECT text FROM "x.txt" USING LineReader();')).to.equal('text: string');
  });

  it('says how COMBINE merges its keys', () => {
    const combined =
      'r = COMBINE lines AS l WITH (SELECT user AS line, n FROM logs) AS q ON l.line == q.line USING Matcher(left = l.line, right = q.line);';
    expect(schemaOf(`IMPORT { Matcher } FROM "./operators.ts";\n${combined}`)).to.equal(
      'line: string, n: int, score: float',
    );
  });
});
