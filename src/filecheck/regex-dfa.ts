/**
 * Lazily built deterministic automata of a program: linear time in the text whatever the expression.
 * A state is a set of program counters before the assertions at its position are judged, since those need
 * the next character; so a step judges them, tells whether a match ends here, and consumes the character.
 */

import { classOf, holds, Op, type Program } from './regex-program.js';

/** What stood before a state's position, as far as assertions can see it. */
const enum Before {
  LineStart,
  Word,
  Other,
}

interface State {
  readonly counters: readonly number[];
  readonly before: Before;
  /** Whether no match is in progress (the only thread, if any, starts here). */
  readonly isIdle: boolean;
  /** Next state by character class; the last entry is for the end of the text. */
  readonly next: (State | undefined)[];
  /** Whether a match ends before a character of the class. */
  readonly accepts: Uint8Array;
}

/** States kept before the cache is dropped: bounds the memory of an expression whose automaton is large. */
const MAX_STATES = 2000;

/** Bounds the work of one search, so that an expression that is quadratic on its text ends with an error. */
export class StepBudget {
  constructor(private left = 60_000_000) {}

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new RegexBudgetError();
  }
}

export class RegexBudgetError extends Error {
  constructor() {
    super('regular expression takes too long to match');
  }
}

export class Dfa {
  private states = new Map<string, State>();
  private readonly dead: State;
  private readonly classCount: number;
  private readonly newlineClass: number;
  private readonly representative: readonly number[];

  /** @param unanchored whether a match may start at every position, not only where the run starts */
  constructor(
    private readonly program: Program,
    private readonly unanchored: boolean,
  ) {
    this.classCount = program.classStarts.length;
    this.newlineClass = classOf(program, 10);
    this.representative = program.classStarts;
    this.dead = this.makeState([], Before.Other, true);
  }

  private makeState(counters: readonly number[], before: Before, isIdle: boolean): State {
    return {
      counters,
      before,
      isIdle,
      next: new Array<State | undefined>(this.classCount + 1).fill(undefined),
      accepts: new Uint8Array(this.classCount + 1),
    };
  }

  private getState(counters: number[], before: Before): State {
    if (counters.length === 0 && !this.unanchored) return this.dead;
    const isIdle = counters.length === 0;
    const key = `${before}:${counters.join(',')}`;
    let state = this.states.get(key);
    if (state === undefined) {
      if (this.states.size >= MAX_STATES) this.states = new Map();
      state = this.makeState(this.unanchored ? [...counters, 0] : counters, before, isIdle);
      this.states.set(key, state);
    }
    return state;
  }

  private step(state: State, klass: number): State {
    const { instructions, sets } = this.program;
    const atEnd = klass === this.classCount;
    const after = atEnd ? -1 : this.representative[klass];
    const before = state.before === Before.LineStart ? -1 : state.before === Before.Word ? 97 : 32;
    const seen = new Set<number>();
    const moved = new Set<number>();
    const stack = [...state.counters].reverse();
    while (stack.length > 0) {
      const counter = stack.pop()!;
      if (seen.has(counter)) continue;
      seen.add(counter);
      const { op, a, b } = instructions[counter];
      switch (op) {
        case Op.Set:
          if (!atEnd && sets[a][klass] === 1) moved.add(counter + 1);
          break;
        case Op.Split:
          stack.push(b, a);
          break;
        case Op.Jump:
          stack.push(a);
          break;
        case Op.Assert:
          if (holds(a, before, after)) stack.push(counter + 1);
          break;
        case Op.Save:
          stack.push(counter + 1);
          break;
        case Op.Backreference:
          // Any text: the backtracking matcher judges it afterwards.
          stack.push(counter + 1);
          if (!atEnd) moved.add(counter);
          break;
        case Op.Match:
          state.accepts[klass] = 1;
          break;
      }
    }
    const nextBefore =
      klass === this.newlineClass
        ? Before.LineStart
        : this.program.hasWordAssertions && holds(3, after, 32)
          ? Before.Word
          : Before.Other;
    const next = this.getState(
      [...moved].sort((x, y) => x - y),
      nextBefore,
    );
    state.next[klass] = next;
    return next;
  }

  private start(): State {
    return this.unanchored
      ? this.getState([], Before.LineStart)
      : this.getState([0], Before.LineStart);
  }

  private startAfter(before: number): State {
    const kind =
      before === -1 || before === 10
        ? Before.LineStart
        : this.program.hasWordAssertions && holds(3, before, 32)
          ? Before.Word
          : Before.Other;
    return this.unanchored ? this.getState([], kind) : this.getState([0], kind);
  }

  /** End of the longest match that starts at `at`, or -1. `from` and `to` bound the text, as line ends do. */
  longestAt(text: string, from: number, at: number, to: number, budget: StepBudget): number {
    let state = at === from ? this.start() : this.startAfter(text.charCodeAt(at - 1));
    let longest = -1;
    let position = at;
    for (; position <= to; position++) {
      if (state === this.dead) break;
      const klass =
        position === to ? this.classCount : classOf(this.program, text.charCodeAt(position));
      const next = state.next[klass] ?? this.step(state, klass);
      if (state.accepts[klass] === 1) longest = position;
      state = next;
    }
    budget.spend(position - at + 1);
    return longest;
  }

  /** Where the match that ends first ends, and a position before which no match starts; undefined without a match. */
  earliest(
    text: string,
    from: number,
    to: number,
    budget: StepBudget,
  ): { readonly end: number; readonly firstStart: number } | undefined {
    let state = this.start();
    let firstStart = from;
    for (let position = from; position <= to; position++) {
      if (state.isIdle) firstStart = position;
      const klass =
        position === to ? this.classCount : classOf(this.program, text.charCodeAt(position));
      const next = state.next[klass] ?? this.step(state, klass);
      if (state.accepts[klass] === 1) {
        budget.spend(position - from + 1);
        return { end: position, firstStart };
      }
      state = next;
    }
    budget.spend(to - from + 1);
    return undefined;
  }
}
