import type { Value } from '../../typecheck/types.ts';
import { ATTACH, BINDINGS } from './brand.ts';
import type { OperatorContext } from './context.ts';
import type { BindingsOf, Declaration, OptionsOf } from './declaration.ts';

/** What a runner hands to an instance before `preCall`; `options` has every declared option. */
export interface Attachment {
  readonly options: ReadonlyMap<string, Value>;
  readonly context: OperatorContext;
}

/**
 * What all operators have in common. An instance lives in one worker: the runtime makes it, calls `preCall` once, then the body for all its
 * work, one call after the other, then `postCall` once.
 */
export abstract class Operator<D extends Declaration = Declaration> {
  #attached: { readonly options: OptionsOf<D>; readonly context: OperatorContext } | null = null;
  readonly [BINDINGS]: BindingsOf<D>;

  /** The argument is for JobBuilder, which writes it into the job; the runtime makes instances without one. */
  constructor(bindings: BindingsOf<D> = {}) {
    this[BINDINGS] = bindings;
  }

  [ATTACH]({ options, context }: Attachment): void {
    const read: object = Object.assign(Object.create(null), Object.fromEntries(options));
    this.#attached = { options: read as OptionsOf<D>, context };
  }

  /** The options' values, given or by default; known from `preCall` on. */
  get options(): OptionsOf<D> {
    return this.#attachment('options').options;
  }

  /** Models, paths, log, random numbers; known from `preCall` on. */
  get context(): OperatorContext {
    return this.#attachment('context').context;
  }

  /** Before the first call: load here what is needed for all rows. */
  preCall?(): void | Promise<void>;

  /** After the last call, also after a failed one: free here what `preCall` took. */
  postCall?(): void | Promise<void>;

  #attachment(what: string): { readonly options: OptionsOf<D>; readonly context: OperatorContext } {
    if (this.#attached !== null) return this.#attached;
    throw new Error(`this.${what} is not known in a constructor or field; read it in preCall() or later`);
  }
}
