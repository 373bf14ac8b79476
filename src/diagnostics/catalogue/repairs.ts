import { entry } from './entry.ts';
import { LINES } from './example.ts';

const SCORED = `${LINES}scored = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label;\n`;
const TWICE = `${LINES}scored = PROCESS lines USING TextClassifier(text = line, model = "m") ELSE TextClassifier(text = line, model = "n") PRODUCE label;\n`;

/** PS4xxx: repairs and the other clauses that act on rows. */
export const repairs = {
  PS4001: entry<{
    readonly repair: string;
    readonly column: string;
    readonly suggestion: string | null;
    readonly known: readonly string[];
  }>({
    title: 'a repair of a column that cannot be traced',
    severity: 'error',
    message: ({ repair, column }) =>
      `${repair} ${column}: neither these rows nor the ones they were made from have a column ${column}`,
    help: ({ suggestion, known }) =>
      suggestion === null ? `these rows have ${known.join(', ') || 'no columns'}` : `did you mean ${suggestion}?`,
    why: 'A repair changes the upstream row that a column came from, so the column must be on the way to this one.',
    example: `${LINES}fixed = lines WHEN line == "" DELETE lin;\nOUTPUT fixed TO "b.txt";\n`,
    cure: `${LINES}fixed = lines WHEN line == "" DELETE line;\nOUTPUT fixed TO "b.txt";\n`,
  }),
  PS4002: entry<{ readonly repair: string; readonly column: string; readonly choices: readonly string[] }>({
    title: 'a repair of a column that both sides have',
    severity: 'error',
    message: ({ repair, column }) => `${repair} ${column}: both sides of the join have a column ${column}`,
    help: ({ choices }) =>
      choices.length === 0
        ? 'name the sides with AS, and the column as a.column'
        : `say which: ${choices.join(' or ')}`,
    why: 'The two sides come from different rows, and only one of them is meant.',
    example: `${LINES}j = SELECT a.line.length AS n FROM lines AS a JOIN lines AS b ON a.line == b.line WHEN n == 0 DELETE line;\nOUTPUT j TO "b.csv";\n`,
    cure: `${LINES}j = SELECT a.line.length AS n FROM lines AS a JOIN lines AS b ON a.line == b.line WHEN n == 0 DELETE a.line;\nOUTPUT j TO "b.csv";\n`,
  }),
  PS4003: entry<{ readonly repair: string; readonly first: string; readonly other: string }>({
    title: 'one repair of columns that different steps computed',
    severity: 'error',
    message: ({ repair, first, other }) =>
      `${other} is computed by another step than ${first}, so one ${repair} cannot change both`,
    help: ({ repair }) => `write a ${repair} for each`,
    why: 'A repair goes back to the one step that computed its columns, and enters the dataflow again right behind it.',
    example: `${SCORED}fixed = scored WHEN label == "" EDIT line = "x", label = "y" LIMIT 1;\nOUTPUT fixed TO "b.csv";\n`,
    cure: `${SCORED}fixed = scored WHEN label == "" EDIT line = "x" LIMIT 1;\nOUTPUT fixed TO "b.csv";\n`,
  }),
  PS4004: entry<{ readonly column: string; readonly wanted: string; readonly found: string; readonly where: string }>({
    title: 'a repaired value that does not fit its column',
    severity: 'error',
    message: ({ column, wanted, found, where }) =>
      `${column} is ${wanted} where ${where} computes it; ${found} does not fit`,
    help: ({ wanted, found }) =>
      found === `${wanted}?` || found === 'null' ? 'give a value for null: value ?? …' : null,
    why: 'The repaired row takes the place of the original one, so it must have the same types.',
    example: `${LINES}fixed = lines WHEN line == "" EDIT line = 1 LIMIT 1;\nOUTPUT fixed TO "b.txt";\n`,
    cure: `${LINES}fixed = lines WHEN line == "" EDIT line = "1" LIMIT 1;\nOUTPUT fixed TO "b.txt";\n`,
  }),
  PS4005: entry<{ readonly column: string; readonly computedBy: string }>({
    title: 'a RETRY where there is nothing else to try',
    severity: 'error',
    message: ({ column, computedBy }) => `RETRY ${column}: ${computedBy} has no conjecture to try next`,
    help: () => 'give the PROCESS that computes it an alternative: USING A(…) ELSE B(…)',
    why: 'RETRY calls the next operator behind ELSE on the same input.',
    example: `${SCORED}fixed = scored ASSERT label != "" ELSE RETRY label;\nOUTPUT fixed TO "b.csv";\n`,
    cure: `${TWICE}fixed = scored ASSERT label != "" ELSE RETRY label;\nOUTPUT fixed TO "b.csv";\n`,
  }),
  PS4006: entry<{ readonly clause: string; readonly value: boolean }>({
    title: 'a clause that can never fire',
    severity: 'warning',
    message: ({ clause, value }) => `this ${clause} never fires: its condition is always ${value}`,
    help: () => 'leave it out, or name a column in its condition',
    why: 'A condition that does not depend on the row is usually a mistake.',
    example: `${LINES}fixed = lines WHEN 1 > 2 DROP;\nOUTPUT fixed TO "b.txt";\n`,
    cure: `${LINES}fixed = lines WHEN line == "" DROP;\nOUTPUT fixed TO "b.txt";\n`,
  }),
  PS4007: entry<{ readonly clause: string; readonly value: boolean }>({
    title: 'a clause that always fires',
    severity: 'warning',
    message: ({ clause, value }) => `this ${clause} fires on every row: its condition is always ${value}`,
    help: ({ clause }) =>
      clause === 'WHEN' ? 'write the action alone when that is meant' : 'name a column in its condition',
    why: 'A condition that does not depend on the row is usually a mistake.',
    example: `${LINES}fixed = lines WHEN 2 > 1 ROUTE TO all;\nOUTPUT fixed TO "b.txt";\nOUTPUT all TO "c.csv";\n`,
    cure: `${LINES}fixed = lines ROUTE TO all;\nOUTPUT fixed TO "b.txt";\nOUTPUT all TO "c.csv";\n`,
  }),
  PS4008: entry<{ readonly column: string; readonly other: string }>({
    title: 'clauses that undo each other',
    severity: 'warning',
    message: ({ column, other }) => `what this does to ${column}, ${other} undoes, until LIMIT ends it`,
    help: () => 'make the conditions exclude each other: attempts(column) == 0 is true only before the first repair',
    why: 'A repaired row passes all clauses again; two that answer each other go on until the LIMIT.',
    example: `${LINES}fixed = lines WHEN line == "a" EDIT line = "b" LIMIT 2 ELSE DROP WHEN line == "b" EDIT line = "a" LIMIT 2 ELSE DROP;\nOUTPUT fixed TO "b.txt";\n`,
    cure: `${LINES}fixed = lines WHEN line == "a" EDIT line = "b" LIMIT 2 ELSE DROP WHEN line == "c" EDIT line = "b" LIMIT 2 ELSE DROP;\nOUTPUT fixed TO "b.txt";\n`,
  }),
  PS4009: entry<{ readonly repair: string }>({
    title: 'a back edge without LIMIT',
    severity: 'note',
    message: ({ repair }) => `this ${repair} may run 8 times on one row before the job is aborted`,
    help: () => 'say how often, and what then: LIMIT 2 ELSE ROUTE TO unrepaired',
    why: 'A repaired row passes this clause again. Without LIMIT it is 8, and without ELSE the action after it is ABORT.',
    example: `${LINES}fixed = lines WHEN line == "" EDIT line = "empty";\nOUTPUT fixed TO "b.txt";\n`,
    cure: `${LINES}fixed = lines WHEN line == "" EDIT line = "empty" LIMIT 1;\nOUTPUT fixed TO "b.txt";\n`,
  }),
  PS4010: entry<{ readonly column: string; readonly through: string }>({
    title: 'an APPEND that multiplies',
    severity: 'warning',
    message: ({ column, through }) =>
      `APPEND ${column} copies every row behind this one, and the way back goes through ${through}: without LIMIT the copies multiply`,
    help: () => 'bound it: LIMIT 1',
    why: 'A row behind a group or a join comes from many rows; each gets a copy, and the copies change the group again.',
    example:
      'sales = EXTRACT region: string, amount: int FROM "a.csv";\ns = SELECT region, SUM(amount) AS total FROM sales GROUP BY region WHEN total < 0 APPEND amount = 0;\nOUTPUT s TO "b.csv";\n',
    cure: 'sales = EXTRACT region: string, amount: int FROM "a.csv";\ns = SELECT region, SUM(amount) AS total FROM sales GROUP BY region WHEN total < 0 APPEND amount = 0 LIMIT 1;\nOUTPUT s TO "b.csv";\n',
  }),
  PS4011: entry<object>({
    title: 'a RETRY … TIMES that does not follow ON ERROR',
    severity: 'error',
    message: () => 'RETRY … TIMES calls an operator again that failed, so it stands only behind ON ERROR',
    help: () => 'for the next conjecture write RETRY column; for a failing operator ON ERROR RETRY 3 TIMES',
    why: 'An operator that answered would give the same answer again.',
    example: `${TWICE}fixed = scored WHEN label == "" RETRY 3 TIMES;\nOUTPUT fixed TO "b.csv";\n`,
    cure: `${TWICE}fixed = scored WHEN label == "" RETRY label;\nOUTPUT fixed TO "b.csv";\n`,
  }),
  PS4012: entry<object>({
    title: 'an ON ERROR where nothing can fail',
    severity: 'error',
    message: () => 'nothing is computed here that could fail',
    help: () => 'put ON ERROR behind the EXTRACT, SELECT, PROCESS, REDUCE or COMBINE that may fail',
    why: 'ON ERROR catches errors of the step it stands behind, not of steps before it.',
    example: `${LINES}same = lines ON ERROR DROP;\nOUTPUT same TO "b.txt";\n`,
    cure: 'lines = EXTRACT line: string FROM "a.txt" ON ERROR DROP;\nOUTPUT lines TO "b.txt";\n',
  }),
  PS4013: entry<object>({
    title: 'a second ON ERROR',
    severity: 'error',
    message: () => 'this step already has an ON ERROR, so this one would never fire',
    help: () => 'write one ladder: ON ERROR RETRY 3 TIMES ELSE DROP',
    why: 'The first ON ERROR takes every error of its step.',
    example: 'lines = EXTRACT line: string FROM "a.txt" ON ERROR DROP ON ERROR ABORT;\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt" ON ERROR DROP;\nOUTPUT lines TO "b.txt";\n',
  }),
  PS4014: entry<{ readonly action: string; readonly reason: string; readonly cure: string | null }>({
    title: 'an action that has nothing to act on after an error',
    severity: 'error',
    message: ({ action, reason }) => `${action} cannot follow ON ERROR: ${reason}`,
    help: ({ cure }) => cure ?? 'DROP the row, ROUTE it TO a rowset of its own, or ABORT',
    why: 'A step that failed on a row made no output row that could be changed, nor kept: KEEP has null for what an operator would have produced, so that must be nullable.',
    example: 'lines = EXTRACT line: string FROM "a.txt" ON ERROR KEEP;\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt" ON ERROR ROUTE TO bad;\nOUTPUT lines TO "b.txt";\nOUTPUT bad TO "c.csv";\n',
  }),
  PS4015: entry<{ readonly operator: string; readonly input: string; readonly repair: string }>({
    title: 'an operator that repairs a computed input',
    severity: 'error',
    message: ({ operator, input, repair }) =>
      `${operator} may ${repair} the column of its input ${input}, so that must be a plain column`,
    help: ({ input }) => `compute it in a SELECT first, and bind the column: ${input} = column`,
    why: 'A repair goes back to the row a column came from; an expression comes from no single column.',
    example: `IMPORT { SpellChecker } FROM "./operators.ts";\n${LINES}p = PROCESS lines USING SpellChecker(text = line.trim());\nOUTPUT p TO "b.csv";\n`,
    cure: `IMPORT { SpellChecker } FROM "./operators.ts";\n${LINES}p = PROCESS lines USING SpellChecker(text = line);\nOUTPUT p TO "b.csv";\n`,
  }),
  PS4016: entry<{ readonly repair: string; readonly column: string }>({
    title: 'a column that one repair changes twice',
    severity: 'error',
    message: ({ repair, column }) => `this ${repair} already gives ${column} a value`,
    help: () => 'leave one of them out',
    why: 'Which of the two would count is anyone’s guess.',
    example: `${LINES}fixed = lines WHEN line == "" EDIT line = "x", line = "y" LIMIT 1;\nOUTPUT fixed TO "b.txt";\n`,
    cure: `${LINES}fixed = lines WHEN line == "" EDIT line = "x" LIMIT 1;\nOUTPUT fixed TO "b.txt";\n`,
  }),
  PS4017: entry<{ readonly step: string }>({
    title: 'a RETRY … TIMES that changes nothing',
    severity: 'warning',
    message: ({ step }) => `${step} fails in the same way each time, so RETRY … TIMES does nothing here`,
    help: () => 'write what is behind its ELSE alone: ON ERROR DROP',
    why: 'Only an operator, which may ask a service or a machine, can succeed where it failed before.',
    example: 'lines = EXTRACT line: string FROM "a.txt" ON ERROR RETRY 3 TIMES ELSE DROP;\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt" ON ERROR DROP;\nOUTPUT lines TO "b.txt";\n',
  }),
  PS4018: entry<{ readonly repair: string; readonly column: string }>({
    title: 'a repair of an element that no row has',
    severity: 'error',
    message: ({ repair, column }) =>
      `${repair} ${column}: the SELECT that explodes ${column} does not hand it on, so no row has one to change`,
    help: ({ column }) => `hand it on: SELECT …, ${column} FROM …; or repair the column that the SELECT makes of it`,
    why: 'A repair changes a row behind the step that computed its column. What a step needed on the way is not in its rows.',
    example: `${LINES}words = SELECT word.trim() AS w FROM lines CROSS APPLY EXPLODE(line.split(" ")) AS word WHEN w == "" EDIT word = "x" LIMIT 1;\nOUTPUT words TO "b.csv";\n`,
    cure: `${LINES}words = SELECT word.trim() AS w FROM lines CROSS APPLY EXPLODE(line.split(" ")) AS word WHEN w == "" EDIT w = "x" LIMIT 1;\nOUTPUT words TO "b.csv";\n`,
  }),
} as const;
