import type { Span } from '../diagnostics/span.ts';
import type { Script } from '../parser/ast.ts';

/** A file that a script imports, as it names it; relative paths start at the script's own folder. */
export interface ImportPath {
  readonly kind: 'module' | 'view';
  readonly text: string;
  readonly span: Span;
}

/** What must be loaded before {@link check}: operator modules, and views, whose own imports must be loaded too. */
export function importsOf(script: Script): readonly ImportPath[] {
  return script.statements.flatMap((statement): readonly ImportPath[] => {
    switch (statement.kind) {
      case 'import-module':
        return [{ kind: 'module', text: statement.from.value, span: statement.from.span }];
      case 'import-view':
        return [{ kind: 'view', text: statement.from.value, span: statement.from.span }];
      default:
        return [];
    }
  });
}
