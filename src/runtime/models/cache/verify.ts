/** Whether a table of answers is sound: every entry by its checksum, and some answers of each model by asking it again. */
import { isDeepStrictEqual } from 'node:util';
import { RunError } from '../../errors.ts';
import type { Json, ModelHost } from '../model.ts';
import { readEntry } from './entry.ts';
import type { Kept } from './entry.ts';
import type { AnswerTable, ModelRecord, ModelUse } from './table.ts';

export interface Verified {
  readonly entries: number;
  /** Entries whose checksum did not match; they were removed. */
  readonly damaged: number;
  readonly models: readonly VerifiedModel[];
}

export interface VerifiedModel {
  readonly model: ModelUse;
  /** Answers that were computed again. */
  readonly asked: number;
  readonly different: readonly Difference[];
  /** Why none was: the model cannot be had, it is another now, or another version computes. Such answers are not used by any run. */
  readonly skipped: string | null;
}

export interface Difference {
  readonly text: string;
  readonly kept: Json;
  /** Null where the model has no answer. */
  readonly now: Json;
}

export interface VerifyOptions {
  /** How many answers of each model are computed again. */
  readonly sample: number;
  readonly engine: string;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** @param host without a cache of its own */
export async function verifyAnswers(table: AnswerTable, host: ModelHost, options: VerifyOptions): Promise<Verified> {
  const samples = new Map<string, Sample>();
  const damaged: string[] = [];
  let entries = 0;
  for await (const some of table.entries()) {
    for (const { key, value } of some) {
      entries += 1;
      const kept = readEntry(value);
      if (kept === null) damaged.push(key);
      else sampleOf(samples, kept.model).take(kept, options);
    }
  }
  await table.remove(damaged);
  const models: VerifiedModel[] = [];
  for (const model of await table.models()) {
    models.push(await verifyModel(model, samples.get(model.id)?.kept ?? [], host, options));
  }
  return { entries, damaged: damaged.length, models };
}

async function verifyModel(
  model: ModelUse,
  kept: readonly Kept[],
  host: ModelHost,
  { engine }: VerifyOptions,
): Promise<VerifiedModel> {
  const skip = (why: string): VerifiedModel => ({ model, asked: 0, different: [], skipped: why });
  if (kept.length === 0) return skip('it has no answers');
  if (model.engine !== engine) return skip(`they were computed by ${model.engine}; here is ${engine}`);
  try {
    const { answers, digest } = await ask(model, kept, host);
    if (digest !== model.digest) return skip('the files of the model are others now');
    const different = kept.flatMap(({ text, answer }, at): Difference[] => {
      const now = answers[at] ?? null;
      return isDeepStrictEqual(now, answer) ? [] : [{ text, kept: answer, now }];
    });
    return { model, asked: kept.length, different, skipped: null };
  } catch (thrown) {
    if (!(thrown instanceof RunError)) throw thrown;
    return skip(`${thrown.code}: ${thrown.message.split('\n')[0] ?? ''}`);
  }
}

async function ask(
  { task, source, options }: ModelRecord,
  kept: readonly Kept[],
  host: ModelHost,
): Promise<{ readonly answers: readonly Json[]; readonly digest: string }> {
  const model = await host.open({ task, source, options });
  const answers = await model.infer(kept.map(({ text }) => text));
  return { answers: answers.map((one) => (one.kind === 'answer' ? one.value : null)), digest: model.digest };
}

/** Some of the entries that pass, each with the same chance (Vitter's algorithm R, ACM TOMS 11, 1985). */
class Sample {
  readonly kept: Kept[] = [];
  #seen = 0;

  take(one: Kept, { sample, random }: VerifyOptions): void {
    this.#seen += 1;
    if (this.kept.length < sample) this.kept.push(one);
    else {
      const at = Math.floor(random() * this.#seen);
      if (at < sample) this.kept[at] = one;
    }
  }
}

function sampleOf(samples: Map<string, Sample>, model: string): Sample {
  const sample = samples.get(model) ?? new Sample();
  samples.set(model, sample);
  return sample;
}
