import { RunError } from '../errors.ts';
import type { Answer, Json } from './model.ts';

/** A class and how sure the model is of it, 0 to 1. */
export interface Labelled {
  readonly label: string;
  readonly score: number;
}

/** `Array.isArray` that keeps the type of a readonly array. */
function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The likeliest class that a model answered; throws a RunError with the reason where it refused the text, and where the answer is no class. */
export function labelOf(answer: Answer | undefined): Labelled {
  return read(answer, readLabel, 'class');
}

/** The text that a model answered: a translation, summary or generation; throws a RunError as {@link labelOf} does. */
export function textOf(answer: Answer | undefined): string {
  return read(answer, readText, 'text');
}

function read<T>(answer: Answer | undefined, reader: (value: Json) => T | null, wanted: string): T {
  if (answer?.kind === 'refusal') throw new RunError(answer.code, answer.message);
  const found = answer === undefined ? null : reader(answer.value);
  if (found !== null) return found;
  throw new RunError('PR4010', `the model's answer is no ${wanted}: ${JSON.stringify(answer?.value ?? null)}`);
}

/** The likeliest class of a classification's answer (with `top_k` above 1 the first); null for any other value. */
export function readLabel(value: Json): Labelled | null {
  const first = isList(value) ? value[0] : value;
  const [label, score] = [member(first, 'label'), member(first, 'score')];
  return typeof label === 'string' && typeof score === 'number' ? { label, score } : readZeroShot(value);
}

/** The text that a translation, summary or generation made; null for any other value. */
export function readText(value: Json): string | null {
  const first = isList(value) ? value[0] : value;
  for (const key of ['translation_text', 'summary_text', 'generated_text', 'answer', 'sequence']) {
    const text = member(first, key);
    if (typeof text === 'string') return text;
  }
  return null;
}

function readZeroShot(value: Json): Labelled | null {
  const [labels, scores] = [member(value, 'labels'), member(value, 'scores')];
  if (!isList(labels) || !isList(scores)) return null;
  const [label, score] = [labels[0], scores[0]];
  return typeof label === 'string' && typeof score === 'number' ? { label, score } : null;
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  return new Map(Object.entries(value)).get(key);
}
