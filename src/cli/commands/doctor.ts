import { Command, Option } from 'commander';
import { escapeControls } from '../../diagnostics/render/escape.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Channel, Io } from '../io.ts';
import { examples, objectsOption, stateOption } from '../options.ts';
import { storeFolder } from '../folders.ts';

interface Flags {
  readonly script: string;
  readonly state?: string;
  readonly objects?: string;
  readonly json?: true;
}

const SIGN = { fine: '✓', advice: '!', wrong: '✗' } as const;

function shown({ code, verdict, what, help }: Finding, { chalk }: Channel): string {
  const colour = { fine: chalk.green, advice: chalk.yellow, wrong: chalk.red }[verdict];
  const line = `${colour(SIGN[verdict])} ${chalk.dim(code.padEnd(17))} ${escapeControls(what)}`;
  return help === null ? line : `${line}\n${' '.repeat(20)}${escapeControls(help)}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']): number => findings.filter((one) => one.verdict === verdict).length;
  if (count('wrong') > 0) return `${count('wrong')} wrong, ${count('advice')} to look at`;
  return count('advice') > 0 ? `jobs can run; ${count('advice')} to look at` : 'all is well';
}

async function doctor({ script, state, objects, json }: Flags, io: Io): Promise<ExitCode> {
  const [{ chooseStore }, { examine }] = await Promise.all([
    import('../../runtime/state/open.ts'),
    import('../doctor/examine.ts'),
  ]);
  const store = chooseStore(state, io.env['REDIS_URL'], storeFolder(script), objects);
  const folder = store.kind === 'embedded' ? store.folder : storeFolder(script);
  const findings = await examine({ store, folder, objects }, io);
  const well = findings.every(({ verdict }) => verdict !== 'wrong');
  if (json === true) io.out.write(`${JSON.stringify({ version: 1, well, findings }, null, 2)}\n`);
  else io.out.write(`${findings.map((one) => shown(one, io.out)).join('\n')}\n\n${summary(findings)}\n`);
  return well ? EXIT.done : EXIT.jobFailed;
}

export function doctorCommand(io: Io, end: (code: ExitCode) => void): Command {
  return new Command('doctor')
    .summary('look whether jobs can run here, and what to do')
    .description(
      'Looks at Node, the ONNX runtime, the embedded store, memory, disk, the folder for state, Redis and S3 where they are used, and the terminal.',
    )
    .addOption(new Option('--script <path>', 'the script that is to run').default('-', 'one in this folder'))
    .addOption(stateOption())
    .addOption(objectsOption())
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `${examples([
        ['pyscope doctor', 'for jobs with embedded state'],
        ['pyscope doctor --state redis://host:6379', 'for jobs whose state is in Redis'],
        ['pyscope doctor --objects s3://bucket/jobs', 'for big answers in a bucket'],
      ])}\n\nExit codes: 0 jobs can run, 1 something is wrong.`,
    )
    .action(async (flags: Flags) => end(await doctor(flags, io)));
}
