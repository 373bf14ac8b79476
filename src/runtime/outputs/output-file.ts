/**
 * One file that appears whole or not at all: bytes go to a temporary file beside it, whose name begins with a point and holds the job's id; it is renamed
 * when the job ends.
 */
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Gzip } from 'node:zlib';
import { createGzip } from 'node:zlib';
import type { ByteSink } from '../operators/runner.ts';
import type { OutputFiles, OutputHandle } from './files.ts';

/** How the names of an output's hidden files begin; the job and what they are for follow. */
export function hiddenName(name: string): string {
  return `.${name.slice(0, 80)}`;
}

export class OutputFile implements ByteSink {
  readonly path: string;
  bytes = 0;
  private readonly temporary: string;
  private readonly aside: string;
  /** Whether a file was set aside. */
  private replaces = false;
  private readonly files: OutputFiles;
  private readonly hash = createHash('sha256');
  private readonly packer: Packer | null;
  private handle: OutputHandle | null = null;
  private begun = false;

  constructor(files: OutputFiles, path: string, job: string) {
    this.files = files;
    this.path = path;
    const hidden = join(dirname(path), `${hiddenName(basename(path))}.${job}`);
    this.temporary = `${hidden}.tmp`;
    this.aside = `${hidden}.old`;
    this.packer = path.endsWith('.gz') ? new Packer() : null;
  }

  /** Makes the file's folder and an empty temporary file in it. */
  async begin(): Promise<void> {
    await this.files.makeFolder(dirname(this.path));
    await this.open();
  }

  get isOpen(): boolean {
    return this.handle !== null;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.packer === null) await this.append(chunk);
    else for (const piece of await this.packer.pack(chunk)) await this.append(piece);
  }

  /** Gives the open file back to the system; the next write opens it again. */
  async pause(): Promise<void> {
    const { handle } = this;
    this.handle = null;
    await handle?.close();
  }

  /** Writes what is left and forces all to the disk. */
  async finish(): Promise<void> {
    if (this.packer !== null) for (const piece of await this.packer.end()) await this.append(piece);
    const handle = await this.open();
    await handle.sync();
    await this.pause();
  }

  /** Keeps the file that has the name now, so that it can have it again. */
  async setAside(): Promise<void> {
    this.replaces = await this.files.keepAs(this.path, this.aside);
  }

  /** Gives the name back to the file that had it, or to none. */
  async takeBack(): Promise<void> {
    if (this.replaces) await this.files.rename(this.aside, this.path);
    else await this.files.remove(this.path);
    this.replaces = false;
  }

  /** Removes what was set aside. */
  async forgetAside(): Promise<void> {
    if (this.replaces) await this.files.remove(this.aside);
    this.replaces = false;
  }

  /** The file under its own name. */
  async publish(): Promise<void> {
    await this.files.rename(this.temporary, this.path);
    this.begun = false;
  }

  /** Takes away what was not published. */
  async discard(): Promise<void> {
    try {
      await this.pause();
    } finally {
      this.packer?.destroy();
      if (this.begun) await this.files.remove(this.temporary);
      this.begun = false;
    }
  }

  /** SHA-256 of all bytes, to be asked for once. */
  digest(): string {
    return this.hash.digest('hex');
  }

  private async append(bytes: Uint8Array): Promise<void> {
    const handle = await this.open();
    await handle.write(bytes);
    this.hash.update(bytes);
    this.bytes += bytes.length;
  }

  private async open(): Promise<OutputHandle> {
    if (this.handle !== null) return this.handle;
    const mode = this.begun ? 'append' : 'empty';
    this.begun = true;
    this.handle = await this.files.open(this.temporary, mode);
    return this.handle;
  }
}

/** Compresses piece by piece; equal bytes give equal bytes: the header holds no time. */
class Packer {
  private readonly gzip: Gzip = createGzip();
  private ready: Buffer[] = [];

  constructor() {
    this.gzip.on('data', (piece: Buffer) => this.ready.push(piece));
  }

  async pack(chunk: Uint8Array): Promise<readonly Buffer[]> {
    await new Promise<void>((resolve, reject) => {
      this.gzip.write(chunk, (error) => (error === null || error === undefined ? resolve() : reject(error)));
    });
    return this.ready.splice(0);
  }

  async end(): Promise<readonly Buffer[]> {
    await new Promise<void>((resolve, reject) => {
      this.gzip.once('error', reject);
      this.gzip.once('end', resolve);
      this.gzip.end();
    });
    return this.ready.splice(0);
  }

  destroy(): void {
    this.gzip.destroy();
  }
}
