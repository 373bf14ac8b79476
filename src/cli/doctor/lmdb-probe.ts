/** Writes and reads one value in a new LMDB file. */
export async function writeAndRead(path: string): Promise<void> {
  const { open } = await import('lmdb');
  const database = open<string, string>({ path, noSubdir: true });
  try {
    await database.put('key', 'value');
    const read = database.get('key');
    if (read !== 'value') throw new Error(`it gave back ${String(read)} for "value"`);
  } finally {
    await database.close();
  }
}
