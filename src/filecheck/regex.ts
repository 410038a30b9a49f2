/** Regular expressions with LLVM's semantics (POSIX extended, leftmost longest) and a bound on their time. */

import { Dfa, StepBudget } from './regex-dfa.js';
import { locateGroups, matchWithBackreferences, type Slots } from './regex-captures.js';
import { compileProgram, type Program } from './regex-program.js';
import { parseEre, type EreNode } from './ere-ast.js';

export { RegexBudgetError } from './regex-dfa.js';

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  /** The text of a group, numbered from one; undefined where it took no part. */
  group(index: number): { readonly start: number; readonly end: number } | undefined;
}

export class Regex {
  private readonly program: Program;
  private readonly anchored: Dfa;
  private readonly unanchored: Dfa;

  /** @throws EreSyntaxError where the expression is not well formed or too large */
  constructor(
    expression: string | EreNode,
    private readonly ignoreCase = false,
  ) {
    const node = typeof expression === 'string' ? parseEre(expression).body : expression;
    this.program = compileProgram(node, ignoreCase);
    this.anchored = new Dfa(this.program, false);
    this.unanchored = new Dfa(this.program, true);
  }

  /**
   * The leftmost longest match in `text.slice(from, to)`; both bounds count as ends of a line.
   *
   * @throws RegexBudgetError where the search takes too many steps
   */
  search(text: string, from = 0, to = text.length): RegexMatch | undefined {
    const budget = new StepBudget();
    const { program } = this;
    const earliest = this.unanchored.earliest(text, from, to, budget);
    if (earliest === undefined) return undefined;
    // With backreferences the automaton is only a filter: a start that it allows may still fail.
    const lastStart = program.hasBackreferences ? to : earliest.end;
    for (let start = earliest.firstStart; start <= lastStart; start++) {
      const end = this.anchored.longestAt(text, from, start, to, budget);
      if (end === -1) continue;
      if (!program.hasBackreferences) {
        let slots: Slots | undefined;
        return this.makeMatch(start, end, () => {
          slots ??= locateGroups(program, text, from, to, start, end, budget);
          return slots;
        });
      }
      const match = matchWithBackreferences(
        program,
        text,
        from,
        to,
        start,
        this.ignoreCase,
        budget,
      );
      if (match !== undefined) return this.makeMatch(start, match.end, () => match.slots);
    }
    return undefined;
  }

  private makeMatch(start: number, end: number, slots: () => Slots): RegexMatch {
    return {
      start,
      end,
      group(index) {
        const found = slots();
        return index * 2 >= found.length || found[index * 2] === -1
          ? undefined
          : { start: found[index * 2], end: found[index * 2 + 1] };
      },
    };
  }
}
