/**
 * Chevrotain computes for every alternative and repetition of the grammar which tokens can begin it, when the parser is made. A script takes a few of
 * those ways: each is computed when it is first come to, which halves what the first parse of a process costs.
 */
import { LLkLookaheadStrategy } from '../../lexer/chevrotain.ts';

type Strategy = InstanceType<typeof LLkLookaheadStrategy>;
type Alternation = ReturnType<Strategy['buildLookaheadForAlternation']>;
type Optional = ReturnType<Strategy['buildLookaheadForOptional']>;
type Parser = ThisParameterType<Optional>;

export class LazyLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(
    options: Parameters<Strategy['buildLookaheadForAlternation']>[0],
  ): Alternation {
    const build = (): Alternation => super.buildLookaheadForAlternation(options);
    let built: Alternation | null = null;
    return function (this: Parser, alternatives) {
      built ??= build();
      return built.call(this, alternatives);
    };
  }

  override buildLookaheadForOptional(options: Parameters<Strategy['buildLookaheadForOptional']>[0]): Optional {
    const build = (): Optional => super.buildLookaheadForOptional(options);
    let built: Optional | null = null;
    return function (this: Parser) {
      built ??= build();
      return built.call(this);
    };
  }
}
