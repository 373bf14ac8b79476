import { expect } from 'chai';
import { expression } from './outline.ts';

/** Source in, tree out. */
const TREES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'reads literals and names': {
    '12': '12',
    '0xff': '0xff',
    '"a\\n"': '"a\\n"',
    true: 'true',
    null: 'null',
    '@limit': '@limit',
    '`order id`': 'order id',
    count: 'count',
  },
  'binds operators as TypeScript does': {
    'a + b * c': '(binary + a (binary * b c))',
    'a - b - c': '(binary - (binary - a b) c)',
    'a || b && c': '(binary || a (binary && b c))',
    'a && b || c': '(binary || (binary && a b) c)',
    'a == b < c': '(binary == a (binary < b c))',
    'a < b + 1 && c': '(binary && (binary < a (binary + b 1)) c)',
    '!a == b': '(binary == (unary ! a) b)',
    '-a * -b': '(binary * (unary - a) (unary - b))',
    '- -a': '(unary - (unary - a))',
    '!!a': '(unary ! (unary ! a))',
    'a ?? b ?? c': '(binary ?? (binary ?? a b) c)',
    '(a ?? b) || c': '(binary || (parenthesised-expr (binary ?? a b)) c)',
    'a ? b : c ? d : e': '(conditional a b (conditional c d e))',
    'a ? b ? c : d : e': '(conditional a (conditional b c d) e)',
    'a ?? b ? c : d': '(conditional (binary ?? a b) c d)',
    'a ?.5 : 1': '(conditional a .5 1)',
  },
  'puts the words of SQL beside them': {
    'a AND b OR c': '(binary || word (binary && word a b) c)',
    'NOT a == b AND c': '(binary && word (unary ! word (binary == a b)) c)',
    'NOT NOT a': '(unary ! word (unary ! word a))',
    'a && NOT b IN (1)': '(binary && a (unary ! word (in b [1])))',
    'x IN (1, 2) && y': '(binary && (in x [1 2]) y)',
    'x NOT IN (1)': '(in x [1] negated)',
    'x IN @list': '(in x [@list])',
    'x IN [1, 2] || y': '(binary || (in x [(array [1 2])]) y)',
    'x + 1 IN (2)': '(in (binary + x 1) [2])',
    'x BETWEEN 1 AND 2 AND y': '(binary && word (between x 1 2) y)',
    'x NOT BETWEEN a + 1 AND b * 2': '(between x (binary + a 1) (binary * b 2) negated)',
    'x BETWEEN 1 AND 2 == true': '(binary == (between x 1 2) true)',
    'x LIKE "a%" && y': '(binary && (like x "a%") y)',
    'x NOT LIKE a + "%"': '(like x (binary + a "%") negated)',
    'x IS NULL == y': '(binary == (is-null x) y)',
    'x IS NOT NULL AND y': '(binary && word (is-null x negated) y)',
    'a == b IS NULL': '(binary == a (is-null b))',
  },
  'reads CASE': {
    'CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END': '(case arms:[(case-arm a 1) (case-arm b 2)] otherwise:3)',
    'CASE x WHEN 1 THEN "a" END': '(case subject:x arms:[(case-arm 1 "a")])',
    'CASE WHEN CASE WHEN a THEN b END THEN c END': '(case arms:[(case-arm (case arms:[(case-arm a b)]) c)])',
    'CASE WHEN x BETWEEN 1 AND 2 AND y THEN z END + 1':
      '(binary + (case arms:[(case-arm (binary && word (between x 1 2) y) z)]) 1)',
  },
  'reads members, calls and indexes': {
    'line.trim().length': '(member (call (member line trim)) length)',
    'a?.b?.[0].c': '(member (index (member a b optional) 0 optional) c)',
    'f(a, [1, 2][0], g())': '(call f [a (index (array [1 2]) 0) (call g)])',
    'x.END.`a b`': '(member (member x END) a b)',
    '[]': '(array)',
    '-a.b': '(unary - (member a b))',
    '5..toFixed()': '(call (member 5. toFixed))',
  },
  'reads aggregates and windows that a call cannot hold': {
    'SUM(x)': '(call SUM [x])',
    'COUNT(*)': '(aggregate name:COUNT star)',
    'COUNT(DISTINCT x) + 1': '(binary + (aggregate name:COUNT distinct arguments:[x]) 1)',
    'ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY c DESC)':
      '(aggregate name:ROW_NUMBER over:(window partitionBy:[a b] orderBy:[(sort-item c desc)]))',
    'SUM(x) OVER ()': '(aggregate name:SUM arguments:[x] over:(window))',
    'SUM(x) OVER (ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)':
      '(aggregate name:SUM arguments:[x] over:(window frame:(frame start:(frame-bound bound:preceding offset:2)' +
      ' end:(frame-bound bound:current-row))))',
    'SUM(x) OVER (ROWS UNBOUNDED PRECEDING)':
      '(aggregate name:SUM arguments:[x] over:(window frame:(frame start:(frame-bound bound:unbounded-preceding))))',
  },
};

describe('parseExpression', () => {
  for (const [claim, trees] of Object.entries(TREES)) {
    for (const [text, tree] of Object.entries(trees)) {
      it(`${claim}: ${text}`, () => {
        expect(expression(text)).to.equal(tree);
      });
    }
  }
});
