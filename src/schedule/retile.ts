/**
 * Gives a tile dimension another extent, everywhere that it occurs, or says why that could change results.
 *
 * Law: every element of every global tensor is computed from the same elements by the same operations, up to the order of
 * sums. That holds where blocks or loop iterations only divide the work along the dimension: each element of a tile
 * depends on its global coordinate alone, and what several iterations contribute to is only accumulated.
 */

import { spannedDimensions } from '../dialects/tile/spanned-dimensions.js';
import {
  AffineMapAttr,
  IntegerAttr,
  isShapedType,
  MemRefType,
  Operation,
  type Value,
} from '../ir/index.js';
import { divisionOf, neededOf, type Division } from './division.js';
import { coefficientOf } from './index-form.js';
import { rewriteExtents } from './rewrite-extents.js';
import {
  accessParts,
  copyParts,
  gemmRoles,
  isLoop,
  isTileType,
  loopBounds,
  parallelIndex,
  type Obstacle,
  type TileDimension,
  type TileDimensions,
} from './tile-dimensions.js';

/** A change that was found to be sound. */
export interface Retiling {
  readonly apply: () => void;
}

/** The change of a class to a new extent, or what is in its way. */
export function planRetiling(
  dimensions: TileDimensions,
  dimension: TileDimension,
  extent: number,
): Retiling | Obstacle {
  const [obstacle] = dimension.obstacles;
  if (obstacle !== undefined) return obstacle;
  const division = divisionOf(dimensions, dimension);
  if ('reason' in division) return division;
  const check = new RetilingCheck(dimensions, dimension, division);
  const found = check.findObstacle(extent);
  if (found !== undefined) return found;
  return { apply: () => rewriteExtents(dimensions, dimension, division, extent) };
}

class RetilingCheck {
  /** Tiles with the dimensions of theirs that belong to the class. */
  private readonly tiles = new Map<Value, Set<number>>();
  private readonly parallels = new Map<Operation, Set<number>>();

  constructor(
    private readonly dimensions: TileDimensions,
    private readonly dimension: TileDimension,
    private readonly division: Division,
  ) {
    for (const { owner, dimension: at, kind } of dimension.slots) {
      if (kind === 'tile') add(this.tiles, owner as Value, at);
      if (kind === 'parallel') add(this.parallels, owner as Operation, at);
    }
  }

  findObstacle(extent: number): Obstacle | undefined {
    return (
      this.findRepeated() ??
      this.findUse() ??
      (this.division.kind === 'blocks'
        ? this.findBlockObstacle()
        : this.findLoopObstacle(this.division.loops)) ??
      this.findUncovered(extent)
    );
  }

  private has(tile: Value, dimension?: number): boolean {
    const found = this.tiles.get(tile);
    return found !== undefined && (dimension === undefined || found.has(dimension));
  }

  /** One tile with the class along two dimensions would be a diagonal block of something. */
  private findRepeated(): Obstacle | undefined {
    for (const [owner, found] of [...this.tiles, ...this.parallels]) {
      if (found.size < 2) continue;
      const op = owner instanceof Operation ? owner : owner.definingOp!;
      return { op, reason: 'it occurs twice in one tile' };
    }
    return undefined;
  }

  // Index values: only global coordinates keep their meaning.

  /** Coefficients of what divides the class and of the class's parallel indices in a value. */
  private coefficients(value: Value): { base: number; local: number } {
    let [base, local] = [0, 0];
    for (const [variable, coefficient] of this.dimensions.forms.of(value).terms) {
      if (this.isDivider(variable)) base += coefficient;
      const loop = parallelIndex(variable);
      if (loop !== undefined && this.parallels.get(loop.op)?.has(loop.dimension))
        local += coefficient;
    }
    return { base, local };
  }

  private isDivider(variable: Value): boolean {
    const { division } = this;
    if (division.kind === 'blocks') return variable === division.index;
    return division.loops.some((loop) => loop.regions[0].entryBlock.arguments[0] === variable);
  }

  private findUse(): Obstacle | undefined {
    let found: Obstacle | undefined;
    this.dimensions.kernel.walk((op) => {
      found ??= this.checkOperands(op);
      return found === undefined ? 'advance' : 'interrupt';
    }, 'pre');
    return found;
  }

  private checkOperands(op: Operation): Obstacle | undefined {
    if (this.dimensions.forms.isLinear(op)) return this.checkDivision(op);
    const stretch = this.division.kind === 'blocks' ? this.dimension.extent : 1;
    const placed = placedIndices(op);
    for (const [position, value] of op.operands.entries()) {
      if (isShapedType(value.type)) continue;
      const { base, local } = this.coefficients(value);
      if (base === 0 && local === 0) continue;
      const role = placed.get(position);
      if (role !== undefined && isTileType(role.owner.type)) {
        // An element of a tile: only the loop's own index along the class.
        const isOwn = base === 0 && parallelIndex(value) !== undefined;
        if (isOwn && this.has(role.owner, role.dimension)) continue;
        return { op, reason: 'an element of a tile is chosen by a place in the tensor' };
      }
      if (op.name.text === 'tile.copy') {
        if (local === 0 && role !== undefined && this.isOwnDimension(op, role.dimension)) continue;
        return { op, reason: `the place of another dimension depends on it` };
      }
      // A place in the tensor is what it was: block or loop and element together.
      if (base === stretch * local) continue;
      const what = this.division.kind === 'blocks' ? 'the block index' : 'the loop variable';
      return {
        op,
        reason:
          local === 0
            ? `'${op.name}' uses ${what} by itself`
            : `'${op.name}' uses the place of an element within its tile`,
      };
    }
    return undefined;
  }

  /** Whether a dimension of the tensor that a copy accesses runs along the class. */
  private isOwnDimension(op: Operation, tensorDimension: number): boolean {
    const { source, destination } = copyParts(op);
    const [tile, tensor] = isTileType(source.type) ? [source, destination] : [destination, source];
    if (!isTileType(tile.type) || !(tensor.type instanceof MemRefType)) return false;
    const dims = spannedDimensions(op, tensor.type.shape.length, tile.type.shape.length);
    return this.has(tile, dims.indexOf(tensorDimension));
  }

  /** What multiplies the block index by the extent must be there to be changed. */
  private checkDivision(op: Operation): Obstacle | undefined {
    const { division } = this;
    if (division.kind === 'loops' || !op.operands.includes(division.index)) return undefined;
    return scaledBlockIndex(op, division.index) === this.dimension.extent
      ? undefined
      : { op, reason: `the block index is used other than times ${this.dimension.extent}` };
  }

  // Blocks: every element of a result belongs to one block.

  private findBlockObstacle(): Obstacle | undefined {
    let found: Obstacle | undefined;
    this.dimensions.kernel.walk((op) => {
      found ??= this.checkCombination(op) ?? this.checkGlobalWrite(op);
      return found === undefined ? 'advance' : 'interrupt';
    }, 'pre');
    return found;
  }

  /** Operations that combine elements along the class. */
  private checkCombination(op: Operation): Obstacle | undefined {
    const what = this.combines(op);
    return what === undefined ? undefined : { op, reason: `${what}, so each block has its share` };
  }

  private combines(op: Operation): string | undefined {
    if (op.name.text === 'tile.gemm' && this.has(op.operand(0), gemmRoles(op).a.k))
      return 'a product sums over it';
    if (op.name.text !== 'tile.reduce') return undefined;
    const dim = (op.getAttribute('dim') as IntegerAttr).number;
    return this.has(op.operand(0), dim) ? 'a reduction combines its elements' : undefined;
  }

  private checkGlobalWrite(op: Operation): Obstacle | undefined {
    const written = writtenTensor(op);
    if (written === undefined) return undefined;
    const isDivided = written.indices.some((index) => this.coefficients(index).base !== 0);
    return isDivided
      ? undefined
      : { op, reason: 'every block along it writes the same place of a tensor' };
  }

  // Loops: iterations only contribute to sums (or maxima), and share nothing else.

  private findLoopObstacle(loops: readonly Operation[]): Obstacle | undefined {
    const accumulators = new Map<Value, Operation>();
    for (const loop of loops) {
      if (loop.results.length > 0)
        return { op: loop, reason: 'the loop carries values from one iteration to the next' };
      const found = this.checkLoop(loop, accumulators);
      if (found !== undefined) return found;
    }
    for (const tile of this.tiles.keys())
      for (const user of tile.users())
        if (!loops.some((loop) => loop.isProperAncestorOf(user)))
          return { op: user, reason: 'it uses, outside of the loop, what one iteration left' };
    return undefined;
  }

  private checkLoop(loop: Operation, accumulators: Map<Value, Operation>): Obstacle | undefined {
    const first = new Set<Value>();
    let found: Obstacle | undefined;
    loop.walk((op) => {
      if (op === loop || found !== undefined) return found === undefined ? 'advance' : 'interrupt';
      found =
        this.checkFirstAccess(op, loop, first) ??
        this.checkAccumulation(op, accumulators) ??
        this.checkKnown(op);
      return found === undefined ? 'advance' : 'interrupt';
    }, 'pre');
    if (found !== undefined) return found;
    for (const [tile, accumulation] of accumulators) {
      for (const user of tile.users()) {
        if (user === accumulation || !loop.isProperAncestorOf(user)) continue;
        if (user.name === accumulation.name && this.accumulates(user) === tile) continue;
        return {
          op: user,
          reason: 'it uses what the iterations so far have accumulated, so their number matters',
        };
      }
    }
    return undefined;
  }

  /** Every iteration sets its tiles anew before it reads them. */
  private checkFirstAccess(op: Operation, loop: Operation, seen: Set<Value>): Obstacle | undefined {
    const touched = op.name.text === 'tile.parallel' ? nestedTiles(op) : new Set(op.operands);
    for (const tile of touched) {
      if (!this.has(tile) || seen.has(tile)) continue;
      seen.add(tile);
      if (op.parentOp !== loop)
        return { op, reason: 'it sets a tile under a condition or in an inner loop' };
      if (!overwrites(op, tile))
        return { op, reason: 'it uses what the iteration before left in a tile' };
    }
    return undefined;
  }

  /** The tile outside of the class that an operation adds the class's elements to. */
  private accumulates(op: Operation): Value | undefined {
    if (this.combines(op) === undefined || op.hasAttribute('clear')) return undefined;
    const into = op.operand(op.name.text === 'tile.gemm' ? 2 : 1);
    return this.has(into) ? undefined : into;
  }

  private checkAccumulation(
    op: Operation,
    accumulators: Map<Value, Operation>,
  ): Obstacle | undefined {
    const into = this.accumulates(op);
    if (into !== undefined) {
      const other = accumulators.get(into);
      const kind = (one: Operation): string => `${one.name} ${one.getAttribute('kind') ?? ''}`;
      if (other !== undefined && kind(other) !== kind(op))
        return { op, reason: `'${other.name}' accumulates into the same tile in another way` };
      accumulators.set(into, op);
      return undefined;
    }
    const what = this.combines(op);
    if (what !== undefined) return { op, reason: `${what} of one iteration at a time` };
    for (const tile of writtenTiles(op))
      if (!this.has(tile))
        return { op, reason: 'it writes a tile once per iteration, however many there are' };
    const tensor = writtenTensor(op);
    if (
      tensor !== undefined &&
      !tensor.indices.some((index) => this.coefficients(index).base !== 0)
    )
      return { op, reason: 'it writes a tensor once per iteration, however many there are' };
    return undefined;
  }

  private checkKnown(op: Operation): Obstacle | undefined {
    const isFree = op.name.isPure || op.name.hasTrait('NoMemoryEffect');
    if (isFree || KNOWN.has(op.name.text) || isLoop(op)) return undefined;
    return { op, reason: `it is not known whether '${op.name}' may run another number of times` };
  }

  // Extents: the new division covers what the old one did.

  private findUncovered(extent: number): Obstacle | undefined {
    const { division, dimension, dimensions } = this;
    if (division.kind === 'blocks') {
      const count = dimensions.grid[division.gridDimension];
      if (!(count > 0)) return { op: dimensions.kernel, reason: 'the grid is known at run time' };
      const covered = count * dimension.extent;
      const blocks = Math.ceil(neededOf(dimension, covered) / extent);
      return this.compareCover(dimensions.kernel, covered, blocks * extent, 0);
    }
    for (const loop of division.loops) {
      const { lower, upper, step } = loopBounds(loop, dimensions.forms);
      if (lower === undefined || upper === undefined || step === undefined)
        return { op: loop, reason: 'the bounds of the loop are known at run time' };
      const span = Math.max(0, upper - lower);
      const [old, next] = [step, extent].map((by) => Math.ceil(span / by) * by);
      const user = old === next ? undefined : this.findUseOfPadding();
      if (user !== undefined)
        return {
          op: user,
          reason: `it would see ${next} elements instead of ${old}, the last of them zeros behind the tensor's end`,
        };
      const found = this.compareCover(loop, old, next, lower);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What uses elements behind a tensor's end otherwise than as factors of a product's sum, where zeros add nothing. */
  private findUseOfPadding(): Operation | undefined {
    for (const tile of this.tiles.keys())
      for (const user of tile.users()) {
        const isFilled =
          user.name.text === 'tile.copy' && copyParts(user).source.type instanceof MemRefType;
        const isSummed = user.name.text === 'tile.gemm' && this.accumulates(user) !== undefined;
        if (!isFilled && !isSummed) return user;
      }
    return undefined;
  }

  private compareCover(
    op: Operation,
    old: number,
    next: number,
    start: number,
  ): Obstacle | undefined {
    for (const use of this.dimension.globals) {
      const { extent } = use;
      const isExact = use.isOffset || extent === undefined;
      const clip = (end: number): number => (isExact ? end : Math.min(extent, start + end));
      if (clip(old) === clip(next)) continue;
      return {
        op: use.op,
        reason: isExact
          ? `it would cover ${next} elements instead of ${old}, and nothing bounds them here`
          : `it would cover ${clip(next)} elements of the tensor instead of ${clip(old)}`,
      };
    }
    return old === next || this.dimension.globals.length > 0
      ? undefined
      : { op, reason: `it would cover ${next} elements instead of ${old}` };
  }
}

/** Operations whose effects the checks above account for. */
const KNOWN: ReadonlySet<string> = new Set([
  'tile.alloc',
  'tile.clear',
  'tile.fill',
  'tile.copy',
  'tile.gemm',
  'tile.reduce',
  'tile.parallel',
  'tile.load',
  'tile.store',
  'scf.if',
  'scf.yield',
]);

function add<Key>(map: Map<Key, Set<number>>, key: Key, value: number): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, new Set([value]));
  else found.add(value);
}

/** Operands that are places in a tile or tensor, with the dimension that each goes along. */
function placedIndices(op: Operation): Map<number, { owner: Value; dimension: number }> {
  const placed = new Map<number, { owner: Value; dimension: number }>();
  if (op.name.text === 'tile.copy') {
    const { source, sourceIndices, destination, destinationIndices } = copyParts(op);
    sourceIndices.forEach((_, i) => placed.set(1 + i, { owner: source, dimension: i }));
    const after = 2 + sourceIndices.length;
    destinationIndices.forEach((_, i) =>
      placed.set(after + i, { owner: destination, dimension: i }),
    );
  } else if (op.name.text === 'tile.load' || op.name.text === 'tile.store') {
    const { tile, indices, isStore } = accessParts(op);
    indices.forEach((_, i) => placed.set((isStore ? 2 : 1) + i, { owner: tile, dimension: i }));
  }
  return placed;
}

/** The tensor that an operation writes, and where. */
function writtenTensor(
  op: Operation,
): { readonly tensor: Value; readonly indices: readonly Value[] } | undefined {
  if (op.name.text === 'tile.copy') {
    const { destination: tensor, destinationIndices: indices } = copyParts(op);
    return tensor.type instanceof MemRefType ? { tensor, indices } : undefined;
  }
  if (op.name.text !== 'tile.store') return undefined;
  const { tile: tensor, indices } = accessParts(op);
  return tensor.type instanceof MemRefType ? { tensor, indices } : undefined;
}

function writtenTiles(op: Operation): Value[] {
  switch (op.name.text) {
    case 'tile.clear':
    case 'tile.fill':
      return [op.operand(0)];
    case 'tile.gemm':
      return [op.operand(2)];
    case 'tile.reduce':
      return [op.operand(1)];
    case 'tile.copy':
    case 'tile.store': {
      const written = op.name.text === 'tile.copy' ? copyParts(op).destination : op.operand(1);
      return isTileType(written.type) ? [written] : [];
    }
    default:
      return [];
  }
}

function nestedTiles(op: Operation): Set<Value> {
  const tiles = new Set<Value>();
  op.walk((nested) => {
    for (const value of nested.operands) if (isTileType(value.type)) tiles.add(value);
  });
  return tiles;
}

/** Whether an operation sets every element of a tile and reads none. */
function overwrites(op: Operation, tile: Value): boolean {
  switch (op.name.text) {
    case 'tile.clear':
    case 'tile.fill':
      return op.operand(0) === tile;
    case 'tile.copy': {
      const { source, destination } = copyParts(op);
      return destination === tile && source !== tile;
    }
    case 'tile.reduce':
      return op.operand(1) === tile && op.hasAttribute('clear');
    case 'tile.parallel': {
      let [stores, loads] = [false, false];
      op.walk((nested) => {
        if (nested.name.text === 'tile.load' && nested.operand(0) === tile) loads = true;
        // A store under a condition leaves elements as they were.
        if (nested.name.text === 'tile.store' && nested.operand(1) === tile)
          stores ||= nested.parentOp === op;
      });
      return stores && !loads;
    }
    default:
      return false;
  }
}

/** The factor with which an operation scales a block index: `%b * 128`; undefined where it does something else. */
function scaledBlockIndex(op: Operation, index: Value): number | undefined {
  if (op.name.text === 'arith.muli') {
    const other = op.operand(op.operand(0) === index ? 1 : 0);
    const constant = other.definingOp?.getAttribute('value');
    return constant instanceof IntegerAttr ? constant.number : undefined;
  }
  const map = op.getAttribute('map');
  if (op.name.text !== 'affine.apply' || !(map instanceof AffineMapAttr)) return undefined;
  const positions = op.operands.flatMap((value, i) => (value === index ? [i] : []));
  if (positions.length !== 1 || positions[0] >= map.map.dimCount) return undefined;
  return coefficientOf(map.map.results[0], positions[0]);
}
