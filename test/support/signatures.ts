/** A small world for scripts under test: the built-in operators' declarations, one module and a few views. */
import type {
  FunctionSignature,
  ModuleSignature,
  OperatorSignature,
  OptionSignature,
} from '../../src/typecheck/signature.ts';
import { arrayOf, BOOL, FLOAT, INT, LONG, nullable, STRING } from '../../src/typecheck/types.ts';

type Given = Partial<OperatorSignature> & Pick<OperatorSignature, 'name' | 'role'>;

export function operator(given: Given): OperatorSignature {
  return {
    kind: 'operator',
    module: null,
    inputs: [],
    options: [],
    outputs: [],
    edits: [],
    appends: [],
    deletes: [],
    fails: [],
    deterministic: true,
    costly: false,
    doc: '',
    ...given,
  };
}

export function option(
  name: string,
  type: OptionSignature['type'],
  more: Partial<OptionSignature> = {},
): OptionSignature {
  return { name, type, required: false, fallback: undefined, oneOf: null, doc: '', ...more };
}

const MODEL = option('model', STRING, { required: true, doc: 'the folder or hub name of the model' });
const TEXT_OPTIONS = [
  option('header', BOOL, { fallback: false }),
  option('delimiter', STRING),
  option('quote', STRING),
  option('nullText', STRING),
  option('datetimeFormat', STRING),
];
const ENCODING = option('encoding', STRING, { oneOf: ['utf-8', 'utf-16le', 'latin1'] });
const READING = [...TEXT_OPTIONS, option('skip', INT), ENCODING];
const WRITING = [option('order', { kind: 'columns' }), ...TEXT_OPTIONS];
const TEXT = [{ name: 'text', type: STRING }];
const CLASSES = [
  { name: 'label', type: STRING },
  { name: 'score', type: FLOAT },
];

const formats = ['Csv', 'Tsv', 'JsonLines', 'Line'].flatMap((format) => [
  operator({ name: `${format}Reader`, role: 'extractor', options: READING, outputs: null }),
  operator({ name: `${format}Writer`, role: 'outputter', options: WRITING }),
]);

const models = [
  operator({
    name: 'TextClassifier',
    role: 'processor',
    inputs: TEXT,
    options: [MODEL],
    outputs: CLASSES,
    costly: true,
  }),
  operator({
    name: 'Translator',
    role: 'processor',
    inputs: TEXT,
    options: [MODEL],
    outputs: [{ name: 'translation', type: STRING }],
    costly: true,
  }),
  operator({
    name: 'Transformer',
    role: 'processor',
    inputs: TEXT,
    options: [MODEL, option('task', STRING, { required: true })],
    outputs: (options) =>
      options.get('task') === 'text-classification' ? CLASSES : `no task ${JSON.stringify(options.get('task'))}`,
    costly: true,
  }),
  operator({
    name: 'First',
    role: 'reducer',
    inputs: [{ name: 'value', type: INT }],
    outputs: [{ name: 'first', type: INT }],
  }),
];

export const builtins: ReadonlyMap<string, OperatorSignature> = new Map(
  [...formats, ...models].map((signature) => [signature.name, signature]),
);

const own = { module: '/job/operators.ts' };

const exported: readonly (OperatorSignature | FunctionSignature)[] = [
  operator({
    ...own,
    name: 'SpellChecker',
    role: 'processor',
    inputs: TEXT,
    outputs: [{ name: 'corrected', type: STRING }],
    edits: ['text'],
  }),
  operator({
    ...own,
    name: 'Judge',
    role: 'processor',
    inputs: [{ name: 'label', type: STRING }],
    outputs: [{ name: 'verdict', type: BOOL }],
    fails: ['label'],
  }),
  operator({
    ...own,
    name: 'Fixer',
    role: 'processor',
    inputs: [
      { name: 'n', type: LONG },
      { name: 'text', type: STRING },
    ],
    outputs: [{ name: 'note', type: STRING }],
    edits: ['n', 'text'],
    appends: ['n', 'text'],
    deletes: ['n'],
  }),
  operator({
    ...own,
    name: 'Trimmer',
    role: 'reducer',
    inputs: [{ name: 'n', type: LONG }],
    outputs: [{ name: 'total', type: LONG }],
    edits: ['n'],
    deletes: ['n'],
  }),
  operator({
    ...own,
    name: 'Pairer',
    role: 'combiner',
    inputs: [
      { name: 'n', type: LONG },
      { name: 'm', type: LONG },
    ],
    outputs: [{ name: 'total', type: LONG }],
    edits: ['m'],
    appends: ['n'],
    deletes: ['n'],
  }),
  operator({
    ...own,
    name: 'Adder',
    role: 'reducer',
    inputs: [
      { name: 'n', type: LONG },
      { name: 'm', type: INT },
    ],
    outputs: [{ name: 'total', type: LONG }],
    appends: ['n'],
  }),
  operator({
    ...own,
    name: 'Sessions',
    role: 'reducer',
    inputs: [{ name: 'start', type: INT }],
    outputs: [
      { name: 'begin', type: INT },
      { name: 'end', type: INT },
    ],
  }),
  operator({
    ...own,
    name: 'Matcher',
    role: 'combiner',
    inputs: [
      { name: 'left', type: STRING },
      { name: 'right', type: STRING },
    ],
    outputs: [{ name: 'score', type: FLOAT }],
  }),
  operator({
    ...own,
    name: 'LogReader',
    role: 'extractor',
    outputs: [
      { name: 'query', type: STRING },
      { name: 'market', type: nullable(STRING) },
      { name: 'latency', type: INT },
    ],
  }),
  {
    kind: 'function',
    name: 'words',
    module: '/job/operators.ts',
    parameters: TEXT,
    result: arrayOf(STRING),
    doc: '',
  },
];

export const modules: ReadonlyMap<string, ModuleSignature> = new Map<string, ModuleSignature>([
  [
    '/job/operators.ts',
    {
      kind: 'module',
      path: '/job/operators.ts',
      exports: new Map(exported.map((signature) => [signature.name, signature])),
      others: ['VERSION'],
    },
  ],
  ['/job/broken.ts', { kind: 'load-error', path: '/job/broken.ts', message: 'Unexpected token (3:4)' }],
]);

/** Views beside the script, by file name. */
export const views: Readonly<Record<string, string>> = {
  'view.scope': 'DECLARE @path: string = "a.txt";\nlines = EXTRACT line: string FROM @path;\nEXPORT lines;\n',
  'silent.scope':
    'lines = EXTRACT line: string FROM "a.txt";\nlong = lines WHERE line != "" HINT(batch = 1) ROUTE TO seen;\n',
  'circle.scope': 'lines = IMPORT "circle.scope";\nEXPORT lines;\n',
  'writer.scope': 'lines = EXTRACT line: string FROM "a.txt";\nOUTPUT lines TO "copy.txt";\nEXPORT lines;\n',
};
