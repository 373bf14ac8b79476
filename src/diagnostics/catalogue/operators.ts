import { didYouMeanHelp } from '../did-you-mean.ts';
import { entry } from './entry.ts';
import { LINES, type Unknown } from './example.ts';

/** PS2xxx: operators, their arguments and what they yield. */
export const operators = {
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
  PS2057: entry<{ readonly operator: string; readonly isBuiltIn: boolean }>({
    title: 'a file read in place whose columns are not known',
    severity: 'error',
    message: ({ operator }) => `${operator} yields the columns that an EXTRACT declares, and here none does`,
    help: ({ operator, isBuiltIn }) =>
      `${isBuiltIn ? `write ${operator}(header = true)` : `give ${operator} outputs: { a: 'string', … }`}, or EXTRACT it first: rows = EXTRACT a: string, b: int FROM "…" USING ${operator}();`,
    why: 'FROM "file" USING … takes its columns from the extractor, or by name from the header (header = true).',
    example: 's = SELECT a FROM "a.csv" USING CsvReader();\nOUTPUT s TO "b.csv";\n',
    cure: 's = SELECT a FROM "a.csv" USING CsvReader(header = true);\nOUTPUT s TO "b.csv";\n',
  }),
  PS2060: entry<{ readonly operator: string; readonly problem: string }>({
    title: 'options that do not fit together',
    severity: 'error',
    message: ({ operator, problem }) => `${operator}: ${problem}`,
    why: 'What some operators yield depends on their options.',
    example: `${LINES}p = PROCESS lines USING Transformer(text = line, model = "m", task = "text-classfication");\nOUTPUT p TO "b.csv";\n`,
    cure: `${LINES}p = PROCESS lines USING Transformer(text = line, model = "m", task = "text-classification");\nOUTPUT p TO "b.csv";\n`,
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
