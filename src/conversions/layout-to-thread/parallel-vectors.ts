/** Iterations of a parallel loop in groups whose accesses to neighbours in memory are one vector access each. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { MemRefType, type Operation, type ShapedType, type Value } from '../../ir/index.js';
import { productOf, type Fragment } from '../../layout/index.js';
import {
  conditionsOf,
  LoopVectors,
  type AccessRun,
  type MemoryAccess,
} from '../support/vector-access.js';
import { accessedTile } from '../support/accessed-element.js';
import type { Index } from '../support/index-builder.js';
import { WIDEST_ACCESS } from '../support/global-access.js';
import { extentsOf } from '../tile-to-layout/inference/parallel-rule.js';
import { insideTensor } from './element-access.js';
import { lowerLoad, tileElement, type Iteration, type RegisterPlace } from './iteration.js';
import type { ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import { fillRegisters, moveVector, planAccesses } from './transfer.js';

/** Groups of `width` iterations along a value mode of the loop's distribution. */
export interface VectorPlan {
  readonly mode: number;
  readonly width: number;
  readonly vectors: LoopVectors;
  /** The accesses that move several elements at once, and how many. */
  readonly runs: readonly { readonly run: AccessRun; readonly width: number }[];
}

/** Elements of bytes in the widest access. */
const MOST = WIDEST_ACCESS / 8;

/** The widest vector accesses of a loop that is distributed over threads; undefined where there are none. */
export function planVectors(loop: Operation, fragment: Fragment): VectorPlan | undefined {
  const facts = new IntegerAnalysis();
  const extents = extentsOf(loop);
  for (let dimension = extents.length - 1; dimension >= 0; dimension--) {
    const { mode, width: most } = planAccesses(fragment, dimension, MOST);
    if (extents[dimension] % most !== 0) continue;
    const vectors = new LoopVectors(loop, dimension, facts);
    const runs = vectors
      .runs()
      .map((run) => ({ run, width: vectors.limit(run, most).width }))
      .filter(({ width }) => width > 1)
      .flatMap(({ run, width }) => partsOf(run, width).map((part) => ({ run: part, width })));
    if (runs.length === 0) continue;
    const width = Math.max(...runs.map((each) => each.width / each.run.length));
    return { mode, width, vectors, runs };
  }
  return undefined;
}

/** A run in parts of as many accesses as a vector has elements, where it has more. */
function partsOf(run: AccessRun, width: number): AccessRun[] {
  const count = Math.ceil(run.length / width);
  return Array.from({ length: count }, (_, i) => run.slice(i * width, (i + 1) * width));
}

/** Where a vector lies in memory, and the condition under which it is accessed. */
interface VectorPlace {
  /** The number of its first element in the array of the group's vectors. */
  readonly element: number;
  readonly memory: Value;
  readonly indices: readonly Index[];
  readonly isRun: Value | undefined;
}

/** The elements of an array of vectors that an operation loads or stores. */
interface StridedElements {
  readonly array: Value;
  /** The element of the group's first iteration, and the distance to the next one's. */
  readonly first: number;
  readonly step: number;
}

/** The code of one group: its vector loads, its iterations in order, its vector stores. */
export class VectorGroup {
  /** By number in the group, the first iterations of vector accesses, of which only what places need is computed. */
  private readonly leaders = new Map<number, Iteration>();
  /** What of the first iteration's values all of the group have. */
  private readonly shared: Value[] = [];

  constructor(
    private readonly thread: ThreadBuilder,
    private readonly plan: VectorPlan,
    private readonly iterationAt: (number: Index) => Iteration,
  ) {}

  run(body: (iteration: Iteration) => void): void {
    const { thread, plan } = this;
    const elements = new Map<Operation, StridedElements>();
    const moves = plan.runs.map(({ run, width }) => {
      const { elementType } = run[0].memory.type as ShapedType;
      // One row for each vector.
      const size = plan.width * run.length;
      const shape = size === width ? [width] : [size / width, width];
      const array = thread.registers(shape, elementType, 'vector');
      run.forEach(({ op }, first) => elements.set(op, { array, first, step: run.length }));
      const places: VectorPlace[] = [];
      for (let number = 0; number < plan.width; number += width / run.length)
        places.push(this.place(run[0], number, run.length));
      return { isStore: run[0].isStore, width, array, places };
    });
    for (const { isStore, width, array, places } of moves)
      if (!isStore) for (const place of places) this.load(place, array, width);
    thread.loop('e', plan.width, (number) => {
      const iteration = this.iterationAt(number);
      for (const value of this.shared)
        iteration.mapping.map(value, this.leader(0).mapping.lookup(value));
      const registerOf = (op: Operation): RegisterPlace | undefined => {
        const own = elements.get(op);
        if (own === undefined) return undefined;
        const { index } = thread;
        const element = index.add(index.multiply(number, own.step), own.first);
        return { registers: own.array, indices: this.registerAt(own.array, element) };
      };
      body({ ...iteration, registerOf });
    });
    for (const { isStore, width, array, places } of moves)
      if (isStore) for (const place of places) this.store(place, array, width);
  }

  /** Where an element is in an array of vectors. */
  private registerAt(array: Value, element: Index): Index[] {
    const { shape } = array.type as ShapedType;
    return this.thread.regroup([element], [productOf(shape)], shape);
  }

  private load(
    { element, memory, indices, isRun }: VectorPlace,
    array: Value,
    width: number,
  ): void {
    const { thread } = this;
    const to = this.registerAt(array, element);
    thread.conditional(
      isRun,
      () => moveVector(thread, memory, indices, array, to, width),
      () => fillRegisters(thread, array, to, width),
    );
  }

  private store(
    { element, memory, indices, isRun }: VectorPlace,
    array: Value,
    width: number,
  ): void {
    const { thread } = this;
    const from = this.registerAt(array, element);
    thread.conditional(isRun, () => moveVector(thread, array, from, memory, indices, width));
  }

  private place(
    { op, memory, indices, isStore }: MemoryAccess,
    number: number,
    step: number,
  ): VectorPlace {
    const { thread } = this;
    const leader = this.leader(number);
    const conditions = conditionsOf(op, leader.loop)!.map(
      ({ condition, isTrue }): Value | undefined => {
        const value = this.valueIn(leader, condition, number);
        return isTrue ? value : thread.index.not(value);
      },
    );
    const own = indices.map((index) => this.valueIn(leader, index, number));
    if (isStore) conditions.push(thread.isFirstCopy(leader.fragment));
    const element = number * step;
    if (!(memory.type instanceof MemRefType)) {
      const inTile = tileElement(thread, op, memory, leader);
      const isRun = thread.index.all(conditions);
      return { element, memory: memoryOf(memory), indices: inTile, isRun };
    }
    conditions.push(insideTensor(thread, memory, indices, own));
    return { element, memory, indices: own, isRun: thread.index.all(conditions) };
  }

  private leader(number: number): Iteration {
    let leader = this.leaders.get(number);
    if (leader === undefined) this.leaders.set(number, (leader = this.iterationAt(number)));
    return leader;
  }

  /** A value of the body as an iteration has it, computed where it is needed first. */
  private valueIn(iteration: Iteration, value: Value, number: number): Value {
    const { loop, mapping } = iteration;
    const op = value.definingOp;
    const known = mapping.lookup(value);
    if (known !== value || op === undefined || !loop.isProperAncestorOf(op)) return known;
    for (const operand of op.operands) this.valueIn(iteration, operand, number);
    const tile = accessedTile(op);
    if (tile === undefined) this.thread.builder.clone(op, mapping);
    else mapping.map(value, lowerLoad(this.thread, op, tile, iteration));
    const { vectors, width } = this.plan;
    if (number === 0 && op.parentOp === loop && vectors.neighbours(width).isSame(value))
      this.shared.push(value);
    return mapping.lookup(value);
  }
}
