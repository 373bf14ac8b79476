import { expect } from 'chai';
import { expressionText } from '../../../src/typecheck/expressions/index.ts';
import { typed } from './world.ts';

/** What a script may write → how it is shown; a text that stands alone is shown as it is. */
const TEXTS: readonly (string | readonly [string, string])[] = [
  'n - (n - n)',
  ['(n - n) - n', 'n - n - n'],
  'n / (n * n)',
  '-(n + n)',
  '-(-n)',
  'n + -1',
  '(n + n) * n',
  'b && (b || !b)',
  ['(b && b) || b', 'b && b || b'],
  '!(b && b)',
  '(b ? n : 1) + 1',
  'b ? n : b ? 1 : 2',
  '(b ? b : !b) ? 1 : 2',
  '(qn ?? 1) + 1',
  'qn ?? n + 1',
  's.trim().length > 3',
  '(s + "a").length',
  '(1).toFixed(2)',
  ['s[0]', 's[0]'],
  'Math.max(n, 1) / Math.PI',
  'j.a[0].`b c`',
  ['j["a"]', 'j.a'],
  ['qs IS NULL', 'qs == null'],
  ['qs IS NOT NULL', 'qs != null'],
  'qs?.trim().length',
  '(qs?.trim())?.length',
  'qs?.split(",")[0]?.length',
  's IN ("a", "b")',
  's IN (a)',
  ['s NOT IN ("a")', '!(s IN ("a"))'],
  'n BETWEEN 1 AND n + 1',
  's LIKE "a\\\\%"',
  's LIKE @pattern',
  ['s + n', 's + String(n)'],
  ['CASE WHEN b THEN 1 ELSE 2 END', 'b ? 1 : 2'],
  ["s == 'it\\'s'", 's == "it\'s"'],
  'COUNT(*)',
  'COUNT(DISTINCT s)',
  'SUM(n) OVER (PARTITION BY s ORDER BY n DESC, f ROWS BETWEEN 2 PRECEDING AND UNBOUNDED FOLLOWING)',
  'RANK() OVER (ORDER BY n)',
  'original(s) != s',
  'shout(s, n)',
  'regex("a", "i").test(s)',
  '[1, 2]',
];

describe('expressionText', () => {
  it('shows expressions as a script writes them', () => {
    for (const text of TEXTS) {
      const [written, shown] = typeof text === 'string' ? [text, text] : text;
      expect(expressionText(typed(written))).to.equal(shown);
      expect(expressionText(typed(shown))).to.equal(shown);
    }
  });
});
