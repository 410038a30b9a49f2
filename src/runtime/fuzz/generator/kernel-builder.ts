/** A kernel under way: its tensors and tiles, and what is known of their contents at the place that is being written. */

import type { Target } from '../../../targets/target.js';
import type { Choices } from '../choices.js';
import {
  elementTypes,
  isFloat,
  isUnsigned,
  UNKNOWN,
  FLOAT_INPUT,
  INTEGER_INPUT,
  type Range,
} from '../element-types.js';
import { BLOCK_INDICES, type Kernel, type Statement, type Tensor, type Tile } from '../program.js';

export interface Loop {
  readonly variable: string;
  readonly from: number;
  readonly to: number;
  readonly trips: number;
}

/** What the kernels of a program share. */
export interface ProgramState {
  readonly choices: Choices;
  readonly target: Target;
  readonly isExact: boolean;
  /** Tensors that earlier kernels wrote whole, with what they hold. */
  readonly results: Map<Tensor, Range>;
  counter: number;
}

const THREADS = { 32: 1, 64: 3, 128: 6, 256: 3, 512: 1, 1024: 0.3 };
/** Extents of tiles: most divide into warps and vectors, the others do not. */
const USUAL_EXTENTS = [8, 16, 32, 48, 64, 96, 128];
const ODD_EXTENTS = [1, 3, 5, 7, 12, 20, 33, 40, 65, 100];

/** Loops and branches around a statement at most. */
const DEEPEST = 2;

export class KernelBuilder {
  readonly choices: Choices;
  readonly isExact: boolean;
  readonly target: Target;
  readonly grid: readonly number[];
  readonly threads: number;
  readonly tensors: Tensor[] = [];
  readonly tiles: Tile[] = [];
  /** Arrays of each thread, all of them written from the start. */
  readonly locals: Tile[] = [];
  /** Tiles with defined contents at the place under way. */
  readonly defined = new Map<Tile, Range>();
  /** Tensors that the kernel writes: it does not read them. */
  readonly outputs = new Set<Tensor>();
  /** Tiles whose bits were looked at: nothing is written there any more, or NaNs could be seen. */
  readonly frozen = new Set<Tile>();
  /** Tiles of matrix products, whose layouts are not an author's. */
  readonly ofProducts = new Set<Tile>();
  readonly loops: Loop[] = [];

  constructor(
    readonly program: ProgramState,
    private readonly rules: Readonly<Record<string, StatementRule>>,
  ) {
    const { choices, target, isExact } = program;
    this.choices = choices;
    this.target = target;
    this.isExact = isExact;
    const rank = choices.weighted({ 1: 4, 2: 5, 3: 1 });
    this.grid = Array.from({ length: Number(rank) }, () => choices.integer(1, 3));
    const threads = Math.max(Number(choices.weighted(THREADS)), target.warp_size);
    this.threads = Math.min(threads, target.threads_per_block);
  }

  finish(name: string, body: readonly Statement[]): Kernel {
    const { grid, threads, tensors, tiles } = this;
    return { name, grid, threads, sizes: [], tensors, tiles, body };
  }

  /** Adds one statement, or what belongs together, at a place of the given kind. */
  generateOne(body: Statement[], place: 'weight' | 'inLoop' | 'inBranch'): void {
    const isDeep = this.loops.length >= DEEPEST;
    const rules = Object.entries(this.rules).filter(
      ([name]) => !(isDeep && (name === 'loop' || name === 'gemm')),
    );
    const weights = Object.fromEntries(rules.map(([name, rule]) => [name, rule[place]]));
    this.rules[this.choices.weighted(weights)].generate(this, body);
  }

  name(prefix: string): string {
    return `${prefix}${this.program.counter++}`;
  }

  elementType(): string {
    return this.choices.weighted(elementTypes(this.target));
  }

  /** One of the types of the target that is a float. */
  floatType(): string {
    const types = Object.entries(elementTypes(this.target)).filter(([type]) => isFloat(type));
    return this.choices.weighted(Object.fromEntries(types));
  }

  shape(): number[] {
    const { choices } = this;
    const extent = (): number => choices.pick(choices.chance(0.7) ? USUAL_EXTENTS : ODD_EXTENTS);
    const rank = choices.weighted({ 1: 3, 2: 7, 3: 1 });
    if (rank === '1')
      return [choices.chance(0.6) ? 2 ** choices.integer(3, 10) : choices.integer(1, 600)];
    return rank === '2' ? [extent(), extent()] : [choices.integer(2, 4), 16, extent()];
  }

  newTile(shape: readonly number[] = this.shape(), like: Partial<Tile> = {}): Tile {
    const tile: Tile = {
      name: this.name('t'),
      shape,
      type: like.type ?? this.elementType(),
      scope: like.scope ?? this.choices.pick(['shared', 'fragment'] as const),
      ...(like.alias === undefined ? {} : { alias: like.alias }),
    };
    this.tiles.push(tile);
    return tile;
  }

  newTensor(prefix: string, shape: readonly number[], type: string): Tensor {
    const tensor: Tensor = { name: this.name(prefix), shape, type };
    this.tensors.push(tensor);
    return tensor;
  }

  /** Tensors that may be read: inputs of this kernel, and now and then results of earlier ones. */
  readable(): Tensor[] {
    const all = new Set([...this.tensors, ...this.program.results.keys()]);
    return [...all].filter((tensor) => !this.outputs.has(tensor));
  }

  /** Makes a tensor of an earlier kernel an argument of this one. */
  use(tensor: Tensor): void {
    if (!this.tensors.includes(tensor)) this.tensors.push(tensor);
  }

  contents(tensor: Tensor): Range {
    return this.program.results.get(tensor) ?? (isFloat(tensor.type) ? FLOAT_INPUT : INTEGER_INPUT);
  }

  /** The tile that has the storage. */
  rootOf(tile: Tile): Tile {
    const { alias } = tile;
    return alias === undefined ? tile : this.rootOf(this.tiles.find((t) => t.name === alias.of)!);
  }

  isSameStorage(a: Tile, b: Tile): boolean {
    return this.rootOf(a) === this.rootOf(b);
  }

  define(tile: Tile, range: Range): void {
    const root = this.rootOf(tile);
    for (const other of this.tiles) {
      if (this.rootOf(other) !== root) continue;
      if (other.type === tile.type) this.defined.set(other, range);
      else if (isFloat(tile.type) && !isFloat(other.type)) this.defined.delete(other);
      else this.defined.set(other, UNKNOWN);
    }
  }

  /** Nothing is known of what tiles hold, but that they hold something. */
  forget(): void {
    for (const tile of [...this.defined.keys()]) this.defined.set(tile, UNKNOWN);
  }

  definedTile(isWanted: (tile: Tile) => boolean = () => true): Tile | undefined {
    const tiles = [...this.defined.keys()].filter(isWanted);
    return tiles.length === 0 ? undefined : this.choices.pick(tiles);
  }

  isWritable(tile: Tile): boolean {
    return !this.frozen.has(this.rootOf(tile));
  }

  /** A tile that holds something and may be overwritten. */
  writableTile(isWanted: (tile: Tile) => boolean = () => true): Tile | undefined {
    return this.definedTile((tile) => this.isWritable(tile) && isWanted(tile));
  }

  gridExtent(variable: string): number | undefined {
    return this.grid[BLOCK_INDICES.indexOf(variable)];
  }

  /** How often the place under way is run by a block, at most. */
  trips(): number {
    return this.loops.reduce((product, { trips }) => product * Math.max(1, trips), 1);
  }

  blocks(): number {
    return this.grid.reduce((product, extent) => product * extent, 1);
  }

  /** Whether a value of a range has a meaning as another type. */
  fits(range: Range, from: string, to: string): boolean {
    if (isUnsigned(to)) return from === to;
    return isFloat(to) || !isFloat(from) || (this.isExact && range.max < 2 ** 6);
  }
}

/** What a place of a program may hold, with how often: outermost, in loops, in branches. */
export interface StatementRule {
  readonly weight: number;
  readonly inLoop: number;
  readonly inBranch: number;
  readonly generate: (kernel: KernelBuilder, body: Statement[]) => void;
}
