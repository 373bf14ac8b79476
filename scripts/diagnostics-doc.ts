/** Writes docs/diagnostics.md from the catalogue; with `--check` only says (exit code 1) whether the file is current. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { catalogue } from '../src/diagnostics/catalogue/index.ts';
import { exampleLines } from '../src/diagnostics/explain.ts';

const INTRODUCTION = `# Diagnostics

Made from the catalogue by \`npx tsx scripts/diagnostics-doc.ts\`; do not edit.

What \`pyscope check\` says of a script, by code. Errors keep it from running, warnings and notes do not; \`--max-warnings 0\` makes warnings count as errors. Each
example gives the diagnostic it stands under, its cure does not. On a terminal: \`pyscope check --explain PS2003\`.
`;

/** The first digits of a code say where it comes from. */
const FAMILIES: readonly (readonly [prefix: string, heading: string])[] = [
  ['PS0', 'Files'],
  ['PS10', 'Characters and words'],
  ['PS11', 'Syntax'],
  ['PS2', 'Names, operators, rowsets and outputs'],
  ['PS3', 'Types'],
  ['PS4', 'Repairs'],
  ['PS5', 'Modules and views'],
  ['PS6', 'Plans'],
  ['PS9', 'Faults'],
];

type Entries = readonly (readonly [string, (typeof catalogue)[keyof typeof catalogue]])[];

/** The page as it should be. */
export async function diagnosticsDoc(): Promise<string> {
  const all: Entries = Object.entries(catalogue).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const families = FAMILIES.map(([prefix, heading]) =>
    section(
      heading,
      all.filter(([code]) => code.startsWith(prefix)),
    ),
  );
  const config = await prettier.resolveConfig(DOC);
  return prettier.format([INTRODUCTION, ...families].join('\n'), { ...config, parser: 'markdown' });
}

function section(heading: string, entries: Entries): string {
  return [`## ${heading}`, '', ...entries.flatMap(page)].join('\n');
}

function page([code, { title, severity, why, example, cure }]: Entries[number]): readonly string[] {
  const head = [
    `### ${code}: ${title.replaceAll(/[<>*`]/g, String.raw`\$&`)}`,
    '',
    `_${severity}_ · ${why.replaceAll('*', String.raw`\*`)}`,
    '',
  ];
  if (example === '') return head;
  return [...head, ...script(example), 'Cure:', '', ...script(cure)];
}

function script(text: string): readonly string[] {
  return ['```scope', ...exampleLines(text), '```', ''];
}

export const DOC = fileURLToPath(new URL('../docs/diagnostics.md', import.meta.url));

async function main(): Promise<void> {
  const page = await diagnosticsDoc();
  if (!process.argv.includes('--check')) return writeFile(DOC, page);
  if ((await readFile(DOC, 'utf8').catch(() => '')) === page) return;
  console.error('docs/diagnostics.md is not current: run npx tsx scripts/diagnostics-doc.ts');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
