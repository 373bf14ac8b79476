/** All checks, in the order in which they are shown. */
import { freemem, totalmem } from 'node:os';
import type { StoreChoice } from '../../runtime/state/open.ts';
import type { Io } from '../io.ts';
import type { Finding } from './finding.ts';
import { diskCheck, folderCheck } from './folder.ts';
import { lmdbCheck, memoryCheck, terminalCheck } from './machine.ts';
import { nodeCheck } from './node.ts';
import { objectsChecks } from './objects.ts';
import { onnxCheck } from './onnx.ts';
import { redisChecks } from './redis.ts';

export interface Examined {
  readonly store: StoreChoice;
  /** Where `.pyscope` goes, also for a job whose state is elsewhere: its lineage and spilled rows do. */
  readonly folder: string;
  /** Where big answers go, if that is said. */
  readonly objects: string | undefined;
}

export async function examine({ store, folder, objects }: Examined, io: Io): Promise<readonly Finding[]> {
  const [onnx, lmdb, folderFinding, disk, redis, objectsFindings] = await Promise.all([
    onnxCheck(),
    lmdbCheck(),
    folderCheck(folder),
    diskCheck(folder),
    store.kind === 'redis' ? redisChecks(store.address) : [],
    objects === undefined ? [] : objectsChecks(objects, io.env),
  ]);
  const here = [nodeCheck(process.version), onnx, lmdb, memoryNow(), folderFinding, disk];
  return [...here, ...redis, ...objectsFindings, terminalOf(io)];
}

/** A container may have less than the machine: `constrainedMemory` is 0, or larger than the machine, where it has not. */
function memoryNow(): Finding {
  const most = process.constrainedMemory();
  const constrained = most > 0 && most < totalmem();
  const total = constrained ? most : totalmem();
  const free = constrained ? Math.min(freemem(), most - process.memoryUsage().rss) : freemem();
  return memoryCheck(free, total);
}

function terminalOf({ err, env }: Io): Finding {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return terminalCheck({ terminal: err.terminal, width: err.width(), colours: err.chalk.level, locale });
}
