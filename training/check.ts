/**
 * Loads every model under samples/models through the runtime's own host and prints how it does on the held-out sets.
 *
 *     npx tsx training/check.ts [--errors] [name …]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readLabel, readText } from '../src/runtime/models/answers.ts';
import { createModelHost } from '../src/runtime/models/host.ts';
import type { Labelled } from '../src/runtime/models/answers.ts';
import type { Json, Model } from '../src/runtime/models/model.ts';
import { modelSource } from '../src/runtime/models/source.ts';

interface Check {
  readonly name: string;
  readonly task: 'text-classification' | 'translation';
  readonly sets: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: 'sentiment-en', task: 'text-classification', sets: ['sentiment-en', 'sentiment-fresh', 'demo-en'] },
  { name: 'sentiment-en-tiny', task: 'text-classification', sets: ['sentiment-en', 'sentiment-fresh', 'demo-en'] },
  { name: 'language-id', task: 'text-classification', sets: ['language-id', 'language-id-fresh'] },
  { name: 'translate-hi-en', task: 'translation', sets: ['translate-hi-en', 'translate-hi-en-fresh'] },
  { name: 'translate-de-en', task: 'translation', sets: ['translate-de-en', 'translate-de-en-fresh'] },
];

const errors = process.argv.includes('--errors');
const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const models = fileURLToPath(new URL('../samples/models', import.meta.url));
const host = createModelHost();
for (const { name, task, sets } of CHECKS) {
  if (names.length > 0 && !names.includes(name)) continue;
  const model = await host.open({ task, source: modelSource(`./${name}`, models), options: {} });
  for (const set of sets) {
    const line = task === 'translation' ? await translation(model, read(set)) : await classification(model, read(set));
    console.log(`${name.padEnd(18)} ${set.padEnd(22)} ${line}`);
  }
}
await host.close();

function read(set: string): readonly (readonly [string, string])[] {
  const text = readFileSync(new URL(`eval/${set}.tsv`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [first = '', second = ''] = line.split('\t');
      return [first, second];
    });
}

async function values(model: Model, texts: readonly string[]): Promise<readonly Json[]> {
  const answers = await model.infer(texts);
  return answers.map((answer) => (answer.kind === 'answer' ? answer.value : null));
}

/** Accuracy, expected calibration error over ten bins of confidence, mean confidence when right and when wrong. */
async function classification(model: Model, rows: readonly (readonly [string, string])[]): Promise<string> {
  const given = (
    await values(
      model,
      rows.map(([, text]) => text),
    )
  ).map((value): Labelled => {
    const labelled = readLabel(value);
    if (labelled === null) throw new Error('no label');
    return labelled;
  });
  const right = given.map(({ label }, at) => label === rows[at]?.[0]);
  const bins = Array.from({ length: 10 }, () => ({ right: 0, confidence: 0 }));
  given.forEach(({ score }, at) => {
    const bin = bins[Math.min(9, Math.floor(score * 10))];
    if (bin === undefined) return;
    bin.right += right[at] ? 1 : 0;
    bin.confidence += score;
  });
  const ece = bins.reduce((sum, bin) => sum + Math.abs(bin.right - bin.confidence), 0) / rows.length;
  if (errors) given.forEach(({ label, score }, at) => right[at] || complain(`${label} ${score.toFixed(2)}`, rows[at]));
  const sure = (kept: boolean): string => mean(given.filter((_, at) => right[at] === kept).map(({ score }) => score));
  return `${share(right)}  ECE ${ece.toFixed(3)}  confidence ${sure(true)} when right, ${sure(false)} when wrong`;
}

/** Exact matches (case and punctuation aside) with any of the references, and the token F1 of the best one. */
async function translation(model: Model, rows: readonly (readonly [string, string])[]): Promise<string> {
  const given = (
    await values(
      model,
      rows.map(([text]) => text),
    )
  ).map((value) => words(readText(value) ?? ''));
  const scores = given.map((got, at) =>
    Math.max(...(rows[at]?.[1] ?? '').split('|').map((one) => f1(got, words(one)))),
  );
  const exact = scores.map(
    (score, at) =>
      score === 1 && (rows[at]?.[1] ?? '').split('|').some((one) => words(one).join(' ') === given[at]?.join(' ')),
  );
  if (errors) given.forEach((got, at) => exact[at] || complain(got.join(' '), rows[at]));
  return `${share(exact)} exact  token F1 ${mean(scores)}`;
}

function words(text: string): readonly string[] {
  const plain = text.toLowerCase().replaceAll(/['’]/g, '');
  return plain.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');
}

function f1(got: readonly string[], wanted: readonly string[]): number {
  const left = [...wanted];
  const common = got.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  return (2 * common.length) / Math.max(1, got.length + wanted.length);
}

function share(right: readonly boolean[]): string {
  const count = right.filter(Boolean).length;
  return `${count}/${right.length} = ${((100 * count) / right.length).toFixed(1)} %`;
}

function mean(numbers: readonly number[]): string {
  return (numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length)).toFixed(3);
}

function complain(got: string, row: readonly [string, string] | undefined): void {
  console.log(`    ${got}   <-   ${row?.join(' | ') ?? ''}`);
}
