import { didYouMeanHelp } from '../did-you-mean.ts';
import { entry } from './entry.ts';

export interface Unknown {
  readonly name: string;
  readonly suggestion: string | null;
}

const LINES = 'lines = EXTRACT line: string FROM "a.txt";\n';
const SALES = 'sales = EXTRACT region: string, amount: int, note: string? FROM "sales.csv";\n';

/** A script that selects one expression over lines (`line: string`). */
function selecting(expression: string): string {
  return `${LINES}r = SELECT ${expression} AS x FROM lines;\nOUTPUT r TO "b.csv";\n`;
}

/** A script that selects one expression over sales (`region: string, amount: int, note: string?`). */
function ofSales(expression: string): string {
  return `${SALES}r = SELECT ${expression} AS x FROM sales;\nOUTPUT r TO "b.csv";\n`;
}

/** A script that filters sales by a condition. */
function whereSales(condition: string): string {
  return `${SALES}r = sales WHERE ${condition};\nOUTPUT r TO "b.csv";\n`;
}

/** PS3xxx: types of expressions. */
export const types = {
  PS3001: entry<{ readonly name: string; readonly choices: readonly string[] }>({
    title: 'a column that several sources have',
    severity: 'error',
    message: ({ name }) => `${name} is a column of more than one source`,
    help: ({ choices }) => `say which: ${choices.join(' or ')}`,
    why: 'Behind a join both sides stay visible; a name that both have says nothing until it is qualified.',
    example: `${SALES}r = SELECT region FROM sales AS a JOIN sales AS b ON a.amount == b.amount;\nOUTPUT r TO "b.csv";\n`,
    cure: `${SALES}r = SELECT a.region FROM sales AS a JOIN sales AS b ON a.amount == b.amount;\nOUTPUT r TO "b.csv";\n`,
  }),
  PS3002: entry<Unknown>({
    title: 'a parameter that is not declared',
    severity: 'error',
    message: ({ name }) => `there is no parameter @${name}`,
    help: ({ name, suggestion }) =>
      suggestion === null ? `declare it first: DECLARE @${name} = …;` : didYouMeanHelp(`@${suggestion}`),
    why: 'Parameters are declared with a default value, so that a script says what it can be given.',
    example: whereSales('amount > @least'),
    cure: `DECLARE @least: int = 10;\n${whereSales('amount > @least')}`,
  }),
  PS3003: entry<Unknown>({
    title: 'a function that does not exist',
    severity: 'error',
    message: ({ name }) => `there is no function ${name}`,
    help: ({ name, suggestion }) =>
      didYouMeanHelp(suggestion) ??
      `a function of a module is imported first: IMPORT { ${name} } FROM "./functions.ts";`,
    why: 'An expression can call the functions of docs/functions.md and those it imports, and nothing else of JavaScript.',
    example: selecting('parsDate(line)'),
    cure: selecting('parseDate(line)'),
  }),
  PS3004: entry<Unknown & { readonly type: string; readonly hint: string | null }>({
    title: 'a member that the type does not have',
    severity: 'error',
    message: ({ name, type }) => `${type} has no member ${name}`,
    help: ({ suggestion, hint }) => hint ?? didYouMeanHelp(suggestion),
    why: 'Members are those of ECMAScript that docs/functions.md lists for the type.',
    example: selecting('line.toLowercase()'),
    cure: selecting('line.toLowerCase()'),
  }),
  PS3005: entry<{ readonly name: string; readonly found: number; readonly signatures: readonly string[] }>({
    title: 'a call with too many or too few arguments',
    severity: 'error',
    message: ({ name, found }) => `${name} does not take ${found === 1 ? '1 argument' : `${found} arguments`}`,
    help: ({ signatures }) => signatures.join('  or  '),
    why: 'A call gives each required parameter a value, and no more than the function declares.',
    example: selecting('line.startsWith()'),
    cure: selecting('line.startsWith("a")'),
  }),
  PS3006: entry<{
    readonly name: string;
    readonly parameter: string;
    readonly wanted: string;
    readonly found: string;
    readonly hint: string | null;
  }>({
    title: 'an argument of another type than the parameter',
    severity: 'error',
    message: ({ name, parameter, wanted, found }) => `${parameter} of ${name} must be ${wanted}, not ${found}`,
    help: ({ hint }) => hint,
    why: 'Nothing is converted where that could lose or invent something.',
    example: selecting('line.startsWith(1)'),
    cure: selecting('line.startsWith("1")'),
  }),
  PS3007: entry<{
    readonly operator: string;
    readonly left: string;
    readonly right: string | null;
    readonly hint: string | null;
  }>({
    title: 'an operator that its operands do not have',
    severity: 'error',
    message: ({ operator, left, right }) =>
      right === null ? `${operator} does not work on ${left}` : `${operator} does not work on ${left} and ${right}`,
    help: ({ hint }) => hint,
    why: 'Arithmetic works on numbers, and + also joins strings; a text is never taken for a number.',
    example: selecting('line * 2'),
    cure: selecting('Number(line) * 2'),
  }),
  PS3008: entry<{
    readonly operator: string;
    readonly left: string;
    readonly right: string;
    readonly hint: string | null;
  }>({
    title: 'a comparison of types that have no value in common',
    severity: 'error',
    message: ({ operator, left, right }) => `${left} ${operator} ${right} compares values that can never be the same`,
    help: ({ hint }) => hint,
    why: 'A comparison never converts its sides, so that "1" and 1 are different; such a comparison would always give the same answer.',
    example: whereSales('amount == "12"'),
    cure: whereSales('amount == 12'),
  }),
  PS3009: entry<{ readonly what: string; readonly type: string; readonly hint: string }>({
    title: 'a value that may be null where one is needed',
    severity: 'error',
    message: ({ what, type }) => `${what} may be null here (${type})`,
    help: ({ hint }) => hint,
    why: 'A T? has to be narrowed (x != null), given a value for null (x ?? …) or passed by (x?.member) before it is used as a T.',
    example: ofSales('note.trim()'),
    cure: ofSales('(note ?? "").trim()'),
  }),
  PS3010: entry<{ readonly what: string; readonly found: string; readonly hint: string | null }>({
    title: 'a condition that is not a bool',
    severity: 'error',
    message: ({ what, found }) => `${what} must be bool, not ${found}`,
    help: ({ hint }) => hint,
    why: 'Nothing but true and false is a condition: whether an empty text or a 0 counts as false is said by a comparison.',
    example: whereSales('region'),
    cure: whereSales('region != ""'),
  }),
  PS3011: entry<{ readonly wanted: string; readonly found: string; readonly hint: string | null }>({
    title: 'a value that does not fit',
    severity: 'error',
    message: ({ wanted, found }) => `this must be ${wanted}, but it is ${found}`,
    help: ({ hint }) => hint,
    why: 'A value goes into a wider type by itself (int into long into float, T into T?), never into a narrower one.',
    example: 'DECLARE @least: int = "10";\n' + whereSales('amount > @least'),
    cure: 'DECLARE @least: int = 10;\n' + whereSales('amount > @least'),
  }),
  PS3012: entry<{ readonly what: string; readonly first: string; readonly other: string }>({
    title: 'values without a common type',
    severity: 'error',
    message: ({ what, first, other }) => `${what} has no one type: ${first} here, ${other} before`,
    help: () => 'convert one side: String(x), Number(x), int(x), …',
    why: 'An expression has one type, so its branches and elements must fit into one.',
    example: ofSales('amount > 0 ? amount : "none"'),
    cure: ofSales('amount > 0 ? String(amount) : "none"'),
  }),
  PS3013: entry<{ readonly operator: string }>({
    title: 'arithmetic with null',
    severity: 'error',
    message: ({ operator }) => `${operator} with null is always null`,
    help: () => 'leave the operation out, or write a value for null with ??',
    why: 'Null in arithmetic makes the result null; with the literal null that is every time.',
    example: ofSales('amount + null'),
    cure: ofSales('amount'),
  }),
  PS3014: entry<{ readonly what: string; readonly hint: string }>({
    title: 'a name that is no value',
    severity: 'error',
    message: ({ what }) => `${what} is no value`,
    help: ({ hint }) => hint,
    why: 'Namespaces, functions and sources are used through what they hold: Math.abs(x), a.column.',
    example: selecting('Math'),
    cure: selecting('Math.PI'),
  }),
  PS3015: entry<{ readonly name: string; readonly where: string }>({
    title: 'an aggregate where there is no group',
    severity: 'error',
    message: ({ name, where }) => `${name} cannot stand ${where}`,
    help: () => 'aggregates stand in the items, HAVING and ORDER BY of a SELECT',
    why: 'An aggregate takes the rows of a group, so it can stand only where groups are known.',
    example: whereSales('amount > AVG(amount)'),
    cure: `${SALES}r = SELECT region, AVG(amount) AS mean FROM sales GROUP BY region HAVING AVG(amount) > 10;\nOUTPUT r TO "b.csv";\n`,
  }),
  PS3016: entry<{ readonly name: string; readonly where: string }>({
    title: 'a window function where rows are not complete',
    severity: 'error',
    message: ({ name, where }) => `${name} … OVER cannot stand ${where}`,
    help: () => 'compute it as an item of a SELECT, and use its name in the next statement',
    why: 'A window looks at the other rows of the result, so it is computed after WHERE, GROUP BY and HAVING.',
    example: `${SALES}r = SELECT region FROM sales WHERE ROW_NUMBER() OVER (ORDER BY amount) < 3;\nOUTPUT r TO "b.csv";\n`,
    cure: `${SALES}n = SELECT region, ROW_NUMBER() OVER (ORDER BY amount) AS place FROM sales;\nr = n WHERE place < 3;\nOUTPUT r TO "b.csv";\n`,
  }),
  PS3017: entry<{ readonly name: string; readonly problem: string; readonly hint: string }>({
    title: 'an aggregate or window call that does not work out',
    severity: 'error',
    message: ({ name, problem }) => `${name} ${problem}`,
    help: ({ hint }) => hint,
    why: 'Each aggregate and window function has its form: COUNT(*), SUM(x), RANK() OVER (ORDER BY x), NTILE(4) OVER (…).',
    example: ofSales('ROW_NUMBER()'),
    cure: ofSales('ROW_NUMBER() OVER (ORDER BY amount)'),
  }),
  PS3018: entry<{ readonly name: string; readonly found: string; readonly wanted: string }>({
    title: 'an aggregate of values it does not work on',
    severity: 'error',
    message: ({ name, found, wanted }) => `${name} works on ${wanted}, not on ${found}`,
    help: () => 'convert the value first: Number(x), String(x)',
    why: 'SUM, AVG, STDEV and VAR need numbers; MIN and MAX need values with an order.',
    example: ofSales('SUM(region)'),
    cure: ofSales('SUM(amount)'),
  }),
  PS3019: entry<{ readonly name: string }>({
    title: 'a lineage function of something that is not a column',
    severity: 'error',
    message: ({ name }) => `${name} takes a column`,
    help: ({ name }) => `write ${name}(column), with a column of the input`,
    why: 'attempts and original look up the repairs of the step that computed a column; a computed value has no such step.',
    example: `${LINES}r = lines WHERE attempts(line.trim()) == 0;\nOUTPUT r TO "b.csv";\n`,
    cure: `${LINES}r = lines WHERE attempts(line) == 0;\nOUTPUT r TO "b.csv";\n`,
  }),
  PS3020: entry<{ readonly problem: string }>({
    title: 'a constant that cannot be computed',
    severity: 'error',
    message: ({ problem }) => problem,
    why: 'What is made of constants alone is computed when the script is checked, and this would fail on every row.',
    example: ofSales('amount / 0'),
    cure: ofSales('amount / 10'),
  }),
  PS3021: entry<{ readonly type: string; readonly index: string }>({
    title: 'an index where there are no elements',
    severity: 'error',
    message: ({ type, index }) => `${type} has no elements to look up by ${index}`,
    help: () => 'strings and arrays have elements by number, json also by string',
    why: 'x[i] takes the i-th element from 0 and is null outside.',
    example: ofSales('amount[0]'),
    cure: ofSales('region[0]'),
  }),
  PS3022: entry<{ readonly name: string; readonly property: boolean }>({
    title: 'a property that is called, or a method that is not',
    severity: 'error',
    message: ({ name, property }) =>
      property ? `${name} is a property, not a method` : `${name} is a method, so it has to be called`,
    help: ({ name, property }) => (property ? `write .${name} without parentheses` : `write .${name}(…)`),
    why: 'As in ECMAScript, length is a property and everything else of a string or array is a method.',
    example: selecting('line.length()'),
    cure: selecting('line.length'),
  }),
  PS3023: entry<{ readonly written: string; readonly instead: string }>({
    title: 'a function of another language',
    severity: 'error',
    message: ({ written }) => `${written} is not known here`,
    help: ({ instead }) => `write ${instead}`,
    why: 'Expressions are TypeScript expressions: what SQL, C# or Python call by another name has its ECMAScript name here.',
    example: selecting('LEN(line)'),
    cure: selecting('line.length'),
  }),
  PS3024: entry<{ readonly problem: string }>({
    title: 'a pattern that cannot be read',
    severity: 'error',
    message: ({ problem }) => problem,
    why: 'Constant patterns of regex, LIKE, parseDate and formatDate are read when the script is checked.',
    example: selecting('regex("(").test(line)'),
    cure: selecting('regex("\\\\(").test(line)'),
  }),
  PS3025: entry<{ readonly what: string; readonly always: boolean }>({
    title: 'a test for null of something that is never null',
    severity: 'warning',
    message: ({ what, always }) => `${what} is never null, so this is always ${always}`,
    help: () => 'leave the test out, or declare the column with ? where it can be null',
    why: 'Only a T? holds null; the test is most likely meant for another column, or for the empty text.',
    example: whereSales('region != null'),
    cure: whereSales('note != null'),
  }),
  PS3026: entry<{ readonly what: string }>({
    title: 'a ?? whose left side is never null',
    severity: 'warning',
    message: ({ what }) => `${what} is never null, so the right side of ?? is never used`,
    help: () => 'leave ?? and its right side out, or declare the column with ? where it can be null',
    why: 'x ?? y gives y only where x is null; an empty text or 0 is not null.',
    example: ofSales('region ?? "none"'),
    cure: ofSales('note ?? "none"'),
  }),
  PS3027: entry<object>({
    title: 'an empty array of no type',
    severity: 'error',
    message: () => 'nothing says what this empty array would hold',
    help: () => 'give it elements, or use it where an array type is expected',
    why: 'An array has one element type; an empty literal takes it from its place, such as x ?? [].',
    example: ofSales('[]'),
    cure: ofSales('[amount]'),
  }),
  PS3028: entry<{ readonly problem: string }>({
    title: 'a window frame that holds no row',
    severity: 'error',
    message: ({ problem }) => problem,
    help: () => 'for example ROWS BETWEEN 2 PRECEDING AND CURRENT ROW',
    why: 'A frame runs from its start to its end, counted in whole rows from the current one.',
    example: ofSales('SUM(amount) OVER (ORDER BY amount ROWS BETWEEN CURRENT ROW AND 2 PRECEDING)'),
    cure: ofSales('SUM(amount) OVER (ORDER BY amount ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)'),
  }),
  PS3029: entry<{ readonly what: string }>({
    title: 'a regular expression used as a value',
    severity: 'error',
    message: ({ what }) => `${what} cannot be a regular expression`,
    help: () => 'use it at once: regex("…").test(x), x.replace(regex("…", "g"), "")',
    why: 'A regex is a tool of expressions; columns, arrays and branches hold values that files can hold.',
    example: selecting('regex("a")'),
    cure: selecting('regex("a").test(line)'),
  }),
} as const;
