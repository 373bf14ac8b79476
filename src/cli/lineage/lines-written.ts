/** The lines at which rows stand in the files that were written, where the files are still there. */
import type { Fates } from '../../runtime/lineage/fates.ts';
import type { Lineage } from '../../runtime/lineage/reader.ts';
import { sha256Of } from './find.ts';
import { recordLines } from './records.ts';
import type { RecordLines } from './records.ts';

export async function linesWritten(
  lineage: Lineage,
  { fates }: Fates,
): Promise<(path: string, position: number) => number | null> {
  const files = new Map<string, RecordLines | null>();
  for (const fate of fates) {
    if (fate.kind !== 'reached' || files.has(fate.output.path)) continue;
    const { path, node, sha256 } = fate.output;
    const { format } = lineage.node(node);
    const same = await sha256Of(path).then(
      (now) => now === sha256,
      () => false,
    );
    files.set(path, same && format !== null ? await recordLines(path, fate.output, format).catch(() => null) : null);
  }
  return (path, position) => files.get(path)?.starts[position] ?? null;
}
