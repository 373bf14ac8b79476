/** Railroad diagrams of all rules in one page that needs nothing else. */
import { box, choice, optional, repeat, row, type Diagram } from './tracks.ts';
import type { Production, Rule } from './productions.ts';

export function railroad(rules: readonly Rule[]): string {
  const names = rules.map(({ name }) => `<a href="#${name}">${name}</a>`).join(' ');
  const figures = rules.map(({ name, body }) => `<h2 id="${name}">${name}</h2>\n${svg(diagram(body))}`).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The grammar of PYSCOPE</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff; }
nav a { margin-right: .6em; }
h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
svg { max-width: none; display: block; }
path { fill: none; stroke: #555; stroke-width: 1.5; }
rect { fill: #eef4ff; stroke: #36c; }
rect.token { fill: #f4f4ea; stroke: #884; }
text { font: 13px ui-monospace, monospace; text-anchor: middle; fill: #222; }
</style>
<h1>The grammar of PYSCOPE</h1>
<p>Made from the parser by scripts/grammar.ts. Rounded: what is written; square: another rule.</p>
<nav>${names}</nav>
${figures}
</html>
`;
}

function diagram(production: Production): Diagram {
  switch (production.kind) {
    case 'token':
      return box(production.text, null);
    case 'rule':
      return box(production.name, production.name);
    case 'sequence':
      return row(production.parts.map(diagram));
    case 'choice':
      return choice(production.options.map(diagram));
    case 'optional':
      return optional(diagram(production.part));
    case 'repeat': {
      const { part, least, separator } = production;
      const loop = repeat(diagram(part), separator === null ? null : diagram(separator));
      return least === 0 ? optional(loop) : loop;
    }
  }
}

const MARGIN = 12;

function svg({ width, up, down, draw }: Diagram): string {
  const [full, height] = [width + 4 * MARGIN, up + down + 2 * MARGIN];
  const y = up + MARGIN;
  const ends = `<path d="M${MARGIN} ${y - 6}v12M${MARGIN} ${y}h${MARGIN}M${full - 2 * MARGIN} ${y}h${MARGIN}v-6v12"/>`;
  return `<svg width="${full}" height="${height}" viewBox="0 0 ${full} ${height}">${ends}${draw(2 * MARGIN, y)}</svg>`;
}
