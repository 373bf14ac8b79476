/** The cache of answers for people. */
import { escapeControls } from '../../diagnostics/render/escape.ts';
import { counted } from '../../diagnostics/render/format.ts';
import type { Look } from '../../diagnostics/render/format.ts';
import type { ModelUse } from '../../runtime/models/cache/table.ts';
import type { Verified, VerifiedModel } from '../../runtime/models/cache/verify.ts';
import { tableLines } from '../table.ts';
import type { Column } from '../table.ts';
import { bytes, number } from '../units.ts';

const COLUMNS: readonly Column[] = [
  { align: 'left' },
  { align: 'left' },
  { align: 'right' },
  { align: 'right' },
  { align: 'left', flexible: true },
];

/** Letters of an id that tell models apart, and that `--model` takes. */
const SHOWN = 8;

/** What is so unless a script says otherwise goes without saying. */
const USUAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['allowRemote', false],
  ['revision', 'main'],
  ['batching', 'exact'],
]);

function optionsText({ options }: ModelUse): string {
  return Object.entries(options)
    .filter(([name, value]) => USUAL.get(name) !== value)
    .map(([name, value]) => `, ${name} = ${JSON.stringify(value)}`)
    .join('');
}

export function modelsText(location: string | null, models: readonly ModelUse[], { chalk, width }: Look): string {
  const rows = models
    .toSorted((a, b) => b.bytes - a.bytes)
    .map((model) => [
      model.id.slice(0, SHOWN),
      model.task,
      number(model.entries),
      bytes(model.bytes),
      escapeControls(model.source.written + optionsText(model)),
    ]);
  if (location === null || rows.length === 0) return 'no answers are kept here\n';
  const [head = '', ...lines] = tableLines(COLUMNS, [['id', 'task', 'answers', 'size', 'model'], ...rows], width);
  const size = models.reduce((sum, model) => sum + model.bytes, 0);
  return `${[chalk.dim(head), ...lines, '', chalk.dim(`${bytes(size)} in ${escapeControls(location)}`)].join('\n')}\n`;
}

/** Differences that are shown of each model. */
const MOST = 5;

function verdict({ asked, different, skipped }: VerifiedModel, { chalk }: Look): readonly string[] {
  if (skipped !== null) return [chalk.yellow(`not asked: ${escapeControls(skipped)}`)];
  const good = `${counted(asked, 'answer')} computed again: `;
  if (different.length === 0) return [`${good}${chalk.green('all the same')}`];
  return [
    `${good}${chalk.red(counted(different.length, 'difference'))}`,
    ...different
      .slice(0, MOST)
      .map(({ text, kept, now }) =>
        escapeControls(`  ${JSON.stringify(text)}: kept ${JSON.stringify(kept)}, now ${JSON.stringify(now)}`),
      ),
    ...(different.length > MOST ? [`  and ${number(different.length - MOST)} more`] : []),
    '  other hardware, or a cache that was written to; pyscope cache clear removes the answers',
  ];
}

export function verifiedText({ entries, damaged, models }: Verified, look: Look): string {
  const { chalk } = look;
  const harm = damaged === 0 ? chalk.green('none damaged') : chalk.red(`${number(damaged)} damaged, now removed`);
  const lines = models.flatMap((one) => [
    `${one.model.id.slice(0, SHOWN)}  ${escapeControls(one.model.source.written)}`,
    ...verdict(one, look).map((line) => `    ${line}`),
  ]);
  return `${[`${counted(entries, 'answer')}, ${harm}`, ...lines].join('\n')}\n`;
}
