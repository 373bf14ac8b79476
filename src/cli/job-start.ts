/** What is known of a job before it runs, for its record. */
import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import type { Plan } from '../planner/plan.ts';
import { valueText } from '../planner/explain/labels.ts';
import { redact } from '../runtime/state/redact.ts';
import type { JobStart } from '../runtime/state/store.ts';

/** `sentiment-20261122-165512-3fa2`: the script (its folder, when it is just job.scope), when, and what tells two of one second apart. */
export function newJobId(script: string, at: Date): string {
  const stem = script === '-' ? 'stdin' : basename(script).replace(/\.[^.]*$/, '');
  const name = stem === 'job' ? basename(dirname(resolve(script))) : stem;
  const safe = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  const [date = '', time = ''] = at.toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${safe}-${date}-${time}-${randomBytes(2).toString('hex')}`;
}

/** The same for the same texts, parameters and choice of rules. */
function planFingerprint({ sources, parameters, graph }: Plan): string {
  const hash = createHash('sha256');
  const facts = [
    sources.map(({ text }) => text),
    parameters.map(({ name, value }) => [name, valueText(value)]),
    graph.nodes.map(({ kind, label }) => [kind, label]),
  ];
  return hash.update(JSON.stringify(facts)).digest('hex');
}

type Input = JobStart['inputs'][number];

/** Size and time of change; an input that cannot be found is left out here, and is an error of the run. */
async function inputsOf(plan: Plan): Promise<readonly Input[]> {
  const [{ inputFiles }, { diskFiles }] = await Promise.all([
    import('../runtime/readers/files.ts'),
    import('../runtime/readers/input-files.ts'),
  ]);
  const inputs: Input[] = [];
  for (const node of plan.graph.nodes) {
    if (node.kind !== 'extract') continue;
    const files = await inputFiles(node.files, node.declared, diskFiles).catch(() => []);
    for (const { path, name } of files) {
      const { size, mtimeMs } = await stat(path);
      inputs.push({ path: name, fingerprint: `${size}-${Math.floor(mtimeMs)}` });
    }
  }
  return inputs;
}

export async function jobStart(id: string, script: string, plan: Plan, startedAt: number): Promise<JobStart> {
  return {
    id,
    script,
    planFingerprint: planFingerprint(plan),
    parameters: plan.parameters.map(({ name, value }) => ({ name, value: redact(valueText(value)) })),
    inputs: await inputsOf(plan),
    startedAt,
    owner: `${hostname()}, process ${process.pid}`,
  };
}
