/** A job that crash tests stop: operators in a chain, one with values that only the next one reads, in a loop of repairs, over groups and behind a join, all of which say what they were asked. */
import { unpack } from '../../src/runtime/state/packed.ts';
import type { StateStore } from '../../src/runtime/state/store.ts';
import { valueAt } from '../../src/runtime/vectors.ts';

/** Operators take their time, and write what they are asked to the file that CALLS names, before they answer. */
const OPERATORS = `
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Processor, Reducer } from 'pyscope';

const asked = (name: string, texts: readonly string[]): void => {
  if (process.env.TELL !== undefined) process.stderr.write('asked\\n');
  appendFileSync(process.env.CALLS ?? 'calls.log', texts.map((text) => name + ' ' + text + '\\n').join(''));
};

export class Label extends Processor.declare({ inputs: { text: 'string' }, outputs: { seen: 'string', label: 'string' } }) {
  override async callBatch(batch) {
    const texts = [...batch.get('text')];
    asked('Label', texts);
    await pause(Number(process.env.PACE ?? 25));
    return batch.with({ seen: texts.map((text) => 'Label ' + text), label: texts.map((text) => (text.length % 3 ? 'a' : 'b')) });
  }
}

export class Tell extends Processor.declare({ inputs: { text: 'string' }, outputs: { seen: 'string', told: 'string' } }) {
  override async callBatch(batch) {
    const texts = [...batch.get('text')];
    asked('Tell', texts);
    await pause(Number(process.env.PACE ?? 25) / 2);
    return batch.with({ seen: texts.map((text) => 'Tell ' + text), told: texts.map((text) => text + ', told' + '!'.repeat(80)) });
  }
}

export class Repair extends Processor.declare({
  inputs: { text: 'string' }, outputs: { again: 'string' }, edits: ['text'],
}) {
  override async *call(row) {
    const text = row.get('text');
    asked('Repair', [text]);
    if (text.endsWith('!')) yield row.edit({ text: text.slice(0, -1) });
    else yield row.with({ again: 'Repair ' + text });
  }
}

export class Count extends Reducer.declare({ inputs: { text: 'string' }, outputs: { named: 'string', all: 'string' } }) {
  override async call(group) {
    const texts = [...group.rows()].map((row) => row.get('text'));
    asked('Count', [texts[0]]);
    await pause(1);
    return group.with({ named: 'Count ' + texts[0], all: texts.join('+') });
  }
}
`;

const SCRIPT = `
IMPORT { Label, Tell, Repair, Count } FROM "./operators.ts";
DECLARE @in: string = "in.csv";
lines   = EXTRACT line: string, k: string FROM @in USING CsvReader();
names   = EXTRACT k: string, name: string FROM "names.csv" USING CsvReader();
fixed   = PROCESS lines USING Repair(text = line) HINT(commit = true);
labels  = PROCESS (SELECT line, k FROM fixed) USING Label(text = line) HINT(commit = true);
joined  = SELECT l.k, l.line, l.label, n.name FROM labels AS l JOIN names AS n ON l.k == n.k;
groups  = REDUCE joined ON k, name USING Count(text = line) HINT(commit = true);
told    = PROCESS lines USING Tell(text = line) PRODUCE told HINT(commit = true);
tales   = PROCESS (SELECT k, told AS tale FROM told) USING Label(text = tale) PRODUCE label HINT(commit = true);
OUTPUT groups TO "groups.csv";
OUTPUT (SELECT k, label FROM tales) TO "tales.csv";
OUTPUT labels WHERE label == "a" TO "labels.csv";
OUTPUT lines TO "lines.csv";
`;

const LINES = Array.from(
  { length: 60 },
  (_, at) => `line ${at}${'x'.repeat(at % 5)}${'!'.repeat(at % 4)},k${at % 13}\n`,
);

export const FILES: Readonly<Record<string, string>> = {
  'operators.ts': OPERATORS,
  'job.scope': SCRIPT,
  'in.csv': `line,k\n${LINES.join('')}`,
  'names.csv': `k,name\n${Array.from({ length: 13 }, (_, at) => `k${at},name ${at}\n`).join('')}`,
};

export const OUTPUTS = ['groups.csv', 'labels.csv', 'lines.csv', 'tales.csv'];
/** In batches of five rows, so that there is much to commit. */
export const ARGS = ['run', 'job.scope', '--batch', '5', '--quiet'];

/** Every call whose answer is in the store and that gave a row, as the operators write it; a Repair that edits gives none. */
export async function committedCalls(store: StateStore, job: string): Promise<ReadonlySet<string>> {
  const calls = new Set<string>();
  for (const key of await store.committed(job)) {
    const bytes = await store.answer(job, key);
    const [first] = unpack(bytes ?? new Uint8Array(0), key).vectors;
    if (first === undefined) continue;
    const { length } = unpack(bytes ?? new Uint8Array(0), key);
    for (let row = 0; row < length; row += 1) calls.add(String(valueAt(first, row)));
  }
  return calls;
}
