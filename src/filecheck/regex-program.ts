/** Compiles the tree of a regular expression to a program for a nondeterministic automaton. */

import { EreSyntaxError, type EreNode } from './ere-ast.js';

export const enum Op {
  /** Consumes one character of set `a`. */
  Set,
  /** Goes on at `a`, or with less priority at `b`. */
  Split,
  Jump,
  /** Holds where assertion `a` does. */
  Assert,
  /** Records the position in slot `a`. */
  Save,
  /** Consumes what group `a` matched. */
  Backreference,
  Match,
}

export const enum Assertion {
  LineStart,
  LineEnd,
  WordStart,
  WordEnd,
}

export interface Instruction {
  readonly op: Op;
  a: number;
  b: number;
}

/** A node together with the stretch of instructions that matches it: `[start, end)`, left by falling off its end. */
export interface CompiledNode {
  readonly node: EreNode;
  readonly start: number;
  end: number;
  /** Of a group, a repeat's first copy, a sequence or a choice. */
  readonly children: CompiledNode[];
  readonly hasGroups: boolean;
}

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly root: CompiledNode;
  /** Character class of each code unit below 256. */
  readonly lowClasses: Uint16Array;
  /** Lower bounds of the classes, ascending. */
  readonly classStarts: readonly number[];
  /** For each set, whether it holds each class. */
  readonly sets: readonly Uint8Array[];
  readonly groupCount: number;
  readonly hasBackreferences: boolean;
  readonly hasWordAssertions: boolean;
}

/** Repeats are written out, so nested counts multiply: past this the expression is refused. */
const MAX_INSTRUCTIONS = 20_000;

const ASSERTIONS = {
  'line-start': Assertion.LineStart,
  'line-end': Assertion.LineEnd,
  'word-start': Assertion.WordStart,
  'word-end': Assertion.WordEnd,
} as const;

type Ranges = readonly (readonly [number, number])[];

class Compiler {
  readonly instructions: Instruction[] = [];
  readonly sets: Ranges[] = [];
  private readonly setIndex = new Map<string, number>();
  groupCount = 0;
  hasBackreferences = false;
  hasWordAssertions = false;

  constructor(private readonly ignoreCase: boolean) {}

  emit(op: Op, a = 0, b = 0): Instruction {
    if (this.instructions.length >= MAX_INSTRUCTIONS) {
      throw new EreSyntaxError('regular expression is too large');
    }
    const instruction = { op, a, b };
    this.instructions.push(instruction);
    return instruction;
  }

  private addSet(ranges: Ranges): number {
    const key = ranges.join(';');
    let index = this.setIndex.get(key);
    if (index === undefined) {
      index = this.sets.push(ranges) - 1;
      this.setIndex.set(key, index);
    }
    return index;
  }

  compile(node: EreNode): CompiledNode {
    const start = this.instructions.length;
    const children: CompiledNode[] = [];
    let hasGroups = false;
    switch (node.type) {
      case 'literal':
        for (let at = 0; at < node.text.length; at++) {
          const code = node.text.charCodeAt(at);
          this.emit(Op.Set, this.addSet(this.normalize([[code, code]], false, false)));
        }
        break;
      case 'set':
        this.emit(
          Op.Set,
          this.addSet(this.normalize(node.ranges, node.negated, node.excludesNewline)),
        );
        break;
      case 'line-start':
      case 'line-end':
      case 'word-start':
      case 'word-end':
        if (node.type.startsWith('word')) this.hasWordAssertions = true;
        this.emit(Op.Assert, ASSERTIONS[node.type]);
        break;
      case 'group':
        hasGroups = true;
        this.groupCount = Math.max(this.groupCount, node.index);
        this.emit(Op.Save, node.index * 2);
        children.push(this.compile(node.body));
        this.emit(Op.Save, node.index * 2 + 1);
        break;
      case 'sequence':
        for (const item of node.items) children.push(this.compile(item));
        break;
      case 'choice':
        this.compileChoice(node.alternatives, children);
        break;
      case 'repeat':
        this.compileRepeat(node, children);
        break;
      case 'backreference':
        this.hasBackreferences = true;
        this.emit(Op.Backreference, node.index);
        break;
    }
    hasGroups ||= children.some((child) => child.hasGroups);
    return { node, start, end: this.instructions.length, children, hasGroups };
  }

  private compileChoice(alternatives: readonly EreNode[], children: CompiledNode[]): void {
    const exits: Instruction[] = [];
    alternatives.forEach((alternative, index) => {
      const last = index === alternatives.length - 1;
      const split = last ? undefined : this.emit(Op.Split, this.instructions.length + 1);
      children.push(this.compile(alternative));
      if (split !== undefined) {
        exits.push(this.emit(Op.Jump));
        split.b = this.instructions.length;
      }
    });
    for (const exit of exits) exit.a = this.instructions.length;
  }

  private compileRepeat(
    node: Extract<EreNode, { type: 'repeat' }>,
    children: CompiledNode[],
  ): void {
    const copies = node.max === Infinity ? Math.max(node.min, 1) : node.max;
    const exits: Instruction[] = [];
    for (let copy = 0; copy < copies; copy++) {
      const at = this.instructions.length;
      if (copy >= node.min) exits.push(this.emit(Op.Split, at + 1));
      const compiled = this.compile(node.body);
      if (copy === 0) children.push(compiled);
      if (node.max === Infinity && copy === copies - 1) {
        // `x+` loops back to its last copy; `x*` loops back to the split before it.
        if (copy >= node.min) this.emit(Op.Jump, at);
        else this.emit(Op.Split, at, this.instructions.length + 1);
      }
    }
    for (const exit of exits) exit.b = this.instructions.length;
  }

  private normalize(ranges: Ranges, negated: boolean, excludesNewline: boolean): Ranges {
    let all = ranges.map(([low, high]): [number, number] => [low, high]);
    if (this.ignoreCase) {
      for (const [low, high] of ranges) {
        for (const [from, to, shift] of [
          [65, 90, 32],
          [97, 122, -32],
        ]) {
          const first = Math.max(low, from);
          const last = Math.min(high, to);
          if (first <= last) all.push([first + shift, last + shift]);
        }
      }
    }
    if (excludesNewline) all.push([10, 10]);
    all.sort((x, y) => x[0] - y[0]);
    const merged: [number, number][] = [];
    for (const range of all) {
      const last = merged.at(-1);
      if (last !== undefined && range[0] <= last[1] + 1) last[1] = Math.max(last[1], range[1]);
      else merged.push(range);
    }
    if (!negated) return merged;
    all = [];
    let next = 0;
    for (const [low, high] of merged) {
      if (low > next) all.push([next, low - 1]);
      next = high + 1;
    }
    if (next <= 0xffff) all.push([next, 0xffff]);
    return all;
  }
}

export function compileProgram(node: EreNode, ignoreCase: boolean): Program {
  const compiler = new Compiler(ignoreCase);
  const root = compiler.compile(node);
  compiler.emit(Op.Match);
  const bounds = new Set([0, 10, 11]);
  if (compiler.hasWordAssertions) {
    for (const bound of [48, 58, 65, 91, 95, 96, 97, 123]) bounds.add(bound);
  }
  for (const set of compiler.sets) {
    for (const [low, high] of set) {
      bounds.add(low);
      bounds.add(high + 1);
    }
  }
  const classStarts = [...bounds].sort((x, y) => x - y);
  const lowClasses = new Uint16Array(256);
  for (let index = 0; index < classStarts.length; index++) {
    if (classStarts[index] < 256) lowClasses.fill(index, classStarts[index]);
  }
  const sets = compiler.sets.map((ranges) =>
    Uint8Array.from(classStarts, (start) =>
      ranges.some(([low, high]) => start >= low && start <= high) ? 1 : 0,
    ),
  );
  return {
    instructions: compiler.instructions,
    root,
    lowClasses,
    classStarts,
    sets,
    groupCount: compiler.groupCount,
    hasBackreferences: compiler.hasBackreferences,
    hasWordAssertions: compiler.hasWordAssertions,
  };
}

/** The character class of a code unit. */
export function classOf(program: Program, code: number): number {
  if (code < 256) return program.lowClasses[code];
  const { classStarts } = program;
  let low = 0;
  let high = classStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (classStarts[middle] <= code) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function isWordCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 97 && code <= 122)
  );
}

/** Whether an assertion holds between two code units; -1 stands for an end of the searched text. */
export function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case Assertion.LineStart:
      return before === -1 || before === 10;
    case Assertion.LineEnd:
      return after === -1 || after === 10;
    case Assertion.WordStart:
      return !isWordCode(before) && isWordCode(after);
    case Assertion.WordEnd:
      return isWordCode(before) && !isWordCode(after);
  }
}
