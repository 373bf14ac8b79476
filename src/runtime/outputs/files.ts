/** The file system as outputs use it: few operations, each of which may fail, so that tests can make the n-th one fail. */
import { constants, rmSync } from 'node:fs';
import { copyFile, link, mkdir, open, rename, stat, unlink } from 'node:fs/promises';

export interface OutputHandle {
  write(bytes: Uint8Array): Promise<void>;
  /** Forces what was written to the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface OutputFiles {
  /** Makes a folder and those above it; one that is there is no error. */
  makeFolder(path: string): Promise<void>;
  /** Whether a folder stands at this path. */
  isFolder(path: string): Promise<boolean>;
  /** Opens a file to write: empty, or behind what it holds. */
  open(path: string, mode: 'empty' | 'append'): Promise<OutputHandle>;
  rename(from: string, to: string): Promise<void>;
  /** Gives the file a second name; false when there is no file. One that has the second name already keeps it: it is from before. */
  keepAs(path: string, aside: string): Promise<boolean>;
  /** One that is not there is no error. */
  remove(path: string): Promise<void>;
  /** Forces the names in a folder to the disk. */
  syncFolder(path: string): Promise<void>;
}

/** Files that were begun empty and have not been renamed or removed yet: they go when the process ends in the middle of a job. */
const unfinished = new Set<string>();

function begun(path: string): void {
  if (unfinished.size === 0) process.once('exit', removeUnfinished);
  unfinished.add(path);
}

function ended(path: string): void {
  if (unfinished.delete(path) && unfinished.size === 0) process.off('exit', removeUnfinished);
}

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

export const diskOutputs: OutputFiles = {
  async makeFolder(path) {
    await mkdir(path, { recursive: true });
  },
  async isFolder(path) {
    try {
      return (await stat(path)).isDirectory();
    } catch {
      return false;
    }
  },
  async open(path, mode) {
    if (mode === 'empty') begun(path);
    const handle = await open(path, mode === 'empty' ? 'w' : 'a');
    return {
      async write(bytes) {
        for (let at = 0; at < bytes.length;) {
          const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, null);
          at += bytesWritten;
        }
      },
      sync: () => handle.sync(),
      close: () => handle.close(),
    };
  },
  async rename(from, to) {
    await rename(from, to);
    ended(from);
  },
  async keepAs(path, aside) {
    try {
      await link(path, aside);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      // Some file systems have no second names.
      if (codeOf(error) !== 'EEXIST') await copyFile(path, aside, constants.COPYFILE_EXCL);
    }
    return true;
  },
  async remove(path) {
    ended(path);
    try {
      await unlink(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  },
  async syncFolder(path) {
    // Windows opens no folders; there a rename is durable by itself.
    if (process.platform === 'win32') return;
    const handle = await open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};
