/** The jobs by hand over the rows that papaparse streams. */
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import Papa from 'papaparse';

const [job, folder, target] = process.argv.slice(2);

/** Calls `row` with the fields of each record behind the header. */
async function each(name, row) {
  let header = true;
  const source = createReadStream(`${folder}/${name}.csv`, { highWaterMark: 1 << 20, encoding: 'utf8' });
  await new Promise((complete, error) => {
    Papa.parse(source, {
      skipEmptyLines: true,
      chunk({ data }) {
        for (const fields of data) {
          if (header) header = false;
          else row(fields);
        }
      },
      complete,
      error,
    });
  });
}

const out = createWriteStream(target);
const groups = new Map();

function count(key, amount) {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { n: 1, total: amount });
  else {
    group.n += 1;
    group.total += amount;
  }
}

function writeGroups(key) {
  const lines = [...groups].map(([name, { n, total }]) => `${name},${n},${total}\n`);
  out.write(`${key},n,total\n${lines.join('')}`);
}

if (job === 'filter') {
  out.write('id,user,region,amount,text\n');
  let lines = '';
  await each('rows', (fields) => {
    if (Number(fields[3]) < 750 || fields[2] === 'west') return;
    lines += `${fields.join(',')}\n`;
    if (lines.length < 1 << 16) return;
    out.write(lines);
    lines = '';
  });
  out.write(lines);
} else if (job === 'by-region') {
  await each('rows', (fields) => count(fields[2], Number(fields[3])));
  writeGroups('region');
} else if (job === 'by-user') {
  await each('rows', (fields) => count(fields[1], Number(fields[3])));
  writeGroups('user');
} else if (job === 'join') {
  const countries = new Map();
  await each('users', ([user, country]) => countries.set(user, country));
  await each('rows', (fields) => {
    const country = countries.get(fields[1]);
    if (country !== undefined) count(country, Number(fields[3]));
  });
  writeGroups('country');
} else {
  const words = new Map();
  await each('rows', (fields) => {
    for (const word of fields[4].split(' ')) words.set(word, (words.get(word) ?? 0) + 1);
  });
  out.write('word,n\n');
  for (const [word, n] of words) out.write(`${word},${n}\n`);
}
out.end();
await once(out, 'close');
