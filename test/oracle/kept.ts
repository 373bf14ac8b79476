/** Random programs on which the runtime or the reference once was wrong, shrunk. */
import type { Value } from '../../src/typecheck/types.ts';
import type { Program } from './programs.ts';

export interface Kept extends Program {
  /** What the program holds to. */
  readonly holds: string;
}

/** A program over r0 that writes all the rowsets that it names. */
function kept(holds: string, statements: readonly string[], rows: readonly (readonly Value[])[]): Kept {
  const lines = ['r0 = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader()', ...statements];
  const outputs = lines.map((line) => line.split(' ')[0] ?? '').map((name) => `OUTPUT ${name} TO "${name}.csv"`);
  return { holds, rows, text: [IMPORTS, ...lines, ...outputs].map((line) => `${line};`).join('\n') };
}

const IMPORTS = 'IMPORT { Adder, Fixer, Judge, Pairer, Trimmer } FROM "./operators.ts"';
const LABELS = 'USING TextClassifier(text = k, model = "m") PRODUCE label';

export const KEPT: readonly Kept[] = [
  kept(
    'a step behind a region fails on settled rows only',
    [
      'r1 = r0 WHEN x < 3 EDIT k = k + "!" LIMIT 1 ELSE KEEP',
      'r2 = SELECT x + 0 AS x, k FROM r1',
      'r3 = r2 WHEN x < 3 EDIT x = x + 1 LIMIT 1 ELSE DROP',
      `r4 = PROCESS r3 ${LABELS}`,
    ],
    [[0, 'a']],
  ),
  kept(
    'a step behind a group fails on settled rows only',
    [
      'r1 = SELECT k, SUM(x) AS x FROM r0 GROUP BY k',
      'r2 = PROCESS r1 USING Fixer(n = x, text = k) PRODUCE note ON ERROR EDIT x = x + 1 LIMIT 2 ELSE DROP',
      `r3 = PROCESS r2 ${LABELS}`,
      'r4 = PROCESS r0 USING Fixer(n = x, text = k) PRODUCE note ON ERROR EDIT k = k + "!" LIMIT 2 ELSE DROP',
    ],
    [[7, 'a']],
  ),
  kept(
    'a DISTINCT numbers its rows anew, also those of one source row',
    [
      'r1 = SELECT x + 0 AS x, k FROM r0',
      'r2 = SELECT DISTINCT x, k FROM r1',
      'r3 = (SELECT x, k FROM r2) UNION (SELECT x, k FROM r2)',
      'r4 = r1 WHEN x < 3 APPEND x = x + 1 LIMIT 1 ELSE DROP',
    ],
    [[0, 'a']],
  ),
  kept(
    'branches interleave by source rows that lie outside their region',
    [
      'r1 = SELECT a.x AS x, b.k AS k FROM r0 AS a JOIN r0 AS b ON a.k == b.k',
      'r2 = SELECT x + 0 AS x, k FROM r1',
      'r3 = (SELECT x, k FROM r2) UNION (SELECT x + 5 AS x, k FROM r2)',
      'r4 = r3 WHEN x == 2 EDIT x = x + 1 LIMIT 1 ELSE KEEP',
    ],
    [
      [1, 'a'],
      [2, 'a'],
    ],
  ),
  kept(
    'a join with what another loop has settled is row-wise',
    [
      'r1 = REDUCE r0 ON k PRESORT x DESC USING Trimmer(n = x) PRODUCE total AS x',
      'r2 = SELECT x + 0 AS x, k FROM r1',
      'r3 = SELECT a.x AS x, b.k AS k FROM r2 AS a JOIN r0 AS b ON a.k == b.k && a.x <= b.x',
      'r4 = r3 WHEN x % 3 == 0 EDIT x = x + 1 LIMIT 1 ELSE DROP',
      'r5 = r4 WHERE attempts(k) < 2',
      'r6 = r2 WHEN x % 3 == 0 APPEND x = x + 1 LIMIT 1 ELSE DROP',
    ],
    [[0, 'a']],
  ),
  kept(
    'an APPEND does not fire for ever where its group comes back to the members it had',
    [
      'r1 = SELECT k, SUM(x) AS x FROM r0 GROUP BY k WHEN x == 3 APPEND x = 10 LIMIT 2 ELSE KEEP',
      'r2 = SELECT DISTINCT x, k FROM r0 WHEN x == 10 DELETE x LIMIT 1 ELSE KEEP',
    ],
    [
      [1, 'a'],
      [2, 'a'],
    ],
  ),
  kept(
    'copies of one source row stand together, those of the left branch first',
    [
      'r1 = SELECT x + 0 AS x, k FROM r0',
      'r2 = r1 WHEN x == 2 && attempts(x) == 0 APPEND x = 9 LIMIT 1 ELSE KEEP',
      'r3 = r0 WHERE x != 1 WHEN k == "c" APPEND k = "d" LIMIT 1 ELSE KEEP',
      'r4 = r2 UNION r2 UNION r3',
      'r5 = (r3 UNION r3 UNION r2) WHEN x == 3 EDIT x = 4 LIMIT 1 ELSE KEEP',
    ],
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ],
  ),
  kept(
    'a group that fails counts no more when one of its members has changed',
    [
      'r1 = (SELECT SUM(12 % x) AS x, COUNT(*) AS n FROM r0) WHEN n == 99 DELETE r0.k',
      'r2 = (SELECT x, COUNT(*) AS n FROM r0 GROUP BY x) WHEN x == 0 EDIT r0.x = 5 LIMIT 1 ELSE KEEP',
    ],
    [
      [1, 'a'],
      [0, 'b'],
    ],
  ),
  kept(
    'an aggregate of no rows has a row, also when repairs have taken them all',
    ['r1 = (SELECT COUNT(*) AS x FROM r0) WHEN x == 2 DELETE r0.k LIMIT 1 ELSE KEEP'],
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ),
  kept(
    'a side of a UNION that is converted to the wider type passes its columns on',
    [
      'r1 = SELECT attempts(x) AS x, k FROM r0',
      'r2 = (SELECT x, k FROM r0) UNION (SELECT x, k FROM r1)',
      'r3 = PROCESS r2 USING Fixer(n = x, text = k) PRODUCE note',
    ],
    [[0, 'a']],
  ),
  kept(
    'a row of a branch that does not have the side of a join which a repair names has no ancestor',
    [
      'r1 = SELECT a.x AS x, a.k AS k FROM r0 AS a LEFT JOIN r0 AS b ON a.k == b.k WHEN x < 3 EDIT a.x = x + 1 LIMIT 1 ELSE DROP',
      'r2 = (SELECT x, k FROM r1) UNION (SELECT x, k FROM r0)',
      'r3 = r2 WHEN x < 3 EDIT a.x = x + 1 LIMIT 1 ELSE DROP',
    ],
    [[0, 'a']],
  ),
  kept(
    'a clause whose value failed when it looked at a row has failed, also when others reach its LIMIT later',
    [
      'r1 = SELECT a.x AS x, a.k AS k FROM r0 AS a JOIN r0 AS b ON a.k == b.k WHEN k != "b" APPEND b.x = 12 % (x - 3) LIMIT 1 ELSE DROP',
      'r2 = r1 WHERE x < 3',
    ],
    [
      [0, 'c'],
      [3, 'c'],
    ],
  ),
  kept(
    'an ABORT of ON ERROR comes at the level of its step, before repairs of higher levels',
    [
      'r1 = SELECT x, k FROM r0 ORDER BY 12 % (x - 4), k DESC',
      'r2 = PROCESS r1 USING Fixer(n = x, text = k) PRODUCE note',
      'r3 = SELECT TOP 1 x, k FROM r2',
      'r4 = REDUCE r2 ON k PRESORT x DESC USING Trimmer(n = x) PRODUCE total AS x ON ERROR ABORT',
      'r5 = SELECT a.x AS x, a.k AS k FROM r3 AS a LEFT JOIN r0 AS b ON a.k == b.k WHEN x < 3 EDIT a.x = x + 1 LIMIT 1 ELSE DROP',
      'r6 = r5 WHERE x < 3',
    ],
    [
      [0, 'c'],
      [1, 'c'],
    ],
  ),
  kept(
    'a copy of a row computed over groups has its own place among the groups, as one of a group has',
    [
      'r1 = SELECT SUM(x) AS x, MAX(k) ?? "a" AS k FROM r0 GROUP BY 12 % (x - 0)',
      'r2 = (SELECT x, k FROM r1) UNION (SELECT x, k FROM r1)',
      'r3 = REDUCE r2 ON k USING Adder(n = x, m = attempts(x)) PRODUCE total AS x',
      'r4 = r3 WHERE x < 3',
    ],
    [[1, 'a']],
  ),
  kept(
    'what is computed over groups is at their level, also where the groups lie outside its region',
    [
      'z = VALUES (3, "a"), (5, "b"), (2, "b") AS (y: long, k: string)',
      'r1 = SELECT k, SUM(x * 2000000000000000) % 8 AS x FROM r0 GROUP BY k',
      'r2 = SELECT b.y ?? a.x AS x, a.k AS k FROM r0 AS a LEFT JOIN z AS b ON a.k == b.k && a.x <= b.y',
      'r3 = SELECT x AS x, k FROM (COMBINE r2 AS a WITH (SELECT x AS y, k FROM r1) AS b ON a.k == b.k USING Pairer(n = x, m = y) PRODUCE total ON ERROR EDIT a.x = 1 LIMIT 1 ELSE DROP)',
      'r4 = REDUCE r2 ON k PRESORT x DESC USING Trimmer(n = x) PRODUCE total AS x ON ERROR EDIT x = attempts(k) + 1 LIMIT 1 ELSE DROP',
      'r5 = r4 WHEN k != "b" EDIT x = x + 1 LIMIT 2 ELSE DROP',
      'r6 = r5 WHERE x < 3',
    ],
    [[0, 'a']],
  ),
];
