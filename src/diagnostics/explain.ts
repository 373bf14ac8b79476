import { catalogue, type Code } from './catalogue/index.ts';

const WIDTH = 80;

/** The page of a code for `check --explain PS2003`: what it is, why, a script that gives it and one that does not. Null: no such code. */
export function explainCode(code: string): string | null {
  const wanted = code.trim().toUpperCase();
  if (!isCode(wanted)) return null;
  const { title, severity, why, example, cure } = catalogue[wanted];
  const parts = [`${wanted} (${severity}): ${title}`, wrap(why)];
  if (example !== '') parts.push('This gives it:', indent(example), 'This does not:', indent(cure));
  return `${parts.join('\n\n')}\n`;
}

function isCode(code: string): code is Code {
  return Object.hasOwn(catalogue, code);
}

function wrap(text: string): string {
  return filled(text.split(' '), WIDTH, '').join('\n');
}

function indent(script: string): string {
  return exampleLines(script)
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}

/** A script of the catalogue in lines of at most 76 characters, broken before its clauses; long runs of one character are cut short. */
export function exampleLines(script: string): readonly string[] {
  return script
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/(.)\1{30,}/g, '$1$1$1$1 … '))
    .flatMap((line) => filled(line.split(CLAUSE), WIDTH - 4, '    '));
}

/** In front of what may begin a line. */
const CLAUSE = / (?=(?:FROM|USING|PRODUCE|ELSE|WITH|WHEN|WHERE|JOIN|ON|OVER|GROUP|HAVING|ORDER|RIGHT|LIMIT|task) )/;

/** Puts as many parts on a line as fit; the lines behind the first are indented. */
function filled(parts: readonly string[], width: number, indentation: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    if (line !== '' && line.length + 1 + part.length > width) {
      lines.push(line);
      line = `${indentation}${part}`;
    } else line = line === '' ? part : `${line} ${part}`;
  }
  return [...lines, line];
}
