/** One measured process: wall time from the start of the process to its end, start-up included, and its peak memory. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Measured {
  readonly kind: 'measured';
  readonly seconds: number;
  readonly peakBytes: number;
}

/** A process that did not do its work. */
export interface NotMeasured {
  readonly kind: 'not-measured';
  /** A few words: `over 60 s`, `over 12 GB`, or the last line of what it said. */
  readonly why: string;
}

export type Measurement = Measured | NotMeasured;

export interface Limits {
  readonly seconds: number;
  readonly bytes: number;
}

const PRELOAD = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/** Runs Node with these arguments. */
export async function measure(words: readonly string[], limits: Limits): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'pyscope-bench-'));
  const peak = join(folder, 'peak');
  try {
    const began = process.hrtime.bigint();
    const child = spawn(process.execPath, ['--require', PRELOAD, ...words], {
      env: { ...process.env, BENCH_PEAK: peak, NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    let why: string | null = null;
    const stop = (reason: string): void => {
      why ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop(`over ${limits.seconds} s`), limits.seconds * 1000);
    const guard = setInterval(() => {
      if (residentBytes(child.pid) > limits.bytes) stop(`over ${Math.round(limits.bytes / 1e9)} GB`);
    }, 100);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    clearTimeout(timer);
    clearInterval(guard);
    if (why !== null) return { kind: 'not-measured', why };
    if (code !== 0) return { kind: 'not-measured', why: lastLine(said) };
    return { kind: 'measured', seconds, peakBytes: Number(readFileSync(peak, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Memory a process holds now; 0 where the system does not tell. */
function residentBytes(pid: number | undefined): number {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1];
    return Number(pages) * 4096;
  } catch {
    return 0;
  }
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /^(?:\w*Error|error)\b/u.test(line)) ??
    lines.findLast((line) => line !== '') ??
    'it failed'
  ).slice(0, 100);
}
