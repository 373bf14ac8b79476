import type { Action, Change, Clause, ColumnRef, Expr } from '../ast.ts';
import type { Comments } from './comments.ts';
import { concat, group, indent, line, type Doc } from './doc.ts';
import { bracketed, commaList, exprDoc, nameDoc } from './expressions.ts';

export function clauseDoc(clause: Clause, comments: Comments): Doc {
  switch (clause.kind) {
    case 'where-clause':
      return keyworded('WHERE', clause.condition, comments);
    case 'when-clause': {
      if (clause.condition === null) return actionDoc(clause.action, comments);
      const condition = keyworded('WHEN', clause.condition, comments);
      return group(condition, indent(comments.gap(line, clause.action.span.start), actionDoc(clause.action, comments)));
    }
    case 'assert-clause': {
      const parts: Doc[] = [keyworded('ASSERT', clause.condition, comments)];
      const { message, action } = clause;
      if (message !== null) {
        parts.push(indent(comments.gap(line, message.span.start), keyworded('MESSAGE', message, comments)));
      }
      parts.push(indent(comments.gap(line, action.span.start), 'ELSE ', actionDoc(action, comments)));
      return group(...parts);
    }
    case 'on-error-clause':
      return concat('ON ERROR ', actionDoc(clause.action, comments));
    case 'hint-clause':
      return concat(
        'HINT',
        bracketed(['(', ')'], clause.hints, clause.span.end, comments, ({ name, value }) =>
          concat(nameDoc(name), ' = ', exprDoc(value, comments)),
        ),
      );
  }
}

/** `KEYWORD expr` */
export function keyworded(keyword: string, expr: Expr, comments: Comments): Doc {
  return concat(keyword, comments.gap(' ', expr.span.start), exprDoc(expr, comments));
}

/** The whole ladder of an action: `first ELSE second ELSE …`. */
export function actionDoc(action: Action, comments: Comments): Doc {
  const steps: Doc[] = [stepDoc(action, comments)];
  for (let next = fallback(action); next !== null; next = fallback(next)) {
    steps.push(indent(comments.gap(line, next.span.start), 'ELSE ', stepDoc(next, comments)));
  }
  return group(...steps);
}

function fallback(action: Action): Action | null {
  return 'otherwise' in action ? action.otherwise : null;
}

function stepDoc(action: Action, comments: Comments): Doc {
  switch (action.kind) {
    case 'edit':
    case 'append': {
      const changes = commaList(action.changes, comments, (change) => changeDoc(change, comments));
      const verb = action.kind === 'edit' ? 'EDIT ' : 'APPEND ';
      return concat(verb, indent(changes), limitDoc(action.limit, comments));
    }
    case 'delete':
    case 'retry': {
      const verb = action.kind === 'delete' ? 'DELETE ' : 'RETRY ';
      return concat(verb, columnRefDoc(action.column), limitDoc(action.limit, comments));
    }
    case 'retry-times': {
      const times = concat('RETRY ', exprDoc(action.times, comments), ' TIMES');
      return action.backoff === null ? times : concat(times, ' ', keyworded('BACKOFF', action.backoff, comments));
    }
    case 'drop':
      return 'DROP';
    case 'keep':
      return 'KEEP';
    case 'abort':
      return action.message === null ? 'ABORT' : keyworded('ABORT', action.message, comments);
    case 'route':
      return `ROUTE TO ${nameDoc(action.target)}`;
  }
}

function changeDoc({ column, value }: Change, comments: Comments): Doc {
  return concat(columnRefDoc(column), ' = ', exprDoc(value, comments));
}

function limitDoc(limit: Expr | null, comments: Comments): Doc {
  return limit === null ? '' : concat(' ', keyworded('LIMIT', limit, comments));
}

function columnRefDoc({ qualifier, name }: ColumnRef): string {
  return qualifier === null ? nameDoc(name) : `${nameDoc(qualifier)}.${nameDoc(name)}`;
}
