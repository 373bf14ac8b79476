import type { Span } from '../diagnostics/span.ts';
import type { Script } from '../parser/ast.ts';
import type { Compilation, Environment, Override } from './environment.ts';
import { visit } from './visit.ts';

/** A fresh environment for the main script, or for one import of a view. */
export function environmentOf(
  compilation: Compilation,
  script: Script,
  overrides: ReadonlyMap<string, Override>,
  labelPrefix: string,
): Environment {
  return {
    compilation,
    script,
    labelPrefix,
    names: new Map(),
    definitions: definitionsOf(script),
    parameters: new Map(),
    overrides,
    operators: new Map(),
    functions: new Map(),
    settings: new Map(),
    imported: new Map(),
    statements: [],
    last: undefined,
    exported: null,
  };
}

/** Where each rowset name of a script is first defined, by assignment or by ROUTE TO. */
function definitionsOf(script: Script): ReadonlyMap<string, Span> {
  const definitions = new Map<string, Span>();
  visit(script, (node) => {
    const defines = node.kind === 'assignment' || node.kind === 'import-view' || node.kind === 'route';
    if (defines && !definitions.has(node.target.text)) definitions.set(node.target.text, node.target.span);
  });
  return definitions;
}
