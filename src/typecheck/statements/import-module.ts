import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { ImportedName, ImportModule } from '../../parser/ast.ts';
import { report, type Environment } from '../environment.ts';
import type { ModuleSignature } from '../signature.ts';

/** IMPORT { … } FROM "module": makes its operators and functions known by name. */
export function checkImportModule(env: Environment, statement: ImportModule): void {
  const { input } = env.compilation;
  const path = statement.from.value;
  const module = input.modules.get(input.resolvePath(path, statement.span.source));
  if (module === undefined || module.kind === 'load-error') {
    const cause = module?.message ?? 'there is no such file';
    report(env, 'PS5001', statement.from.span, { path, cause });
  }
  for (const item of statement.names) importName(env, item, module, path);
}

function importName(env: Environment, item: ImportedName, module: ModuleSignature | undefined, path: string): void {
  const target = item.alias ?? item.name;
  const first = env.imported.get(target.text);
  if (first !== undefined) {
    const related = [{ message: 'the first IMPORT of the name', span: first }];
    report(env, 'PS5004', target.span, { name: target.text }, related);
    return;
  }
  env.imported.set(target.text, target.span);
  if (module?.kind !== 'module') return;
  const name = item.name.text;
  const found = module.exports.get(name);
  if (found === undefined) reportMissing(env, item, module, path);
  else if (found.kind === 'operator') env.operators.set(target.text, found);
  else env.functions.set(target.text, found);
}

function reportMissing(
  env: Environment,
  item: ImportedName,
  module: Extract<ModuleSignature, { kind: 'module' }>,
  path: string,
): void {
  const name = item.name.text;
  if (module.others.includes(name)) {
    report(env, 'PS5003', item.name.span, { name, path });
    return;
  }
  const exported = [...module.exports.keys()];
  const suggestion = didYouMean(name, exported);
  report(env, 'PS5002', item.name.span, { name, path, suggestion, exported });
}
