/** `npx tsx bench/tpch/expected.ts`: DuckDB's answers to the queries at the small scale of `test/tpch`, written there. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TEST_SCALE, writeTables } from './data.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'pyscope-tpch-'));
const target = here('../../test/tpch/expected');
try {
  writeTables(folder, TEST_SCALE);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(here('.')).filter((one) => one.endsWith('.sql'))) {
    const query = name.slice(0, -'.sql'.length);
    execFileSync(process.execPath, [here('../peers/duckdb-tpch.mjs'), query, folder, join(target, `${query}.csv`)]);
  }
} finally {
  rmSync(folder, { recursive: true });
}
