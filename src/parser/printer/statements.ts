import type { ImportModule, ImportView, OutputStatement, Statement } from '../ast.ts';
import { keyworded } from './actions.ts';
import type { Comments } from './comments.ts';
import { concat, group, indent, line, type Doc } from './doc.ts';
import { commaList, exprDoc, nameDoc, orderByDoc, typeDoc } from './expressions.ts';
import { openRowsetDoc, usingDoc } from './rowsets.ts';

/** A statement without its `;`. Lines behind its first are indented. */
export function statementDoc(statement: Statement, comments: Comments): Doc {
  switch (statement.kind) {
    case 'import-module':
      return importModuleDoc(statement, comments);
    case 'import-view':
      return importViewDoc(statement, comments);
    case 'declare': {
      const { parameter, type, value } = statement;
      const typed = type === null ? '' : `: ${typeDoc(type)}`;
      const gap = comments.gap(line, value.span.start);
      return group(`DECLARE @${parameter.text}${typed} =`, indent(gap, exprDoc(value, comments)));
    }
    case 'set':
      return concat(`SET ${nameDoc(statement.option)} = `, exprDoc(statement.value, comments));
    case 'assignment': {
      const target = `${nameDoc(statement.target)} =`;
      const gap = comments.gap(' ', statement.rowset.span.start);
      return group(target, indent(gap, openRowsetDoc(statement.rowset, comments)));
    }
    case 'rowset-statement':
      return group(indent(openRowsetDoc(statement.rowset, comments)));
    case 'output':
      return outputDoc(statement, comments);
    case 'export':
      return `EXPORT ${nameDoc(statement.name)}`;
  }
}

function importModuleDoc({ names, from }: ImportModule, comments: Comments): Doc {
  const content = names.map((item, at) =>
    concat(
      at === 0 ? '' : ',',
      comments.gap(line, item.span.start),
      item.alias === null ? nameDoc(item.name) : `${nameDoc(item.name)} AS ${nameDoc(item.alias)}`,
    ),
  );
  return group('IMPORT {', indent(...content), comments.gap(line, from.span.start), '} FROM ', from.raw);
}

function importViewDoc({ target, from, params }: ImportView, comments: Comments): Doc {
  const head = concat(`${nameDoc(target)} = IMPORT `, from.raw);
  const first = params[0];
  if (first === undefined) return head;
  const gap = comments.gap(line, first.span.start);
  const list = commaList(params, comments, ({ parameter, value }) =>
    concat(`@${parameter.text} = `, exprDoc(value, comments)),
  );
  return group(head, indent(gap, 'PARAMS ', indent(list)));
}

function outputDoc({ input, to, using, orderBy, expect }: OutputStatement, comments: Comments): Doc {
  const parts: Doc[] = [];
  if (input !== null) parts.push(comments.gap(' ', input.span.start), openRowsetDoc(input, comments));
  parts.push(comments.gap(parts.length === 0 ? ' ' : line, to.span.start), keyworded('TO', to, comments));
  const head = group('OUTPUT', ...parts, usingDoc(using, comments));
  const [order] = orderBy;
  const tail: Doc[] = [];
  if (order !== undefined) tail.push(comments.gap(line, order.span.start), orderByDoc(orderBy, comments));
  if (expect !== null) {
    tail.push(comments.gap(line, expect.truth.span.start), keyworded('EXPECT', expect.truth, comments));
    if (expect.having !== null) tail.push(' ', keyworded('HAVING', expect.having, comments));
  }
  return group(indent(head, ...tail));
}
