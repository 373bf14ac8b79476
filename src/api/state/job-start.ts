/** What is known of a job before it runs, for its record. */
import { randomBytes } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { operatorsOf } from '../../planner/graph.ts';
import type { GraphNode } from '../../planner/graph.ts';
import type { Plan } from '../../planner/plan.ts';
import { valueText } from '../../planner/explain/labels.ts';
import {
  fingerprintOf,
  inputFingerprint,
  modelFingerprint,
  moduleFingerprints,
} from '../../runtime/state/fingerprints.ts';
import { thisOwner } from '../../runtime/state/owner.ts';
import { redact } from '../../runtime/state/redact.ts';
import type { Fingerprint, JobStart } from '../../runtime/state/store.ts';
import type { Planned } from '../run-plan.ts';

/** `sentiment-20261122-165512-3fa2`: the script (its folder, when it is just job.scope), when, and what tells two of one second apart. */
export function newJobId(script: string, at: Date): string {
  const stem = script === '-' ? 'stdin' : basename(script).replace(/\.[^.]*$/, '');
  const name = stem === 'job' ? basename(dirname(resolve(script))) : stem;
  const safe = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  const [date = '', time = ''] = at.toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${safe}-${date}-${time}-${randomBytes(2).toString('hex')}`;
}

/** Empty for standard input. */
export function scriptPathOf(script: string): string {
  return script === '-' ? '' : resolve(script);
}

/** The same for the same nodes: what one text comes to under one choice of rules and one version of the planner. */
function planFingerprint({ graph }: Plan): string {
  const columns = ({ schema }: GraphNode): readonly string[] => schema.map(({ name }) => name);
  return fingerprintOf(JSON.stringify(graph.nodes.map((node) => [node.id, node.kind, node.label, columns(node)])));
}

/** An input that cannot be found is left out here, and is an error of the run. */
async function inputsOf(plan: Plan): Promise<readonly Fingerprint[]> {
  const [{ inputFiles }, { diskFiles }] = await Promise.all([
    import('../../runtime/readers/files.ts'),
    import('../../runtime/readers/input-files.ts'),
  ]);
  const inputs: Fingerprint[] = [];
  for (const node of plan.graph.nodes) {
    if (node.kind !== 'extract') continue;
    const files = await inputFiles(node.files, node.declared, diskFiles).catch(() => []);
    for (const { path, name } of files) inputs.push({ path: name, fingerprint: await inputFingerprint(path) });
  }
  return inputs;
}

/** The models that operators are given by their option `model`; one that a class opens by itself is not seen. */
async function modelsOf({ plan, resolvePath }: Planned): Promise<readonly Fingerprint[]> {
  const { modelSource } = await import('../../runtime/models/source.ts');
  const found = new Map<string, Fingerprint>();
  for (const { options, span } of plan.graph.nodes.flatMap(operatorsOf)) {
    const written = new Map(options).get('model');
    if (typeof written !== 'string' || found.has(written)) continue;
    const source = modelSource(written, resolvePath('.', span.source));
    const fingerprint = source.kind === 'folder' ? await modelFingerprint(source.folder) : 'hub';
    found.set(written, { path: written, fingerprint });
  }
  return [...found.values()];
}

export interface JobFacts {
  readonly id: string;
  /** As the user named it. */
  readonly script: string;
  /** Its absolute path; empty where it is no file. */
  readonly scriptPath: string;
  readonly startedAt: number;
  readonly batchRows: number;
}

export async function jobStart(
  { id, script, scriptPath, startedAt, batchRows }: JobFacts,
  planned: Planned,
): Promise<JobStart> {
  const { plan, modules, resolvePath } = planned;
  return {
    id,
    script,
    scriptPath,
    planFingerprint: planFingerprint(plan),
    parameters: plan.parameters.map(({ name, value }) => ({ name, value: redact(valueText(value)) })),
    scripts: plan.sources.map(({ name, text }) => ({ path: name, fingerprint: fingerprintOf(text) })),
    inputs: await inputsOf(plan),
    modules: await moduleFingerprints([...modules.keys()], resolvePath('.', 0)),
    models: await modelsOf(planned),
    options: { batchRows },
    startedAt,
    ...thisOwner(),
  };
}
