/**
 * Writes grammar/ from the parser and the token list: pyscope.ebnf, railroad.html and pyscope.tmLanguage.json.
 * With --check it writes nothing and fails where a file is not current.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grammarFiles } from './grammar/files.ts';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'grammar');

function current(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const check = process.argv.includes('--check');
mkdirSync(folder, { recursive: true });
for (const [name, content] of grammarFiles()) {
  const path = join(folder, name);
  if (current(path) === content) continue;
  if (check) {
    process.exitCode = 1;
    console.error(`grammar/${name} is not current: run npx tsx scripts/grammar.ts`);
  } else {
    writeFileSync(path, content);
  }
}
