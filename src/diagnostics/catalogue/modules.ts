import { didYouMeanHelp } from '../did-you-mean.ts';
import { entry } from './entry.ts';
import { LINES, OUT } from './example.ts';

const USE = `${LINES}p = PROCESS lines USING SpellChecker(text = line);\nOUTPUT p TO "b.csv";\n`;
const IMPORT = 'IMPORT { SpellChecker } FROM "./operators.ts";\n';

/** PS5xxx: modules, views and files. */
export const modules = {
  PS5001: entry<{ readonly path: string; readonly cause: string }>({
    title: 'a module that does not load',
    severity: 'error',
    message: ({ path, cause }) => `${path} does not load: ${cause}`,
    help: ({ path }) => (/\.[cm]?[jt]s$/.test(path) ? null : 'an operator module is a .ts, .js or .mjs file'),
    why: 'The checker loads imported modules to learn what their operators read and produce.',
    example: `IMPORT { SpellChecker } FROM "./missing.ts";\n${USE}`,
    cure: `${IMPORT}${USE}`,
  }),
  PS5002: entry<{
    readonly name: string;
    readonly path: string;
    readonly suggestion: string | null;
    readonly exported: readonly string[];
  }>({
    title: 'a name the module does not export',
    severity: 'error',
    message: ({ name, path }) => `${path} exports no ${name}`,
    help: ({ suggestion, exported }) =>
      didYouMeanHelp(suggestion) ??
      (exported.length === 0 ? 'it exports no operators or functions' : `it exports ${exported.join(', ')}`),
    why: 'Operators and functions are imported by the name they are exported with.',
    example: `IMPORT { SpelChecker } FROM "./operators.ts";\n${LINES}${OUT}`,
    cure: `${IMPORT}${USE}`,
  }),
  PS5003: entry<{ readonly name: string; readonly path: string }>({
    title: 'an export that is neither operator nor function',
    severity: 'error',
    message: ({ name, path }) =>
      `${path} exports ${name}, but it is neither an operator nor a function with a declared signature`,
    help: () => 'an operator is a class that extends Extractor, Processor, Reducer, Combiner or Outputter',
    why: 'The checker needs the types of what a script calls.',
    example: `IMPORT { VERSION } FROM "./operators.ts";\n${LINES}${OUT}`,
    cure: `${IMPORT}${USE}`,
  }),
  PS5004: entry<{ readonly name: string }>({
    title: 'a name imported twice',
    severity: 'error',
    message: ({ name }) => `${name} is already imported`,
    help: ({ name }) => `give one of them another name: ${name} AS ${name}2`,
    why: 'A call must mean one operator.',
    example: `${IMPORT}${IMPORT}${USE}`,
    cure: `${IMPORT}${USE}`,
  }),
  PS5005: entry<{ readonly path: string; readonly cause: string }>({
    title: 'a view that cannot be read',
    severity: 'error',
    message: ({ path, cause }) => `the view ${path} cannot be read: ${cause}`,
    help: () => 'paths are relative to the folder of the script they stand in',
    why: 'A view is another script, whose EXPORTed rowset this one uses.',
    example: `lines = IMPORT "missing.scope";\n${OUT}`,
    cure: `lines = IMPORT "view.scope";\n${OUT}`,
  }),
  PS5006: entry<{ readonly chain: readonly string[] }>({
    title: 'views that import each other',
    severity: 'error',
    message: ({ chain }) => `this IMPORT comes back to itself: ${chain.join(' → ')}`,
    help: () => 'move what they share into a view of its own',
    why: 'A view is part of the script that imports it, so a circle has no end.',
    example: `lines = IMPORT "circle.scope";\n${OUT}`,
    cure: `lines = IMPORT "view.scope";\n${OUT}`,
  }),
  PS5007: entry<{ readonly path: string }>({
    title: 'a view that exports nothing',
    severity: 'error',
    message: ({ path }) => `${path} has no EXPORT, so there is no rowset to import`,
    help: () => 'end the view with EXPORT name;',
    why: 'A view gives its importer the one rowset it EXPORTs.',
    example: `lines = IMPORT "silent.scope";\n${OUT}`,
    cure: `lines = IMPORT "view.scope";\n${OUT}`,
  }),
  PS5008: entry<{ readonly name: string; readonly path: string; readonly suggestion: string | null }>({
    title: 'a view parameter that is not declared',
    severity: 'error',
    message: ({ name, path }) => `${path} declares no @${name}`,
    help: ({ suggestion }) => didYouMeanHelp(suggestion === null ? null : `@${suggestion}`),
    why: 'PARAMS gives values to what the view DECLAREs.',
    example: `lines = IMPORT "view.scope" PARAMS @pth = "x.txt";\n${OUT}`,
    cure: `lines = IMPORT "view.scope" PARAMS @path = "x.txt";\n${OUT}`,
  }),
  PS5009: entry<{ readonly path: string }>({
    title: 'a view with an OUTPUT',
    severity: 'error',
    message: ({ path }) => `${path} has an OUTPUT; a view that is imported only EXPORTs`,
    help: () => 'move the OUTPUT into the script that imports the view',
    why: 'Importing a view must not write files that the importing script does not name.',
    example: `lines = IMPORT "writer.scope";\n${OUT}`,
    cure: `lines = IMPORT "view.scope";\n${OUT}`,
  }),
  PS5010: entry<object>({
    title: 'a second EXPORT',
    severity: 'error',
    message: () => 'a script EXPORTs one rowset, and this one already does',
    help: () => 'make a view of its own for the other rowset',
    why: 'name = IMPORT "view.scope" takes the one rowset the view exports.',
    example: `${LINES}EXPORT lines;\nEXPORT lines;\n`,
    cure: `${LINES}EXPORT lines;\n`,
  }),
  PS5011: entry<{ readonly name: string }>({
    title: 'an import that nothing uses',
    severity: 'warning',
    message: ({ name }) => `nothing uses ${name}`,
    help: () => 'leave it out of the IMPORT',
    why: 'Its module is loaded for nothing.',
    example: `${IMPORT}${LINES}${OUT}`,
    cure: `${IMPORT}${USE}`,
  }),
  PS5012: entry<{ readonly name: string }>({
    title: 'a view parameter given twice',
    severity: 'error',
    message: ({ name }) => `@${name} is given twice`,
    help: () => 'leave one of them out',
    why: 'Which of the two would count is anyone’s guess.',
    example: `lines = IMPORT "view.scope" PARAMS @path = "x.txt", @path = "y.txt";\n${OUT}`,
    cure: `lines = IMPORT "view.scope" PARAMS @path = "x.txt";\n${OUT}`,
  }),
  PS9001: entry<{ readonly cause: string }>({
    title: 'a fault of the checker itself',
    severity: 'error',
    message: ({ cause }) => `the checker failed on this script, which is a fault of pyscope, not yours: ${cause}`,
    help: () => 'please report it with the script',
    why: 'The checker reports what is wrong with a script and never ends on it; where it does, it has a bug.',
    example: '',
    cure: '',
  }),
} as const;
