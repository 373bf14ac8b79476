/** The closing report for people. */
import type { ChalkInstance } from 'chalk';
import { escapeControls, escapeLines } from '../../diagnostics/render/escape.ts';
import { counted } from '../../diagnostics/render/format.ts';
import type { Look } from '../../diagnostics/render/format.ts';
import type { ModelReport, NodeReport, OperatorReport, Report } from '../../runtime/report/report.ts';
import { tableLines } from '../table.ts';
import type { Column } from '../table.ts';
import { bytes, duration, number, rate } from '../units.ts';
import { handlerLines } from './handlers.ts';

const INDENT = '  ';

function endedText({ how, clause, rows }: NodeReport['ended'][number]): string {
  switch (how) {
    case 'dropped':
      return `${number(rows)} dropped by ${clause}`;
    case 'routed':
      return `${number(rows)} routed by ${clause}`;
    case 'failed':
      return `${number(rows)} failed in ${clause}`;
    case 'replaced':
      return `${number(rows)} withdrawn by ${clause}`;
  }
}

function spilledText({ bytes: written, parts }: NonNullable<NodeReport['spilled']>): string {
  return `${bytes(written)} did not fit in memory and went to disk, in ${counted(parts, 'part')}`;
}

const NODE_COLUMNS: readonly Column[] = [
  { align: 'left', flexible: true },
  { align: 'left' },
  { align: 'right' },
  { align: 'right' },
  { align: 'right' },
];

/** A source has no rows in. */
function rowsIn({ kind, rowsIn }: NodeReport): string {
  return kind === 'extract' || kind === 'values' ? '' : number(rowsIn);
}

function nodeLines({ nodes, sources }: Report, { chalk, width }: Look): readonly string[] {
  const rows = nodes.map((node) => [
    escapeControls(node.label),
    node.kind,
    rowsIn(node),
    number(node.rowsOut),
    duration(node.milliseconds),
  ]);
  const [head = '', ...lines] = tableLines(
    NODE_COLUMNS,
    [['step', 'kind', 'rows in', 'rows out', 'time'], ...rows],
    width - INDENT.length,
  );
  const all = [chalk.dim(INDENT + head)];
  for (const [at, node] of nodes.entries()) {
    all.push(INDENT + (lines[at] ?? ''));
    for (const one of node.ended) all.push(chalk.dim(`${INDENT}${INDENT}${escapeControls(endedText(one))}`));
    const skipped = sources.find((source) => source.node === node.id)?.skipped ?? 0;
    if (skipped > 0)
      all.push(chalk.dim(`${INDENT}${INDENT}${counted(skipped, 'file')} not read: their paths do not pass the WHERE`));
    if (node.spilled !== null) all.push(chalk.dim(`${INDENT}${INDENT}${spilledText(node.spilled)}`));
    if (node.balanced === false) {
      all.push(
        chalk.red(`${INDENT}${INDENT}rows were lost: more came in than went out or were dropped; please report it`),
      );
    }
  }
  return all;
}

function callsText({ label, operator, calls, rows, milliseconds, rowsPerSecond }: OperatorReport): readonly string[] {
  const speed = rowsPerSecond === null ? '' : rate(rowsPerSecond);
  return [
    escapeControls(`${label}: ${operator}`),
    counted(calls, 'call'),
    counted(rows, 'row'),
    duration(milliseconds),
    speed,
  ];
}

const CALL_COLUMNS: readonly Column[] = NODE_COLUMNS.map((column, at) => (at === 1 ? { align: 'right' } : column));

function section(title: string, lines: readonly string[], chalk: ChalkInstance): readonly string[] {
  return lines.length === 0 ? [] : ['', chalk.bold(title), ...lines];
}

function operatorLines({ operators, models }: Report, width: number): readonly string[] {
  const calls = tableLines(CALL_COLUMNS, operators.map(callsText), width - INDENT.length);
  const loads = models.filter(({ milliseconds }) => milliseconds !== null).map(modelText);
  return [...calls, ...loads].map((line) => INDENT + line);
}

/** `./sentiment loaded in 210 ms; 20,000 texts asked: 5,000 computed, 12,000 from the cache, 3,000 equal to others` */
function modelText({ model, milliseconds, asked, shared, cached, computed }: ModelReport): string {
  const loaded = `${escapeControls(model)} loaded in ${duration(milliseconds ?? 0)}`;
  if (asked === 0) return loaded;
  if (computed === 0 && cached > 0)
    return `${escapeControls(model)}: ${counted(asked, 'text')} asked, all known from the cache`;
  const parts = [
    `${number(computed)} computed`,
    ...(cached === 0 ? [] : [`${number(cached)} from the cache`]),
    ...(shared === 0 ? [] : [`${number(shared)} equal to others`]),
  ];
  return `${loaded}; ${counted(asked, 'text')} asked: ${parts.join(', ')}`;
}

function outputLines({ outputs }: Report, width: number): readonly string[] {
  const columns: readonly Column[] = [{ align: 'left', flexible: true }, { align: 'right' }, { align: 'right' }];
  const rows = outputs.map((one) => [escapeControls(one.path), counted(one.rows, 'row'), bytes(one.bytes)]);
  return tableLines(columns, rows, width - INDENT.length).map((line) => INDENT + line);
}

function figure(value: number): string {
  return Number.isNaN(value) ? 'none' : value.toFixed(3);
}

function expectationLines({ expectations }: Report, chalk: ChalkInstance): readonly string[] {
  return expectations.flatMap((one) => {
    const { truePositives, falsePositives, falseNegatives, precision, recall, f1, gate, passed } = one;
    const verdict = passed === null ? '' : passed ? chalk.green('  passed') : chalk.red.bold('  FAILED');
    return [
      `${INDENT}${escapeControls(`${one.output} against ${one.truth}`)}`,
      `${INDENT}${INDENT}precision ${figure(precision)}  recall ${figure(recall)}  F1 ${figure(f1)}`,
      chalk.dim(
        `${INDENT}${INDENT}${number(truePositives)} right, ${number(falsePositives)} too many, ${number(falseNegatives)} missing`,
      ),
      ...(gate === null ? [] : [`${INDENT}${INDENT}HAVING ${escapeControls(gate)}${verdict}`]),
    ];
  });
}

/** `done in 1.2 s, peak memory 120 MB` */
function headline({ outcome, milliseconds, peakMemoryBytes }: Report, chalk: ChalkInstance): string {
  const facts = `${duration(milliseconds)}, peak memory ${bytes(peakMemoryBytes)}`;
  switch (outcome) {
    case 'done':
      return `${chalk.green.bold('done')} in ${facts}`;
    case 'gate-failed':
      return `${chalk.red.bold('expectation not met')} after ${facts}`;
    case 'failed':
      return `${chalk.red.bold('failed')} after ${facts}`;
    case 'interrupted':
      return `${chalk.yellow.bold('interrupted')} after ${facts}`;
    case 'running':
      return `running for ${facts}`;
  }
}

/** Ends with a line break. The error of a failed run is not in it: it is shown with its place in the script. */
export function reportText(report: Report, { chalk, width }: Look): string {
  const warnings = report.warnings.map(({ code, message, label }) =>
    chalk.yellow(`${INDENT}${code}${label === null ? '' : ` ${label}`}: ${escapeLines(message)}`),
  );
  const lines = [
    `${escapeControls(report.script)}: ${headline(report, chalk)}`,
    '',
    ...nodeLines(report, { chalk, width }),
    ...section('Repairs', handlerLines(report, { chalk, width }), chalk),
    ...section('Operators and models', operatorLines(report, width), chalk),
    ...section('Outputs', outputLines(report, width), chalk),
    ...section('Expectations', expectationLines(report, chalk), chalk),
    ...section('Warnings', warnings, chalk),
  ];
  return `${lines.join('\n')}\n`;
}
