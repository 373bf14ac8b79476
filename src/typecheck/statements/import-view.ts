import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { ImportView, Script, Statement } from '../../parser/ast.ts';
import { read, report, type Checked, type Environment, type Override } from '../environment.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import { constantValue } from '../expressions/constants.ts';
import { environmentOf } from '../script.ts';
import { scopeOf } from '../typing.ts';
import { checkAbsences } from '../absences.ts';

/** name = IMPORT "view.scope" PARAMS …: reads the view as a part of this script; its EXPORT is the rowset. */
export function checkImportView(
  env: Environment,
  statement: ImportView,
  checkStatement: (env: Environment, statement: Statement) => void,
): Checked {
  const { input, openViews } = env.compilation;
  const path = statement.from.value;
  const resolved = input.resolvePath(path, statement.span.source);
  if (openViews.includes(resolved)) {
    const chain = [...openViews.slice(openViews.indexOf(resolved)), resolved].map(fileName);
    report(env, 'PS5006', statement.from.span, { chain });
    return null;
  }
  const view = input.views.get(resolved);
  if (view === undefined || view.kind === 'load-error') {
    report(env, 'PS5005', statement.from.span, { path, cause: view?.message ?? 'there is no such file' });
    return null;
  }
  const overrides = checkParams(env, statement, view, path);
  const outputs = env.compilation.outputs.length;
  const inner = environmentOf(env.compilation, view, overrides, `${env.labelPrefix}${statement.target.text}.`);
  openViews.push(resolved);
  for (const part of view.statements) checkStatement(inner, part);
  openViews.pop();
  checkAbsences(inner);
  if (env.compilation.outputs.length > outputs) report(env, 'PS5009', statement.from.span, { path });
  if (inner.exported === null) report(env, 'PS5007', statement.from.span, { path });
  return inner.exported === null ? null : read(env, inner.exported.rowset);
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** The values of PARAMS, which may use the importer's own parameters. */
function checkParams(
  env: Environment,
  statement: ImportView,
  view: Script,
  path: string,
): ReadonlyMap<string, Override> {
  const declared = view.statements.flatMap((part) => (part.kind === 'declare' ? [part.parameter.text] : []));
  const overrides = new Map<string, Override>();
  const scope = scopeOf(env, { columns: [], where: 'in PARAMS' });
  for (const { parameter, value, span } of statement.params) {
    const name = parameter.text;
    const typed = typeExpr(value, scope);
    if (!declared.includes(name)) {
      report(env, 'PS5008', parameter.span, { name, path, suggestion: didYouMean(name, declared) });
    } else if (overrides.has(name)) report(env, 'PS5012', parameter.span, { name });
    else if (typed.type.kind !== 'unknown') {
      if (constantValue(typed) === undefined) report(env, 'PS2026', span, { what: `@${name}` });
      else overrides.set(name, { kind: 'value', value: typed });
    }
  }
  return overrides;
}
