/** One record of the job store for people. */
import { escapeControls } from '../../diagnostics/render/escape.ts';
import type { Look } from '../../diagnostics/render/format.ts';
import { padEnd } from '../../diagnostics/render/width.ts';
import type { Report } from '../../runtime/report/report.ts';
import { isUnfinished, stateOf } from '../../runtime/state/store.ts';
import type { JobRecord } from '../../runtime/state/store.ts';
import { bytes, number } from '../units.ts';
import { reportText } from './text.ts';

const LISTS = [
  'nodes',
  'handlers',
  'regions',
  'operators',
  'models',
  'outputs',
  'expectations',
  'warnings',
] as const satisfies readonly (keyof Report)[];

/** Reports of this version are drawn; of another, or of an earlier one that lacks a list, only what the record itself holds is shown. */
function isReport(value: unknown): value is Report {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return false;
  return LISTS.every((list) => Array.isArray(Reflect.get(value, list)));
}

/** What could be gone on with. */
function furtherFacts(job: JobRecord, kept: number, now: number): readonly (readonly [string, string])[] {
  if (kept === 0) return [];
  const how = isUnfinished(job, now) ? `: pyscope run ${job.script} --resume ${job.id}` : '';
  return [['kept', `${number(kept)} ${kept === 1 ? 'answer' : 'answers'} of operators${how}`]];
}

function facts(job: JobRecord, kept: number, now: number): readonly (readonly [string, string])[] {
  return [
    ['job', job.id],
    ['state', stateOf(job, now)],
    ...furtherFacts(job, kept, now),
    ['script', job.script],
    ['started', new Date(job.startedAt).toISOString()],
    ['by', job.owner],
    ...job.parameters.map(({ name, value }) => [`@${name}`, value] as const),
    ...job.inputs.map(({ path, fingerprint }) => ['input', `${path} (${fingerprint})`] as const),
    ...job.outputs.map(
      (one) => ['output', `${one.path}: ${number(one.rows)} rows, ${bytes(one.bytes)}, sha256 ${one.sha256}`] as const,
    ),
    ['plan', job.planFingerprint],
  ];
}

/** @param kept answers of operators that the store has of the job */
export function jobText(job: JobRecord, kept: number, now: number, look: Look): string {
  const lines = facts(job, kept, now).map(
    ([name, value]) => `${look.chalk.dim(padEnd(escapeControls(name), 10))} ${escapeControls(value)}`,
  );
  const report: unknown = job.end?.report;
  return `${lines.join('\n')}\n${isReport(report) ? `\n${reportText(report, look)}` : ''}`;
}
