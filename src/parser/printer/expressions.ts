import { KEYWORDS, LITERAL_WORDS } from '../../lexer/tokens.ts';
import type { BinaryExpr, CaseExpr, Expr, Frame, FrameBound, Name, SortItem, TypeNode, Window } from '../ast.ts';
import { PRECEDENCE, precedenceOf, type Precedence } from '../expression/precedence.ts';
import type { Comments } from './comments.ts';
import { concat, group, indent, line, softline, type Doc } from './doc.ts';

const PLAIN_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const LITERALS: ReadonlySet<string> = new Set(LITERAL_WORDS.map(({ name }) => name));

/** With backticks where it would not be read as a name without them. */
export function nameDoc({ text }: Name): string {
  const plain = PLAIN_NAME.test(text) && !KEYWORDS.has(text) && !LITERALS.has(text);
  return plain ? text : `\`${text}\``;
}

/** Behind a point a keyword is a name too. */
function memberDoc(name: Name): string {
  return PLAIN_NAME.test(name.text) ? name.text : nameDoc(name);
}

export function typeDoc(type: TypeNode): string {
  let suffix = '';
  let inner = type;
  while (inner.kind !== 'named-type') {
    suffix = (inner.kind === 'array-type' ? '[]' : '?') + suffix;
    inner = inner.kind === 'array-type' ? inner.element : inner.base;
  }
  return nameDoc(inner.name) + suffix;
}

/** `open items close`, broken behind the commas where it does not fit. `end` is where the closing bracket ends. */
export function bracketed<N extends { readonly span: { readonly start: number } }>(
  brackets: readonly [string, string],
  items: readonly N[],
  end: number,
  comments: Comments,
  each: (item: N) => Doc,
): Doc {
  const [open, close] = brackets;
  if (items.length === 0) return open + close;
  const content: Doc[] = [];
  for (const item of items) {
    const first = content.length === 0;
    content.push(first ? '' : ',', comments.gap(first ? softline : line, item.span.start), each(item));
  }
  return group(open, indent(...content), comments.gap(softline, end), close);
}

/** `first, second`, with a break before each but the first. */
export function commaList<N extends { readonly span: { readonly start: number } }>(
  items: readonly N[],
  comments: Comments,
  each: (item: N) => Doc,
): Doc {
  return concat(
    ...items.map((item, at) => (at === 0 ? each(item) : concat(',', comments.gap(line, item.span.start), each(item)))),
  );
}

/** An expression, in parentheses where it binds looser than what stands around it. */
export function exprDoc(expr: Expr, comments: Comments, least: Precedence = PRECEDENCE.conditional): Doc {
  const doc = bareDoc(expr, comments);
  return precedenceOf(expr) < least ? concat('(', doc, ')') : doc;
}

function bareDoc(expr: Expr, comments: Comments): Doc {
  switch (expr.kind) {
    case 'string':
    case 'number':
      return expr.raw;
    case 'boolean':
      return String(expr.value);
    case 'null':
      return 'null';
    case 'name-expr':
      return nameDoc(expr.name);
    case 'parameter':
      return `@${expr.name.text}`;
    case 'array':
      return bracketed(['[', ']'], expr.elements, expr.span.end, comments, (item) => exprDoc(item, comments));
    case 'parenthesised-expr':
      return group(
        '(',
        indent(comments.gap(softline, expr.value.span.start), exprDoc(expr.value, comments)),
        comments.gap(softline, expr.span.end),
        ')',
      );
    case 'member':
      return concat(objectDoc(expr.object, comments), expr.optional ? '?.' : '.', memberDoc(expr.member));
    case 'index':
      return concat(objectDoc(expr.object, comments), expr.optional ? '?.[' : '[', exprDoc(expr.index, comments), ']');
    case 'call':
      return concat(
        objectDoc(expr.callee, comments),
        bracketed(['(', ')'], expr.arguments, expr.span.end, comments, (item) => exprDoc(item, comments)),
      );
    case 'aggregate':
      return aggregateDoc(expr, comments);
    default:
      return operatorDoc(expr, comments);
  }
}

type Leaf = 'string' | 'number' | 'boolean' | 'null' | 'name-expr' | 'parameter';
type Closed = 'array' | 'parenthesised-expr' | 'member' | 'index' | 'call' | 'aggregate';
type Operation = Exclude<Expr, { readonly kind: Leaf | Closed }>;

function operatorDoc(expr: Operation, comments: Comments): Doc {
  switch (expr.kind) {
    case 'unary':
      return unaryDoc(expr.word ? 'NOT ' : expr.operator, expr.operand, comments);
    case 'binary':
      return binaryDoc(expr, comments);
    case 'conditional':
      return group(
        exprDoc(expr.test, comments, PRECEDENCE.coalesce),
        indent(
          comments.gap(line, expr.consequent.span.start),
          '? ',
          exprDoc(expr.consequent, comments),
          comments.gap(line, expr.alternate.span.start),
          ': ',
          exprDoc(expr.alternate, comments),
        ),
      );
    case 'case':
      return caseDoc(expr, comments);
    case 'in': {
      const left = exprDoc(expr.value, comments, PRECEDENCE.relational);
      const list = bracketed(['(', ')'], expr.list, expr.span.end, comments, (item) => exprDoc(item, comments));
      return concat(left, expr.negated ? ' NOT IN ' : ' IN ', list);
    }
    case 'between': {
      const [value, low, high] = [
        exprDoc(expr.value, comments, PRECEDENCE.relational),
        exprDoc(expr.low, comments, PRECEDENCE.additive),
        exprDoc(expr.high, comments, PRECEDENCE.additive),
      ];
      return concat(value, expr.negated ? ' NOT' : '', ' BETWEEN ', low, ' AND ', high);
    }
    case 'like': {
      const value = exprDoc(expr.value, comments, PRECEDENCE.relational);
      return concat(value, expr.negated ? ' NOT' : '', ' LIKE ', exprDoc(expr.pattern, comments, PRECEDENCE.additive));
    }
    case 'is-null':
      return concat(exprDoc(expr.value, comments, PRECEDENCE.relational), expr.negated ? ' IS NOT NULL' : ' IS NULL');
  }
}

/** What stands before a point or bracket; `5 .x`, since `5.` would be the number. */
function objectDoc(object: Expr, comments: Comments): Doc {
  const doc = exprDoc(object, comments, PRECEDENCE.primary);
  return object.kind === 'number' && /^[\d_]+$/.test(object.raw) ? concat(doc, ' ') : doc;
}

/** `- -x`: two signs together would be another token. */
function unaryDoc(sign: string, inner: Expr, comments: Comments): Doc {
  const doubled = inner.kind === 'unary' && !inner.word && inner.operator === sign && sign !== '!';
  const least = sign === 'NOT ' ? PRECEDENCE.not : PRECEDENCE.unary;
  return concat(sign, doubled ? ' ' : '', exprDoc(inner, comments, least));
}

export function operatorText({ operator, word }: BinaryExpr): string {
  if (!word) return operator;
  return operator === '||' ? 'OR' : 'AND';
}

/** Operators of one precedence from the left stand in one group: either all of them begin a line or none. */
function binaryDoc(expr: BinaryExpr, comments: Comments): Doc {
  const level = precedenceOf(expr);
  const chain: BinaryExpr[] = [];
  let first: Expr = expr;
  while (first.kind === 'binary' && precedenceOf(first) === level) {
    chain.push(first);
    first = first.left;
  }
  const head = operandDoc(first, level, expr, comments);
  const tail = chain
    .toReversed()
    .map((link) =>
      concat(
        comments.gap(line, link.right.span.start),
        `${operatorText(link)} `,
        operandDoc(link.right, tighter(level), link, comments),
      ),
    );
  return group(head, indent(...tail));
}

function tighter(level: Precedence): Precedence {
  return Object.values(PRECEDENCE).find((candidate) => candidate > level) ?? PRECEDENCE.primary;
}

/** `??` and `||` or `&&` never stand side by side without parentheses. */
function operandDoc(operand: Expr, least: Precedence, parent: BinaryExpr, comments: Comments): Doc {
  const mixed =
    operand.kind === 'binary' &&
    (operand.operator === '??') !== (parent.operator === '??') &&
    precedenceOf(operand) < PRECEDENCE.not &&
    precedenceOf(parent) < PRECEDENCE.not;
  return mixed ? concat('(', exprDoc(operand, comments), ')') : exprDoc(operand, comments, least);
}

function caseDoc({ subject, arms, otherwise, span }: CaseExpr, comments: Comments): Doc {
  const head = subject === null ? 'CASE' : concat('CASE ', exprDoc(subject, comments));
  const parts: Doc[] = [];
  // Here and below loops, not map: a deep tree must not take more frames of the stack than it needs.
  for (const arm of arms) {
    parts.push(comments.gap(line, arm.span.start), 'WHEN ', exprDoc(arm.when, comments));
    parts.push(' THEN ', exprDoc(arm.then, comments));
  }
  if (otherwise !== null) {
    parts.push(concat(comments.gap(line, otherwise.span.start), 'ELSE ', exprDoc(otherwise, comments)));
  }
  return group(head, indent(...parts), comments.gap(line, span.end), 'END');
}

function aggregateDoc(expr: Extract<Expr, { readonly kind: 'aggregate' }>, comments: Comments): Doc {
  const { name, star, distinct, over } = expr;
  const open = distinct ? '(DISTINCT ' : '(';
  const end = over?.span.start ?? expr.span.end;
  const args = star ? '(*)' : bracketed([open, ')'], expr.arguments, end, comments, (item) => exprDoc(item, comments));
  return over === null ? concat(nameDoc(name), args) : concat(nameDoc(name), args, ' ', windowDoc(over, comments));
}

function windowDoc({ partitionBy, orderBy, frame, span }: Window, comments: Comments): Doc {
  const parts: Doc[] = [];
  const add = (start: number, part: () => Doc): void => {
    parts.push(comments.gap(parts.length === 0 ? softline : line, start), part());
  };
  const [partition, order] = [partitionBy[0], orderBy[0]];
  if (partition !== undefined) {
    add(partition.span.start, () =>
      concat(
        'PARTITION BY ',
        commaList(partitionBy, comments, (item) => exprDoc(item, comments)),
      ),
    );
  }
  if (order !== undefined) add(order.span.start, () => orderByDoc(orderBy, comments));
  if (frame !== null) add(frame.span.start, () => frameDoc(frame, comments));
  return group('OVER (', indent(...parts), comments.gap(softline, span.end), ')');
}

function frameDoc({ start, end }: Frame, comments: Comments): Doc {
  if (end === null) return concat('ROWS ', boundDoc(start, comments));
  return concat('ROWS BETWEEN ', boundDoc(start, comments), ' AND ', boundDoc(end, comments));
}

function boundDoc({ bound, offset }: FrameBound, comments: Comments): Doc {
  const words = bound.toUpperCase().replace('-', ' ');
  return offset === null ? words : concat(exprDoc(offset, comments), ' ', words);
}

/** `ORDER BY a, b DESC` */
export function orderByDoc(items: readonly SortItem[], comments: Comments): Doc {
  return group('ORDER BY ', indent(commaList(items, comments, (item) => sortItemDoc(item, comments))));
}

function sortItemDoc({ value, direction }: SortItem, comments: Comments): Doc {
  return concat(exprDoc(value, comments), direction === 'desc' ? ' DESC' : '');
}
