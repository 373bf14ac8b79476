/** Names: columns, aliases, parameters. Nothing else of JavaScript has a name here. */
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Name, ParameterExpr } from '../../parser/ast.ts';
import { functionsByName, namespaces, staticsByName } from '../functions/table.ts';
import type { Column, TypedColumn, TypedExpr } from '../typed.ts';
import { nonNull } from '../types.ts';
import { holds } from './contents.ts';
import { nameHabits } from './habits.ts';
import { columnKey } from './narrowing.ts';
import { columnText } from './text.ts';
import type { Typing } from './typing.ts';
import { mistake } from './typing.ts';

export function typeName({ text, span }: Name, typing: Typing): TypedExpr {
  const { scope } = typing;
  const alias = scope.aliases.get(text);
  if (alias !== undefined && scope.aliasesWin) return typeAlias(text, alias, span, typing);
  const found = scope.columns.filter((column) => column.name === text);
  const [column, second] = found;
  if (column !== undefined && second !== undefined) {
    const choices = found.map(({ qualifier, name }) => columnText(qualifier, name));
    return mistake(typing, 'PS3001', span, { name: text, choices });
  }
  if (column !== undefined) return columnOf(column, span, typing);
  if (alias !== undefined) return typeAlias(text, alias, span, typing);
  return unknownName(text, span, typing);
}

/** The item's expression stands for its alias, at the place of the name. */
function typeAlias(name: string, alias: TypedExpr, span: Span, typing: Typing): TypedExpr {
  const { aggregates, windows } = typing.scope;
  if (!aggregates.allowed && holds(alias, 'aggregate')) {
    return mistake(typing, 'PS3015', span, { name, where: aggregates.where });
  }
  if (!windows.allowed && holds(alias, 'window'))
    return mistake(typing, 'PS3016', span, { name, where: windows.where });
  return { ...alias, span };
}

/** A column as an expression; where it is known not to be null, its type says so. */
export function columnOf({ qualifier, name, type }: Column, span: Span, { scope }: Typing): TypedColumn {
  const narrowed = scope.narrowed.has(columnKey(qualifier, name));
  return { kind: 'column', qualifier, name, type: narrowed ? nonNull(type) : type, span };
}

/** `a.line`, where `a` names a source. */
export function typeQualified(qualifier: string, name: Name, span: Span, typing: Typing): TypedExpr {
  const owned = typing.scope.columns.filter((column) => column.qualifier === qualifier);
  // The columns of a source that stands alone carry no qualifier.
  const columns = owned.length > 0 ? owned : typing.scope.columns.filter((column) => column.qualifier === null);
  const column = columns.find((candidate) => candidate.name === name.text);
  if (column !== undefined) return columnOf(column, span, typing);
  const names = columns.map((candidate) => candidate.name);
  return mistake(typing, 'PS2003', name.span, {
    name: columnText(qualifier, name.text),
    suggestion: didYouMean(name.text, names),
    columns: names,
  });
}

function unknownName(text: string, span: Span, typing: Typing): TypedExpr {
  const { scope } = typing;
  const habit = nameHabits.get(text.toLowerCase());
  if (habit !== undefined) return mistake(typing, 'PS3023', span, { written: text, instead: habit });
  if (scope.qualifiers.has(text)) {
    return mistake(typing, 'PS3014', span, {
      what: `the source ${text}`,
      hint: `name one of its columns: ${text}.column`,
    });
  }
  if (namespaces.has(text)) {
    return mistake(typing, 'PS3014', span, {
      what: `the namespace ${text}`,
      hint: `use one of its members, such as ${memberOf(text)}`,
    });
  }
  if (scope.functions.has(text) || functionsByName.has(text)) {
    return mistake(typing, 'PS3014', span, { what: `the function ${text}`, hint: `call it: ${text}(…)` });
  }
  const columns = [...new Set(scope.columns.map(({ name }) => name))];
  const suggestion =
    didYouMean(text, [...columns, ...scope.aliases.keys()]) ?? (scope.parameters.has(text) ? `@${text}` : null);
  return mistake(typing, 'PS2003', span, { name: text, suggestion, columns });
}

function memberOf(namespace: string): string {
  return [...staticsByName.keys()].find((name) => name.startsWith(`${namespace}.`)) ?? `${namespace}(x)`;
}

/** `@name`: the parameter's value, a constant of the plan. */
export function typeParameter({ name, span }: ParameterExpr, typing: Typing): TypedExpr {
  const { parameters } = typing.scope;
  const parameter = parameters.get(name.text);
  if (parameter !== undefined) {
    return { kind: 'literal', value: parameter.value, parameter: name.text, type: parameter.type, span };
  }
  return mistake(typing, 'PS3002', span, { name: name.text, suggestion: didYouMean(name.text, parameters.keys()) });
}
