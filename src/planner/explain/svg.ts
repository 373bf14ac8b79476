/** The plan as an SVG that stands on its own: its own background, colours for light and dark pages, text that scales. */
import type { Plan } from '../plan.ts';
import {
  type Layout,
  layoutOf,
  type PlacedEdge,
  type PlacedNode,
  type PlacedStage,
  type Point,
  SIZES,
} from './layout.ts';
import { type Measured, NOTHING_MEASURED } from './measured.ts';
import { viewOf } from './view.ts';

/** Loads the layout library when it is called. */
export async function explainSvg(plan: Plan, measured: Measured = NOTHING_MEASURED): Promise<string> {
  const layout = await layoutOf(viewOf(plan, measured));
  const { width, height } = layout;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="dataflow plan">`,
    `<style>${STYLE}</style>`,
    '<defs>',
    arrow('flow'),
    arrow('back'),
    '</defs>',
    `<rect class="page" width="${width}" height="${height}" rx="14"/>`,
    ...layout.stages.map(stageShape),
    ...edgeShapes(layout),
    '</svg>',
    '',
  ].join('\n');
}

function arrow(name: string): string {
  return `<marker id="${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="${name}-head" d="M0 0.6 L7.4 4 L0 7.4 z"/></marker>`;
}

function stageShape({ stage, nodes, x, y, width, height }: PlacedStage): string {
  const { kind, id, title } = stage;
  const header = `M${at(x)} ${at(y + SIZES.header)} v-${SIZES.header - 10} a10 10 0 0 1 10 -10 h${at(width - 20)} a10 10 0 0 1 10 10 v${SIZES.header - 10} z`;
  return [
    `<g class="stage ${kind}">`,
    `<rect class="box" x="${at(x)}" y="${at(y)}" width="${width}" height="${height}" rx="10"/>`,
    `<path class="header" d="${header}"/>`,
    `<text class="title" x="${at(x + SIZES.padding)}" y="${at(y + 17.5)}">${id + 1} · ${escaped(title)}</text>`,
    ...nodes.map((node) => nodeShape(node, x)),
    '</g>',
  ].join('\n');
}

function nodeShape({ node, lines, x, y, height }: PlacedNode, left: number): string {
  const first = y + 13;
  const texts = lines.map((line, index) => {
    const measured = node.measure !== null && index === lines.length - 1;
    const row = first + SIZES.labelLine - 1 + index * SIZES.textLine;
    return `<text class="${measured ? 'measure' : 'text'}" x="${at(x)}" y="${at(row)}">${escaped(line)}</text>`;
  });
  const bar = `<rect class="region" x="${at(left)}" y="${at(y)}" width="4" height="${height}"/>`;
  return [
    `<g><title>${escaped(`${node.label}: ${node.text}`)}</title>`,
    ...(node.region === null ? [] : [bar]),
    `<text class="label" x="${at(x)}" y="${at(first)}">${escaped(node.label)}</text>`,
    ...texts,
    '</g>',
  ].join('\n');
}

/** Lines first, so that no line runs through a label. */
function edgeShapes({ edges }: Layout): readonly string[] {
  return [...edges.map(edgeLine), ...edges.filter(({ label }) => label !== '').map(edgeLabel)];
}

function edgeLine({ back, points }: PlacedEdge): string {
  const kind = back ? 'back' : 'flow';
  return `<path class="${kind}" d="${smooth(points)}" marker-end="url(#${kind})"/>`;
}

function edgeLabel({ back, label, labelAt }: PlacedEdge): string {
  const width = label.length * SIZES.edgeCharacter + 8;
  return [
    `<rect class="under" x="${at(labelAt.x - width / 2)}" y="${at(labelAt.y - 9)}" width="${at(width)}" height="18" rx="4"/>`,
    `<text class="${back ? 'back-label' : 'flow-label'}" x="${at(labelAt.x)}" y="${at(labelAt.y + 4)}">${escaped(label)}</text>`,
  ].join('\n');
}

/** A line through the points with round corners. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 2 ? last : middle(point, next);
    return `Q${at(point.x)} ${at(point.y)} ${at(end.x)} ${at(end.y)}`;
  });
  return `M${at(first.x)} ${at(first.y)} ${bends.length === 0 ? `L${at(last.x)} ${at(last.y)}` : bends.join(' ')}`;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** As text of an XML document; characters it must not hold are shown as a replacement. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES.get(character) ?? character).replace(/[^\P{C}]/gu, '\uFFFD');
}

/** A hue for each kind of stage: header, its text, and the same on a dark page. */
const HUES = [
  ['source', '#dbeafe', '#1e40af', '#1e3a5f', '#bfdbfe'],
  ['rows', '#e5e7eb', '#374151', '#374151', '#e5e7eb'],
  ['model', '#ede9fe', '#5b21b6', '#43307a', '#ddd6fe'],
  ['merge', '#ccfbf1', '#115e59', '#134e4a', '#99f6e4'],
  ['cross', '#ffedd5', '#9a3412', '#5a3216', '#fed7aa'],
  ['sink', '#dcfce7', '#166534', '#14532d', '#bbf7d0'],
] as const;

const STYLE = [
  'text{font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}',
  '.title{font-size:12px;font-weight:600}.label{font-size:13px;font-weight:600;fill:#111827}',
  '.text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11px;fill:#4b5563}',
  '.measure{font-size:11px;fill:#0f766e;font-style:italic}',
  '.page{fill:#ffffff}.box{fill:#fafafa;stroke:#d1d5db}.region{fill:#f59e0b}',
  '.flow{fill:none;stroke:#6b7280;stroke-width:1.5}.flow-head{fill:#6b7280}',
  '.back{fill:none;stroke:#d97706;stroke-width:1.5;stroke-dasharray:6 4}.back-head{fill:#d97706}',
  '.under{fill:#ffffff;fill-opacity:.9}',
  '.flow-label,.back-label{font-size:11px;text-anchor:middle}.flow-label{fill:#6b7280}.back-label{fill:#b45309;font-weight:600}',
  ...HUES.map(([kind, fill, text]) => `.${kind} .header{fill:${fill}}.${kind} .title{fill:${text}}`),
  '@media (prefers-color-scheme:dark){',
  '.page{fill:#0d1117}.box{fill:#161b22;stroke:#30363d}.label{fill:#e6edf3}.text{fill:#9da7b3}.measure{fill:#5eead4}',
  '.flow{stroke:#8b949e}.flow-head{fill:#8b949e}.flow-label{fill:#9da7b3}.under{fill:#0d1117}.back-label{fill:#fbbf24}',
  ...HUES.map(([kind, , , fill, text]) => `.${kind} .header{fill:${fill}}.${kind} .title{fill:${text}}`),
  '}',
].join('');
