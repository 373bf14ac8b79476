/** PS11xx: what the parser finds. */
import { entry } from './entry.ts';

type Nothing = Readonly<Record<never, never>>;

export const grammar = {
  PS1101: entry<{ readonly found: string; readonly expected: string }>({
    title: 'something else than what must stand here',
    severity: 'error',
    message: ({ found, expected }) => `expected ${expected}, found ${found}`,
    why: 'The statement cannot be read past this place. docs/language.md has the productions of every statement.',
    example: 'lines = EXTRACT line: string FROM;\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt";\n',
  }),
  PS1104: entry<Nothing>({
    title: 'a statement without its ;',
    severity: 'error',
    message: () => 'the ; that ends this statement is missing',
    help: () => 'add ; here',
    why: 'Statements may go over many lines, so that only a ; says where one ends.',
    example: 'EXPORT lines\n',
    cure: 'EXPORT lines;\n',
  }),
  PS1120: entry<{ readonly operator: string; readonly other: string }>({
    title: '?? beside || or && without parentheses',
    severity: 'error',
    message: ({ operator, other }) => `${operator} and ${other} cannot stand side by side without parentheses`,
    help: ({ operator, other }) => `put one of them in parentheses: (a ${operator} b) ${other} c`,
    why: 'TypeScript leaves open which of them binds tighter and asks for parentheses; so does PYSCOPE.',
    example: 'named = people WHERE nick ?? name == "x" || true;\n',
    cure: 'named = people WHERE (nick ?? name == "x") || true;\n',
  }),
  PS1121: entry<{ readonly limit: number }>({
    title: 'a nesting that is too deep',
    severity: 'error',
    message: ({ limit }) => `this is nested more than ${limit} levels deep`,
    help: () => 'name parts of it in statements of their own; for a long chain of comparisons use IN (…)',
    why: 'A bound on the depth keeps every later step of the compiler within its memory, whatever a script holds.',
    example: `deep = lines WHERE ${'('.repeat(1001)}x${')'.repeat(1001)};\n`,
    cure: 'deep = lines WHERE x;\n',
  }),
  PS1122: entry<Nothing>({
    title: 'NOT as an operand of a tighter operator',
    severity: 'error',
    message: () => 'NOT reaches over the comparisons to its right, so it cannot be an operand here',
    help: () => 'put NOT and what it negates in parentheses, or write !',
    why: 'NOT binds looser than == and <, as in SQL, and ! tighter, as in TypeScript.',
    example: 'kept = rows WHERE seen == NOT hidden;\n',
    cure: 'kept = rows WHERE seen == (NOT hidden);\n',
  }),
} as const;
