/**
 * The jobs as one would write them by hand for exactly these files: bytes are scanned once, nothing is quoted, keys are hashed as bytes. It is the ceiling, not an engine.
 * The last argument is the number of threads; each takes a range of the file that ends with a line.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const CHUNK = 1 << 20;
const COMMA = 44;
const LINE_END = 10;

/** Hands on whole lines of the bytes from `start` to `end` of a file, the line that goes past `end` included. */
function eachChunk(path, start, end, take) {
  const file = openSync(path, 'r');
  const size = fstatSync(file).size;
  const bytes = Buffer.allocUnsafeSlow(2 * CHUNK);
  let held = 0;
  // A range begins behind the line end at or behind its first byte; the first one behind the header.
  let at = start === 0 ? 0 : start - 1;
  let skipping = true;
  for (let last = false; !last;) {
    const wanted = Math.min(CHUNK, size - at);
    const got = wanted <= 0 ? 0 : readSync(file, bytes, held, wanted, at);
    const filled = held + got;
    at += got;
    last = got === 0;
    let from = 0;
    if (skipping) {
      const first = bytes.indexOf(LINE_END);
      if (first < 0 || first >= filled) break;
      from = first + 1;
      skipping = false;
    }
    let to = last ? filled : bytes.lastIndexOf(LINE_END, filled - 1) + 1;
    const over = at - filled + to - end;
    if (end < size && over > 0) {
      const stop = bytes.indexOf(LINE_END, Math.max(from, to - over - 1)) + 1;
      if (stop > 0 && stop <= to) {
        to = stop;
        last = true;
      }
    }
    if (to > from) take(bytes, from, to);
    bytes.copy(bytes, 0, to, filled);
    held = filled - to;
  }
  closeSync(file);
}

/** Behind the next comma. */
function field(bytes, from) {
  let at = from;
  while (bytes[at] !== COMMA) at += 1;
  return at + 1;
}

function hashOf(bytes, from, to) {
  let hash = 0;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]) | 0;
  return hash ^ (hash >>> 13);
}

const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** A decimal between `from` and `to`. */
function decimal(bytes, from, to) {
  let value = 0;
  let point = -1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === 46) point = at;
    else value = value * 10 + byte - 48;
  }
  return point < 0 ? value : value / POWERS[to - point - 1];
}

/** Dense ids for byte strings, by open addressing. */
class Keys {
  size = 0;
  counts = new Float64Array(512);
  totals = new Float64Array(512);
  #slots = new Int32Array(1024).fill(-1);
  #hashes = new Int32Array(512);
  #ends = new Int32Array(513);
  #heap = Buffer.allocUnsafeSlow(1 << 14);

  /** The key's id, a new one where it is new. */
  id(bytes, from, to) {
    const hash = hashOf(bytes, from, to);
    const slot = this.#slot(hash, bytes, from, to);
    const id = this.#slots[slot];
    return id >= 0 ? id : this.#add(slot, hash, bytes, from, to);
  }

  /** The key's id; -1 where it has none. */
  find(bytes, from, to) {
    return this.#slots[this.#slot(hashOf(bytes, from, to), bytes, from, to)];
  }

  #slot(hash, bytes, from, to) {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let id = this.#slots[slot]; id >= 0; id = this.#slots[slot]) {
      if (this.#hashes[id] === hash && this.#same(id, bytes, from, to)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #same(id, bytes, from, to) {
    const start = this.#ends[id];
    if (this.#ends[id + 1] - start !== to - from) return false;
    for (let at = from, other = start; at < to; at++, other++) if (bytes[at] !== this.#heap[other]) return false;
    return true;
  }

  #add(free, hash, bytes, from, to) {
    const full = this.size === this.#hashes.length;
    if (full) this.#grow();
    const slot = full ? this.#free(hash) : free;
    const id = this.size++;
    this.#slots[slot] = id;
    this.#hashes[id] = hash;
    const start = this.#ends[id];
    if (start + to - from > this.#heap.length) {
      const larger = Buffer.allocUnsafeSlow(this.#heap.length * 2 + to - from);
      this.#heap.copy(larger, 0, 0, start);
      this.#heap = larger;
    }
    bytes.copy(this.#heap, start, from, to);
    this.#ends[id + 1] = start + to - from;
    return id;
  }

  #free(hash) {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] >= 0) slot = (slot + 1) & mask;
    return slot;
  }

  #grow() {
    const grown = (values, length) => {
      const larger = new values.constructor(length);
      larger.set(values);
      return larger;
    };
    const room = this.#hashes.length * 2;
    this.#hashes = grown(this.#hashes, room);
    this.#ends = grown(this.#ends, room + 1);
    this.counts = grown(this.counts, room);
    this.totals = grown(this.totals, room);
    this.#slots = new Int32Array(room * 2).fill(-1);
    for (let id = 0; id < this.size; id++) this.#slots[this.#free(this.#hashes[id])] = id;
  }

  plain() {
    return { heap: this.#heap, ends: this.#ends, counts: this.counts, totals: this.totals, size: this.size };
  }

  absorb({ heap, ends, counts, totals, size }) {
    const bytes = Buffer.from(heap.buffer, heap.byteOffset, heap.byteLength);
    for (let other = 0; other < size; other++) {
      const id = this.id(bytes, ends[other], ends[other + 1]);
      this.counts[id] += counts[other];
      this.totals[id] += totals[other];
    }
  }

  text(id) {
    return this.#heap.toString('utf8', this.#ends[id], this.#ends[id + 1]);
  }
}

class Lines {
  #out = Buffer.allocUnsafeSlow(1 << 18);
  #at = 0;
  #send;

  constructor(send) {
    this.#send = send;
  }

  put(bytes, from, to) {
    if (this.#at + to - from > this.#out.length) this.flush();
    bytes.copy(this.#out, this.#at, from, to);
    this.#at += to - from;
  }

  flush() {
    if (this.#at > 0) this.#send(this.#out.subarray(0, this.#at));
    this.#at = 0;
  }
}

const WEST = Buffer.from('west,');

function filterChunk(lines, bytes, from, to) {
  for (let at = from; at < to;) {
    const region = field(bytes, field(bytes, at));
    const amount = field(bytes, region);
    const text = field(bytes, amount);
    const end = bytes.indexOf(LINE_END, text) + 1;
    const isWest = amount - region === 5 && bytes.compare(WEST, 0, 5, region, amount) === 0;
    if (!isWest && decimal(bytes, amount, text - 1) >= 750) lines.put(bytes, at, end);
    at = end;
  }
}

function regionChunk(keys, bytes, from, to) {
  for (let at = from; at < to;) {
    const region = field(bytes, field(bytes, at));
    const amount = field(bytes, region);
    const text = field(bytes, amount);
    const id = keys.id(bytes, region, amount - 1);
    keys.counts[id] += 1;
    keys.totals[id] += decimal(bytes, amount, text - 1);
    at = bytes.indexOf(LINE_END, text) + 1;
  }
}

function userChunk(keys, bytes, from, to) {
  for (let at = from; at < to;) {
    const user = field(bytes, at);
    const region = field(bytes, user);
    const amount = field(bytes, region);
    const text = field(bytes, amount);
    const id = keys.id(bytes, user, region - 1);
    keys.counts[id] += 1;
    keys.totals[id] += decimal(bytes, amount, text - 1);
    at = bytes.indexOf(LINE_END, text) + 1;
  }
}

function joinChunk(keys, users, countryOf, bytes, from, to) {
  for (let at = from; at < to;) {
    const user = field(bytes, at);
    const region = field(bytes, user);
    const amount = field(bytes, region);
    const text = field(bytes, amount);
    const found = users.find(bytes, user, region - 1);
    if (found >= 0) {
      const id = countryOf[found];
      keys.counts[id] += 1;
      keys.totals[id] += decimal(bytes, amount, text - 1);
    }
    at = bytes.indexOf(LINE_END, text) + 1;
  }
}

function wordChunk(keys, bytes, from, to) {
  for (let at = from; at < to;) {
    let start = field(bytes, field(bytes, field(bytes, field(bytes, at))));
    for (at = start; ; at++) {
      const byte = bytes[at];
      if (byte !== 32 && byte !== LINE_END) continue;
      // The id first: a new one may move the counts.
      const id = keys.id(bytes, start, at);
      keys.counts[id] += 1;
      start = at + 1;
      if (byte === LINE_END) break;
    }
    at += 1;
  }
}

/** What takes the chunks of a job. */
function taking(job, folder, keys, lines) {
  switch (job) {
    case 'filter':
      return (bytes, from, to) => filterChunk(lines, bytes, from, to);
    case 'by-region':
      return (bytes, from, to) => regionChunk(keys, bytes, from, to);
    case 'by-user':
      return (bytes, from, to) => userChunk(keys, bytes, from, to);
    case 'join': {
      const users = new Keys();
      const countryOf = [];
      eachChunk(`${folder}/users.csv`, 0, Infinity, (bytes, from, to) => {
        for (let at = from; at < to; at = bytes.indexOf(LINE_END, at) + 1) {
          const country = field(bytes, at);
          const age = field(bytes, country);
          users.id(bytes, at, country - 1);
          countryOf.push(keys.id(bytes, country, age - 1));
          at = age;
        }
      });
      return (bytes, from, to) => joinChunk(keys, users, countryOf, bytes, from, to);
    }
    default:
      return (bytes, from, to) => wordChunk(keys, bytes, from, to);
  }
}

function run({ job, folder, start, end }, send) {
  const keys = new Keys();
  const lines = new Lines(send);
  eachChunk(`${folder}/rows.csv`, start, end, taking(job, folder, keys, lines));
  lines.flush();
  return keys;
}

const KEY_NAMES = { 'by-region': 'region', 'by-user': 'user', join: 'country' };

function groupLines(job, keys) {
  const lines = [job === 'words' ? 'word,n\n' : `${KEY_NAMES[job]},n,total\n`];
  for (let id = 0; id < keys.size; id++) {
    if (keys.counts[id] === 0) continue;
    const total = job === 'words' ? '' : `,${keys.totals[id]}`;
    lines.push(`${keys.text(id)},${keys.counts[id]}${total}\n`);
  }
  return lines.join('');
}

async function main() {
  const [job, folder, target, threads = '1'] = process.argv.slice(2);
  const out = openSync(target, 'w');
  if (job === 'filter') writeSync(out, 'id,user,region,amount,text\n');
  const count = Number(threads);
  const file = openSync(`${folder}/rows.csv`, 'r');
  const { size } = fstatSync(file);
  closeSync(file);
  const range = (at) => ({
    job,
    folder,
    start: Math.floor((size * at) / count),
    end: Math.floor((size * (at + 1)) / count),
  });
  const others = Array.from({ length: count - 1 }, (_, at) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: range(at + 1) });
    const pieces = [];
    return new Promise((done, failed) => {
      worker.on('error', failed);
      worker.on('message', ({ piece, keys }) => {
        if (piece === undefined) done({ pieces, keys });
        else pieces.push(piece);
      });
    });
  });
  const keys = run(range(0), (piece) => writeSync(out, piece));
  for (const other of others) {
    const { pieces, keys: more } = await other;
    for (const piece of pieces) writeSync(out, piece);
    keys.absorb(more);
  }
  if (job !== 'filter') writeSync(out, groupLines(job, keys));
  closeSync(out);
}

if (isMainThread) await main();
else {
  const keys = run(workerData, (bytes) => {
    const piece = new Uint8Array(bytes);
    parentPort.postMessage({ piece }, [piece.buffer]);
  });
  parentPort.postMessage({ keys: keys.plain() }, []);
}
