/** The part of the closing report that is about repairs. */
import type { ChalkInstance } from 'chalk';
import { escapeControls } from '../../diagnostics/render/escape.ts';
import type { Look } from '../../diagnostics/render/format.ts';
import { fit } from '../../diagnostics/render/width.ts';
import type { HandlerReport, RegionReport, Report } from '../../runtime/report/report.ts';
import { tableLines } from '../table.ts';
import type { Column } from '../table.ts';
import { number } from '../units.ts';

const INDENT = '  ';

const FIGURES = [
  'fired',
  'edited',
  'appended',
  'deleted',
  'retried',
  'stale',
  'exhausted',
  'lost',
] as const satisfies readonly (keyof HandlerReport)[];

/** A line of figures for each handler, and below it the clause, which is often too long to stand beside them. Figures that are all 0 are left out. */
export function handlerLines({ handlers, regions }: Report, { chalk, width }: Look): readonly string[] {
  if (handlers.length === 0) return [];
  const shown = FIGURES.filter((key) => key === 'fired' || handlers.some((one) => one[key] > 0));
  const rows = handlers.map((one) => [
    `line ${one.place.start.line}`,
    escapeControls(one.label),
    ...shown.map((key) => number(one[key])),
  ]);
  const columns: readonly Column[] = [
    { align: 'right' },
    { align: 'left', flexible: true },
    ...shown.map(() => ({ align: 'right' as const })),
  ];
  const [titles = '', ...lines] = tableLines(columns, [['', 'handler', ...shown], ...rows], width - INDENT.length);
  const clauses = handlers.map(({ clause }) => {
    const indent = INDENT.repeat(2);
    return chalk.dim(indent + fit(escapeControls(clause), width - indent.length));
  });
  return [
    chalk.dim(INDENT + titles),
    ...lines.flatMap((line, at) => [INDENT + line, ...clauses.slice(at, at + 1)]),
    ...passesLines(regions, chalk),
  ];
}

function passesLines(regions: readonly RegionReport[], chalk: ChalkInstance): readonly string[] {
  return regions
    .filter(({ runs }) => runs > 0)
    .map(({ region, runs, passes }) => {
      const most =
        passes === 0 ? 'nothing to repair' : `${number(passes)} pass${passes === 1 ? '' : 'es'} of repairs at most`;
      const batches = runs === 1 ? '' : ` in each of ${number(runs)} batches`;
      return chalk.dim(`${INDENT}region ${region + 1}: ${most}${batches}`);
    });
}
