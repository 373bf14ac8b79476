/** The disk as spilling uses it: few operations, each of which may fail, so that tests can make the n-th one fail. They wait: an operator cannot go on before. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface SpillFile {
  /** Writes behind all that was written. */
  write(bytes: Uint8Array, at: number): void;
  /** Fills `into` from a place in the file; false where the file is shorter. */
  read(into: Uint8Array, at: number): boolean;
  /** The file is gone then. */
  close(): void;
}

export interface SpillFiles {
  /** Where the files are, as messages name it. */
  readonly place: string;
  open(): SpillFile;
  /** Removes all that is left. */
  close(): void;
}

/** Temporary files of one job in a folder of its own below `folder`, which is made when the first file is and goes with the last. */
export function diskSpill(folder: string, job: string): SpillFiles {
  const own = join(folder, folderName(job));
  let made = false;
  let count = 0;
  const kept = new Set<string>();
  const remove = (): void => rmSync(own, { recursive: true, force: true });
  return {
    place: folder,
    open() {
      if (!made) {
        sweep(folder);
        mkdirSync(own, { recursive: true });
        made = true;
        process.once('exit', remove);
      }
      const path = join(own, String((count += 1)));
      const handle = openSync(path, 'wx+', 0o600);
      if (!unlinked(path)) kept.add(path);
      return new DiskFile(handle, () => {
        if (kept.delete(path)) rmSync(path, { force: true });
      });
    },
    close() {
      if (!made) return;
      process.off('exit', remove);
      remove();
      removeEmpty(folder);
      made = false;
    },
  };
}

/** An open file without a name is gone with the process, however that ends; Windows does not allow it. */
function unlinked(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

class DiskFile implements SpillFile {
  private readonly handle: number;
  private readonly closed: () => void;
  private open = true;

  constructor(handle: number, closed: () => void) {
    this.handle = handle;
    this.closed = closed;
  }

  write(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.handle, bytes, done, bytes.length - done, at + done);
    }
  }

  read(into: Uint8Array, at: number): boolean {
    for (let done = 0; done < into.length;) {
      const got = readSync(this.handle, into, done, into.length - done, at + done);
      if (got === 0) return false;
      done += got;
    }
    return true;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.handle);
    this.closed();
  }
}

// ── Folders of jobs that died ───────────────────────────────────────────────────────────────────────────────────────

/** The job, its machine and its process: whether it still runs can be told from the name alone. */
function folderName(job: string): string {
  return `${job}@${hostname()}@${process.pid}`;
}

/** Removes what dead processes of this machine left in the folder; one that cannot be read or removed is left alone. */
export function sweep(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, host, pid] = /^[A-Za-z0-9_-]+@(.*)@(\d+)$/u.exec(name) ?? [];
    if (host !== hostname() || pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // It is only in the way of nobody.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another job has its folder there.
  }
}
