/** The signatures of the built-in readers and writers; the code is in readers/ and writers/ and is not loaded for checking. */
import type { OperatorRole, OperatorSignature, OptionSignature } from '../../../typecheck/signature.ts';
import { option } from './options.ts';

const delimiter = (fallback: string): OptionSignature =>
  option('delimiter', 'string', 'what stands between two fields', { fallback });
const quote = option('quote', 'string', 'what a field with delimiters or line ends in it is put in', { fallback: '"' });
const nullText = option('nullText', 'string', 'the text that stands for null', { fallback: '' });
const datetimeFormat = option(
  'datetimeFormat',
  'string',
  'a Unicode date pattern such as M/d/yyyy; ISO 8601 where left out',
);

const skip = option('skip', 'int', 'lines to leave out at the start of each file', { fallback: 0 });
const encoding = option(
  'encoding',
  'string',
  'the encoding of the file; UTF-8, or what its byte order mark says, where left out',
);
const findByName = option('header', 'bool', 'the first line has the column names; else columns go by position', {
  fallback: true,
});

const order = option('order', 'columns', 'the columns to write, in this order; all where left out');
const defuse = option('defuse', 'bool', "put ' before texts that a spreadsheet would run as formulas", {
  fallback: false,
});
const writeNames = option('header', 'bool', 'write the column names as the first line', { fallback: true });

export const formats: readonly OperatorSignature[] = [
  reader('CsvReader', 'Reads comma-separated values.', [
    findByName,
    delimiter(','),
    quote,
    skip,
    encoding,
    nullText,
    datetimeFormat,
  ]),
  reader('TsvReader', 'Reads tab-separated values.', [
    findByName,
    delimiter('\t'),
    quote,
    skip,
    encoding,
    nullText,
    datetimeFormat,
  ]),
  reader('JsonLinesReader', 'Reads one JSON object a line; columns are its members.', [skip, encoding, datetimeFormat]),
  reader('LineReader', 'Reads lines of text into one column.', [skip, encoding]),
  writer('CsvWriter', 'Writes comma-separated values.', [
    order,
    writeNames,
    delimiter(','),
    quote,
    nullText,
    datetimeFormat,
    defuse,
  ]),
  writer('TsvWriter', 'Writes tab-separated values.', [
    order,
    writeNames,
    delimiter('\t'),
    quote,
    nullText,
    datetimeFormat,
    defuse,
  ]),
  writer('JsonLinesWriter', 'Writes one JSON object a line.', [order, datetimeFormat]),
  writer('LineWriter', 'Writes one column, a line for each row.', [order, nullText, datetimeFormat]),
];

function reader(name: string, doc: string, options: readonly OptionSignature[]): OperatorSignature {
  return format('extractor', name, doc, options);
}

function writer(name: string, doc: string, options: readonly OptionSignature[]): OperatorSignature {
  return format('outputter', name, doc, options);
}

function format(role: OperatorRole, name: string, doc: string, options: readonly OptionSignature[]): OperatorSignature {
  return {
    kind: 'operator',
    role,
    name,
    module: null,
    inputs: [],
    options,
    outputs: role === 'extractor' ? null : [],
    edits: [],
    appends: [],
    deletes: [],
    fails: [],
    deterministic: true,
    costly: false,
    doc,
  };
}
