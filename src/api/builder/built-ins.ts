/** The built-in operators as JobBuilder takes them: `using: new TextClassifier({ text: 'line', model: './models/sentiment' })`. */
import type { TypeText } from '../../runtime/operators/type-text.ts';
import type { Constant } from './text.ts';

/** Columns with their types. */
export type ColumnTypes = Readonly<Record<string, TypeText>>;

/** A call of a built-in operator: by its name, with inputs and options. */
export class BuiltIn {
  readonly operator: string;
  readonly bindings: Readonly<Record<string, Constant | undefined>>;

  constructor(operator: string, bindings: Readonly<Record<string, Constant | undefined>>) {
    this.operator = operator;
    this.bindings = bindings;
  }
}

/** A built-in reader with what it reads. */
export class BuiltInReader extends BuiltIn {
  readonly from: string | readonly string[];
  readonly columns: readonly (readonly [name: string, type: string])[];

  constructor(
    operator: string,
    from: string | readonly string[],
    columns: BuiltInReader['columns'],
    options: Readonly<Record<string, Constant | undefined>>,
  ) {
    super(operator, options);
    this.from = from;
    this.columns = columns;
  }
}

/** A built-in writer with where it writes, and the ground truth to compare with. */
export class BuiltInWriter extends BuiltIn {
  readonly to: string;
  readonly gt: string | undefined;
  readonly having: string | undefined;

  constructor(operator: string, { to, gt, having, ...options }: WriterArguments) {
    super(operator, { ...options });
    this.to = to;
    this.gt = gt;
    this.having = having;
  }
}

interface ReaderArguments {
  /** Paths or patterns, relative to the job's folder. */
  readonly from: string | readonly string[];
  readonly skip?: number;
  readonly encoding?: string;
}

interface TableArguments extends ReaderArguments {
  readonly columns: ColumnTypes;
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly nullText?: string;
  readonly datetimeFormat?: string;
}

interface WriterArguments {
  /** A path, relative to the job's folder. */
  readonly to: string;
  /** The columns to write, in this order. */
  readonly order?: readonly string[];
  /** The ground truth: a file that the rows written are compared with. */
  readonly gt?: string;
  /** What precision, recall and f1 have to be: `'f1 >= 0.9'`. */
  readonly having?: string;
  readonly nullText?: string;
  readonly datetimeFormat?: string;
}

interface TableWriterArguments extends WriterArguments {
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly quote?: string;
}

/** Reads lines of text into one column. */
export class LineReader extends BuiltInReader {
  constructor({ from, outCol, ...options }: ReaderArguments & { readonly outCol: string }) {
    super('LineReader', from, [[outCol, 'string']], { ...options });
  }
}

/** Reads comma-separated values. */
export class CsvReader extends BuiltInReader {
  constructor({ from, columns, ...options }: TableArguments) {
    super('CsvReader', from, Object.entries(columns), { ...options });
  }
}

/** Reads tab-separated values. */
export class TsvReader extends BuiltInReader {
  constructor({ from, columns, ...options }: TableArguments) {
    super('TsvReader', from, Object.entries(columns), { ...options });
  }
}

/** Reads one JSON object a line. */
export class JsonLinesReader extends BuiltInReader {
  constructor({
    from,
    columns,
    ...options
  }: ReaderArguments & { readonly columns: ColumnTypes; readonly datetimeFormat?: string }) {
    super('JsonLinesReader', from, Object.entries(columns), { ...options });
  }
}

/** Writes comma-separated values. */
export class CsvWriter extends BuiltInWriter {
  constructor(writer: TableWriterArguments) {
    super('CsvWriter', writer);
  }
}

/** Writes tab-separated values. */
export class TsvWriter extends BuiltInWriter {
  constructor(writer: TableWriterArguments) {
    super('TsvWriter', writer);
  }
}

/** Writes one JSON object a line. */
export class JsonLinesWriter extends BuiltInWriter {
  constructor(writer: WriterArguments) {
    super('JsonLinesWriter', writer);
  }
}

/** Writes one column, a line for each row. */
export class LineWriter extends BuiltInWriter {
  constructor(writer: WriterArguments) {
    super('LineWriter', writer);
  }
}

interface ModelArguments {
  /** An expression over the columns. */
  readonly text: string;
  /** A folder, relative to the job's, or the name of a model on the hub. */
  readonly model: string;
  readonly dtype?: string;
  readonly allowRemote?: boolean;
  readonly revision?: string;
  readonly batching?: 'exact' | 'padded';
  readonly timeoutMs?: number;
}

/** The class that a model finds for a text: `label`, `score`. */
export class TextClassifier extends BuiltIn {
  constructor(classifier: ModelArguments & { readonly topK?: number }) {
    super('TextClassifier', { ...classifier });
  }
}

/** A text in another language: `translation`. */
export class Translator extends BuiltIn {
  constructor(
    translator: ModelArguments & {
      readonly sourceLanguage?: string;
      readonly targetLanguage?: string;
      readonly maxNewTokens?: number;
    },
  ) {
    super('Translator', { ...translator });
  }
}

/** Any task over text that a transformers.js model can do. */
export class Transformer extends BuiltIn {
  constructor(
    transformer: ModelArguments & { readonly task: string } & Readonly<Record<string, Constant | undefined>>,
  ) {
    super('Transformer', { ...transformer });
  }
}
