import type { Declare } from '../../parser/ast.ts';
import { report, type Environment } from '../environment.ts';
import { constantValue } from '../expressions/constants.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import { resolveType } from '../resolve-type.ts';
import { UNKNOWN, typeText, type Type, type Value } from '../types.ts';
import { fit, scopeOf } from '../typing.ts';
import { parseParameter } from './parameter-text.ts';

/** DECLARE @name: a constant of the script, which the command line or an importer may set. */
export function checkDeclare(env: Environment, { parameter, type, value, span }: Declare): void {
  const name = parameter.text;
  if (env.parameters.has(name)) {
    report(env, 'PS2033', parameter.span, { name });
    return;
  }
  const declared = type === null ? null : resolveType(env, type);
  const before = env.compilation.diagnostics.length;
  const scope = scopeOf(env, { columns: [], where: 'in DECLARE' });
  const typed = typeExpr(value, scope, declared ?? undefined);
  if (declared === null && typed.type.kind === 'null') report(env, 'PS2034', span, { name });
  const silent = env.compilation.diagnostics.length > before || typed.type.kind === 'unknown';
  const fallback = silent ? undefined : constantValue(typed);
  if (fallback === undefined && !silent) report(env, 'PS2026', value.span, { what: `the value of @${name}` });
  const settled: Type = declared ?? (typed.type.kind === 'null' ? UNKNOWN : typed.type);
  const given = overrideOf(env, name, settled);
  const known = given === undefined ? fallback : given;
  env.parameters.set(name, { type: known === undefined ? UNKNOWN : settled, value: known ?? null });
}

/** The value that the command line or PARAMS gives; undefined where there is none, or it does not fit, which is reported. */
function overrideOf(env: Environment, name: string, type: Type): Value | undefined {
  const override = env.overrides.get(name);
  if (override === undefined || type.kind === 'unknown') return undefined;
  if (override.kind === 'value') {
    return constantValue(fit(env, override.value, type, `@${name}`, override.value.span));
  }
  const value = parseParameter(override.text, type);
  if (value !== undefined) return value;
  const start = env.script.span;
  const declaration = env.script.statements.find((s) => s.kind === 'declare' && s.parameter.text === name);
  report(env, 'PS2036', declaration?.span ?? start, { name, type: typeText(type), text: override.text });
  return undefined;
}
