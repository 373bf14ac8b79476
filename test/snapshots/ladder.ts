/** A script at every step of the compiler, as text: tokens, tree, types, plan. */
import type { Source } from '../../src/diagnostics/span.ts';
import { tokenize } from '../../src/lexer/tokenize.ts';
import type { Node, Script } from '../../src/parser/ast.ts';
import type { TypedRowset, TypedScript } from '../../src/typecheck/typed.ts';
import { typeText } from '../../src/typecheck/types.ts';
import { outline } from '../parser/outline.ts';

/** A line of the script a line: `4  Identifier·lines  =  EXTRACT  …`. */
export function tokenLadder({ name, text }: Source): string {
  const { tokens, comments } = tokenize({ name, text }, 0);
  const lines = new Map<number, string[]>();
  for (const { tokenType, image, startOffset } of [...tokens, ...comments].toSorted(
    (a, b) => a.startOffset - b.startOffset,
  )) {
    const line = text.slice(0, startOffset).split('\n').length;
    const shown = /\w/.test(image) && tokenType.name !== image ? `${tokenType.name}·${image}` : image;
    lines.set(line, [...(lines.get(line) ?? []), shown]);
  }
  return [...lines].map(([line, shown]) => `${line}  ${shown.join('  ')}\n`).join('');
}

const WIDTH = 120;

/** The statements as S-expressions, broken where they are long. */
export function treeLadder({ statements }: Script): string {
  return statements.map((statement: Node) => `${broken(outline(statement), '')}\n`).join('\n');
}

/** Breaks a list that is too long before each of its elements. */
function broken(text: string, indent: string): string {
  if (indent.length + text.length <= WIDTH) return `${indent}${text}`;
  const open = /^[^([]*[([]/.exec(text)?.[0] ?? '';
  const inner = text.slice(open.length, -1);
  const parts = elements(inner);
  if (parts.length < 2 && !/[([]/.test(inner)) return `${indent}${text}`;
  const [head = '', ...rest] = open.endsWith('(') ? parts : ['', ...parts];
  const lines = rest.map((part) => broken(part, `${indent}  `));
  return [`${indent}${open}${head}`, ...lines].join('\n') + text.slice(-1);
}

/** The parts of a list, at its own level of brackets. */
function elements(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\s\S]/g)) {
    if (piece === ' ' && depth === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    if (piece === '(' || piece === '[') depth += 1;
    if (piece === ')' || piece === ']') depth -= 1;
    part += piece;
  }
  return [...parts, part];
}

/** Each rowset with its columns, their types and where they were computed. */
export function typeLadder(script: TypedScript): string {
  const rowsets = script.rowsets.map((rowset) => `${rowset.label} (${rowset.kind})\n${columns(rowset, script)}`);
  const outputs = script.outputs.map(({ input, pathText }) => `OUTPUT ${script.rowsets[input]?.label} TO ${pathText}\n`);
  return [...rowsets, outputs.join('')].join('\n');
}

function columns(rowset: TypedRowset, script: TypedScript): string {
  const unused = new Set(
    rowset.kind === 'extract' ? rowset.columns.filter(({ used }) => !used).map(({ name }) => name) : [],
  );
  return rowset.schema
    .map(({ name, type, origins }) => {
      const from = origins.map((origin) => `${script.rowsets[origin.rowset]?.label}.${origin.column}`).join(', ');
      return `  ${name}: ${typeText(type)} from ${from}${unused.has(name) ? ', not used' : ''}\n`;
    })
    .join('');
}
