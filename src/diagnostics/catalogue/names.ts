import { didYouMeanHelp } from '../did-you-mean.ts';
import { entry } from './entry.ts';
import { LINES, OUT, SALES, type Unknown } from './example.ts';

/** PS2xxx: names of rowsets, columns, types, parameters, settings and hints. */
export const names = {
  PS2001: entry<Unknown>({
    title: 'a rowset that is not defined',
    severity: 'error',
    message: ({ name }) => `there is no rowset ${name} here`,
    help: ({ suggestion }) => didYouMeanHelp(suggestion),
    why: 'A statement reads rowsets that earlier statements assigned, or that a clause routed rows to.',
    example: `${LINES}OUTPUT lnies TO "b.txt";\nOUTPUT lines TO "c.txt";\n`,
    cure: `${LINES}${OUT}`,
  }),
  PS2002: entry<{ readonly name: string }>({
    title: 'a rowset used before its definition',
    severity: 'error',
    message: ({ name }) => `${name} is defined only further down`,
    help: () => 'move this statement below the definition',
    why: 'Statements are read in order, so that a name can be assigned again; a ROUTE TO defines its name where it stands.',
    example: `OUTPUT rejects TO "r.csv";\n${LINES}kept = lines ASSERT line != "" ELSE ROUTE TO rejects;\nOUTPUT kept TO "b.txt";\n`,
    cure: `${LINES}kept = lines ASSERT line != "" ELSE ROUTE TO rejects;\nOUTPUT kept TO "b.txt";\nOUTPUT rejects TO "r.csv";\n`,
  }),
  PS2003: entry<Unknown & { readonly columns: readonly string[] }>({
    title: 'a column that the rowset does not have',
    severity: 'error',
    message: ({ name }) => `there is no column ${name} here`,
    help: ({ name, suggestion, columns }) =>
      name.includes('${')
        ? 'backticks are for names; join the parts of a text with +: "…" + name + "…"'
        : (didYouMeanHelp(suggestion) ?? columnList(columns)),
    why: 'Columns come from EXTRACT, from PRODUCE and from the items of a SELECT; a SELECT passes on only what it lists.',
    example: `${SALES}r = REDUCE sales ON regoin USING First(value = amount);\nOUTPUT r TO "b.csv";\n`,
    cure: `${SALES}r = REDUCE sales ON region USING First(value = amount);\nOUTPUT r TO "b.csv";\n`,
  }),
  PS2006: entry<{ readonly clause: string }>({
    title: 'a clause with no rowset before it',
    severity: 'error',
    message: ({ clause }) => `${clause} names no rowset, and no statement before it made one`,
    help: () => 'name the rowset it works on, or EXTRACT one first',
    why: 'A clause that names no input takes the rowset of the statement before it.',
    example: 'OUTPUT TO "b.txt";\n',
    cure: 'EXTRACT line: string FROM "a.txt";\nOUTPUT TO "b.txt";\n',
  }),
  PS2031: entry<{ readonly name: string }>({
    title: 'a parameter that nothing uses',
    severity: 'warning',
    message: ({ name }) => `nothing uses @${name}`,
    help: () => null,
    why: 'A --param for it would have no effect.',
    example: `DECLARE @min: int = 3;\n${LINES}${OUT}`,
    cure: `DECLARE @min: int = 3;\n${LINES}long = lines WHERE line.length >= @min;\nOUTPUT long TO "b.txt";\n`,
  }),
  PS2032: entry<Unknown>({
    title: 'a type that does not exist',
    severity: 'error',
    message: ({ name }) => `there is no type ${name}`,
    help: ({ suggestion }) =>
      didYouMeanHelp(suggestion) ?? 'the types are string, int, long, float, bool, bytes, datetime, json, T[] and T?',
    why: 'Types are few, and each says exactly which values fit.',
    example: 'lines = EXTRACT line: varchar FROM "a.txt";\nOUTPUT lines TO "b.txt";\n',
    cure: `${LINES}${OUT}`,
  }),
  PS2033: entry<{ readonly name: string }>({
    title: 'a parameter declared twice',
    severity: 'error',
    message: ({ name }) => `@${name} is already declared`,
    help: () => 'declare a further parameter under another name',
    why: 'A parameter is constant for the whole run.',
    example: `DECLARE @f: string = "a.txt";\nDECLARE @f: string = "b.txt";\nlines = EXTRACT line: string FROM @f;\nOUTPUT lines TO "c.txt";\n`,
    cure: `DECLARE @f: string = "a.txt";\nlines = EXTRACT line: string FROM @f;\nOUTPUT lines TO "c.txt";\n`,
  }),
  PS2034: entry<{ readonly name: string }>({
    title: 'a parameter whose type cannot be told',
    severity: 'error',
    message: ({ name }) => `the type of @${name} cannot be told from its value`,
    help: ({ name }) => `write it: DECLARE @${name}: string? = …`,
    why: 'null fits every T?, so its type must be written.',
    example: `DECLARE @x = null;\n${LINES}long = lines WHERE line == @x;\nOUTPUT long TO "b.txt";\n`,
    cure: `DECLARE @x: string? = null;\n${LINES}long = lines WHERE line == @x;\nOUTPUT long TO "b.txt";\n`,
  }),
  PS2035: entry<Unknown>({
    title: 'a --param that the script does not declare',
    severity: 'error',
    message: ({ name }) => `--param ${name}: the script declares no @${name}`,
    help: ({ suggestion }) => didYouMeanHelp(suggestion === null ? null : `--param ${suggestion}=…`),
    why: 'A mistyped parameter would otherwise leave the default in place.',
    example: `// pyscope run job.scope --param n=1\n${LINES}${OUT}`,
    cure: `${LINES}${OUT}`,
  }),
  PS2036: entry<{ readonly name: string; readonly type: string; readonly text: string }>({
    title: 'a --param that does not fit its type',
    severity: 'error',
    message: ({ name, type, text }) => `--param ${name}=${text}: that is not a value of type ${type}`,
    help: ({ type }) => PARAMETER_FORMS.get(type) ?? null,
    why: 'A parameter has the type its DECLARE gives it.',
    example: `// pyscope run job.scope --param min=three\nDECLARE @min: int = 3;\n${LINES}long = lines WHERE line.length >= @min;\nOUTPUT long TO "b.txt";\n`,
    cure: `// pyscope run job.scope --param min=3\nDECLARE @min: int = 3;\n${LINES}long = lines WHERE line.length >= @min;\nOUTPUT long TO "b.txt";\n`,
  }),
  PS2037: entry<Unknown & { readonly known: readonly string[] }>({
    title: 'a SET option that does not exist',
    severity: 'error',
    message: ({ name }) => `there is no setting ${name}`,
    help: ({ suggestion, known }) => didYouMeanHelp(suggestion) ?? `the settings are ${known.join(', ')}`,
    why: 'Settings are a closed list, so that a mistyped one is not silently without effect.',
    example: `SET worker = 2;\n${LINES}${OUT}`,
    cure: `SET workers = 2;\n${LINES}${OUT}`,
  }),
  PS2038: entry<Unknown & { readonly known: readonly string[] }>({
    title: 'a HINT that does not exist',
    severity: 'error',
    message: ({ name }) => `there is no hint ${name}`,
    help: ({ suggestion, known }) => didYouMeanHelp(suggestion) ?? `the hints are ${known.join(', ')}`,
    why: 'Hints are a closed list, so that a mistyped one is not silently without effect.',
    example: `${LINES}long = lines WHERE line != "" HINT(batchs = 10);\nOUTPUT long TO "b.txt";\n`,
    cure: `${LINES}long = lines WHERE line != "" HINT(batch = 10);\nOUTPUT long TO "b.txt";\n`,
  }),
  PS2063: entry<{ readonly name: string; readonly value: string }>({
    title: 'a setting that is no size',
    severity: 'error',
    message: ({ name, value }) => `${name} is a size, and ${JSON.stringify(value)} is none`,
    help: () => 'write a number with its unit, such as "256MB" or "4GB"',
    why: 'Memory is given in bytes, kB, MB or GB, each 1,024 times the one before.',
    example: `SET memory = "much";\n${LINES}${OUT}`,
    cure: `SET memory = "4GB";\n${LINES}${OUT}`,
  }),
  PS2058: entry<{ readonly name: string }>({
    title: 'a setting or hint given twice',
    severity: 'error',
    message: ({ name }) => `${name} is already set`,
    help: () => 'leave one of them out',
    why: 'Which of the two would count is anyone’s guess.',
    example: `SET workers = 2;\nSET workers = 3;\n${LINES}${OUT}`,
    cure: `SET workers = 3;\n${LINES}${OUT}`,
  }),
} as const;

const PARAMETER_FORMS: ReadonlyMap<string, string> = new Map([
  ['int', 'a whole number within 32 bits, such as 42'],
  ['long', 'a whole number, such as 42'],
  ['float', 'a number, such as 0.5'],
  ['bool', 'true or false'],
  ['datetime', 'an ISO 8601 date, such as 2020-12-31 or 2020-12-31T23:59:59Z'],
  ['json', 'a JSON text'],
]);

function columnList(columns: readonly string[]): string | null {
  if (columns.length === 0) return null;
  const shown = columns.slice(0, 8).join(', ');
  return columns.length > 8 ? `it has ${shown}, … (${columns.length} columns)` : `it has ${shown}`;
}
