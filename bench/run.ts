/** `npm run bench -- [name…] [options]`: runs benches and writes their tables into docs/benchmarks.md. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { Bench } from './harness/bench.ts';
import { writePart } from './harness/page.ts';
import { operators } from './operators.ts';
import { relational } from './relational.ts';
import { repairs } from './repairs.ts';
import { state } from './state.ts';
import { tpch } from './tpch.ts';

const BENCHES: readonly Bench[] = [relational, tpch, operators, repairs, state];

interface Flags {
  readonly quick?: true;
  readonly rounds?: number;
  readonly rows?: readonly number[];
  readonly scale?: number;
  readonly jobs?: readonly string[];
  readonly peers?: readonly string[];
  readonly limit: number;
  readonly write: boolean;
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/u.test(text)) throw new InvalidArgumentError('it must be a whole number above 0.');
  return Number(text);
}

function above0(text: string): number {
  if (!/^\d{1,3}(?:\.\d{1,4})?$/u.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('it must be a number above 0.');
  return Number(text);
}

const list = (text: string): readonly string[] => text.split(',').map((one) => one.trim());

/** The peers have a lockfile of their own, and are installed when they are first wanted. */
function installPeers(): void {
  if (existsSync(new URL('node_modules', import.meta.url))) return;
  console.error('installing what pyscope is measured against (bench/package-lock.json) …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: 'inherit',
  });
}

async function main(names: readonly string[], flags: Flags): Promise<void> {
  const unknown = names.find((name) => BENCHES.every((bench) => bench.name !== name));
  if (unknown !== undefined)
    throw new Error(`no bench is called ${unknown}; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
  installPeers();
  for (const bench of BENCHES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.error(`── ${bench.name}: ${bench.about}`);
    const text = await bench.run({
      quick: flags.quick === true,
      rounds: flags.rounds ?? null,
      rows: flags.rows ?? null,
      scale: flags.scale ?? null,
      jobs: flags.jobs ?? null,
      peers: flags.peers ?? null,
      limitSeconds: flags.limit,
      tell: (line) => console.error(line),
    });
    if (flags.write && flags.quick !== true) writePart(bench.name, text);
    else console.log(text);
  }
}

await new Command('bench')
  .description('Measures pyscope side by side with its peers and writes the tables into docs/benchmarks.md.')
  .argument('[names...]', BENCHES.map(({ name, about }) => `${name} (${about})`).join(', '))
  .option('--quick', 'small sizes and three rounds; prints the tables instead of writing them')
  .option('--rounds <n>', 'rounds of each measurement (5)', whole)
  .option('--rows <n,…>', 'sizes', (text) => list(text).map(whole))
  .option('--scale <n>', 'scale of TPC-H (0.1); at 1 there are six million line items', above0)
  .option('--jobs <name,…>', 'these jobs only', list)
  .option('--peers <name,…>', 'these peers only; pyscope always runs', list)
  .option('--limit <seconds>', 'the longest that one process may take', whole, 120)
  .option('--no-write', 'print the tables, leave the page as it is')
  .action(main)
  .parseAsync();
