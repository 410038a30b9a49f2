/**
 * Layout inference: gives every tile of a kernel a layout, and every loop over a tile a distribution over threads.
 * Strict demands come first (matrix instructions), then what follows from them, then free choices.
 */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { LayoutFragmentAttr, LayoutSharedAttr } from '../../dialects/generated/layout.js';
import {
  TileCopyOp,
  TileFragmentType,
  TileParallelOp,
  TileReduceOp,
  TileSharedType,
} from '../../dialects/generated/tile.js';
import type { IntegerAttr, DenseArrayAttr } from '../../ir/index.js';
import { BlockArgument, isOp, MemRefType, type Operation, type Value } from '../../ir/index.js';
import {
  copyFragment,
  vectorWidth as layoutVectorWidth,
  type Fragment,
  type SharedAccess,
} from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { globalVectorWidth, unprovenBounds, type GlobalRegion } from '../support/global-access.js';
import { elementBits, isFragment, isShared, isTile, type TileType } from '../support/tiles.js';
import { checkElementTypes } from './check-types.js';
import {
  hasSharedOperands,
  planProducts,
  stageOperand,
  wantedFragment,
  type PlannedProduct,
} from './gemm-demands.js';
import { operandAccess, type OperandUse } from './operand-reads.js';
import { projectFragment } from './projection.js';
import { chooseRowMajor, chooseTransposed, type TransposedChoice } from './shared-choice.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Infers all layouts of one kernel. Reports what cannot be satisfied and returns whether everything was. */
export function inferLayouts(kernel: Operation, target: Target): boolean {
  return new LayoutInference(kernel, target).run();
}

class LayoutInference {
  private readonly analysis = new IntegerAnalysis();
  private readonly threads: number;
  /** Layouts of fragments and of parallel loops, and who asked for them. */
  private readonly fragments = new Map<
    Value | Operation,
    { layout: Fragment; origin: Operation }
  >();
  private readonly operandUses = new Map<Value, OperandUse[]>();
  private readonly transposedChoices = new Map<Value, TransposedChoice>();
  /** Distribution of a copy that shared layouts depend on. */
  private readonly copyLayouts = new Map<Operation, Fragment>();

  constructor(
    private readonly kernel: Operation,
    private readonly target: Target,
  ) {
    this.threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  }

  run(): boolean {
    if (!this.checkThreads() || !checkElementTypes(this.kernel, this.target)) return false;
    if (!this.demandGemmLayouts()) return false;
    this.propagate();
    this.chooseFreeFragments();
    this.chooseCopyLayouts();
    this.chooseSharedLayouts();
    this.annotate();
    return true;
  }

  /** The block must consist of whole warps of the target, and no more of them than it allows. */
  private checkThreads(): boolean {
    const { name, warp_size: warp, threads_per_block: most } = this.target;
    if (this.threads % warp !== 0) {
      return this.kernel.emitOpError(
        `expected threads to be a multiple of ${warp}, the warp size of ${name}, found ${this.threads}`,
      );
    }
    if (this.threads > most) {
      return this.kernel.emitOpError(
        `expected at most ${most} threads per block on ${name}, found ${this.threads}`,
      );
    }
    return true;
  }

  private *operationsNamed(...names: string[]): Generator<Operation> {
    const found: Operation[] = [];
    this.kernel.walk((op) => {
      if (names.includes(op.name.text)) found.push(op);
    }, 'pre');
    yield* found;
  }

  // Strict demands: matrix products fix the fragments of their accumulators, then of operands.

  private demandGemmLayouts(): boolean {
    const products = planProducts(this.kernel, this.target);
    for (const { gemm, accumulator } of products) {
      if (!this.assign(gemm.c, accumulator, gemm.op)) return false;
    }
    for (const product of products) {
      for (const operand of ['A', 'B'] as const) this.settleOperand(product, operand);
    }
    for (const product of products) {
      const { gemm, problem, plan, grid } = product;
      const isPacked = hasSharedOperands(product);
      const use = { problem, plan, grid, isPacked };
      if (isShared(gemm.a.type))
        this.useOperand(gemm.a, { ...use, operand: 'A', isKContiguous: !gemm.transposeA });
      if (isShared(gemm.b.type))
        this.useOperand(gemm.b, { ...use, operand: 'B', isKContiguous: gemm.transposeB });
    }
    return true;
  }

  /** An operand in a fragment lies as its product reads it; where it cannot, it goes through shared memory. */
  private settleOperand(product: PlannedProduct, operand: 'A' | 'B'): void {
    const { gemm } = product;
    const tile = operand === 'A' ? gemm.a : gemm.b;
    if (isShared(tile.type)) return;
    const wanted = wantedFragment(product, operand);
    const known = this.fragments.get(tile);
    if (wanted === undefined)
      stageOperand(product, operand, 'scalar code reads whole rows and columns');
    else if (known !== undefined && !known.layout.isEquivalent(wanted))
      stageOperand(product, operand, 'its fragment is distributed for another product');
    else this.fragments.set(tile, { layout: wanted, origin: gemm.op });
  }

  private useOperand(tile: Value, use: OperandUse): void {
    const uses = this.operandUses.get(tile) ?? [];
    uses.push(use);
    this.operandUses.set(tile, uses);
  }

  /** Records a layout; reports where a different one was demanded before. */
  private assign(item: Value, layout: Fragment, origin: Operation): boolean {
    const known = this.fragments.get(item);
    if (known === undefined) {
      this.fragments.set(item, { layout, origin });
      return true;
    }
    if (known.layout.isEquivalent(layout)) return true;
    return origin.emitOpError('demands another layout of a fragment than is settled', [
      known.origin.note('the other layout is demanded here'),
    ]);
  }

  // What follows: copies between fragments and loops over them.

  private propagate(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const op of this.operationsNamed(TileReduceOp.opName)) {
        if (this.propagateReduction(new TileReduceOp(op))) changed = true;
      }
      for (const op of this.operationsNamed(TileCopyOp.opName, TileParallelOp.opName)) {
        if (isOp(op, TileCopyOp) ? this.propagateCopy(op) : this.propagateParallel(op))
          changed = true;
      }
    }
  }

  private propagateCopy(op: Operation): boolean {
    const copy = new TileCopyOp(op);
    if (!isFragment(copy.source.type) || !isFragment(copy.destination.type)) return false;
    return (
      this.follow(copy.source, copy.destination, op) ||
      this.follow(copy.destination, copy.source, op)
    );
  }

  /** The destination of a reduction lies where the source's rows lie, in every thread that holds a part of them. */
  private propagateReduction(reduce: TileReduceOp): boolean {
    const known = this.fragments.get(reduce.source);
    if (known === undefined || this.fragments.has(reduce.destination)) return false;
    const kept = known.layout.shape
      .map((_, dimension) => dimension)
      .filter((d) => d !== Number(reduce.dim.value));
    const layout = projectFragment(known.layout, kept);
    if (layout === undefined) return false;
    this.fragments.set(reduce.destination, { layout, origin: reduce.op });
    return true;
  }

  private follow(from: Value, to: Value, origin: Operation): boolean {
    const known = this.fragments.get(from);
    if (known === undefined || this.fragments.has(to)) return false;
    this.fragments.set(to, { layout: known.layout, origin });
    return true;
  }

  private propagateParallel(op: Operation): boolean {
    let changed = false;
    const accesses = fragmentAccesses(op);
    if (!this.fragments.has(op)) {
      const rank = (op.getAttribute('extents') as DenseArrayAttr).values.length;
      for (const { tile, dimensions } of accesses) {
        const known = this.fragments.get(tile);
        const isWhole =
          dimensions.length === rank && dimensions.every((dimension, i) => dimension === i);
        if (known === undefined || !isWhole) continue;
        this.fragments.set(op, known);
        changed = true;
        break;
      }
    }
    const loop = this.fragments.get(op);
    if (loop === undefined) return changed;
    for (const { tile, dimensions } of accesses) {
      if (this.fragments.has(tile)) continue;
      const isWhole = dimensions.length === loop.layout.shape.length;
      const layout = isWhole ? loop.layout : projectFragment(loop.layout, dimensions);
      if (layout === undefined) continue;
      this.fragments.set(tile, { layout, origin: op });
      changed = true;
    }
    return changed;
  }

  // Free choices: whatever nobody made a demand on is spread for the widest coalesced accesses.

  private chooseFreeFragments(): void {
    for (const op of this.operationsNamed('tile.alloc')) {
      const tile = op.result;
      if (!isFragment(tile.type) || this.fragments.has(tile)) continue;
      const layout = copyFragment(tile.type.shape, this.threads, this.preferredWidth(tile), {
        surplus: 'replicate',
        isSeparable: isSeenByDimension(tile),
      });
      this.fragments.set(tile, { layout, origin: op });
      this.propagate();
    }
    for (const op of this.operationsNamed(TileParallelOp.opName)) {
      if (this.fragments.has(op)) continue;
      const extents = (op.getAttribute('extents') as DenseArrayAttr).values;
      this.fragments.set(op, { layout: copyFragment(extents, this.threads, 1), origin: op });
      this.propagate();
    }
  }

  /** The narrowest of the widest accesses that the copies of a tile may make. */
  private preferredWidth(tile: Value): number {
    let width = Infinity;
    for (const user of tile.users()) {
      if (!isOp(user, TileCopyOp)) continue;
      const region = globalRegionOf(user);
      if (region !== undefined) width = Math.min(width, globalVectorWidth(region, this.analysis));
    }
    return width === Infinity ? 1 : width;
  }

  // Copies that touch no fragment are distributed for the global side.

  private chooseCopyLayouts(): void {
    for (const op of this.operationsNamed(TileCopyOp.opName)) {
      const copy = new TileCopyOp(op);
      const tiles = [copy.source, copy.destination].filter((value) => isTile(value.type));
      const fragment = tiles.find((tile) => isFragment(tile.type));
      const region = globalRegionOf(op);
      if (fragment !== undefined) {
        this.copyLayouts.set(op, this.fragments.get(fragment)!.layout);
      } else if (region === undefined) {
        const shape = (copy.source.type as TileSharedType).shape;
        this.copyLayouts.set(op, copyFragment(shape, this.threads, 1));
      } else {
        this.copyLayouts.set(op, this.distributeCopy(copy, region));
      }
    }
  }

  private distributeCopy({ source, destination }: TileCopyOp, region: GlobalRegion): Fragment {
    const tile = isShared(destination.type) ? destination : source;
    const shape = (tile.type as TileSharedType).shape;
    const copy = this.isKeptTransposed(tile) ? this.transposedChoice(tile).copy : undefined;
    if (copy !== undefined && tile === destination) return copy.fragment;
    return copyFragment(shape, this.threads, globalVectorWidth(region, this.analysis));
  }

  /** AMD matrix instructions read along K, so a tile with another contiguous dimension is transposed on its way in. */
  private isKeptTransposed(tile: Value): boolean {
    if (this.target.vendor !== 'amd') return false;
    const uses = this.operandUses.get(tile);
    return uses !== undefined && uses.every((use) => use.plan !== undefined && !use.isKContiguous);
  }

  // Shared memory: the layout that keeps every access free of bank conflicts.

  private chooseSharedLayouts(): void {
    for (const op of this.operationsNamed('tile.alloc')) {
      const tile = op.result;
      if (!isShared(tile.type) || tile.type.layout !== undefined) continue;
      const { shape } = tile.type;
      const bits = elementBits(tile.type);
      const model = this.target.vendor;
      const accesses = [...this.operandReads(tile, bits), ...this.rowAccesses(tile, bits)];
      const choice = this.isKeptTransposed(tile)
        ? this.transposedChoice(tile)
        : chooseRowMajor(shape, bits, accesses, model);
      for (const { name, degree } of choice.conflicts) {
        op.emitRemark(`'${name}' on this tile meets a ${degree}-way bank conflict`);
      }
      this.setType(
        tile,
        TileSharedType.get(shape, tile.type.elementType, LayoutSharedAttr.get(choice.layout)),
      );
    }
  }

  /** How matrix products read a tile. */
  private operandReads(tile: Value, bits: number): SharedAccess[] {
    const uses = this.operandUses.get(tile) ?? [];
    const isKeptTransposed = this.isKeptTransposed(tile);
    return uses.flatMap((use) => operandAccess(use, bits, this.target, isKeptTransposed) ?? []);
  }

  private transposedChoice(tile: Value): TransposedChoice {
    let choice = this.transposedChoices.get(tile);
    if (choice === undefined) {
      const type = tile.type as TileSharedType;
      const bits = elementBits(type);
      const widths = this.copiesOf(tile)
        .filter((op) => new TileCopyOp(op).destination === tile)
        .flatMap((op) => globalRegionOf(op) ?? [])
        .map((region) => globalVectorWidth(region, this.analysis));
      choice = chooseTransposed(
        {
          shape: [type.shape[0], type.shape[1]],
          elementBits: bits,
          threads: this.threads,
          maxVector: widths.length === 0 ? undefined : Math.min(...widths),
          reads: this.operandReads(tile, bits),
        },
        this.target.vendor,
      );
      this.transposedChoices.set(tile, choice);
      if (widths.length > 0 && choice.copy === undefined) {
        tile.definingOp?.emitRemark(
          `'tile.copy' transposes this tile element by element: ${this.threads} threads do not divide it into blocks`,
        );
      }
    }
    return choice;
  }

  private rowAccesses(tile: Value, bits: number): SharedAccess[] {
    const { shape } = tile.type as TileSharedType;
    return this.copiesOf(tile).map((op) => {
      const fragment = this.copyLayouts.get(op)!;
      const width = Math.min(fragment.vectorWidth, 128 / bits);
      const shaped = fragment.shape.length === shape.length;
      return shaped
        ? { kind: 'fragment', fragment, width, name: 'tile.copy' }
        : { kind: 'rows', bytes: 4, name: 'tile.copy' };
    });
  }

  private copiesOf(tile: Value): Operation[] {
    return [...tile.users()].filter((user) => isOp(user, TileCopyOp));
  }

  // Write down what was found.

  private annotate(): void {
    for (const [item, { layout }] of this.fragments) {
      const attribute = LayoutFragmentAttr.get(layout);
      if ('type' in item) {
        const type = item.type as TileFragmentType;
        this.setType(item, TileFragmentType.get(type.shape, type.elementType, attribute));
      } else item.setAttribute('layout', attribute);
    }
    for (const [op, layout] of this.copyLayouts) {
      const copy = new TileCopyOp(op);
      copy.layout = LayoutFragmentAttr.get(layout);
      // What is certain now is hidden from later steps by the index arithmetic of pipelining.
      const region = globalRegionOf(op);
      if (region !== undefined && !unprovenBounds(region, this.analysis).includes(true))
        copy.inBounds = true;
    }
  }

  private setType(tile: Value, type: TileType): void {
    tile.type = type;
  }
}

/** Whether a tile is reduced, so that each of its dimensions must be told apart. */
function isSeenByDimension(tile: Value): boolean {
  return [...tile.users()].some((user) => isOp(user, TileReduceOp));
}

/** The tensor side of a copy, or undefined where both sides are tiles. */
export function globalRegionOf(op: Operation): GlobalRegion | undefined {
  const copy = new TileCopyOp(op);
  const [source, destination] = [copy.source.type, copy.destination.type];
  if (source instanceof MemRefType && isTile(destination)) {
    return {
      tensor: copy.source,
      type: source,
      indices: copy.sourceIndices,
      extents: destination.shape,
    };
  }
  if (destination instanceof MemRefType && isTile(source)) {
    return {
      tensor: copy.destination,
      type: destination,
      indices: copy.destinationIndices,
      extents: source.shape,
    };
  }
  return undefined;
}

interface FragmentAccess {
  readonly tile: Value;
  /** The loop's dimension that each index of the access is. */
  readonly dimensions: readonly number[];
}

/** Accesses of a parallel loop to fragments, where every index is one of the loop's own. */
function fragmentAccesses(loop: Operation): FragmentAccess[] {
  const accesses: FragmentAccess[] = [];
  const body = loop.regions[0].entryBlock;
  loop.walk((op) => {
    const isLoad = op.name.text === 'tile.load';
    if (!isLoad && op.name.text !== 'tile.store') return;
    const tile = op.operand(isLoad ? 0 : 1);
    if (!isFragment(tile.type)) return;
    const indices = op.operands.slice(isLoad ? 1 : 2);
    const dimensions = indices.map((index) =>
      index instanceof BlockArgument && index.owner === body ? index.index : -1,
    );
    if (!dimensions.includes(-1)) accesses.push({ tile, dimensions });
  }, 'pre');
  return accesses;
}

/** Elements of the widest vector along the rows of a shared tile. */
export function sharedVectorWidth(
  type: TileSharedType,
  layout: Parameters<typeof layoutVectorWidth>[0],
): number {
  return layoutVectorWidth(layout, { elementBits: elementBits(type) });
}

export const tileInferLayouts = defineKernelPass({
  name: 'tile-infer-layouts',
  summary: 'give every tile a layout and every copy and parallel loop a distribution over threads',
  requires: ['layout'],
  run: inferLayouts,
});
