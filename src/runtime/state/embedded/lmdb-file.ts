/** What all LMDB files of ours need before they are opened. */
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes the folder. It is of no interest to a repository: it ignores itself. */
export async function prepareFolder(folder: string): Promise<void> {
  const created = await mkdir(folder, { recursive: true });
  if (created !== undefined) await writeFile(join(folder, '.gitignore'), '*\n');
}

/** LMDB ends the process when it opens a file that is not its own; so its magic number is looked for first. @param what the file is to be */
export async function refuseForeign(path: string, what: string): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(28), 0, 28, 0);
    if (bytesRead === 0 || (bytesRead === 28 && buffer.readUInt32LE(24) === 0xbeefc0de)) return;
    throw new Error(`${path} is not ${what}`);
  } finally {
    await file.close();
  }
}
