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
  TileSharedType,
  TileTransposeOp,
} from '../../dialects/generated/tile.js';
import { isOp, type IntegerAttr, type Operation, type Value } from '../../ir/index.js';
import {
  copyFragment,
  permuteFragment,
  vectorWidth as layoutVectorWidth,
  type ComposedLayout,
  type Fragment,
  type Layout,
  type SharedAccess,
} from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { globalVectorWidth, unprovenBounds, type GlobalRegion } from '../support/global-access.js';
import {
  elementBits,
  fragmentOf,
  isFragment,
  isShared,
  isTile,
  layoutAttribute,
} from '../support/tiles.js';
import { LoopAccesses } from '../support/vector-access.js';
import { isView, layoutOfView, viewsOf } from '../support/views.js';
import { checkElementTypes } from './check-types.js';
import { remarkOnLoop, remarkOnWidth } from './copy-remarks.js';
import { hasSharedOperands, planProducts, type PlannedProduct } from './gemm-demands.js';
import { globalRegionOf } from './global-region.js';
import { Annotations } from './inference/annotations.js';
import { ConversionCosts } from './inference/conversion.js';
import { CostModel, frequencyOf } from './inference/cost.js';
import { strictLayouts } from './inference/gemm-rule.js';
import { ConversionInsertion } from './inference/insert-conversions.js';
import { accessDimensions, isWhole } from './inference/parallel-rule.js';
import type { KernelFacts } from './inference/rule.js';
import { RuledOperations } from './inference/rules.js';
import { LayoutSearch } from './inference/search.js';
import { LayoutState } from './inference/state.js';
import { inverseOf, permutationOf } from './inference/transpose-rule.js';
import { operandAccess, type OperandUse } from './operand-reads.js';
import { remarkOnRegisters } from './register-remarks.js';
import {
  accessWidth,
  chooseRowMajor,
  chooseTransposed,
  chooseViewed,
  layoutConflicts,
  type SharedChoice,
  type TransposedChoice,
  type ViewedTile,
} from './shared-choice.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Infers all layouts of one kernel. Reports what cannot be satisfied and returns whether everything was. */
export function inferLayouts(kernel: Operation, target: Target): boolean {
  if (!checkThreads(kernel, target) || !checkElementTypes(kernel, target)) return false;
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  const annotations = Annotations.collect(kernel, threads);
  if (annotations === undefined) return false;
  const products = planProducts(kernel, target);
  if (!new LayoutInference(kernel, target, annotations, products).run()) return false;
  remarkOnRegisters(kernel, target);
  return true;
}

class LayoutInference {
  private readonly facts: KernelFacts;
  private readonly analysis = new IntegerAnalysis();
  private readonly threads: number;
  private readonly operandUses = new Map<Value, OperandUse[]>();
  private readonly transposedChoices = new Map<Value, TransposedChoice>();
  /** Distribution of a copy that shared layouts depend on. */
  private readonly copyLayouts = new Map<Operation, Fragment>();

  constructor(
    private readonly kernel: Operation,
    private readonly target: Target,
    private readonly annotations: Annotations,
    private readonly products: readonly PlannedProduct[],
  ) {
    this.threads = (kernel.getAttribute('threads') as IntegerAttr).number;
    const { analysis, threads } = this;
    const byOperation = new Map(products.map((product) => [product.gemm.op, product]));
    const loopAccesses = new LoopAccesses(analysis);
    this.facts = { kernel, target, threads, analysis, loopAccesses, products: byOperation };
  }

  run(): boolean {
    this.settleFragments();
    for (const product of this.products) this.useOperands(product);
    this.chooseCopyLayouts();
    if (!this.chooseSharedLayouts()) return false;
    this.annotateCopies();
    return true;
  }

  /** Strict demands first, then what follows from them, then free choices; what still differs is converted. */
  private settleFragments(): void {
    const operations = new RuledOperations(this.facts);
    const conversions = new ConversionCosts(this.target);
    const costs = new CostModel(this.facts, operations, conversions);
    const frequent = [...this.products].sort(
      (a, b) => frequencyOf(b.gemm.op, this.kernel) - frequencyOf(a.gemm.op, this.kernel),
    );
    const demanded = LayoutState.EMPTY.with(this.annotations.fragments).with(
      strictLayouts(frequent),
    );
    const state = new LayoutSearch(this.facts, operations, costs).complete(demanded);
    new ConversionInsertion(this.facts, operations, conversions, state).insert();
    for (const [item, { layout }] of state.entries()) {
      if (!('type' in item)) item.setAttribute('layout', LayoutFragmentAttr.get(layout));
      else {
        for (const tile of [item, ...viewsOf(item)]) {
          const { shape, elementType } = tile.type as TileFragmentType;
          const own = LayoutFragmentAttr.get(state.get(tile)!);
          tile.type = TileFragmentType.get(shape, elementType, own);
        }
      }
    }
  }

  /** How a product reads what it has in shared memory. */
  private useOperands(product: PlannedProduct): void {
    const { gemm, problem, plan, grid } = product;
    const use = { problem, plan, grid, isPacked: hasSharedOperands(product) };
    if (isShared(gemm.a.type))
      this.useOperand(gemm.a, { ...use, operand: 'A', isKContiguous: !gemm.transposeA });
    if (isShared(gemm.b.type))
      this.useOperand(gemm.b, { ...use, operand: 'B', isKContiguous: gemm.transposeB });
  }

  private useOperand(tile: Value, use: OperandUse): void {
    const uses = this.operandUses.get(tile) ?? [];
    uses.push(use);
    this.operandUses.set(tile, uses);
  }

  private operationsNamed(name: string): Operation[] {
    const found: Operation[] = [];
    this.kernel.walk((op) => {
      if (op.name.text === name) found.push(op);
    }, 'pre');
    return found;
  }

  // Copies that touch no fragment are distributed for the global side.

  private chooseCopyLayouts(): void {
    for (const op of this.operationsNamed(TileCopyOp.opName)) {
      const copy = new TileCopyOp(op);
      const tiles = [copy.source, copy.destination].filter((value) => isTile(value.type));
      const fragment = tiles.find((tile) => isFragment(tile.type));
      const region = globalRegionOf(op);
      const own = layoutAttribute(op);
      if (own !== undefined) {
        this.copyLayouts.set(op, own);
      } else if (fragment !== undefined) {
        this.copyLayouts.set(op, fragmentOf(fragment.type as TileFragmentType));
      } else if (region === undefined) {
        const shape = (copy.source.type as TileSharedType).shape;
        this.copyLayouts.set(op, copyFragment(shape, this.threads, 1));
      } else {
        this.copyLayouts.set(op, this.distributeCopy(copy, region));
      }
    }
    for (const op of this.operationsNamed(TileTransposeOp.opName))
      this.copyLayouts.set(op, this.distributeTransposition(op));
  }

  /** In coordinates of the destination: as a fragment on either side lies, else by its rows. */
  private distributeTransposition(op: Operation): Fragment {
    const { source, destination } = new TileTransposeOp(op);
    const own = layoutAttribute(op);
    if (own !== undefined) return own;
    if (isFragment(destination.type)) return fragmentOf(destination.type);
    const { shape } = destination.type as TileSharedType;
    const spread = copyFragment(shape, this.threads, 1);
    if (!isFragment(source.type)) return spread;
    return permuteFragment(fragmentOf(source.type), permutationOf(op)) ?? spread;
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
    if (this.annotations.shared.has(tile) || isView(tile.definingOp) || viewsOf(tile).length > 0)
      return false;
    return uses !== undefined && uses.every((use) => use.plan !== undefined && !use.isKContiguous);
  }

  // Shared memory: the layout that keeps every access free of bank conflicts.

  private chooseSharedLayouts(): boolean {
    return this.operationsNamed('tile.alloc').every((op) => {
      const tile = op.result;
      if (!isShared(tile.type)) return true;
      const choice = this.sharedChoice(tile);
      for (const { name, degree } of choice.conflicts) {
        op.emitRemark(`'${name}' on this tile meets a ${degree}-way bank conflict`);
      }
      const layouts = new Map<Value, Layout | ComposedLayout>([[tile, choice.layout]]);
      for (const view of viewsOf(tile)) {
        const definition = view.definingOp!;
        const layout = layoutOfView(definition, layouts.get(definition.operand(0))!);
        if (layout === undefined) {
          const demand = this.annotations.shared.get(tile)?.origin ?? op;
          return definition.emitOpError(
            'needs a layout of its source in which its own elements lie in strides',
            [demand.note(`the layout '${choice.layout}' is demanded here`)],
          );
        }
        layouts.set(view, layout);
      }
      for (const [value, layout] of layouts) {
        const { shape, elementType } = value.type as TileSharedType;
        value.type = TileSharedType.get(shape, elementType, LayoutSharedAttr.get(layout));
      }
      return true;
    });
  }

  private sharedChoice(tile: Value): SharedChoice {
    const { shape } = tile.type as TileSharedType;
    const bits = elementBits(tile.type as TileSharedType);
    const model = this.target.vendor;
    const accesses = this.accessesOf(tile);
    const own = this.annotations.shared.get(tile)?.layout;
    if (own !== undefined) {
      const conflicts = layoutConflicts(own, shape, bits, accesses, model) ?? [];
      return { layout: own, conflicts };
    }
    if (this.isKeptTransposed(tile)) return this.transposedChoice(tile);
    const choice = chooseRowMajor(shape, bits, accesses, model);
    const views = viewsOf(tile).map((view): ViewedTile => {
      const type = view.type as TileSharedType;
      const layout = (of: Layout | ComposedLayout): Layout | ComposedLayout | undefined =>
        storageChain(view).reduce<Layout | ComposedLayout | undefined>(
          (source, step) => source && layoutOfView(step, source),
          of,
        );
      return {
        shape: type.shape,
        elementBits: elementBits(type),
        accesses: this.accessesOf(view),
        layout,
      };
    });
    return views.length === 0
      ? choice
      : chooseViewed({ shape, elementBits: bits, accesses }, choice, views, model);
  }

  private accessesOf(tile: Value): SharedAccess[] {
    const bits = elementBits(tile.type as TileSharedType);
    return [...this.operandReads(tile, bits), ...this.rowAccesses(tile, bits)];
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
    const areWords = (shape[shape.length - 1] * bits) % 32 === 0;
    const copies = this.copiesOf(tile).flatMap((op): SharedAccess[] => {
      const fragment = this.copyLayouts.get(op)!;
      if (fragment.shape.join() === shape.join())
        return [
          { kind: 'fragment', fragment, width: accessWidth(fragment, bits), name: 'tile.copy' },
        ];
      return areWords ? [{ kind: 'rows', bytes: 4, name: 'tile.copy' }] : [];
    });
    return [...copies, ...this.loopAccesses(tile, bits), ...this.transpositionAccesses(tile, bits)];
  }

  /** Parallel loops whose iterations access their own elements of a shared tile. */
  private loopAccesses(tile: Value, bits: number): SharedAccess[] {
    const loops = new Set<Operation>();
    for (const user of tile.users()) {
      const loop = user.getParentOfName(TileParallelOp.opName);
      if (loop !== undefined) loops.add(loop);
    }
    return [...loops].flatMap((loop) => {
      const fragment = layoutAttribute(loop);
      const own = this.facts.loopAccesses.of(loop).filter(({ run }) => run[0].memory === tile);
      return own.flatMap(({ run: [access], width }): SharedAccess[] => {
        const isOwn = isWhole(accessDimensions(access.op, loop), fragment?.shape.length ?? 0);
        if (fragment === undefined || !isOwn) return [];
        const vector = Math.min(width, accessWidth(fragment, bits));
        return [{ kind: 'fragment', fragment, width: vector, name: access.op.name.text }];
      });
    });
  }

  /** Transpositions in which a shared tile takes part, with their distribution in its coordinates. */
  private transpositionAccesses(tile: Value, bits: number): SharedAccess[] {
    return [...tile.users()]
      .filter((user) => isOp(user, TileTransposeOp))
      .flatMap((op): SharedAccess[] => {
        const transpose = new TileTransposeOp(op);
        const own = this.copyLayouts.get(op)!;
        const isSource = transpose.source === tile;
        const fragment = isSource ? permuteFragment(own, inverseOf(permutationOf(op))) : own;
        const name = 'tile.transpose';
        if (fragment === undefined) return [];
        return [{ kind: 'fragment', fragment, width: accessWidth(fragment, bits), name }];
      });
  }

  private copiesOf(tile: Value): Operation[] {
    return [...tile.users()].filter((user) => isOp(user, TileCopyOp));
  }

  /** Writes down what was found. */
  private annotateCopies(): void {
    for (const loop of this.operationsNamed(TileParallelOp.opName))
      remarkOnLoop(loop, layoutAttribute(loop)!, this.facts.loopAccesses);
    for (const [op, layout] of this.copyLayouts) {
      op.setAttribute('layout', LayoutFragmentAttr.get(layout));
      if (!isOp(op, TileCopyOp)) continue;
      remarkOnWidth(op, layout, this.analysis);
      const copy = new TileCopyOp(op);
      // What is certain now is hidden from later steps by the index arithmetic of pipelining.
      const region = globalRegionOf(op);
      if (region !== undefined && !unprovenBounds(region, this.analysis).includes(true))
        copy.inBounds = true;
    }
  }
}

/** The views that lead from a tile's storage to it, in order. */
function storageChain(view: Value): Operation[] {
  const { definingOp } = view;
  return isView(definingOp) ? [...storageChain(definingOp.operand(0)), definingOp] : [];
}

/** The block must consist of whole warps of the target, and no more of them than it allows. */
function checkThreads(kernel: Operation, target: Target): boolean {
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  const { name, warp_size: warp, threads_per_block: most } = target;
  if (threads % warp !== 0) {
    return kernel.emitOpError(
      `expected threads to be a multiple of ${warp}, the warp size of ${name}, found ${threads}`,
    );
  }
  if (threads > most) {
    return kernel.emitOpError(
      `expected at most ${most} threads per block on ${name}, found ${threads}`,
    );
  }
  return true;
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
