/** What became of a source line, on a terminal. */
import { escapeControls } from '../../diagnostics/render/escape.ts';
import { displayWidth, fit, padEnd } from '../../diagnostics/render/width.ts';
import { repairList, scriptText, storyLines } from './story-text.ts';
import type { TextStyle } from './story-text.ts';
import type { Told } from './tell-fates.ts';
import { valuesText } from './values.ts';

/** @param whole also where the line reached an output, how it came to its other ends */
export function fateLines(told: Told, whole: boolean, style: TextStyle): readonly string[] {
  const { chalk, width } = style;
  const lines = told.reached.map(({ output, line, row }) => {
    const where = line === null ? `${output}, row ${row}` : `${output}:${line}`;
    return `${chalk.green('reached')}  ${escapeControls(where)}`;
  });
  // The story of an end tells them as well.
  if (told.reached.length > 0 && told.repairs.length > 0)
    lines.push('', 'repaired on its way:', ...repairList(told.repairs, style));
  if (told.reached.length === 0 || whole) lines.push(...endStories(told, style, lines.length > 0));
  else if (told.ended.length > 0)
    lines.push('', 'on its other ways it ended (--all tells how):', ...endList(told, style));
  if (told.cut) lines.push('', fit('it went on in more rows than are told here', width));
  return lines;
}

function endStories({ steps, ended }: Told, style: TextStyle, behind: boolean): readonly string[] {
  const { chalk, width } = style;
  const lines: string[] = [];
  let from = 0;
  for (const { fate, until, rows } of ended) {
    if (behind || lines.length > 0) lines.push('');
    if (until > from) lines.push(...storyLines(steps, style, from, until));
    from = Math.max(from, until);
    const place = `ended at ${scriptText(fate.script)}`;
    lines.push(`${chalk.red(place)}  ${fit(escapeControls(fate.clause), Math.max(20, width - place.length - 2))}`);
    if (fate.read.length > 0) lines.push(fit(`  ${valuesText(fate.read)}`, width));
    lines.push(chalk.red(fit(`  ${howText(fate.how, rows)}`, width)));
  }
  return lines;
}

function endList({ ended }: Told, { chalk, width }: TextStyle): readonly string[] {
  const places = ended.map(({ fate }) => scriptText(fate.script));
  const left = Math.max(...places.map(displayWidth));
  return ended.map(({ fate, rows }, at) => {
    const read = fate.read.length === 0 ? howText(fate.how, rows) : valuesText(fate.read, 28);
    const text = `${escapeControls(fate.clause)}  · ${read}`;
    return `  ${chalk.dim(padEnd(places[at] ?? '', left))}  ${fit(text, Math.max(20, width - left - 4))}`;
  });
}

function howText(how: string, rows: number): string {
  const text = escapeControls(how);
  return rows === 1 ? text : `${text} (${rows.toLocaleString('en-US')} rows)`;
}
