/**
 * Text with places where it may break, and the choice of the breaks: a group is set on one line where it fits, else all
 * its own lines break (Wadler, "A prettier printer", 1998, in Oppen's linear form). Documents are flat data, rendered
 * with a stack of their own, so that deep trees do not use up JavaScript's.
 */
export type Doc = string | Line | Indent | Group | Concat;

interface Line {
  readonly kind: 'line';
  /** What the line is where it does not break; null for one that always breaks. */
  readonly flat: ' ' | '' | null;
}
interface Indent {
  readonly kind: 'indent';
  readonly content: Doc;
}
interface Group {
  readonly kind: 'group';
  readonly content: Doc;
}
interface Concat {
  readonly kind: 'concat';
  readonly parts: readonly Doc[];
  /** Whether a line in it always breaks. */
  readonly breaks: boolean;
}

export const line: Doc = { kind: 'line', flat: ' ' };
export const softline: Doc = { kind: 'line', flat: '' };
export const hardline: Doc = { kind: 'line', flat: null };

export const INDENT = 4;

export function concat(...parts: readonly Doc[]): Doc {
  return { kind: 'concat', parts, breaks: parts.some(breaks) };
}

export function group(...parts: readonly Doc[]): Doc {
  return { kind: 'group', content: concat(...parts) };
}

export function indent(...parts: readonly Doc[]): Doc {
  return { kind: 'indent', content: concat(...parts) };
}

function breaks(doc: Doc): boolean {
  if (typeof doc === 'string') return doc.includes('\n');
  switch (doc.kind) {
    case 'line':
      return doc.flat === null;
    case 'concat':
      return doc.breaks;
    case 'group':
    case 'indent':
      return breaks(doc.content);
  }
}

interface Item {
  readonly doc: Doc;
  readonly depth: number;
  readonly flat: boolean;
}

/** Sets a document in lines of at most `width` characters where its breaks allow; `Infinity` sets it on one line. */
export function render(doc: Doc, width: number): string {
  const output: string[] = [];
  const stack: Item[] = [{ doc, depth: 0, flat: width === Number.POSITIVE_INFINITY }];
  let column = 0;
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { doc: part, depth, flat } = item;
    if (typeof part === 'string') {
      output.push(part);
      const lineStart = part.lastIndexOf('\n');
      column = lineStart === -1 ? column + part.length : part.length - lineStart - 1;
    } else if (part.kind === 'line') {
      if (flat && part.flat !== null) {
        output.push(part.flat);
        column += part.flat.length;
      } else {
        output.push(`\n${' '.repeat(depth * INDENT)}`);
        column = depth * INDENT;
      }
    } else if (part.kind === 'concat') {
      pushParts(stack, part, depth, flat);
    } else if (part.kind === 'indent') {
      stack.push({ doc: part.content, depth: depth + 1, flat });
    } else {
      const fits = flat || (!breaks(part) && fitsIn(width - column, part.content, stack));
      stack.push({ doc: part.content, depth, flat: fits });
    }
  }
  return output.join('');
}

function pushParts(stack: Item[], { parts }: Concat, depth: number, flat: boolean): void {
  for (let at = parts.length - 1; at >= 0; at -= 1) stack.push({ doc: parts[at] ?? '', depth, flat });
}

/** Whether a document, set flat, and what follows it up to the next possible break fit in a number of columns. */
function fitsIn(columns: number, doc: Doc, rest: readonly Item[]): boolean {
  let left = columns;
  let following = rest.length;
  const stack: Item[] = [{ doc, depth: 0, flat: true }];
  while (left >= 0) {
    const item = stack.pop() ?? rest[(following -= 1)];
    if (item === undefined) return true;
    const { doc: part, depth, flat } = item;
    if (typeof part === 'string') {
      // A comment at the end of a line may stand out: nothing is broken for its sake.
      if (/^ *\/\//.test(part)) return true;
      left -= part.length;
    } else if (part.kind === 'concat') pushParts(stack, part, depth, flat);
    else if (part.kind === 'indent') stack.push({ doc: part.content, depth, flat });
    else if (part.kind === 'group') stack.push({ doc: part.content, depth, flat });
    else if (flat && part.flat !== null) left -= part.flat.length;
    else return true;
  }
  return false;
}
