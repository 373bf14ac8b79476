/** A story on a terminal: each step with its place, what it took and what it made, from the source to the row. */
import { basename } from 'node:path';
import type { ChalkInstance } from 'chalk';
import { escapeControls } from '../../diagnostics/render/escape.ts';
import { displayWidth, fit, fitEnd, padEnd } from '../../diagnostics/render/width.ts';
import type { SourcePlace } from '../../runtime/lineage/reader.ts';
import type { GroupStory, RepairStory, Step } from '../../runtime/lineage/story.ts';
import { changeText, plainText, SHORT, valuesText, valueText } from './values.ts';

export interface TextStyle {
  readonly chalk: ChalkInstance;
  readonly width: number;
}

const WIDEST_PLACE = 28;

/** Between a clause and what it read. */
const BESIDE = '·';

/** Cells of one value of several. */
const ONE_OF = 28;

/** The lines of a story, or of its steps from one place to another; without a line break at the end. */
export function storyLines(
  steps: readonly Step[],
  style: TextStyle,
  from = 0,
  until = steps.length,
): readonly string[] {
  const left = Math.min(WIDEST_PLACE, Math.max(...steps.map((step) => displayWidth(placeText(step)))));
  const lines: string[] = [];
  for (const [at, step] of steps.entries()) {
    if (at < from || at >= until) continue;
    // A step that does not go on from the one above begins another chain.
    if (at > from && !step.from.includes(at - 1)) lines.push('');
    lines.push(...stepLines(step, left, style));
  }
  return lines;
}

/** Repairs one below the other, whether or not one goes back to another. */
export function repairList(repairs: readonly Step[], style: TextStyle): readonly string[] {
  const left = Math.max(...repairs.map((step) => displayWidth(placeText(step))));
  return repairs.flatMap((step) => stepLines(step, Math.min(WIDEST_PLACE, left), style));
}

function stepLines(step: Step, left: number, { chalk, width }: TextStyle): readonly string[] {
  const room = Math.max(20, width - left - 2);
  const place = padEnd(fitEnd(placeText(step), left), left);
  const indent = ' '.repeat(left + 2);
  const isSource = step.kind === 'source' || step.kind === 'rejected';
  const clause = isSource ? sourceText(step, room) : escapeControls(clauseOf(step));
  const details = step.kind === 'source' ? [] : detailLines(step, room - 2);
  // What fits beside its clause stands there.
  const [only, ...more] = details;
  const beside = more.length === 0 && only !== undefined ? `${clause}  ${BESIDE} ${only}` : null;
  const together = beside !== null && displayWidth(beside) <= room && step.kind === 'step';
  const head = together ? beside : clause;
  const below = together ? [] : details;
  const mark = step.kind === 'repair' ? chalk.yellow : chalk.dim;
  return [
    `${isSource ? chalk.cyan(place) : mark(place)}  ${fit(head, room)}`,
    ...below.map((line) => `${indent}  ${step.kind === 'repair' ? chalk.yellow(line) : line}`),
  ];
}

/** Of a line that was not taken its text; why not stands below. */
function sourceText({ kind, values }: Step, room: number): string {
  return valuesText(kind === 'rejected' ? values.slice(0, 1) : values, room);
}

function placeText({ kind, place, script, node }: Step): string {
  if (kind !== 'source' && kind !== 'rejected') return scriptText(script);
  return place === null ? (node === 'values' ? scriptText(script) : '(source)') : placeOf(place);
}

export function scriptText({ file, line }: SourcePlace): string {
  return escapeControls(`${basename(file)}:${line}`);
}

export function placeOf({ file, line }: SourcePlace): string {
  return escapeControls(`${file}:${line}`);
}

function clauseOf({ text, alternative, kind }: Step): string {
  if (alternative === null || alternative.of < 2) return text;
  return kind === 'repair' ? text : `alternative ${alternative.number + 1} of ${alternative.of}: ${text}`;
}

function detailLines(step: Step, room: number): readonly string[] {
  const { inputs, read, values, group, repair } = step;
  if (step.kind === 'rejected')
    return values.slice(1).map(({ value, type }) => fit(escapeControls(plainText(value, type)), room));
  if (repair !== null) {
    const seen = read.length === 0 ? [] : [fit(valuesText(read, read.length === 1 ? room : ONE_OF), room)];
    return [...seen, ...repairLines(repair, room)];
  }
  if (group !== null) return [...answer(values, room), ...groupLines(group, room)];
  const given = inputs.length > 0 ? inputs : read;
  if (given.length === 0) return answer(values, room);
  const taken = valuesText(given, given.length === 1 ? room : Math.max(ONE_OF, Math.floor(room / given.length) - 12));
  if (values.length === 0) return [fit(taken, room)];
  const made = `→ ${valuesText(values, values.length === 1 ? room : SHORT)}`;
  const line = `${taken} ${made}`;
  return displayWidth(line) <= room ? [line] : [fit(taken, room), fit(made, room)];
}

function answer(values: Step['values'], room: number): readonly string[] {
  return values.length === 0 ? [] : [fit(`→ ${valuesText(values)}`, room)];
}

function groupLines({ rows, shown }: GroupStory, room: number): readonly string[] {
  if (rows === 0) return ['from no rows'];
  if (rows === 1) return [];
  const rest = rows - shown.length;
  const places = shown.map(({ place }) => (place === null ? '' : placeOf(place)));
  const width = Math.max(0, ...places.map(displayWidth));
  const lines = shown.map(({ values }, at) =>
    fit(`  ${padEnd(places[at] ?? '', width)}  ${valuesText(values, 40)}`, room),
  );
  const more = rest > 0 ? [`  and ${rest.toLocaleString('en-US')} more (--all shows them)`] : [];
  return [`from ${rows.toLocaleString('en-US')} rows, the first of which is told above:`, ...lines, ...more];
}

const DID = { edit: 'edited', append: 'added a row', delete: 'deleted', retry: 'asked again' } as const;

function repairLines({ kind, changes, reason, attempt }: RepairStory, room: number): readonly string[] {
  const half = Math.max(12, Math.floor((room - 20) / 2));
  const changed = changes.map(({ column, type, before, after }) =>
    kind === 'edit' || kind === 'append'
      ? `${column}: ${changeText(before, after, type, half)}`
      : `${column}: ${valueText(before, type, half)}`,
  );
  const because = reason === '' ? '' : `, because ${escapeControls(reason)}`;
  return [...changed.map((line) => fit(line, room)), fit(`repair ${attempt}: ${DID[kind]}${because}`, room)];
}
