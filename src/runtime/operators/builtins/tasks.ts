/** What each task over text yields: its columns, and how its answer is read. */
import type { ColumnSignature } from '../../../typecheck/signature.ts';
import type { Value } from '../../../typecheck/types.ts';
import { FLOAT, JSON_TYPE, STRING, arrayOf } from '../../../typecheck/types.ts';
import { readText } from '../../models/answers.ts';
import type { Json } from '../../models/model.ts';

export interface TextTask {
  readonly outputs: readonly ColumnSignature[];
  /** The rows of an answer, values in the order of `outputs`; null where the answer has another shape. */
  readonly read: (answer: Json) => readonly (readonly Value[])[] | null;
}

const label: ColumnSignature = { name: 'label', type: STRING };
const score: ColumnSignature = { name: 'score', type: FLOAT };

const classification: TextTask = { outputs: [label, score], read: (answer) => rowsOf(answer, ['label', 'score']) };

function made(name: string): TextTask {
  return {
    outputs: [{ name, type: STRING }],
    read: (answer) => {
      const text = readText(answer);
      return text === null ? null : [[text]];
    },
  };
}

export const textTasks: ReadonlyMap<string, TextTask> = new Map<string, TextTask>([
  ['text-classification', classification],
  ['sentiment-analysis', classification],
  ['zero-shot-classification', { outputs: [label, score], read: readZeroShot }],
  ['translation', made('translation')],
  ['summarization', made('summary')],
  ['text-generation', made('generated')],
  ['text2text-generation', made('generated')],
  ['feature-extraction', { outputs: [{ name: 'embedding', type: arrayOf(FLOAT) }], read: readEmbedding }],
  ['token-classification', { outputs: [{ name: 'entities', type: JSON_TYPE }], read: (answer) => [[answer]] }],
  [
    'fill-mask',
    {
      outputs: [{ name: 'token', type: STRING }, score, { name: 'sequence', type: STRING }],
      read: (answer) => rowsOf(answer, ['token_str', 'score', 'sequence']),
    },
  ],
  [
    'question-answering',
    { outputs: [{ name: 'answer', type: STRING }, score], read: (answer) => rowsOf(answer, ['answer', 'score']) },
  ],
]);

/** One row for each object of a list (or for the one object), of these members; null where one is missing. */
function rowsOf(answer: Json, members: readonly string[]): readonly (readonly Value[])[] | null {
  const rows: (readonly Value[])[] = [];
  for (const one of isList(answer) ? answer : [answer]) {
    const row = members.map((name) => memberOf(one, name)).filter((value) => value !== undefined);
    if (row.length < members.length) return null;
    rows.push(row);
  }
  return rows.length > 0 ? rows : null;
}

/** `{ labels: […], scores: […] }`, best first: the best. */
function readZeroShot(answer: Json): readonly (readonly Value[])[] | null {
  const [labels, scores] = [memberOf(answer, 'labels'), memberOf(answer, 'scores')];
  if (!isList(labels) || !isList(scores)) return null;
  const [best, sure] = [labels[0], scores[0]];
  return typeof best === 'string' && typeof sure === 'number' ? [[best, sure]] : null;
}

function readEmbedding(answer: Json): readonly (readonly Value[])[] | null {
  return isList(answer) && answer.every((one) => typeof one === 'number') ? [[answer]] : null;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function memberOf(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
