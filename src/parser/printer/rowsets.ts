import type {
  Claused,
  ColumnDeclaration,
  Combine,
  Expr,
  Extract,
  From,
  FromSource,
  Join,
  JoinType,
  Name,
  OperatorCall,
  Process,
  Produced,
  Reduce,
  Rowset,
  Select,
  SelectItem,
  SetOperation,
  Values,
} from '../ast.ts';
import { clauseDoc, keyworded } from './actions.ts';
import type { Comments } from './comments.ts';
import { concat, group, indent, line, softline, type Doc } from './doc.ts';
import { bracketed, commaList, exprDoc, nameDoc, orderByDoc, typeDoc } from './expressions.ts';

export function rowsetDoc(rowset: Rowset, comments: Comments): Doc {
  return group(openRowsetDoc(rowset, comments));
}

/** Without a group of its own, so that what follows on further lines breaks together with it. */
export function openRowsetDoc(rowset: Rowset, comments: Comments): Doc {
  switch (rowset.kind) {
    case 'set-operation':
      return setOperationDoc(rowset, comments);
    case 'claused':
      return clausedDoc(rowset, comments);
    case 'rowset-name':
      return nameDoc(rowset.name);
    case 'last-rowset':
      return '';
    case 'parenthesised': {
      const open = comments.gap(softline, rowset.rowset.span.start);
      const inner = openRowsetDoc(rowset.rowset, comments);
      return group('(', indent(open, inner), comments.gap(softline, rowset.span.end), ')');
    }
    case 'extract':
      return extractDoc(rowset, comments);
    case 'select':
      return selectDoc(rowset, comments);
    case 'process':
      return processDoc(rowset, comments);
    case 'reduce':
      return reduceDoc(rowset, comments);
    case 'combine':
      return combineDoc(rowset, comments);
    case 'values':
      return valuesDoc(rowset, comments);
  }
}

/** The terms of a chain from the left, each operator at the beginning of a line. */
function setOperationDoc(rowset: SetOperation, comments: Comments): Doc {
  const chain: SetOperation[] = [];
  let first: Rowset = rowset;
  while (first.kind === 'set-operation') {
    chain.push(first);
    first = first.left;
  }
  const head = rowsetDoc(first, comments);
  const tail = chain
    .toReversed()
    .map((link) =>
      concat(comments.gap(line, link.right.span.start), `${setOperator(link)} `, rowsetDoc(link.right, comments)),
    );
  return concat(head, ...tail);
}

function setOperator({ operator, quantifier, on }: SetOperation): string {
  const words = quantifier === null ? operator.toUpperCase() : `${operator} ${quantifier}`.toUpperCase();
  return on.length === 0 ? words : `${words} ON (${on.map(nameDoc).join(', ')})`;
}

function clausedDoc({ input, clauses }: Claused, comments: Comments): Doc {
  const parts: Doc[] = input.kind === 'last-rowset' ? [] : [openRowsetDoc(input, comments)];
  for (const clause of clauses) {
    if (parts.length > 0) parts.push(comments.gap(line, clause.span.start));
    parts.push(clauseDoc(clause, comments));
  }
  return concat(...parts);
}

// ── Parts that several rowsets share; each begins with the break before it ──

/** The words are on one line with their list as long as the list fits. */
function listed<N extends { readonly span: { readonly start: number } }>(
  keyword: string,
  items: readonly N[],
  comments: Comments,
  each: (item: N) => Doc,
): Doc {
  const start = items[0]?.span.start;
  if (start === undefined) return '';
  return concat(comments.gap(line, start), group(keyword, ' ', indent(commaList(items, comments, each))));
}

function optional(keyword: string, expr: Expr | null, comments: Comments): Doc {
  return expr === null ? '' : concat(comments.gap(line, expr.span.start), keyworded(keyword, expr, comments));
}

export function usingDoc(operator: OperatorCall | null, comments: Comments): Doc {
  return operator === null
    ? ''
    : concat(comments.gap(line, operator.span.start), 'USING ', operatorCallDoc(operator, comments));
}

export function operatorCallDoc(operator: OperatorCall, comments: Comments): Doc {
  const path = operator.path.map(nameDoc).join('.');
  const args = bracketed(['(', ')'], operator.arguments, operator.span.end, comments, ({ name, value }) =>
    name === null ? exprDoc(value, comments) : concat(nameDoc(name), ' = ', exprDoc(value, comments)),
  );
  return concat(path, args);
}

function produceDoc(produce: readonly Produced[] | null, comments: Comments): Doc {
  return produce === null ? '' : listed('PRODUCE', produce, comments, producedDoc);
}

function producedDoc({ name, alias, type }: Produced): Doc {
  return `${nameDoc(name)}${aliasText(alias)}${type === null ? '' : `: ${typeDoc(type)}`}`;
}

function aliasText(alias: Name | null): string {
  return alias === null ? '' : ` AS ${nameDoc(alias)}`;
}

function columnDoc({ name, type }: ColumnDeclaration): string {
  return type === null ? nameDoc(name) : `${nameDoc(name)}: ${typeDoc(type)}`;
}

// ── Each rowset ──

function extractDoc({ columns, from, using, having }: Extract, comments: Comments): Doc {
  const head = group(
    'EXTRACT',
    indent(comments.gap(line, columns[0]?.span.start ?? 0), commaList(columns, comments, columnDoc)),
  );
  const files = listed('FROM', from, comments, (file) => exprDoc(file, comments));
  return concat(group(head, files, usingDoc(using, comments)), optional('HAVING', having, comments));
}

/** `PROCESS input USING operator` on one line where it fits, its further clauses below it. */
function processDoc({ input, using, produce, where, having }: Process, comments: Comments): Doc {
  const [first, ...others] = using;
  const head = [inputDoc('PROCESS', input, comments), usingDoc(first ?? null, comments)];
  for (const operator of others) {
    head.push(indent(comments.gap(line, operator.span.start), 'ELSE ', operatorCallDoc(operator, comments)));
  }
  return concat(
    group(...head),
    produceDoc(produce, comments),
    optional('WHERE', where, comments),
    optional('HAVING', having, comments),
  );
}

function inputDoc(keyword: string, input: Rowset, comments: Comments): Doc {
  if (input.kind === 'last-rowset') return keyword;
  return concat(keyword, comments.gap(' ', input.span.start), rowsetDoc(input, comments));
}

function reduceDoc({ input, on, presort, using, produce, having }: Reduce, comments: Comments): Doc {
  const head = group(
    inputDoc('REDUCE', input, comments),
    listed('ON', on, comments, nameDoc),
    listed('PRESORT', presort, comments, ({ column, direction }) =>
      direction === 'desc' ? `${nameDoc(column)} DESC` : nameDoc(column),
    ),
    usingDoc(using, comments),
  );
  return concat(head, produceDoc(produce, comments), optional('HAVING', having, comments));
}

function combineDoc({ type, left, right, on, using, produce, having }: Combine, comments: Comments): Doc {
  const head = group(
    'COMBINE ',
    sourceDoc(left, comments),
    comments.gap(line, right.span.start),
    type === 'inner' ? 'WITH ' : `${type.toUpperCase()} WITH `,
    sourceDoc(right, comments),
    optional('ON', on, comments),
    usingDoc(using, comments),
  );
  return concat(head, produceDoc(produce, comments), optional('HAVING', having, comments));
}

function valuesDoc({ rows, columns, span }: Values, comments: Comments): Doc {
  const body = rows.map((row, at) =>
    concat(
      at === 0 ? '' : ',',
      comments.gap(line, row.span.start),
      bracketed(['(', ')'], row.values, row.span.end, comments, (value) => exprDoc(value, comments)),
    ),
  );
  const head = group('VALUES', indent(...body));
  const gap = comments.gap(line, columns[0]?.span.start ?? span.end);
  return concat(head, gap, 'AS ', bracketed(['(', ')'], columns, span.end, comments, columnDoc));
}

function selectDoc(select: Select, comments: Comments): Doc {
  const { distinct, top, items, from, where, groupBy, having, orderBy } = select;
  const words = distinct ? 'SELECT DISTINCT' : 'SELECT';
  const head = top === null ? words : concat(words, ' ', keyworded('TOP', top, comments));
  const order = orderBy[0];
  return concat(
    group(
      head,
      indent(
        comments.gap(line, items[0]?.span.start ?? 0),
        commaList(items, comments, (item) => selectItemDoc(item, comments)),
      ),
    ),
    from === null ? '' : fromDoc(from, comments),
    optional('WHERE', where, comments),
    listed('GROUP BY', groupBy, comments, (item) => exprDoc(item, comments)),
    optional('HAVING', having, comments),
    order === undefined ? '' : concat(comments.gap(line, order.span.start), orderByDoc(orderBy, comments)),
  );
}

function selectItemDoc(item: SelectItem, comments: Comments): Doc {
  switch (item.kind) {
    case 'star-item':
      return '*';
    case 'qualified-star-item':
      return `${nameDoc(item.qualifier)}.*`;
    case 'expression-item':
      return concat(exprDoc(item.value, comments), aliasText(item.alias));
  }
}

function fromDoc({ source, joins }: From, comments: Comments): Doc {
  const parts = [comments.gap(line, source.span.start), 'FROM ', sourceDoc(source, comments)];
  for (const join of joins) parts.push(comments.gap(line, join.span.start), joinDoc(join, comments));
  return concat(...parts);
}

function sourceDoc(source: FromSource, comments: Comments): Doc {
  switch (source.kind) {
    case 'rowset-source':
      return concat(openRowsetDoc(source.input, comments), aliasText(source.alias));
    case 'file-source':
      return group(exprDoc(source.file, comments), indent(usingDoc(source.using, comments)), aliasText(source.alias));
  }
}

const JOIN_WORDS: Readonly<Record<JoinType, string>> = {
  inner: 'JOIN ',
  left: 'LEFT JOIN ',
  right: 'RIGHT JOIN ',
  full: 'FULL JOIN ',
  semi: 'SEMI JOIN ',
  anti: 'ANTI JOIN ',
};

function joinDoc(join: Join, comments: Comments): Doc {
  switch (join.kind) {
    case 'join':
      return group(JOIN_WORDS[join.type], sourceDoc(join.source, comments), indent(optional('ON', join.on, comments)));
    case 'cross-join':
      return concat('CROSS JOIN ', sourceDoc(join.source, comments));
    case 'explode':
      return concat('CROSS APPLY EXPLODE(', exprDoc(join.value, comments), `) AS ${nameDoc(join.alias)}`);
  }
}
