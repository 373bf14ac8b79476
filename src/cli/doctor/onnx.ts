import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fine, messageOf, wrong } from './finding.ts';
import type { Finding } from './finding.ts';

const BUILT = !import.meta.url.endsWith('.ts');
const PROBE = new URL(BUILT ? './onnx-probe.js' : './onnx-probe.ts', import.meta.url);
const PATIENCE_MS = 30_000;

/** @param probe a program that loads the runtime and says its version */
export async function onnxCheck(probe: URL = PROBE): Promise<Finding> {
  const { code, signal, out, err } = await ran(probe);
  if (code === 0) return fine('onnx', `the ONNX runtime ${out.trim()} loads and computes`);
  const reason = signal === null ? lastLine(err) : `it was ended by ${signal}`;
  const help =
    signal === 'SIGILL'
      ? 'this processor lacks instructions that the runtime needs (AVX)'
      : 'run npm ci (or npm install) again; it needs a 64-bit Linux with glibc, macOS or Windows, Alpine has no glibc';
  return wrong('onnx', `the ONNX runtime does not work: ${reason}`, help);
}

interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

async function ran(probe: URL): Promise<Ran> {
  const loader = probe.pathname.endsWith('.ts')
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  const child = spawn(process.execPath, [...loader, fileURLToPath(probe)], { timeout: PATIENCE_MS });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  try {
    await once(child, 'close');
  } catch (thrown) {
    return { code: null, signal: null, out, err: messageOf(thrown) };
  }
  return { code: child.exitCode, signal: child.signalCode, out, err };
}

/** The line of an uncaught error that names it. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
