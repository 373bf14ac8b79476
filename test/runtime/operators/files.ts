/** Modules and inputs in a folder of their own, which is removed after each test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Call in a `describe`; `write` gives the absolute path. */
export function temporaryFolder(): { readonly write: (name: string, text: string | Uint8Array) => Promise<string> } {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  return {
    write: async (name, text) => {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return path;
    },
  };
}
