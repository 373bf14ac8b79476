import { expect } from 'chai';
import { parse, type Parsed } from '../../src/parser/parse.ts';
import { rowset, statement } from './outline.ts';

function parseText(text: string): Parsed {
  return parse({ name: 'test.scope', text });
}

const ROWSETS: Readonly<Record<string, string>> = {
  a: 'a',
  '(a)': '(parenthesised a)',
  'EXTRACT line FROM "a.txt"': '(extract columns:[(column-declaration line)] from:["a.txt"])',
  'EXTRACT `order id`: int?, x: string[]? FROM "a", @b USING Lab.Reader(1, header = true) HAVING x != null':
    '(extract columns:[(column-declaration order id (nullable-type base:int))' +
    ' (column-declaration x (nullable-type base:(array-type element:string)))] from:["a" @b]' +
    ' using:(operator-call path:[Lab Reader] arguments:[(argument 1) (argument header true)])' +
    ' having:(binary != x null))',
  'VALUES (1, "a"), (2, null) AS (id: int, name)':
    '(values rows:[(values-row values:[1 "a"]) (values-row values:[2 null])]' +
    ' columns:[(column-declaration id int) (column-declaration name)])',
  'SELECT DISTINCT TOP 10 *, a.*, b + 1 AS c FROM a':
    '(select distinct top:10 items:[(star-item) (qualified-star-item qualifier:a) (expression-item (binary + b 1) c)]' +
    ' from:(from source:(rowset-source input:a)))',
  'SELECT a WHERE b GROUP BY a, c HAVING d ORDER BY e DESC, f':
    '(select items:[(expression-item a)] where:b groupBy:[a c] having:d' +
    ' orderBy:[(sort-item e desc) (sort-item f asc)])',
  'SELECT * FROM a AS l LEFT OUTER JOIN (b) AS r ON l.x == r.x CROSS JOIN c CROSS APPLY EXPLODE(l.xs) AS x':
    '(select items:[(star-item)] from:(from source:(rowset-source input:a alias:l) joins:[' +
    '(join type:left source:(rowset-source input:(parenthesised b) alias:r) on:(binary == (member l x) (member r x)))' +
    ' (cross-join source:(rowset-source input:c)) (explode value:(member l xs) alias:x)]))',
  'SELECT * FROM "a" + @b USING R() AS f JOIN g ON true':
    '(select items:[(star-item)] from:(from source:(file-source file:(binary + "a" @b) using:(operator-call path:[R])' +
    ' alias:f) joins:[(join type:inner source:(rowset-source input:g) on:true)]))',
  'SELECT * FROM (a WHERE b) SEMI JOIN (@dir + "f") USING R ON true':
    '(select items:[(star-item)] from:(from source:(rowset-source input:(parenthesised (claused a [(where-clause b)])))' +
    ' joins:[(join type:semi source:(file-source file:(parenthesised-expr (binary + @dir "f"))' +
    ' using:(operator-call path:[R])) on:true)]))',
  'PROCESS a USING P(text = line) ELSE Q() PRODUCE label AS l: string, score WHERE b HAVING c':
    '(process input:a using:[(operator-call path:[P] arguments:[(argument text line)]) (operator-call path:[Q])]' +
    ' produce:[(produced name:label alias:l type:string) (produced name:score)] where:b having:c)',
  'PROCESS USING P': '(process input:_ using:[(operator-call path:[P])])',
  'REDUCE a ON b, c PRESORT d DESC USING R PRODUCE e':
    '(reduce input:a on:[b c] presort:[(presort-item column:d direction:desc)] using:(operator-call path:[R])' +
    ' produce:[(produced name:e)])',
  'COMBINE a AS l WITH (b) AS r ON l.x == r.x USING C':
    '(combine type:inner left:(rowset-source input:a alias:l) right:(rowset-source input:(parenthesised b) alias:r)' +
    ' on:(binary == (member l x) (member r x)) using:(operator-call path:[C]))',
  'COMBINE a LEFT OUTER WITH b ON a.x == b.x USING C':
    '(combine type:left left:(rowset-source input:a) right:(rowset-source input:b)' +
    ' on:(binary == (member a x) (member b x)) using:(operator-call path:[C]))',
  'a UNION b EXCEPT ON (x, y) c':
    '(set-operation operator:except on:[x y] left:(set-operation operator:union left:a right:b) right:c)',
  'a UNION ALL (b UNION DISTINCT c)':
    '(set-operation operator:union quantifier:all left:a' +
    ' right:(parenthesised (set-operation operator:union quantifier:distinct left:b right:c)))',
  'a WHERE b WHERE c': '(claused a [(where-clause b) (where-clause c)])',
  'a WHEN b EDIT t.c = 1, d = 2 LIMIT 3 ELSE RETRY e ELSE DROP':
    '(claused a [(when-clause condition:b action:(edit changes:[(change (column-ref qualifier:t name:c) 1)' +
    ' (change (column-ref name:d) 2)] limit:3 otherwise:(retry column:(column-ref name:e) otherwise:(drop))))])',
  'a APPEND line = translation':
    '(claused a [(when-clause action:(append changes:[(change (column-ref name:line) translation)]))])',
  'a ASSERT b MESSAGE "no" ELSE ROUTE TO c':
    '(claused a [(assert-clause condition:b message:"no" action:(route target:c))])',
  'a ON ERROR RETRY 3 TIMES BACKOFF 100 ELSE ABORT "x"':
    '(claused a [(on-error-clause action:(retry-times times:3 backoff:100 otherwise:(abort message:"x")))])',
  'a ASSERT b ELSE DELETE c LIMIT 1 ELSE KEEP':
    '(claused a [(assert-clause condition:b action:(delete column:(column-ref name:c) limit:1 otherwise:(keep)))])',
  'a HINT(workers = 2, skew = -1, order = "x")':
    '(claused a [(hint-clause hints:[(hint name:workers value:2) (hint name:skew value:(unary - 1))' +
    ' (hint name:order value:"x")])])',
};

const STATEMENTS: Readonly<Record<string, string>> = {
  'IMPORT { A, B AS C } FROM "./o.ts";':
    '(import-module names:[(imported-name name:A) (imported-name name:B alias:C)] from:"./o.ts")',
  'v = IMPORT "v.scope" PARAMS @a = 1, @b = "x";':
    '(import-view target:v from:"v.scope" params:[(view-argument parameter:a value:1) (view-argument parameter:b value:"x")])',
  'DECLARE @a: string? = null;': '(declare parameter:a type:(nullable-type base:string) value:null)',
  'DECLARE @a = 1 + 2;': '(declare parameter:a value:(binary + 1 2))',
  'SET batch = 1_000;': '(set option:batch value:1_000)',
  'EXPORT a;': '(export name:a)',
  'WHERE x > 1;': '(rowset-statement (claused _ [(where-clause (binary > x 1))]))',
  'ASSERT x ELSE DROP;': '(rowset-statement (claused _ [(assert-clause condition:x action:(drop))]))',
  'OUTPUT TO "o.csv";': '(output to:"o.csv")',
  'OUTPUT a WHERE b TO "o" USING W(order = [x]) ORDER BY x DESC EXPECT "g" HAVING f1 >= 0.9;':
    '(output input:(claused a [(where-clause b)]) to:"o"' +
    ' using:(operator-call path:[W] arguments:[(argument order (array [x]))]) orderBy:[(sort-item x desc)]' +
    ' expect:(expect truth:"g" having:(binary >= f1 0.9)))',
};

describe('parse', () => {
  for (const [text, tree] of Object.entries(ROWSETS)) {
    it(`reads the rowset ${text}`, () => {
      expect(rowset(text)).to.equal(tree);
    });
  }
  for (const [text, tree] of Object.entries(STATEMENTS)) {
    it(`reads the statement ${text}`, () => {
      expect(statement(text)).to.equal(tree);
    });
  }

  it('gives every statement the span of its text, without the ;', () => {
    const text = '\uFEFF// c\r\na = b WHERE x;\r\n OUTPUT a TO "f" ;';
    const { script, diagnostics } = parseText(text);
    expect(diagnostics).to.deep.equal([]);
    expect(script.statements.map(({ span }) => text.slice(span.start, span.end))).to.deep.equal([
      'a = b WHERE x',
      'OUTPUT a TO "f"',
    ]);
    expect(script.comments.map((comment) => comment.text)).to.deep.equal(['// c']);
  });
});
