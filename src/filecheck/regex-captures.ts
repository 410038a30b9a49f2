/**
 * What each group of an expression matched, once the whole match is known.
 * POSIX: each part, from the left, is as long as the rest allows (`locateGroups`). With backreferences no
 * automaton can decide, so a backtracking search with memory of its failures does, within a budget (`matchExactly`).
 */

import { type StepBudget } from './regex-dfa.js';
import { classOf, holds, Op, type CompiledNode, type Program } from './regex-program.js';

/** Start and end offset of each group in two slots; -1 where a group took no part. */
export type Slots = Int32Array;

/** Runs stretches of a program over a fixed text. */
class StretchRunner {
  constructor(
    private readonly program: Program,
    private readonly text: string,
    private readonly from: number,
    private readonly to: number,
    private readonly budget: StepBudget,
  ) {}

  /** All ends, ascending and at most `limit`, of matches of instructions `[first, last)` that start at `at`. */
  ends(first: number, last: number, at: number, limit: number): number[] {
    const { instructions, sets } = this.program;
    const found: number[] = [];
    let current = [first];
    for (let position = at; position <= limit && current.length > 0; position++) {
      const before = position === this.from ? -1 : this.text.charCodeAt(position - 1);
      const after = position === this.to ? -1 : this.text.charCodeAt(position);
      const klass = after === -1 ? -1 : classOf(this.program, after);
      const seen = new Set<number>();
      const moved = new Set<number>();
      const stack = current.reverse();
      while (stack.length > 0) {
        const counter = stack.pop()!;
        if (seen.has(counter)) continue;
        seen.add(counter);
        if (counter === last) {
          found.push(position);
          continue;
        }
        const { op, a, b } = instructions[counter];
        if (op === Op.Set) {
          if (klass !== -1 && sets[a][klass] === 1) moved.add(counter + 1);
        } else if (op === Op.Split) stack.push(b, a);
        else if (op === Op.Jump) stack.push(a);
        else if (op === Op.Assert) {
          if (holds(a, before, after)) stack.push(counter + 1);
        } else if (op === Op.Save) stack.push(counter + 1);
      }
      this.budget.spend(seen.size);
      current = [...moved];
    }
    return found;
  }

  matches(first: number, last: number, start: number, end: number): boolean {
    return this.ends(first, last, start, end).at(-1) === end;
  }
}

/** Finds the groups of a match `[start, end)` of an expression without backreferences. */
export function locateGroups(
  program: Program,
  text: string,
  from: number,
  to: number,
  start: number,
  end: number,
  budget: StepBudget,
): Slots {
  const slots = new Int32Array((program.groupCount + 1) * 2).fill(-1);
  const runner = new StretchRunner(program, text, from, to, budget);
  const visit = (compiled: CompiledNode, first: number, last: number): void => {
    if (!compiled.hasGroups) return;
    const { node, children } = compiled;
    switch (node.type) {
      case 'group':
        slots[node.index * 2] = first;
        slots[node.index * 2 + 1] = last;
        visit(children[0], first, last);
        return;
      case 'sequence': {
        let at = first;
        children.forEach((child, index) => {
          let childEnd = last;
          if (index < children.length - 1) {
            const ends = runner.ends(child.start, child.end, at, last);
            childEnd = at;
            for (let choice = ends.length - 1; choice >= 0; choice--) {
              if (runner.matches(child.end, compiled.end, ends[choice], last)) {
                childEnd = ends[choice];
                break;
              }
            }
          }
          visit(child, at, childEnd);
          at = childEnd;
        });
        return;
      }
      case 'choice': {
        const taken = children.find((child) => runner.matches(child.start, child.end, first, last));
        if (taken !== undefined) visit(taken, first, last);
        return;
      }
      case 'repeat': {
        // The groups keep what the last repetition matched.
        const body = children[0];
        let at = first;
        let lastStart = -1;
        let lastEnd = -1;
        while (at < last) {
          const next = runner.ends(body.start, body.end, at, last).at(-1);
          if (next === undefined || next === at) break;
          lastStart = at;
          lastEnd = next;
          at = next;
        }
        if (lastStart === -1 && runner.matches(body.start, body.end, first, last)) {
          lastStart = first;
          lastEnd = last;
        }
        if (lastStart !== -1) visit(body, lastStart, lastEnd);
        return;
      }
      default:
    }
  };
  visit(program.root, start, end);
  return slots;
}

interface Thread {
  readonly counter: number;
  readonly position: number;
  readonly slots: Slots;
}

/** Finds the longest match that starts at `start` of an expression with backreferences, and its groups. */
export function matchWithBackreferences(
  program: Program,
  text: string,
  from: number,
  to: number,
  start: number,
  ignoreCase: boolean,
  budget: StepBudget,
): { readonly end: number; readonly slots: Slots } | undefined {
  const { instructions, sets } = program;
  const referenced = new Set<number>();
  for (const { op, a } of instructions) {
    if (op === Op.Backreference) referenced.add(a);
  }
  const fold = (part: string): string => (ignoreCase ? part.toLowerCase() : part);
  let best: { readonly end: number; readonly slots: Slots } | undefined;
  // What can follow depends only on the counter, the position and the groups referred to later.
  const visited = new Set<string>();
  const stack: Thread[] = [
    { counter: 0, position: start, slots: new Int32Array((program.groupCount + 1) * 2).fill(-1) },
  ];
  while (stack.length > 0) {
    const { counter, position, slots } = stack.pop()!;
    let key = `${counter},${position}`;
    for (const group of referenced) key += `,${slots[group * 2]},${slots[group * 2 + 1]}`;
    if (visited.has(key)) continue;
    visited.add(key);
    // A visited thread costs far more than an automaton's step.
    budget.spend(50);
    const { op, a, b } = instructions[counter];
    const next = counter + 1;
    switch (op) {
      case Op.Set:
        if (position < to && sets[a][classOf(program, text.charCodeAt(position))] === 1) {
          stack.push({ counter: next, position: position + 1, slots });
        }
        break;
      case Op.Split:
        stack.push({ counter: b, position, slots }, { counter: a, position, slots });
        break;
      case Op.Jump:
        stack.push({ counter: a, position, slots });
        break;
      case Op.Assert: {
        const before = position === from ? -1 : text.charCodeAt(position - 1);
        const after = position === to ? -1 : text.charCodeAt(position);
        if (holds(a, before, after)) stack.push({ counter: next, position, slots });
        break;
      }
      case Op.Save: {
        const saved = slots.slice();
        saved[a] = position;
        stack.push({ counter: next, position, slots: saved });
        break;
      }
      case Op.Backreference: {
        const first = slots[a * 2];
        const last = slots[a * 2 + 1];
        if (first === -1 || last === -1) break;
        const length = last - first;
        if (
          position + length <= to &&
          fold(text.slice(first, last)) === fold(text.slice(position, position + length))
        ) {
          stack.push({ counter: next, position: position + length, slots });
        }
        break;
      }
      case Op.Match:
        if (best === undefined || position > best.end) best = { end: position, slots };
        break;
    }
  }
  return best;
}
