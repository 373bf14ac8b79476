/** Writes docs/functions.md from the function table; with `--check` only says (exit code 1) whether the file is current. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import type { FunctionEntry } from '../src/typecheck/functions/entry.ts';
import { patternText } from '../src/typecheck/functions/entry.ts';
import { functionTable } from '../src/typecheck/functions/table.ts';

const INTRODUCTION = `# Functions of expressions

Made from the function table by \`npx tsx scripts/functions-doc.ts\`; do not edit.

An expression can use what stands here and the functions it imports, and nothing else of JavaScript. Every member gives exactly the
ECMAScript result. \`int\` fits where \`long\` is wanted and both where \`float\` is. A \`T?\` argument where \`T\` stands is a type error
(\`x ?? …\`, \`x != null\`, \`x?.member\`); the arithmetic operators take it and then give a \`T?\`. \`name?\` marks arguments that may be left out,
\`...name\` any number of them.

Beside these stand \`&& || ?? ?:\` and CASE, which evaluate a part only where it decides, the aggregates and window functions (language.md), and
the lineage functions \`attempts(column)\` and \`original(column)\`.

Left out on purpose: what depends on the machine's locale, time zone or clock (\`localeCompare\`, \`toLocaleString\`, \`getHours\`, \`Date.now\`), what is
not deterministic (\`Math.random\`), and what takes a callback (\`map\`, \`filter\`; \`CROSS APPLY EXPLODE\` makes rows of an array).
`;

/** The page as it should be. */
export async function functionsDoc(): Promise<string> {
  const families = new Map<string, FunctionEntry[]>();
  for (const entry of functionTable) families.set(entry.family, [...(families.get(entry.family) ?? []), entry]);
  const sections = [...families].map(([family, entries]) => section(family, entries));
  const config = await prettier.resolveConfig(DOC);
  return prettier.format([INTRODUCTION, ...sections].join('\n'), { ...config, parser: 'markdown' });
}

function section(family: string, entries: readonly FunctionEntry[]): string {
  const rows = entries.map(
    (entry) => `| ${cell(written(entry))} | \`${patternText(entry.result)}\` | ${escaped(entry.doc)} |`,
  );
  return [`## ${family}`, '', '| written | gives | |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function cell(code: string): string {
  return `\`${escaped(code)}\``;
}

/** A bar would end the cell of a table, in code too. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

function written({ spelling, parameters }: FunctionEntry): string {
  const [first, second, third] = parameters.map(({ pattern }) => patternText(pattern));
  const shown = spelling.kind === 'method' ? parameters.slice(1) : parameters;
  const list = shown
    .map(
      ({ name, pattern, need }) =>
        `${need === 'rest' ? '...' : ''}${name}${need === 'optional' ? '?' : ''}: ${patternText(pattern)}`,
    )
    .join(', ');
  switch (spelling.kind) {
    case 'method':
      return `${first}.${spelling.name}(${list})`;
    case 'property':
      return `${first}.${spelling.name}`;
    case 'static':
      return `${spelling.namespace}.${spelling.name}(${list})`;
    case 'constant':
      return `${spelling.namespace}.${spelling.name}`;
    case 'function':
      return `${spelling.name}(${list})`;
    case 'operator':
      return operatorWritten(spelling.operator, first ?? '', second, third);
  }
}

function operatorWritten(operator: string, first: string, second?: string, third?: string): string {
  switch (operator) {
    case '[]':
      return `${first}[${second}]`;
    case '.':
      return `${first}.key`;
    case 'BETWEEN':
      return `${first} BETWEEN ${second} AND ${third}`;
    case 'unary -':
      return `-${first}`;
    case '!':
      return `!${first}`;
    default:
      return second === undefined ? `${first} ${operator}` : `${first} ${operator} ${second}`;
  }
}

export const DOC = fileURLToPath(new URL('../docs/functions.md', import.meta.url));

async function main(): Promise<void> {
  const page = await functionsDoc();
  if (!process.argv.includes('--check')) return writeFile(DOC, page);
  if ((await readFile(DOC, 'utf8')) === page) return;
  console.error('docs/functions.md is not current: run npx tsx scripts/functions-doc.ts');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
