/**
 * Preloaded into every measured process: leaves its peak memory, in bytes, in the file that BENCH_PEAK names. Linux's own figure for the address space, since the
 * usual one (getrusage) begins with that of the process that started it.
 */
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

function peakBytes() {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

if (isMainThread && process.env.BENCH_PEAK !== undefined) {
  const target = process.env.BENCH_PEAK;
  process.on('exit', () => writeFileSync(target, String(peakBytes())));
}
