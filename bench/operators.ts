/** What the engine adds around an operator: a PROCESS whose operator answers at once, beside the same job without it. */
import { mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { difference } from './answers.ts';
import { dataFolder } from './data.ts';
import type { Bench } from './harness/bench.ts';
import { machine } from './harness/machine.ts';
import { markdown } from './harness/page.ts';
import { measure } from './harness/process.ts';
import { median, rounds } from './harness/rounds.ts';

const FORMS = ['none', 'batch', 'row'] as const;
const TARGETS = { batch: 1_000_000, row: 300_000 } as const;
const SMALL = 20_000;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const words = (form: string, folder: string, target: string): readonly string[] => [
  here('../bin/pyscope'),
  'run',
  here(`jobs/echo-${form}.scope`),
  '--quiet',
  '--state=none',
  `--param=folder=${folder}`,
  `--param=target=${target}`,
];

export const operators: Bench = {
  name: 'operators',
  about: 'operators that answer at once: what the engine adds',
  async run({ quick, rounds: wanted, limitSeconds, tell }) {
    const before = machine();
    const limits = { seconds: limitSeconds, bytes: totalmem() * 0.6 };
    const large = quick ? 200_000 : 1_000_000;
    mkdirSync(here('data'), { recursive: true });
    const folders = new Map([SMALL, large].map((rows) => [rows, dataFolder(here('data'), rows)]));
    const secondsOf = async (form: string, rows: number): Promise<number> => {
      const done = await measure(words(form, folders.get(rows) ?? '', here(`data/echo-${form}.csv`)), limits);
      if (done.kind === 'not-measured') throw new Error(`echo-${form} did not run: ${done.why}`);
      return done.seconds;
    };
    for (const form of FORMS) await secondsOf(form, large);
    for (const form of ['batch', 'row']) {
      const differs = difference(here(`data/echo-${form}.csv`), here('data/echo-none.csv'), true);
      if (differs !== null) throw new Error(`echo-${form} answers differently: ${differs}`);
    }
    const contests = FORMS.flatMap((form) =>
      [SMALL, large].map((rows) => ({ key: `${form} ${rows}`, go: () => secondsOf(form, rows) })),
    );
    const count = wanted ?? (quick ? 3 : 7);
    const samples = await rounds(contests, count, (round) => tell(`operators: round ${round + 1} of ${count}`));
    const at = (form: string, rows: number): number => median(samples.get(`${form} ${rows}`) ?? []);
    // Start-up, the modules included, is the same for few rows and many.
    const own = (form: string): number => at(form, large) - at(form, SMALL);
    const rate = (seconds: number): string =>
      seconds <= 0 ? 'too quick to tell' : Math.round((large - SMALL) / seconds).toLocaleString('en');
    const rows = (['batch', 'row'] as const).map((form) => [
      `over ${form === 'batch' ? 'batches' : 'rows'}`,
      `${at(form, large).toFixed(2)} s`,
      rate(own(form)),
      rate(own(form) - own('none')),
      TARGETS[form].toLocaleString('en'),
    ]);
    const header = [
      'operator',
      'whole job',
      'rows/s, reading and summing included',
      'rows/s, operator alone',
      'target',
    ];
    return [
      `Machine: ${before}. Medians of ${count} rounds at ${large.toLocaleString('en')} rows; the same job without an operator took ${at('none', large).toFixed(2)} s.`,
      markdown({ header, rows }),
    ].join('\n\n');
  },
};
