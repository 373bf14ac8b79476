import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const runtime = resolve(dirname(fileURLToPath(import.meta.url)), '../src');

/** The rooms whose tables define a code: `PR1001: …` as a key, or `'PR1001'` where it is raised without a table. */
function definitions(): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const entry of readdirSync(runtime, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    for (const [, code = ''] of readFileSync(path, 'utf8').matchAll(/^\s*(P[RS]\d{4}):/gm)) {
      const known = places.get(code) ?? new Set<string>();
      places.set(code, known.add(relative(runtime, path)));
    }
  }
  return places;
}

describe('codes of errors', () => {
  it('are defined in one place each', () => {
    const all = definitions();
    expect(all.size).to.be.greaterThan(150);
    const twice = [...all].filter(([, files]) => files.size > 1);
    expect(twice.map(([code, files]) => `${code}: ${[...files].join(', ')}`)).to.deep.equal([]);
  });
});
