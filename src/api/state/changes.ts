/** What keeps a run from being gone on with: its answers belong to other scripts, values, files, modules or models than there are now. */
import { StateError } from '../../runtime/state/errors.ts';
import type { Fingerprint, JobRecord, JobStart } from '../../runtime/state/store.ts';

function changedAmong(what: string, before: readonly Fingerprint[], now: readonly Fingerprint[]): readonly string[] {
  const known = new Map(before.map(({ path, fingerprint }) => [path, fingerprint]));
  const found = new Map(now.map(({ path, fingerprint }) => [path, fingerprint]));
  return [...new Set([...known.keys(), ...found.keys()])].flatMap((path) => {
    const [old, fresh] = [known.get(path), found.get(path)];
    if (old === fresh) return [];
    if (old === undefined) return [`the ${what} ${path} is new`];
    return [
      `the ${what} ${path} ${fresh === undefined || fresh === 'absent' ? 'is not there any more' : 'has changed'}`,
    ];
  });
}

function changedParameters(before: JobStart['parameters'], now: JobStart['parameters']): readonly string[] {
  const found = new Map(now.map(({ name, value }) => [name, value]));
  return before.flatMap(({ name, value }) => {
    const fresh = found.get(name);
    return fresh === undefined || fresh === value ? [] : [`the parameter @${name} was ${value} and is ${fresh}`];
  });
}

/** A line for each thing that is not as it was; none where the run can be gone on with. */
export function changesSince(record: JobStart, now: JobStart): readonly string[] {
  const batches = [record, now].map(({ options }) => options.batchRows);
  const found = [
    ...changedAmong('script', record.scripts, now.scripts),
    ...(batches[0] === batches[1] ? [] : [`--batch was ${batches[0]} and is ${batches[1]}`]),
    ...changedParameters(record.parameters, now.parameters),
    ...changedAmong('input', record.inputs, now.inputs),
    ...changedAmong('module', record.modules, now.modules),
    ...changedAmong('model', record.models, now.models),
  ];
  if (found.length > 0 || record.planFingerprint === now.planFingerprint) return found;
  return ['the plan has changed: other optimiser options than before, or another version of pyscope'];
}

/** @throws StateError PR6011 */
export function refuseChanged(record: JobRecord, now: JobStart): void {
  const changes = changesSince(record, now);
  if (changes.length === 0) return;
  throw new StateError(
    'PR6011',
    `job ${record.id} cannot be gone on with, because what it began with has changed:\n${changes.map((one) => `  ${one}`).join('\n')}`,
    'put back what has changed, or leave --resume out to start anew',
  );
}
