/** Recorded lineages of test runs, and the plain questions tests ask of them. */
import type { Fate } from '../../../src/runtime/lineage/fates.ts';
import { fatesOf } from '../../../src/runtime/lineage/fates.ts';
import type { OutputFacts } from '../../../src/runtime/lineage/manifest.ts';
import type { LineageFiles } from '../../../src/runtime/lineage/packed.ts';
import { Lineage } from '../../../src/runtime/lineage/reader.ts';
import type { RowRef } from '../../../src/runtime/lineage/reader.ts';
import { storyOf } from '../../../src/runtime/lineage/story.ts';
import type { NamedValue, Step } from '../../../src/runtime/lineage/story.ts';
import { LINEAGE } from '../engine/support.ts';
import type { MemoryOutputs } from '../outputs/memory.ts';

export function filesIn({ files }: MemoryOutputs): LineageFiles {
  const bytesOf = (name: string): Buffer => {
    const bytes = files.get(`${LINEAGE}/${name}`);
    if (bytes === undefined) throw new Error(`the run left no ${name}`);
    return bytes;
  };
  const rows = bytesOf('rows.packed');
  return {
    folder: LINEAGE,
    manifest: bytesOf('manifest.json').toString('utf8'),
    index: bytesOf('index.packed'),
    rows: (offset, length) => rows.subarray(offset, offset + length),
  };
}

export function lineageIn(outputs: MemoryOutputs): Lineage {
  return new Lineage(filesIn(outputs));
}

export function outputNamed({ manifest }: Lineage, name: string): OutputFacts {
  const found = manifest.outputs.find(({ shown }) => shown === name);
  if (found === undefined) throw new Error(`no output ${name}`);
  return found;
}

/** The row of an output's input at a position of its file, from 0. */
export function rowAt(lineage: Lineage, output: OutputFacts, position: number): RowRef {
  const ref = lineage.writtenRow(output.node, output.part, position);
  if (ref === null) throw new Error(`no row ${position} of ${output.shown}`);
  return ref;
}

/** Every source row that a row goes back to: `file:line`, or the values of a VALUES row. */
export function sourcesOf(lineage: Lineage, ref: RowRef): ReadonlySet<string> {
  const sources = new Set<string>();
  const seen = new Set<string>();
  const waiting = [ref];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const key = `${at.node} ${at.row}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const repair = lineage.repairMaking(at);
    if (repair !== null) {
      waiting.push({ node: at.node, row: repair.row });
      continue;
    }
    if (lineage.node(at.node).inputs.length === 0) sources.add(sourceText(lineage, at));
    waiting.push(...lineage.made(at).sides.flat());
  }
  return sources;
}

function sourceText(lineage: Lineage, ref: RowRef): string {
  const place = lineage.placeOf(ref);
  if (place !== null) return `${place.file}:${place.line}`;
  const { columns } = lineage.node(ref.node);
  return `(${columns.map((_, at) => String(lineage.value(ref, at))).join(', ')})`;
}

/** All rows of a source that a reader gave, first versions only. */
export function sourceRows(lineage: Lineage, node: number, file: string, lines: number): readonly RowRef[] {
  return Array.from({ length: lines }, (_, at) => at + 1).flatMap((line) => {
    const found = lineage.sourceRow(node, file, line);
    return found === null || found.line !== line ? [] : [found.ref];
  });
}

export function fates(lineage: Lineage, ref: RowRef): readonly Fate[] {
  return fatesOf(lineage, ref).fates;
}

/** `out.csv:0` for a row that was reached, `job.scope:3 TOP 2: TOP 2 cut it off` for an end. */
export function fateTexts(lineage: Lineage, ref: RowRef): readonly string[] {
  return fates(lineage, ref).map((fate) =>
    fate.kind === 'reached' ? `${fate.output.shown}:${fate.position}` : `${fate.clause}: ${fate.how}`,
  );
}

/** A story as lines: `place text | inputs | read → values`. */
export function storyTexts(
  lineage: Lineage,
  ref: RowRef,
  column: number | null = null,
  members = 3,
): readonly string[] {
  return storyOf(lineage, ref, { members, column }).map(stepText);
}

function stepText({ kind, text, place, inputs, read, values, group, repair, alternative, script }: Step): string {
  const parts = [
    kind === 'source' || kind === 'rejected' ? `${place?.file ?? ''}:${place?.line ?? ''}` : `${script.line} ${text}`,
  ];
  if (alternative !== null && alternative.number > 0) parts.push(`(alternative ${alternative.number})`);
  if (inputs.length > 0) parts.push(`given ${listed(inputs)}`);
  if (read.length > 0) parts.push(`read ${listed(read)}`);
  if (values.length > 0) parts.push(`→ ${listed(values)}`);
  if (group !== null) parts.push(`of ${group.rows}: ${group.shown.map(({ place: at }) => at?.line ?? '?').join(', ')}`);
  if (repair !== null) {
    const changes = repair.changes.map(({ column, before, after }) => `${column}: ${text_(before)} → ${text_(after)}`);
    parts.push(`${repair.kind} ${changes.join(', ')} (${repair.attempt})`);
  }
  return parts.join(' ');
}

function listed(values: readonly NamedValue[]): string {
  return values.map(({ name, value }) => `${name} ${text_(value)}`).join(', ');
}

function text_(value: unknown): string {
  return JSON.stringify(value);
}
