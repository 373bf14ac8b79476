/** What live progress shows at an instant, as lines that fit the terminal. Pure, so that it can be tested without one. */
import { escapeControls } from '../../diagnostics/render/escape.ts';
import { fit } from '../../diagnostics/render/width.ts';
import type { GraphNode } from '../../planner/graph.ts';
import type { Report } from '../../runtime/report/report.ts';
import { tableLines } from '../table.ts';
import type { Column } from '../table.ts';
import { bytes, duration, number, percent, rate, roughly } from '../units.ts';
import { fractionRead, rowsPerSecond, timeLeft } from './estimate.ts';
import type { FirstRows } from './estimate.ts';

export interface Scene {
  readonly report: Report;
  readonly nodes: readonly GraphNode[];
  readonly first: FirstRows;
  readonly now: number;
  readonly stopping: boolean;
}

export function loadingLine({ models }: Report): string | null {
  const loading = models.filter(({ milliseconds }) => milliseconds === null).map(({ model }) => model);
  if (loading.length === 0) return null;
  return escapeControls(`loading ${loading.length === 1 ? 'model' : 'models'} ${loading.join(', ')} …`);
}

/** `41% of 12 MB read, 8 s left, 3.2 s so far` */
export function summaryLine({ report, nodes, first, now, stopping }: Scene): string {
  const read = fractionRead(report);
  const all = report.sources.reduce((sum, source) => sum + (source.bytes ?? 0), 0);
  const left = timeLeft(report, nodes, first, now);
  const facts = [
    ...(stopping ? ['stopping'] : []),
    ...(read === null ? [] : [`${percent(read)} of ${bytes(all)} read`]),
    ...(left === null || left < SOON ? [] : [`about ${roughly(left)} left`]),
    `${duration(report.milliseconds)} so far`,
  ];
  return facts.join(', ');
}

const SOON = 500;
const COLUMNS: readonly Column[] = [
  { align: 'left', flexible: true },
  { align: 'right' },
  { align: 'right' },
  { align: 'right' },
];
/** Narrower terminals get the rows out only. */
const NARROW = 50;

function nodeRow({ first, now }: Scene, node: Report['nodes'][number]): readonly string[] {
  const speed = rowsPerSecond(Math.max(node.rowsIn, node.rowsOut), first.get(node.id), now);
  return [
    escapeControls(node.label),
    node.kind === 'extract' || node.kind === 'values' ? '' : `${number(node.rowsIn)} in`,
    `${number(node.rowsOut)} out`,
    speed === null ? '' : rate(speed),
  ];
}

/** At most `height` lines of at most `width` cells; the steps that moved least are left out first when there is no room for all. */
export function frame(scene: Scene, width: number, height: number): readonly string[] {
  const loading = loadingLine(scene.report);
  const tail = [...(loading === null ? [] : [loading]), summaryLine(scene)];
  const room = Math.max(0, height - tail.length);
  const { nodes } = scene.report;
  const shown = nodes.length <= room ? nodes : nodes.slice(0, Math.max(0, room - 1));
  const rows = shown.map((node) => nodeRow(scene, node));
  const lines =
    width < NARROW
      ? tableLines(
          [{ align: 'left', flexible: true }, { align: 'right' }],
          rows.map((row) => [row[0] ?? '', row[2] ?? '']),
          width,
        )
      : tableLines(COLUMNS, rows, width);
  const hidden = nodes.length - shown.length;
  const more = hidden > 0 && room > 0 ? [`… and ${hidden} more`] : [];
  return [...lines, ...more, ...tail].slice(-height).map((line) => fit(line, width));
}
