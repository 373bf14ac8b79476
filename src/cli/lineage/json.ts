/** Stories for programs; docs/cli.md describes them. */
import type { OutputFacts } from '../../runtime/lineage/manifest.ts';
import type { NamedValue, Step } from '../../runtime/lineage/story.ts';
import type { Recorded } from './find.ts';
import type { Target } from './target.ts';
import type { Told } from './tell-fates.ts';
import { jsonValue } from './values.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ToldRow {
  readonly target: Target;
  readonly record: Recorded;
  readonly output: OutputFacts;
  readonly found: { readonly position: number; readonly line: number | null };
  readonly row: readonly NamedValue[];
  readonly steps: readonly Step[];
}

export function storyJson({ target, record, output, found, row, steps }: ToldRow): Json {
  const { job, script } = record.manifest;
  return {
    version: 1,
    job,
    script,
    file: target.file,
    output: output.shown,
    line: found.line,
    row: found.position + 1,
    values: valuesJson(row),
    steps: steps.map(stepJson),
  };
}

export function fatesJson(target: Target, record: Recorded, told: Told): Json {
  const { job, script } = record.manifest;
  return {
    version: 1,
    job,
    script,
    file: target.file,
    line: target.line,
    reached: told.reached,
    repairs: told.repairs.map(stepJson),
    steps: told.steps.map(stepJson),
    ended: told.ended.map(({ fate: { label, clause, script, how, read }, until, rows }) => ({
      label,
      clause,
      script,
      how,
      read: valuesJson(read),
      rows,
      until,
    })),
    complete: !told.cut,
  };
}

function valuesJson(values: readonly NamedValue[]): readonly Json[] {
  return values.map(({ name, type, value }) => ({ name, type, value: jsonValue(value, type) }));
}

function stepJson({
  kind,
  label,
  node,
  text,
  script,
  from,
  place,
  inputs,
  read,
  values,
  alternative,
  group,
  repair,
}: Step): Json {
  return {
    kind,
    label,
    node,
    text,
    script,
    from,
    ...(place === null ? {} : { place }),
    ...(inputs.length === 0 ? {} : { inputs: valuesJson(inputs) }),
    ...(read.length === 0 ? {} : { read: valuesJson(read) }),
    values: valuesJson(values),
    ...(alternative === null ? {} : { alternative }),
    ...(group === null
      ? {}
      : {
          group: {
            rows: group.rows,
            shown: group.shown.map((one) => ({ place: one.place, values: valuesJson(one.values) })),
          },
        }),
    ...(repair === null
      ? {}
      : {
          repair: {
            ...repair,
            changes: repair.changes.map(({ column, type, before, after }) => ({
              column,
              before: jsonValue(before, type),
              after: jsonValue(after, type),
            })),
          },
        }),
  };
}
