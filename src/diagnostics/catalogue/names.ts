import { didYouMeanHelp } from '../did-you-mean.ts';
import { entry } from './entry.ts';

const LINES = 'lines = EXTRACT line: string FROM "a.txt";\n';
const SALES = 'sales = EXTRACT region: string, amount: int FROM "sales.csv";\n';
const OUT = 'OUTPUT lines TO "b.txt";\n';

export interface Unknown {
  readonly name: string;
  readonly suggestion: string | null;
}

/** PS2xxx: names, rowsets, columns, operators and outputs. */
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
    help: ({ suggestion, columns }) => didYouMeanHelp(suggestion) ?? columnList(columns),
    why: 'Columns come from EXTRACT, from PRODUCE and from the items of a SELECT; a SELECT passes on only what it lists.',
    example: `${SALES}r = REDUCE sales ON regoin USING First(value = amount);\nOUTPUT r TO "b.csv";\n`,
    cure: `${SALES}r = REDUCE sales ON region USING First(value = amount);\nOUTPUT r TO "b.csv";\n`,
  }),
  PS2004: entry<Unknown & { readonly role: string }>({
    title: 'an operator that is not known',
    severity: 'error',
    message: ({ name, role }) => `there is no ${role} ${name}`,
    help: ({ suggestion, name }) =>
      didYouMeanHelp(suggestion) ??
      `an operator of a module is imported first: IMPORT { ${name} } FROM "./operators.ts";`,
    why: 'Operators are built in, or imported from a TypeScript module by name.',
    example: 'lines = EXTRACT line: string FROM "a.txt" USING LinReader();\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt" USING LineReader();\nOUTPUT lines TO "b.txt";\n',
  }),
  PS2005: entry<{ readonly name: string; readonly role: string; readonly wanted: string; readonly statement: string }>({
    title: 'an operator of another kind than the statement needs',
    severity: 'error',
    message: ({ name, role, wanted, statement }) => `${name} is a ${role}, but ${statement} needs a ${wanted}`,
    help: ({ role }) => STATEMENT_OF.get(role) ?? null,
    why: 'EXTRACT reads with extractors, PROCESS calls processors, REDUCE reducers, COMBINE combiners and OUTPUT writes with outputters.',
    example: 'lines = EXTRACT line: string FROM "a.txt" USING LineWriter();\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt" USING LineReader();\nOUTPUT lines TO "b.txt";\n',
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
  PS2007: entry<Unknown & { readonly operator: string; readonly known: readonly string[] }>({
    title: 'an argument the operator does not declare',
    severity: 'error',
    message: ({ name, operator }) => `${operator} has no input or option ${name}`,
    help: ({ suggestion, known }) =>
      didYouMeanHelp(suggestion) ?? (known.length === 0 ? 'it takes no arguments' : `it has ${known.join(', ')}`),
    why: 'An operator declares its inputs and options, so that a mistyped option is not silently without effect.',
    example: `${LINES}OUTPUT lines TO "b.csv" USING CsvWriter(delimeter = ";");\n`,
    cure: `${LINES}OUTPUT lines TO "b.csv" USING CsvWriter(delimiter = ";");\n`,
  }),
  PS2008: entry<{
    readonly operator: string;
    readonly input: string;
    readonly type: string;
    readonly suggestion: string;
  }>({
    title: 'an input of an operator that is not bound',
    severity: 'error',
    message: ({ operator, input, type }) => `${operator} needs its input ${input} (${type})`,
    help: ({ input, suggestion }) => `bind it to a column or expression: ${input} = ${suggestion}`,
    why: 'Each declared input of an operator is bound by an expression over the columns of its rowset.',
    example: `${LINES}p = PROCESS lines USING TextClassifier(model = "m");\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m");\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2009: entry<{ readonly operator: string; readonly option: string; readonly doc: string }>({
    title: 'a required option that is not given',
    severity: 'error',
    message: ({ operator, option }) => `${operator} needs the option ${option}`,
    help: ({ doc }) => (doc === '' ? null : doc),
    why: 'Some options have no sensible default, such as the model of a classifier.',
    example: `${LINES}p = PROCESS lines USING TextClassifier(text = line);\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m");\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2010: entry<{ readonly operator: string; readonly name: string }>({
    title: 'an argument given twice',
    severity: 'error',
    message: ({ operator, name }) => `${operator} is given ${name} twice`,
    help: () => 'leave one of them out',
    why: 'Which of the two would count is anyone’s guess.',
    example: `${LINES}OUTPUT lines TO "b.csv" USING CsvWriter(quote = "'", quote = "|");\n`,
    cure: `${LINES}OUTPUT lines TO "b.csv" USING CsvWriter(quote = "'");\n`,
  }),
  PS2011: entry<{ readonly what: string; readonly wanted: string; readonly found: string }>({
    title: 'a value of another type than its place needs',
    severity: 'error',
    message: ({ what, wanted, found }) => `${what} must be ${wanted}, not ${found}`,
    why: 'Options, conditions, limits and bound inputs have declared types; a value is never converted where that could lose something.',
    example: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE score AS confidence: int;\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE score AS confidence: float;\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2012: entry<{
    readonly option: string;
    readonly value: string;
    readonly allowed: string;
    readonly suggestion: string | null;
  }>({
    title: 'a value the option does not know',
    severity: 'error',
    message: ({ option, value, allowed }) => `${option} cannot be ${value}; it is one of ${allowed}`,
    help: ({ suggestion }) => didYouMeanHelp(suggestion),
    why: 'Some options have a closed list of values.',
    example:
      'lines = EXTRACT line: string FROM "a.csv" USING CsvReader(encoding = "utf-9");\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.csv" USING CsvReader(encoding = "utf-8");\nOUTPUT lines TO "b.txt";\n',
  }),
  PS2013: entry<Unknown & { readonly operator: string; readonly yields: readonly string[] }>({
    title: 'a produced column the operator does not yield',
    severity: 'error',
    message: ({ operator, name }) => `${operator} yields no column ${name}`,
    help: ({ suggestion, yields, operator }) =>
      didYouMeanHelp(suggestion) ?? (yields.length === 0 ? null : `${operator} yields ${yields.join(', ')}`),
    why: 'PRODUCE picks from the columns the operator declares, and may rename them with AS.',
    example: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE lable;\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label;\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2014: entry<{ readonly name: string; readonly from: string }>({
    title: 'a produced column that the input already has',
    severity: 'error',
    message: ({ name }) => `the input already has a column ${name}, and it stays visible`,
    help: ({ name, from }) => `rename what is produced: PRODUCE ${from} AS ${name}2`,
    why: 'PROCESS adds columns to those of its input; two of one name could not be told apart.',
    example: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label AS line;\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label AS sentiment;\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2015: entry<{ readonly name: string }>({
    title: 'a WHERE that names a produced column',
    severity: 'error',
    message: ({ name }) => `WHERE filters what goes into the operator, where ${name} does not exist yet`,
    help: () => 'use HAVING to filter what comes out of it',
    why: 'As in SCOPE, the WHERE of a PROCESS runs before the operator, which saves its calls; HAVING runs after it.',
    example: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label WHERE label == "en";\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label HAVING label == "en";\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2016: entry<{ readonly first: string; readonly other: string; readonly difference: string }>({
    title: 'conjectures that yield different columns',
    severity: 'error',
    message: ({ first, other, difference }) => `${other} cannot stand in for ${first}: ${difference}`,
    help: () => 'PRODUCE only columns that all of them yield, with the same types',
    why: 'Operators behind ELSE are tried in turn on the same row, so their answers must have the same columns.',
    example: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") ELSE Translator(text = line, model = "n");\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING TextClassifier(text = line, model = "m") ELSE TextClassifier(text = line, model = "n");\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2017: entry<{ readonly name: string; readonly what: string }>({
    title: 'a column defined twice',
    severity: 'error',
    message: ({ name, what }) => `${what} already has a column ${name}`,
    help: () => 'give one of them another name',
    why: 'Columns are found by name, so a rowset has each name once.',
    example: 'lines = EXTRACT line: string, line: int FROM "a.csv";\nOUTPUT lines TO "b.csv";\n',
    cure: 'lines = EXTRACT line: string, number: int FROM "a.csv";\nOUTPUT lines TO "b.csv";\n',
  }),
  PS2018: entry<{ readonly names: readonly string[]; readonly sides: string }>({
    title: 'a * over sides that share a name',
    severity: 'error',
    message: ({ names, sides }) =>
      `* would give ${names.join(', ')} twice: ${sides} both have ${names.length === 1 ? 'it' : 'them'}`,
    help: () => 'list the columns, renaming with AS, or take one side: a.*',
    why: 'The result has each column name once.',
    example: `${LINES}j = SELECT * FROM lines AS a JOIN lines AS b ON a.line == b.line;\nOUTPUT j TO "b.csv";\n`,
    cure: `${LINES}j = SELECT a.* FROM lines AS a JOIN lines AS b ON a.line == b.line;\nOUTPUT j TO "b.csv";\n`,
  }),
  PS2019: entry<{ readonly text: string }>({
    title: 'a computed item without a name',
    severity: 'error',
    message: () => 'this item is computed, so it needs a name',
    help: ({ text }) => `name it: ${text} AS result`,
    why: 'Later statements and written files refer to columns by name.',
    example: `${LINES}s = SELECT line.length FROM lines;\nOUTPUT s TO "b.csv";\n`,
    cure: `${LINES}s = SELECT line.length AS size FROM lines;\nOUTPUT s TO "b.csv";\n`,
  }),
  PS2020: entry<{ readonly name: string }>({
    title: 'a column that is neither grouped nor aggregated',
    severity: 'error',
    message: ({ name }) => `${name} has many values in a group: it is neither in GROUP BY nor inside an aggregate`,
    help: ({ name }) => `add it to GROUP BY, or take one value: FIRST(${name}), MIN(${name}), …`,
    why: 'A grouped SELECT gives one row per group, so each item must have one value per group.',
    example: `${SALES}s = SELECT region, amount, COUNT(*) AS n FROM sales GROUP BY region;\nOUTPUT s TO "b.csv";\n`,
    cure: `${SALES}s = SELECT region, SUM(amount) AS amount, COUNT(*) AS n FROM sales GROUP BY region;\nOUTPUT s TO "b.csv";\n`,
  }),
  PS2021: entry<{ readonly operator: string; readonly differences: readonly string[] }>({
    title: 'a set operation over different columns',
    severity: 'error',
    message: ({ operator, differences }) =>
      `the sides of ${operator} do not have the same columns: ${differences.join('; ')}`,
    help: ({ operator }) => `SELECT the same columns on both sides, or name the ones to keep: ${operator} ON (…)`,
    why: 'Set operations match columns by name, and rows are equal when all their columns are.',
    example: `${LINES}${SALES}u = lines UNION sales;\nOUTPUT u TO "b.csv";\n`,
    cure: `${LINES}${SALES}u = lines UNION SELECT region AS line FROM sales;\nOUTPUT u TO "b.csv";\n`,
  }),
  PS2022: entry<{ readonly path: string }>({
    title: 'two OUTPUTs to one path',
    severity: 'error',
    message: ({ path }) => `${path} is already written by another OUTPUT`,
    help: () => 'write to another file, or UNION the rowsets and write them once',
    why: 'The second would replace what the first wrote.',
    example: `${LINES}${OUT}${OUT}`,
    cure: `${LINES}${OUT}OUTPUT lines TO "c.txt";\n`,
  }),
  PS2023: entry<{ readonly path: string; readonly reading: string }>({
    title: 'an OUTPUT onto an input',
    severity: 'error',
    message: ({ path, reading }) => `${path} is also read by this script (${reading})`,
    help: () => 'write to another file',
    why: 'A job that replaces its own input cannot be run again or resumed.',
    example: `${LINES}OUTPUT lines TO "a.txt";\n`,
    cure: `${LINES}${OUT}`,
  }),
  PS2024: entry<{ readonly column: string; readonly type: string }>({
    title: 'a path that cannot be made from the column',
    severity: 'error',
    message: ({ column, type }) => `a file name cannot be made from ${column}, which is ${type}`,
    help: () => 'use a column of type string, int, long, bool or datetime',
    why: 'OUTPUT … TO "out/{column}.csv" writes one file per value, so the value must have a short and exact text.',
    example: 'd = EXTRACT doc: json FROM "a.jsonl";\nOUTPUT d TO "out/{doc}.jsonl";\n',
    cure: 'd = EXTRACT doc: json, day: string FROM "a.jsonl";\nOUTPUT d TO "out/{day}.jsonl";\n',
  }),
  PS2025: entry<{ readonly path: string; readonly statement: string }>({
    title: 'a file ending that says nothing of the format',
    severity: 'error',
    message: ({ path, statement }) => `the ending of ${path} does not say how to ${statement} it`,
    help: ({ statement }) =>
      statement === 'read' ? 'say it: USING CsvReader(), TsvReader(), …' : 'say it: USING CsvWriter(), TsvWriter(), …',
    why: 'Without USING the file’s ending decides: .csv, .tsv, .jsonl or .txt, each also with .gz.',
    example: 'lines = EXTRACT line: string FROM "a.log";\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.log" USING LineReader();\nOUTPUT lines TO "b.txt";\n',
  }),
  PS2026: entry<{ readonly what: string }>({
    title: 'a value that is not known before the job runs',
    severity: 'error',
    message: ({ what }) => `${what} must be a constant: a literal, a @parameter, or an expression of those`,
    help: () => 'values that change between runs are DECLAREd, and given with --param name=value',
    why: 'Paths, options, limits and parameters are part of the plan, which is made before a row is read.',
    example: `${LINES}OUTPUT lines TO line + ".txt";\n`,
    cure: `DECLARE @out: string = "b.txt";\n${LINES}OUTPUT lines TO @out;\n`,
  }),
  PS2027: entry<{ readonly name: string; readonly type: string }>({
    title: 'a file set column that is not declared',
    severity: 'error',
    message: ({ name }) => `the path takes ${name} from the file’s name, but the EXTRACT declares no such column`,
    help: ({ name, type }) => `declare it: ${name}: ${type}`,
    why: 'What a file set reads from its paths is a column like any other.',
    example: 'lines = EXTRACT line: string FROM "logs/{region}.txt";\nOUTPUT lines TO "b.csv";\n',
    cure: 'lines = EXTRACT line: string, region: string FROM "logs/{region}.txt";\nOUTPUT lines TO "b.csv";\n',
  }),
  PS2028: entry<{ readonly problem: string }>({
    title: 'a file set pattern that cannot be used',
    severity: 'error',
    message: ({ problem }) => problem,
    help: () => 'write {column}, or {column:format} with a datetime column, and * for what does not matter',
    why: 'A file set fills columns from the path, so each of its parts must be a declared column with a type that fits.',
    example: 'lines = EXTRACT line: string, n: bool FROM "logs/{n:yyyy}.txt";\nOUTPUT lines TO "b.csv";\n',
    cure: 'lines = EXTRACT line: string, n: datetime FROM "logs/{n:yyyy}.txt";\nOUTPUT lines TO "b.csv";\n',
  }),
  PS2029: entry<object>({
    title: 'a script that writes nothing',
    severity: 'error',
    message: () => 'this script writes nothing: it has no OUTPUT, no EXPORT and no clause with an effect',
    help: () => 'OUTPUT the last rowset: OUTPUT TO "result.csv";',
    why: 'Only what is written has to be computed, so such a job would do nothing at all.',
    example: LINES,
    cure: `${LINES}${OUT}`,
  }),
  PS2030: entry<{ readonly name: string | null }>({
    title: 'a rowset that nobody reads',
    severity: 'warning',
    message: ({ name }) => (name === null ? 'nothing reads this rowset' : `nothing reads ${name}`),
    help: () => 'OUTPUT it, or leave it out: it is not computed',
    why: 'Often another statement was meant to read it and names an older one by mistake.',
    example: `${LINES}shout = SELECT line.toUpperCase() AS line FROM lines;\n${OUT}`,
    cure: `${LINES}shout = SELECT line.toUpperCase() AS line FROM lines;\nOUTPUT shout TO "b.txt";\n`,
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
  PS2039: entry<{ readonly name: string }>({
    title: 'two sources of one name',
    severity: 'error',
    message: ({ name }) => `two sources are called ${name}`,
    help: ({ name }) => `tell them apart: ${name} AS a … ${name} AS b`,
    why: 'A qualified column, such as a.line, must mean one of them.',
    example: `${LINES}j = SELECT lines.line FROM lines JOIN lines ON lines.line == lines.line;\nOUTPUT j TO "b.csv";\n`,
    cure: `${LINES}j = SELECT a.line FROM lines AS a JOIN lines AS b ON a.line == b.line;\nOUTPUT j TO "b.csv";\n`,
  }),
  PS2040: entry<Unknown & { readonly sources: readonly string[] }>({
    title: 'a qualifier that names no source',
    severity: 'error',
    message: ({ name }) => `no source of this FROM is called ${name}`,
    help: ({ suggestion, sources }) =>
      didYouMeanHelp(suggestion) ?? (sources.length === 0 ? null : `the sources are ${sources.join(', ')}`),
    why: 'A source is called by its AS name, or by the rowset’s name where it has none.',
    example: `${LINES}j = SELECT c.* FROM lines AS a JOIN lines AS b ON a.line == b.line;\nOUTPUT j TO "b.csv";\n`,
    cure: `${LINES}j = SELECT a.* FROM lines AS a JOIN lines AS b ON a.line == b.line;\nOUTPUT j TO "b.csv";\n`,
  }),
  PS2041: entry<{ readonly found: string }>({
    title: 'EXPLODE of something that is not an array',
    severity: 'error',
    message: ({ found }) => `EXPLODE makes a row of each element of an array; this is ${found}`,
    help: ({ found }) => (found.startsWith('string') ? 'split it first: EXPLODE(text.split(";"))' : null),
    why: 'CROSS APPLY EXPLODE unnests one array per row.',
    example: `${LINES}w = SELECT word FROM lines CROSS APPLY EXPLODE(line) AS word;\nOUTPUT w TO "b.txt";\n`,
    cure: `${LINES}w = SELECT word FROM lines CROSS APPLY EXPLODE(line.split(" ")) AS word;\nOUTPUT w TO "b.txt";\n`,
  }),
  PS2042: entry<object>({
    title: 'a SELECT DISTINCT ordered by something it does not select',
    severity: 'error',
    message: () => 'SELECT DISTINCT can only be ordered by its items',
    help: () => 'add the expression to the items, or order a rowset made before',
    why: 'Rows that DISTINCT makes one may differ in what is not selected, so their order would be undefined.',
    example: `${SALES}s = SELECT DISTINCT region FROM sales ORDER BY amount;\nOUTPUT s TO "b.csv";\n`,
    cure: `${SALES}s = SELECT DISTINCT region FROM sales ORDER BY region;\nOUTPUT s TO "b.csv";\n`,
  }),
  PS2043: entry<{ readonly what: string; readonly least: number; readonly found: string }>({
    title: 'a count that is not a whole number in range',
    severity: 'error',
    message: ({ what, least, found }) => `${what} must be a whole number from ${least}, not ${found}`,
    why: 'TOP, LIMIT, TIMES and the hints count rows, firings or workers.',
    example: `DECLARE @n: int = -1;\n${LINES}t = SELECT TOP @n line FROM lines;\nOUTPUT t TO "b.txt";\n`,
    cure: `DECLARE @n: int = 10;\n${LINES}t = SELECT TOP @n line FROM lines;\nOUTPUT t TO "b.txt";\n`,
  }),
  PS2044: entry<{ readonly found: number; readonly wanted: number }>({
    title: 'a row of VALUES with too many or too few values',
    severity: 'error',
    message: ({ found, wanted }) =>
      `this row has ${found} ${found === 1 ? 'value' : 'values'} for ${wanted} ${wanted === 1 ? 'column' : 'columns'}`,
    why: 'Every row of VALUES has one value per column behind AS.',
    example: 'v = VALUES (1, "a"), (2) AS (id, name);\nOUTPUT v TO "b.csv";\n',
    cure: 'v = VALUES (1, "a"), (2, "b") AS (id, name);\nOUTPUT v TO "b.csv";\n',
  }),
  PS2045: entry<{ readonly name: string; readonly differences: readonly string[] }>({
    title: 'routes to one name whose columns differ',
    severity: 'error',
    message: ({ name, differences }) =>
      `the rows routed to ${name} here have other columns than before: ${differences.join('; ')}`,
    help: () => 'route them to another name',
    why: 'A rowset has one schema, whichever clause its rows come from.',
    example: `${LINES}${SALES}a = lines ASSERT line != "" ELSE ROUTE TO bad;\nb = sales ASSERT amount > 0 ELSE ROUTE TO bad;\nOUTPUT a TO "a.csv";\nOUTPUT b TO "b.csv";\nOUTPUT bad TO "c.csv";\n`,
    cure: `${LINES}${SALES}a = lines ASSERT line != "" ELSE ROUTE TO bad;\nb = sales ASSERT amount > 0 ELSE ROUTE TO worse;\nOUTPUT a TO "a.csv";\nOUTPUT b TO "b.csv";\nOUTPUT bad TO "c.csv";\nOUTPUT worse TO "d.csv";\n`,
  }),
  PS2046: entry<{ readonly name: string }>({
    title: 'a ROUTE TO a name that is assigned',
    severity: 'error',
    message: ({ name }) => `${name} is already the rowset of a statement`,
    help: () => 'route to a name of its own, and UNION the two where they are wanted together',
    why: 'ROUTE TO defines a rowset; it does not add to one that a statement computes.',
    example: `${LINES}other = lines WHERE line == "x";\na = lines ASSERT line != "" ELSE ROUTE TO other;\nOUTPUT a TO "a.csv";\nOUTPUT other TO "b.csv";\n`,
    cure: `${LINES}a = lines ASSERT line != "" ELSE ROUTE TO other;\nOUTPUT a TO "a.csv";\nOUTPUT other TO "b.csv";\n`,
  }),
  PS2047: entry<{ readonly name: string; readonly target: string }>({
    title: 'a routed rowset that has a column of its own called reason',
    severity: 'error',
    message: ({ name, target }) => `ROUTE TO ${target} adds a column ${name}, but the rows already have one`,
    help: ({ name }) => `rename theirs in a SELECT first: ${name} AS ${name}0`,
    why: 'Routed rows carry why they left as reason.',
    example:
      'r = EXTRACT line: string, reason: string FROM "r.csv";\na = r ASSERT line != "" ELSE ROUTE TO bad;\nOUTPUT a TO "a.csv";\nOUTPUT bad TO "b.csv";\n',
    cure: 'r = EXTRACT line: string, cause: string FROM "r.csv";\na = r ASSERT line != "" ELSE ROUTE TO bad;\nOUTPUT a TO "a.csv";\nOUTPUT bad TO "b.csv";\n',
  }),
  PS2048: entry<object>({
    title: 'a COMBINE without an equality between its sides',
    severity: 'error',
    message: () =>
      'ON must hold an equality between a column of the left side and one of the right, such as a.id == b.id',
    help: () => 'for every pair of rows, SELECT … FROM a CROSS JOIN b first',
    why: 'COMBINE hands its operator two groups of rows with equal keys; without a key there are no groups.',
    example: `IMPORT { Matcher } FROM "./operators.ts";\n${SALES}c = COMBINE sales AS a WITH (SELECT region AS place, amount AS price FROM sales) AS b ON amount > price USING Matcher(left = region, right = place);\nOUTPUT c TO "b.csv";\n`,
    cure: `IMPORT { Matcher } FROM "./operators.ts";\n${SALES}c = COMBINE sales AS a WITH (SELECT region AS place, amount AS price FROM sales) AS b ON amount == price USING Matcher(left = region, right = place);\nOUTPUT c TO "b.csv";\n`,
  }),
  PS2049: entry<{
    readonly name: string;
    readonly found: string;
    readonly declared: string;
    readonly operator: string;
  }>({
    title: 'a declared column of another type than the extractor yields',
    severity: 'error',
    message: ({ name, found, declared, operator }) => `${operator} yields ${name} as ${declared}, not ${found}`,
    help: ({ name, declared }) => `declare it as ${name}: ${declared}, or leave the type conversion to a SELECT`,
    why: 'An extractor with declared columns yields values of those types.',
    example:
      'IMPORT { LogReader } FROM "./operators.ts";\nlog = EXTRACT query: int FROM "a.log" USING LogReader();\nOUTPUT log TO "b.csv";\n',
    cure: 'IMPORT { LogReader } FROM "./operators.ts";\nlog = EXTRACT query: string FROM "a.log" USING LogReader();\nOUTPUT log TO "b.csv";\n',
  }),
  PS2050: entry<{ readonly operator: string; readonly limit: number }>({
    title: 'more arguments without a name than the operator takes',
    severity: 'error',
    message: ({ operator, limit }) =>
      limit === 0
        ? `${operator} takes no arguments without a name`
        : `${operator} takes at most ${limit} ${limit === 1 ? 'argument' : 'arguments'} without a name`,
    help: () => 'name it: option = value',
    why: 'Arguments without a name are the operator’s inputs in their order; options are named.',
    example: 'lines = EXTRACT line: string FROM "a.csv" USING CsvReader(",");\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.csv" USING CsvReader(delimiter = ",");\nOUTPUT lines TO "b.txt";\n',
  }),
  PS2051: entry<{ readonly written: string; readonly instead: string }>({
    title: 'an operator of U-SQL or SCOPE by its name there',
    severity: 'error',
    message: ({ written, instead }) => `${written} is called ${instead} here`,
    help: ({ instead }) => `write ${instead}()`,
    why: 'PYSCOPE’s readers and writers are plain names.',
    example: 'lines = EXTRACT line: string FROM "a.csv" USING Extractors.Csv();\nOUTPUT lines TO "b.txt";\n',
    cure: 'lines = EXTRACT line: string FROM "a.csv" USING CsvReader();\nOUTPUT lines TO "b.txt";\n',
  }),
  PS2052: entry<{ readonly option: string; readonly suggestion: string }>({
    title: 'a list of columns that is not one',
    severity: 'error',
    message: ({ option }) => `${option} takes a list of columns`,
    help: ({ suggestion }) => `write the columns’ names in brackets, without quotes: ${suggestion}`,
    why: 'Columns are named, not quoted, so that a wrong name is found before the job runs.',
    example: `${LINES}OUTPUT lines TO "b.csv" USING CsvWriter(order = "line");\n`,
    cure: `${LINES}OUTPUT lines TO "b.csv" USING CsvWriter(order = [line]);\n`,
  }),
  PS2053: entry<{ readonly path: string }>({
    title: 'a ground truth that the job itself writes',
    severity: 'error',
    message: ({ path }) => `EXPECT compares with ${path}, which this script writes`,
    help: () => 'keep the ground truth in a file that no job writes',
    why: 'Comparing an output with itself always gives F1 = 1.',
    example: `${LINES}OUTPUT lines TO "b.csv" EXPECT "b.csv";\n`,
    cure: `${LINES}OUTPUT lines TO "b.csv" EXPECT "truth.csv";\n`,
  }),
  PS2054: entry<{ readonly operator: string; readonly columns: number }>({
    title: 'a line format with more than one column',
    severity: 'error',
    message: ({ operator, columns }) => `${operator} has one column per line, not ${columns}`,
    help: ({ operator }) =>
      operator === 'LineReader'
        ? 'use CsvReader() or TsvReader(), or split the line in a SELECT'
        : 'use CsvWriter(), or pick one: LineWriter(order = [column])',
    why: 'A text line has no separators, so it holds one value.',
    example: 'lines = EXTRACT a: string, b: string FROM "a.txt" USING LineReader();\nOUTPUT lines TO "b.csv";\n',
    cure: 'lines = EXTRACT a: string, b: string FROM "a.txt" USING CsvReader();\nOUTPUT lines TO "b.csv";\n',
  }),
  PS2055: entry<{ readonly name: string }>({
    title: 'a GROUP BY name that means the column, not the alias',
    severity: 'warning',
    message: ({ name }) => `GROUP BY ${name} groups by the column ${name}, not by the item AS ${name}`,
    help: () => 'give the item another name, or group by its expression',
    why: 'A GROUP BY name that is both an input column and an alias means the column, as in SQL.',
    example: `${SALES}s = SELECT MAX(region.toUpperCase()) AS region, COUNT(*) AS n FROM sales GROUP BY region;\nOUTPUT s TO "b.csv";\n`,
    cure: `${SALES}s = SELECT region.toUpperCase() AS place, COUNT(*) AS n FROM sales GROUP BY place;\nOUTPUT s TO "b.csv";\n`,
  }),
  PS2056: entry<object>({
    title: 'an ORDER BY a constant',
    severity: 'warning',
    message: () => 'ordering by a constant changes nothing',
    help: () => 'name the column; ORDER BY 1 does not mean the first one here',
    why: 'In SQL a number means the item at that place; here it is the same value in every row.',
    example: `${LINES}s = SELECT line FROM lines ORDER BY 1;\nOUTPUT s TO "b.txt";\n`,
    cure: `${LINES}s = SELECT line FROM lines ORDER BY line;\nOUTPUT s TO "b.txt";\n`,
  }),
  PS2057: entry<{ readonly operator: string }>({
    title: 'a file read in place whose columns are not known',
    severity: 'error',
    message: ({ operator }) => `${operator} yields the columns that an EXTRACT declares, and here none does`,
    help: ({ operator }) => `EXTRACT it first: rows = EXTRACT a: string, b: int FROM "…" USING ${operator}();`,
    why: 'FROM "file" USING … takes its columns from the extractor, or by name from the header (header = true).',
    example: 's = SELECT a FROM "a.csv" USING CsvReader();\nOUTPUT s TO "b.csv";\n',
    cure: 's = SELECT a FROM "a.csv" USING CsvReader(header = true);\nOUTPUT s TO "b.csv";\n',
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
  PS2059: entry<object>({
    title: 'a HINT on a name',
    severity: 'warning',
    message: () => 'this HINT has nothing to apply to: the rowset is computed by another statement',
    help: () => 'put the HINT on the statement that computes it',
    why: 'A hint is for the step that computes a rowset, not for the name it is read by.',
    example: `${LINES}same = lines HINT(batch = 10);\nOUTPUT same TO "b.txt";\n`,
    cure: 'lines = EXTRACT line: string FROM "a.txt" HINT(batch = 10);\nOUTPUT lines TO "b.txt";\n',
  }),
  PS2060: entry<{ readonly operator: string; readonly problem: string }>({
    title: 'options that do not fit together',
    severity: 'error',
    message: ({ operator, problem }) => `${operator}: ${problem}`,
    why: 'What some operators yield depends on their options.',
    example: `${LINES}p = PROCESS lines USING Transformer(text = line, model = "m", task = "text-classfication");\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING Transformer(text = line, model = "m", task = "text-classification");\nOUTPUT p TO "b.csv";\n`,
  }),
  PS2061: entry<{ readonly names: readonly string[] }>({
    title: 'a COMBINE whose sides share a column',
    severity: 'error',
    message: ({ names }) => `both sides have a column ${names.join(', ')}`,
    help: ({ names }) => `rename it on one side: WITH (SELECT …, ${names[0]} AS other_${names[0]} FROM …) AS b`,
    why: 'Both sides’ columns stay visible, so they need different names; a key that is equal on both sides is one column.',
    example: `IMPORT { Matcher } FROM "./operators.ts";\n${SALES}c = COMBINE sales AS a WITH sales AS b ON a.amount == b.amount USING Matcher(left = a.region, right = b.region);\nOUTPUT c TO "b.csv";\n`,
    cure: `IMPORT { Matcher } FROM "./operators.ts";\n${SALES}c = COMBINE sales AS a WITH (SELECT region AS place, amount FROM sales) AS b ON a.amount == b.amount USING Matcher(left = region, right = place);\nOUTPUT c TO "b.csv";\n`,
  }),
  PS2062: entry<{ readonly name: string }>({
    title: 'a column of VALUES whose type cannot be told',
    severity: 'error',
    message: ({ name }) => `the type of ${name} cannot be told from null alone`,
    help: ({ name }) => `write it: AS (${name}: string?)`,
    why: 'null fits every T?, so a column that is null in every row needs its type written.',
    example: 'v = VALUES (1, null) AS (id, name);\nOUTPUT v TO "b.csv";\n',
    cure: 'v = VALUES (1, null) AS (id, name: string?);\nOUTPUT v TO "b.csv";\n',
  }),
} as const;

const STATEMENT_OF: ReadonlyMap<string, string> = new Map([
  ['extractor', 'an extractor is used by EXTRACT … USING'],
  ['processor', 'a processor is used by PROCESS … USING'],
  ['reducer', 'a reducer is used by REDUCE … ON … USING'],
  ['combiner', 'a combiner is used by COMBINE … WITH … ON … USING'],
  ['outputter', 'an outputter is used by OUTPUT … TO … USING'],
  ['function', 'a function is called in an expression'],
]);

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
