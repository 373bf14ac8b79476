import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytes } from '../units.ts';
import { advice, fine, messageOf, wrong } from './finding.ts';
import type { Finding } from './finding.ts';

/** The embedded store, as the jobs' state and cache use it, in a folder that goes again. */
export async function lmdbCheck(): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'pyscope-doctor-'));
  try {
    const { writeAndRead } = await import('./lmdb-probe.ts');
    await writeAndRead(join(folder, 'probe.mdb'));
    return fine('lmdb', 'the embedded store (LMDB) loads, writes and reads');
  } catch (thrown) {
    const help = 'run npm ci (or npm install) again for its prebuilt binary, or keep state in Redis: --state redis://…';
    return wrong('lmdb', `the embedded store (LMDB) does not work: ${messageOf(thrown)}`, help);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const LITTLE_MEMORY = 1e9;

/** @param total of the machine or of the container, whichever is less; bytes */
export function memoryCheck(free: number, total: number): Finding {
  const what = `${bytes(free)} of ${bytes(total)} of memory free`;
  if (free >= LITTLE_MEMORY) return fine('memory', what);
  return advice('memory', what, 'a large model takes some GB; give the container more, or close other programs');
}

export interface Terminal {
  readonly terminal: boolean;
  readonly width: number;
  readonly colours: number;
  /** What the environment says of characters: LC_ALL, LC_CTYPE or LANG. */
  readonly locale: string;
}

export function terminalCheck({ terminal, width, colours, locale }: Terminal): Finding {
  if (!terminal) return fine('terminal', 'no terminal: progress is told by lines');
  const what = `a terminal of ${width} columns, ${colours === 0 ? 'no colours' : 'with colours'}`;
  if (!/utf-?8/i.test(locale)) {
    const help = 'set LANG to a UTF-8 locale (LANG=C.UTF-8) if signs come out wrong';
    return advice('terminal', `${what}, and no UTF-8 in LANG`, help);
  }
  if (width < 60) return advice('terminal', what, 'tables are cut below 60 columns');
  return fine('terminal', what);
}
