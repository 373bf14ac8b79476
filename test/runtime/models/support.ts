import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelError } from '../../../src/runtime/models/errors.ts';
import { ModelError as Failure } from '../../../src/runtime/models/errors.ts';
import type { JsonObject, ModelSpec } from '../../../src/runtime/models/model.ts';
import { modelSource } from '../../../src/runtime/models/source.ts';

/** The folder of the models that the project ships. */
export const SHIPPED = fileURLToPath(new URL('../../../samples/models', import.meta.url));

export function shipped(task: string, name: string, options: JsonObject = {}): ModelSpec {
  return { task, source: modelSource(`./${name}`, SHIPPED), options };
}

/** The sentences of a held-out set, without their labels. */
export function sentences(set: string, column: number): readonly string[] {
  const text = readFileSync(new URL(`../../../training/eval/${set}.tsv`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[column] ?? '');
}

/** The ModelError that a promise rejects with; anything else fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<ModelError> {
  const outcome = await work.then(
    () => 'no failure',
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof Failure) return outcome;
  throw new Error(`expected a ModelError, got ${String(outcome)}`);
}
