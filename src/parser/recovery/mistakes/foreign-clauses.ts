/** Clauses of SQL and U-SQL, and handlers that are nearly right. */
import type { Form } from './foreign.ts';

const ROWS = 'write TOP n: SELECT TOP 10 …';

export const foreignClauses: readonly Form[] = [
  {
    pattern: /\bTOP (\S+) PERCENT ⟂/i,
    back: 1,
    say: () => ({
      problem: 'TOP takes a number of rows, not a share of them',
      instead: 'write TOP n; for a share add NTILE(10) OVER (ORDER BY …) AS part, then keep WHERE part == 1',
    }),
  },
  {
    pattern: /\b(EXCEPT|INTERSECT) ⟂ ALL\b/i,
    say: ([, word]) => ({ problem: `there is no ${word} ALL: its rows are always distinct`, instead: `write ${word}` }),
  },
  {
    pattern: /\b(?:UNION|EXCEPT|INTERSECT)(?: ALL| DISTINCT)? ⟂ (?:BY|CORRESPONDING)\b/,
    say: () => ({
      problem: 'set operations always match columns by name',
      instead: 'leave it out; ON (a, b) names the columns to keep',
    }),
  },
  {
    pattern: /\bDISTINCT ⟂ ON\b/,
    say: () => ({ problem: 'there is no DISTINCT ON', instead: 'write GROUP BY, and FIRST(x) for what is not a key' }),
  },
  {
    pattern: /\bGROUP BY ⟂ ALL\b/,
    say: () => ({ problem: 'GROUP BY names its columns', instead: 'list them: GROUP BY a, b' }),
  },
  {
    pattern: /\b(?:WHERE|HAVING) [^(),]+⟂ ,/,
    say: () => ({ problem: 'conditions are not separated by commas', instead: 'write && or AND between them' }),
  },
  { pattern: /⟂ MINUS\b/i, say: () => ({ problem: 'there is no MINUS', instead: 'write EXCEPT' }) },
  { pattern: /⟂ (?:OFFSET|FETCH)\b/i, say: () => ({ problem: 'rows are counted with TOP', instead: ROWS }) },
  {
    pattern: /⟂ QUALIFY\b/i,
    say: () => ({
      problem: 'there is no QUALIFY',
      instead: 'name the window’s column, and filter in the next statement: ranked WHERE rank == 1',
    }),
  },
  {
    pattern: /⟂ NATURAL\b/i,
    say: () => ({ problem: 'there is no NATURAL JOIN', instead: 'write JOIN … ON a.key == b.key' }),
  },
  {
    pattern: /⟂ OUTER APPLY\b/i,
    say: () => ({ problem: 'there is no OUTER APPLY', instead: 'write CROSS APPLY EXPLODE(list) AS name' }),
  },
  {
    pattern: /(?<!LEFT |RIGHT |FULL )⟂ OUTER\b/,
    say: () => ({
      problem: 'OUTER does not say which side keeps its rows',
      instead: 'write LEFT JOIN, RIGHT JOIN or FULL JOIN',
    }),
  },
  {
    pattern: /\bJOIN \S+(?: AS \S+)? USING ⟂ \( (\S+)/,
    say: ([, key]) => ({ problem: 'a JOIN has no USING', instead: `write ON a.${key} == b.${key}` }),
  },
  {
    pattern: /\bFROM \S+(?: AS \S+)? ⟂ ,/,
    say: () => ({
      problem: 'sources are not separated by commas',
      instead: 'write JOIN … ON …, or CROSS JOIN for all pairs',
    }),
  },
  {
    pattern: /\bAPPLY ⟂ (\S+)/,
    expected: 'EXPLODE',
    say: ([, list]) => ({
      problem: 'CROSS APPLY takes EXPLODE',
      instead: `write CROSS APPLY EXPLODE(${list}) AS name`,
    }),
  },
  {
    pattern: /\bSELECT (?:(?:(?!FROM\b)\S)+ )*⟂ (?:EXPLODE|explode|UNNEST) \(/,
    say: () => ({
      problem: 'EXPLODE makes rows, so it does not stand among the items',
      instead: 'write FROM … CROSS APPLY EXPLODE(list) AS name',
    }),
  },
  {
    pattern: /\bSELECT (?:DISTINCT )?⟂ FROM\b/,
    say: () => ({ problem: 'this SELECT lists no columns', instead: 'write * for all of them' }),
  },
  {
    pattern: /\bSELECT (?:(?:(?!(?:FROM|WHERE|HAVING|ON|\()\b)[^(\s])+ )*([\w$]+) ⟂ = (\S+)/,
    back: 1,
    say: ([, name, value]) => ({
      problem: 'an item gets its name by AS, behind it',
      instead: `write ${value} AS ${name}; a comparison is written ==`,
    }),
  },
  {
    pattern: /\bEXTRACT ⟂ \*/,
    say: () => ({
      problem: 'EXTRACT names the columns it reads',
      instead: 'list them with their types: EXTRACT id: int, name: string',
    }),
  },
  {
    pattern: /\bEXTRACT (?:.*, )?(int|long|float|double|string|str|bool|bytes|datetime|json) ⟂ ([\w$]+)/,
    back: 1,
    say: ([, type, name]) => ({
      problem: 'the type of a column stands behind its name',
      instead: `write ${name}: ${type}`,
    }),
  },
  {
    pattern: /: (\w*char\w*|text|decimal|numeric) ⟂ \(/i,
    back: 1,
    say: ([, type = '']) => ({
      problem: 'a type has no length',
      instead: /char|text/i.test(type) ? 'write string' : 'write float, or long for whole numbers',
    }),
  },
  {
    pattern: /: \w+ (?:\[ ⟂|⟂ <) (?:< )?(\w+)/,
    say: ([, type]) => ({
      problem: 'a type has no parameters',
      instead: `write ${type}? for what may be null, ${type}[] for a list`,
    }),
  },
  {
    pattern: /: (\S+(?: \[ \])?) ⟂ (?:NOT )?NULL\b/i,
    say: ([, type]) => ({
      problem: 'whether a column may be null is a part of its type',
      instead: `write ${type?.replaceAll(' ', '')}, or ${type?.replaceAll(' ', '')}? for one that may be null`,
    }),
  },
  {
    pattern: /\bREDUCE (?:\S+ )?⟂ (?:BY|GROUP)\b/i,
    say: () => ({ problem: 'REDUCE takes its groups with ON', instead: 'write REDUCE name ON column' }),
  },
  {
    pattern: /\bASSERT .*⟂(?! else\b)/i,
    expected: 'ELSE',
    say: () => ({
      problem: 'this ASSERT does not say what happens to the rows where it does not hold',
      instead: 'add ELSE and an action: ELSE DROP, ELSE ROUTE TO rejected, ELSE ABORT "why"',
    }),
  },
  {
    pattern: /⟂ THEN\b/i,
    expected: 'an action',
    say: () => ({
      problem: 'WHEN has no THEN outside of CASE',
      instead: 'write the action right behind the condition',
    }),
  },
  {
    pattern: /⟂ (SKIP|IGNORE|CONTINUE|PASS|REJECT|FAIL|STOP|NULL)\b/i,
    expected: 'an action',
    say: ([, word]) => ({
      problem: `there is no action ${word}`,
      instead:
        'write DROP to leave the row out, KEEP to let it pass, ROUTE TO name to set it aside, ABORT to end the job',
    }),
  },
];
