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
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

function indent(script: string): string {
  const lines = script.trimEnd().split('\n');
  return lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
}
