/** How many neighbouring elements of memory the iterations of a parallel loop may load or store at once. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { TileParallelOp } from '../../dialects/generated/tile.js';
import { tensorExtent } from '../../dialects/tile/kernel-extents.js';
import {
  ancestorIn,
  bitWidth,
  MemRefType,
  StridedLayoutAttr,
  type Operation,
  type ShapedType,
  type Value,
} from '../../ir/index.js';
import { isPowerOfTwo, vectorWidth as layoutVectorWidth } from '../../layout/index.js';
import { accessedTile, accessIndices } from './accessed-element.js';
import { extentDivisor, strideDivisors, WIDEST_ACCESS, type VectorLimit } from './global-access.js';
import { differsByConstant, linearForm, type LinearForm } from './linear-form.js';
import { NeighbourAnalysis } from './neighbour-analysis.js';
import { staysBelow } from './symbolic-bounds.js';
import { isShared, sharedLayoutOf } from './tiles.js';
import { storageOf } from './views.js';

/** An access of a parallel loop to one element of a tensor or shared tile in each iteration. */
export interface MemoryAccess {
  readonly op: Operation;
  readonly isStore: boolean;
  readonly memory: Value;
  readonly indices: readonly Value[];
}

/**
 * Accesses of one iteration to elements that follow each other in memory, in their order, such as those to `x[2 * j]` and
 * `x[2 * j + 1]`; most accesses are alone.
 */
export type AccessRun = readonly MemoryAccess[];

/** Loads and stores of a loop's body in memory that threads share, in order. */
function memoryAccesses(loop: Operation): MemoryAccess[] {
  const accesses: MemoryAccess[] = [];
  loop.walk((op) => {
    const memory = op.name.text === 'tile.atomic' ? undefined : accessedTile(op);
    if (memory === undefined || !(memory.type instanceof MemRefType || isShared(memory.type)))
      return;
    const isStore = op.name.text === 'tile.store';
    accesses.push({ op, memory, isStore, indices: accessIndices(op) });
  }, 'pre');
  return accesses;
}

/** The conditions under which an iteration runs an operation; undefined where that is more than some `scf.if`. */
export function conditionsOf(
  op: Operation,
  loop: Operation,
): { readonly condition: Value; readonly isTrue: boolean }[] | undefined {
  const conditions: { condition: Value; isTrue: boolean }[] = [];
  for (let inner = op; inner.parentOp !== loop; inner = inner.parentOp!) {
    const parent = inner.parentOp!;
    if (parent.name.text !== 'scf.if') return undefined;
    const isTrue = inner.parentBlock!.parentRegion === parent.regions[0];
    conditions.unshift({ condition: parent.operand(0), isTrue });
  }
  return conditions;
}

/** Whether two operations are in branches of which one iteration takes one. */
function excludes(a: Operation, b: Operation, loop: Operation): boolean {
  for (let inner = a; inner.parentOp !== loop; inner = inner.parentOp!) {
    const branch = inner.parentOp!;
    if (!branch.isProperAncestorOf(b)) continue;
    const isOneBranch = ancestorIn(inner.parentBlock!.parentRegion, b) !== undefined;
    return branch.name.text === 'scf.if' && !isOneBranch;
  }
  return false;
}

/** Accesses in one row, from which the next iteration's are `step` elements away. */
interface Stride {
  readonly step: number;
  readonly members: { readonly access: MemoryAccess; readonly form: LinearForm }[];
}

/** Vector accesses of one loop along one of its dimensions. */
export class LoopVectors {
  private readonly analyses = new Map<number, NeighbourAnalysis>();

  constructor(
    readonly loop: Operation,
    readonly dimension: number,
    private readonly facts: IntegerAnalysis,
  ) {}

  /** What groups of `count` iterations have in common. */
  neighbours(count: number): NeighbourAnalysis {
    let analysis = this.analyses.get(count);
    if (analysis === undefined) {
      analysis = new NeighbourAnalysis(this.loop, this.dimension, count, this.facts);
      this.analyses.set(count, analysis);
    }
    return analysis;
  }

  /** The accesses of the loop, together where an iteration steps over as many elements of memory as it accesses in a row. */
  runs(): AccessRun[] {
    const runs: MemoryAccess[][] = [];
    const strides: Stride[] = [];
    for (const access of memoryAccesses(this.loop)) {
      const last = access.indices[access.indices.length - 1] as Value | undefined;
      const step = (last && this.neighbours(2).of(last)?.step) ?? 0;
      if (last === undefined || step < 2 || !isPowerOfTwo(step)) {
        runs.push([access]);
        continue;
      }
      const form = linearForm(last, this.facts);
      const known = strides.find(
        ({ members: [other] }) =>
          isBeside(other.access, access) && differsByConstant(other.form, form),
      );
      if (known === undefined) strides.push({ step, members: [{ access, form }] });
      else known.members.push({ access, form });
    }
    for (const { step, members } of strides) {
      members.sort((a, b) => a.form.constant - b.form.constant);
      const isRun =
        members.length === step &&
        members.every(({ form }, i) => form.constant === members[0].form.constant + i);
      const accesses = members.map(({ access }) => access);
      runs.push(...(isRun ? [accesses] : accesses.map((access) => [access])));
    }
    return runs;
  }

  /**
   * The most elements, a power of two, that up to `most` neighbouring iterations may move at once: of a long run in one
   * iteration perhaps a part, of which there are several.
   */
  limit(run: AccessRun, most: number): VectorLimit {
    const { elementType } = run[0].memory.type as ShapedType;
    const bits = bitWidth(elementType)!;
    if (bits < 8) return { width: 1, reason: 'elements share bytes' };
    const hazard = run.map((access) => this.orderHazard(access, run)).find(Boolean);
    if (hazard !== undefined) return { width: 1, reason: hazard };
    let reason: string | undefined;
    const widest = Math.min(most * run.length, WIDEST_ACCESS / bits);
    for (let width = widest; width > 1; width /= 2) {
      reason = this.obstacle(run, width);
      if (reason === undefined) return { width, reason };
    }
    return { width: 1, reason };
  }

  /** Loads of a group come first and stores last, which accesses between them must not notice. */
  private orderHazard({ op, memory, isStore }: MemoryAccess, run: AccessRun): string | undefined {
    const storage = storageOf(memory);
    let isBefore = true;
    let hazard: string | undefined;
    this.loop.walk((other) => {
      if (other === op) isBefore = false;
      else if (run.some((member) => member.op === other)) return;
      else if (excludes(op, other, this.loop)) return;
      else if (isBefore !== isStore && this.touches(other, storage, isStore))
        hazard ??= other.name.text;
    }, 'pre');
    return (
      hazard && `'${hazard}' ${isStore ? 'behind' : 'in front of'} it accesses the same memory`
    );
  }

  private touches(op: Operation, storage: Value, readsToo: boolean): boolean {
    const tile = accessedTile(op);
    if (tile === undefined || (op.name.text === 'tile.load' && !readsToo)) return false;
    return storageOf(tile) === storage;
  }

  /** What keeps neighbouring iterations from one access to `width` elements; undefined where nothing does. */
  private obstacle(run: AccessRun, width: number): string | undefined {
    const [{ op, memory, indices }] = run;
    const neighbours = this.neighbours(Math.max(1, width / run.length));
    const conditions = conditionsOf(op, this.loop);
    if (conditions === undefined) return 'iterations run it a different number of times';
    if (!conditions.every(({ condition }) => neighbours.isSame(condition)))
      return 'its condition may differ between neighbours';
    const progressions = indices.map((index) => neighbours.of(index));
    const along = progressions.findIndex((progression) => progression?.step !== 0);
    const isRow = progressions.every(
      (progression, i) => progression?.step === (i === along ? run.length : 0),
    );
    if (along === -1 || !isRow) return 'iterations that follow each other do not access neighbours';
    const { divisor } = progressions[along]!;
    if (divisor % width !== 0) return `its place in a row is known to be a multiple of ${divisor}`;
    const { type } = memory;
    if (isShared(type)) {
      if (type.layout === undefined) return undefined;
      const elementBits = bitWidth(type.elementType)!;
      return layoutVectorWidth(sharedLayoutOf(type), { elementBits, dimension: along }) % width ===
        0
        ? undefined
        : `the layout of the tile allows no vectors of ${width} elements`;
    }
    if (along !== indices.length - 1) return "neighbours lie across the tensor's rows";
    return (
      this.alignmentObstacle(
        memory,
        progressions.map((progression) => progression!.divisor),
        width,
      ) ?? this.boundObstacle(run, along, width)
    );
  }

  private alignmentObstacle(
    tensor: Value,
    divisors: readonly number[],
    width: number,
  ): string | undefined {
    const { layout } = tensor.type as MemRefType;
    if (layout instanceof StridedLayoutAttr) {
      if (layout.strides[divisors.length - 1] !== 1) return "the tensor's rows are not contiguous";
      if (layout.offset % width !== 0) return `the tensor starts at element ${layout.offset}`;
    }
    const strides = strideDivisors(tensor, this.facts).slice(0, -1);
    const bad = strides.find((stride, i) => (stride * divisors[i]) % width !== 0);
    return bad === undefined
      ? undefined
      : `rows of the tensor are known to start at multiples of ${bad}`;
  }

  /** A vector lies inside of the tensor or outside as a whole. */
  private boundObstacle(run: AccessRun, dimension: number, width: number): string | undefined {
    const [{ memory, indices }] = run;
    const index = indices[dimension];
    const size = tensorExtent(memory, dimension);
    const isInside = staysBelow(index, run.length, size, this.facts);
    if (this.facts.of(index).min >= 0 && isInside) return undefined;
    const divisor = extentDivisor(memory, dimension, this.facts);
    return divisor % width === 0
      ? undefined
      : `it may reach over the end of rows, at a multiple of ${divisor}`;
  }
}

/** Whether two accesses are made under the same conditions, and to the same row. */
function isBeside(a: MemoryAccess, b: MemoryAccess): boolean {
  return (
    a.memory === b.memory &&
    a.isStore === b.isStore &&
    a.op.parentBlock === b.op.parentBlock &&
    a.indices.slice(0, -1).every((index, i) => index === b.indices[i])
  );
}

/** For each parallel loop how wide its accesses may be along its last dimension, whatever its distribution. */
export class LoopAccesses {
  private readonly found = new Map<Operation, readonly LimitedAccess[]>();

  constructor(private readonly facts: IntegerAnalysis) {}

  of(loop: Operation): readonly LimitedAccess[] {
    let accesses = this.found.get(loop);
    if (accesses === undefined) {
      const { extents } = new TileParallelOp(loop);
      const last = extents.length - 1;
      let most = WIDEST_ACCESS / 8;
      while (extents[last] % most !== 0) most /= 2;
      const vectors = new LoopVectors(loop, last, this.facts);
      const rows = `rows of the loop have ${extents[last]} iterations`;
      accesses = vectors.runs().map((run) => ({
        ...(most * run.length === 1 ? { width: 1, reason: rows } : vectors.limit(run, most)),
        run,
        pattern: patternOf(run, vectors.neighbours(2)),
      }));
      this.found.set(loop, accesses);
    }
    return accesses;
  }

  /** The most iterations with one access that a distribution of the loop can make use of. */
  preferredWidth(loop: Operation): number {
    return this.of(loop).reduce((most, { width, run }) => Math.max(most, width / run.length), 1);
  }
}

/** Accesses with the most elements that neighbouring iterations may move at once, and what keeps them from more. */
export interface LimitedAccess extends VectorLimit {
  readonly run: AccessRun;
  readonly pattern: AccessPattern;
}

/** Whether neighbouring iterations access one element, neighbours in a row, or anything else. */
export type AccessPattern = 'element' | 'row' | 'other';

function patternOf(run: AccessRun, neighbours: NeighbourAnalysis): AccessPattern {
  const steps = run[0].indices.map((index) => neighbours.of(index)?.step);
  if (steps.every((step) => step === 0)) return 'element';
  const isRow = steps.every((step, i) => step === (i === steps.length - 1 ? run.length : 0));
  return isRow ? 'row' : 'other';
}
