/** The closed tables of SET options and HINTs. */
import { parseSize } from './size.ts';
import { BOOL, INT, STRING, type Type } from './types.ts';

export interface Setting {
  readonly type: Type;
  /** The smallest number allowed; null where the value is no number. */
  readonly least: number | null;
  readonly doc: string;
  /** Whether a text is one that it takes; left out for any. */
  readonly fits?: (text: string) => boolean;
}

const count = (doc: string): Setting => ({ type: INT, least: 1, doc });
const flag = (doc: string): Setting => ({ type: BOOL, least: null, doc });
const text = (doc: string): Setting => ({ type: STRING, least: null, doc });

/** `SET name = value`: for the whole job. */
export const SETTINGS: ReadonlyMap<string, Setting> = new Map([
  ['name', text('what the job is called in reports')],
  ['workers', count('threads for models, and for parts of large files')],
  ['batch', count('rows in a batch')],
  [
    'memory',
    {
      ...text('bytes that groups, joins and sorts may hold in memory: "256MB"'),
      fits: (size) => parseSize(size) !== null,
    },
  ],
  ['lineage', flag('keep the lineage of outputs, to explain them afterwards')],
  ['remoteModels', flag('let models be fetched from a hub')],
]);

/** `HINT(name = value)`: for the step it stands behind. */
export const HINTS: ReadonlyMap<string, Setting> = new Map([
  ['workers', count('calls of this operator at once, or threads that read parts of the files of this EXTRACT')],
  ['batch', count('rows in a batch of this EXTRACT')],
  ['partitions', count('parts that each file of this EXTRACT is cut into')],
  ['rows', count('how many rows are expected')],
  ['broadcast', flag('hold the right side of this join in memory as a whole')],
  ['commit', flag('keep the answers of this operator in the job store, so that a resume asks for none of them again')],
  ['memo', flag('keep the operator’s answers for equal inputs')],
]);
