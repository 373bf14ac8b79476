/** Tables in docs/benchmarks.md. Each bench owns the part between its two markers; the rest of the page is written by people. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Table {
  readonly header: readonly string[];
  /** A row's first cell is its name; the others stand to the right. */
  readonly rows: readonly (readonly string[])[];
}

export function markdown({ header, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const begin = (bench: string): string => `<!-- begin ${bench}: written by npm run bench -->`;
const end = (bench: string): string => `<!-- end ${bench} -->`;

/** The page with the part of a bench replaced. @throws when the page has no such part */
export function withPart(page: string, bench: string, text: string): string {
  const from = page.indexOf(begin(bench));
  const to = page.indexOf(end(bench));
  if (from < 0 || to < from) throw new Error(`the page has no part ${begin(bench)} … ${end(bench)}`);
  return `${page.slice(0, from)}${begin(bench)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

export const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);

export function writePart(bench: string, text: string): void {
  writeFileSync(PAGE, withPart(readFileSync(PAGE, 'utf8'), bench, text));
}
