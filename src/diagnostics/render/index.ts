/** The formats of `pyscope check --format`. */
import type { Renderer } from './format.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';
import { sarif } from './sarif.ts';

export const renderers = { pretty, json, github, sarif } as const satisfies Readonly<Record<string, Renderer>>;

export type Format = keyof typeof renderers;
