import type { Name, Values } from '../../parser/ast.ts';
import { addRowset, nextId, report, type Checked, type Environment } from '../environment.ts';
import { commonType } from '../expressions/relations.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import { resolveType } from '../resolve-type.ts';
import type { Column, TypedExpr } from '../typed.ts';
import { NULL, typeText, UNKNOWN, type Type } from '../types.ts';
import { fit, scopeOf } from '../typing.ts';

/** VALUES: rows written in the script. A column without a type has the common type of its values. */
export function checkValues(env: Environment, values: Values): Checked {
  const id = nextId(env);
  const scope = scopeOf(env, { columns: [], where: 'in VALUES' });
  const wanted = values.columns.length;
  const rows = values.rows.map((row) => row.values.map((value) => typeExpr(value, scope)));
  for (const row of values.rows) {
    if (row.values.length !== wanted) report(env, 'PS2044', row.span, { found: row.values.length, wanted });
  }
  const schema: Column[] = [];
  for (const [index, { name, type }] of values.columns.entries()) {
    const column = rows.map((row) => row[index]).filter((value) => value !== undefined);
    const common = type === null ? commonOf(env, column, name) : resolveType(env, type);
    if (schema.some((other) => other.name === name.text)) {
      report(env, 'PS2017', name.span, { name: name.text, what: 'this VALUES' });
    }
    schema.push({ qualifier: null, name: name.text, type: common, origins: [{ rowset: id, column: name.text }] });
  }
  const fitted = rows.map((row) =>
    row.map((value, index) => fitColumn(env, value, schema[index], values.columns[index]?.type !== null)),
  );
  return addRowset(env, { kind: 'values', id, label: '', schema, hints: [], span: values.span, rows: fitted });
}

function commonOf(env: Environment, values: readonly TypedExpr[], name: Name): Type {
  let common: Type | null = null;
  for (const value of values) {
    const next: Type | null = common === null ? value.type : commonType(common, value.type);
    if (next === null) {
      const what = `the value of ${name.text}, as in the rows before,`;
      report(env, 'PS2011', value.span, { what, wanted: typeText(common ?? NULL), found: typeText(value.type) });
    } else common = next;
  }
  if (common?.kind !== 'null') return common ?? UNKNOWN;
  report(env, 'PS2062', name.span, { name: name.text });
  return UNKNOWN;
}

/** Values that have no common type were reported; one that does not fit a declared type is reported here. */
function fitColumn(env: Environment, value: TypedExpr, column: Column | undefined, declared: boolean): TypedExpr {
  if (column === undefined || (!declared && commonType(column.type, value.type) === null)) return value;
  return fit(env, value, column.type, `the value of ${column.name}`, value.span);
}
