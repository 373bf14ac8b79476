import { expressionText } from '../../typecheck/expressions/text.ts';
import { parsePathPattern } from '../../typecheck/path-pattern.ts';
import type { TypedExpr } from '../../typecheck/typed.ts';
import { columnsIn, contains } from '../../typecheck/visit.ts';
import { cannotFail } from '../expressions/failing.ts';
import { conjunctionOf, conjunctsOf } from '../expressions/walk.ts';
import type { ExtractNode, FilterNode, NodeId } from '../graph.ts';
import { localRule, onlyInput } from './match.ts';

/**
 * Makes those parts of a WHERE straight behind an EXTRACT that name only columns of its paths a matter of which files are read. Bad lines of files that are not read are
 * no errors then: language.md wants it so.
 */
export const fileSkipping = localRule(
  'file-skipping',
  'files of which no row would stay are not read',
  (node, view) => {
    if (node.kind !== 'filter') return null;
    const extract = onlyInput(node, view);
    if (extract?.kind !== 'extract' || view.targets.has(extract.id)) return null;
    const names = pathColumns(extract);
    const conjuncts = conjunctsOf(node.predicate);
    const [first, ...more] = conjuncts.filter(
      (part, at) => isOfPath(part, names) && conjuncts.slice(0, at).every(cannotFail),
    );
    if (first === undefined) return null;
    const moved = new Set([first, ...more]);
    const told = conjunctionOf([first, ...more]);
    const keepsFile = extract.keepsFile === undefined ? told : conjunctionOf([extract.keepsFile, first, ...more]);
    const staying = conjuncts.filter((part) => !moved.has(part));
    const [one, ...others] = staying;
    const rest: readonly FilterNode[] =
      one === undefined ? [] : [{ ...node, predicate: conjunctionOf([one, ...others]) }];
    return {
      edits: {
        put: [{ ...extract, keepsFile }, ...rest],
        ...(one === undefined ? { remove: [node.id], redirect: new Map<NodeId, NodeId>([[node.id, extract.id]]) } : {}),
      },
      touched: [node.id, extract.id],
      what: `${extract.label} reads only files with ${expressionText(told)}`,
    };
  },
);

/** Columns that every path fills. */
function pathColumns({ files, declared }: ExtractNode): ReadonlySet<string> {
  const ofFiles = files.map(
    ({ text }) => new Set(parsePathPattern(text).flatMap((part) => (part.kind === 'column' ? [part.name] : []))),
  );
  return new Set(
    declared.flatMap(({ name }) => (name === '_file' || ofFiles.every((names) => names.has(name)) ? [name] : [])),
  );
}

function isOfPath(expr: TypedExpr, names: ReadonlySet<string>): boolean {
  const columns = columnsIn(expr);
  const asks = contains(expr, (part) => part.kind === 'lineage');
  return !asks && columns.length > 0 && columns.every(({ name }) => names.has(name)) && cannotFail(expr);
}
