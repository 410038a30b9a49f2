/** Random valid tile programs: everything that is read was written, blocks write apart, and sums are exact where asked. */

import { Choices } from './choices.js';
import {
  BLOCK_INDICES,
  type IndexExpression,
  type Place,
  type Program,
  type Statement,
  type Tensor,
  type Tile,
} from './program.js';
import { BodyWriter } from './scalar-body.js';

/** What is known of a tile's elements: multiples of 2^unit, at most `max` in size. */
interface Range {
  readonly max: number;
  readonly unit: number;
}

/** Inputs are multiples of a half up to this size (see drawExact). */
const INPUT: Range = { max: 2, unit: -1 };
const UNKNOWN: Range = { max: Infinity, unit: 0 };
/** Sums are exact in any order where they have at most this many bits. */
const EXACT_BITS = 24;

const ELEMENT_TYPES = { f16: 5, bf16: 3, f32: 6, i32: 3, i8: 2, i16: 1, f64: 1, i64: 1 };
const THREADS = { 32: 1, 64: 3, 128: 6, 256: 3, 512: 1 };

export interface GenerateOptions {
  /** Threads of one warp. */
  readonly warpSize: number;
}

export function generateProgram(seed: number, options: GenerateOptions): Program {
  return new Generator(seed, options).generate();
}

interface Loop {
  readonly variable: string;
  readonly from: number;
  readonly to: number;
  readonly trips: number;
}

class Generator {
  private readonly choices: Choices;
  private readonly isExact: boolean;
  private readonly grid: number[];
  private readonly threads: number;
  private readonly tensors: Tensor[] = [];
  private readonly tiles: Tile[] = [];
  /** Tiles with defined contents at the place under way. */
  private readonly defined = new Map<Tile, Range>();
  /** Accumulators: what they hold belongs to matrix instructions. */
  private readonly outputs = new Set<Tensor>();
  private readonly loops: Loop[] = [];
  private counter = 0;

  constructor(seed: number, { warpSize }: GenerateOptions) {
    const choices = (this.choices = new Choices(seed));
    this.isExact = choices.chance(0.8);
    const rank = choices.weighted({ 1: 4, 2: 5, 3: 1 });
    this.grid = Array.from({ length: Number(rank) }, () => choices.integer(1, 3));
    this.threads = Math.max(Number(choices.weighted(THREADS)), warpSize);
  }

  generate(): Program {
    const { choices } = this;
    const body: Statement[] = [];
    if (this.grid.length === 2 && choices.chance(0.2)) {
      const order = choices.pick(['row', 'column'] as const);
      body.push({ kind: 'rasterize', order, panel: choices.integer(1, 4) });
    }
    const phases = choices.integer(1, 4);
    for (let i = 0; i < phases; i++) this.phase(body);
    if (this.defined.size === 0) this.load(body, this.newTile());
    const stored = [...this.defined.keys()].filter(() => choices.chance(0.6));
    for (const tile of stored.length > 0 ? stored : [...this.defined.keys()].slice(-1))
      this.storeOutput(body, tile);
    const { grid, threads, tensors, tiles, isExact } = this;
    return { grid, threads, tensors, tiles, body, isExact };
  }

  private name(prefix: string): string {
    return `${prefix}${this.counter++}`;
  }

  // Tiles and tensors.

  private shape(): number[] {
    const { choices } = this;
    const extent = (): number =>
      choices.chance(0.7)
        ? choices.pick([8, 16, 32, 48, 64, 96, 128])
        : choices.pick([1, 3, 5, 7, 12, 20, 33, 40, 65, 100]);
    const rank = choices.weighted({ 1: 3, 2: 7, 3: 1 });
    if (rank === '1')
      return [choices.chance(0.6) ? 2 ** choices.integer(3, 10) : choices.integer(1, 600)];
    return rank === '2' ? [extent(), extent()] : [choices.integer(2, 4), 16, extent()];
  }

  private newTile(shape?: readonly number[], like: Partial<Tile> = {}): Tile {
    const { choices } = this;
    const tile: Tile = {
      name: this.name('t'),
      shape: shape ?? this.shape(),
      type: like.type ?? choices.weighted(ELEMENT_TYPES),
      scope: like.scope ?? choices.pick(['shared', 'fragment'] as const),
    };
    this.tiles.push(tile);
    return tile;
  }

  private newTensor(prefix: string, shape: readonly number[], type: string): Tensor {
    const tensor: Tensor = { name: this.name(prefix), shape, type };
    this.tensors.push(tensor);
    return tensor;
  }

  private define(tile: Tile, range: Range): void {
    this.defined.set(tile, range);
  }

  // Statements.

  private phase(body: Statement[]): void {
    switch (
      this.choices.weighted({
        load: 3,
        gemm: 4,
        parallel: 4,
        convert: 3,
        loop: 3,
        fill: 1,
        branch: 1,
      })
    ) {
      case 'load':
        return void this.load(body, this.newTile());
      case 'gemm':
        return this.gemmLoop(body);
      case 'parallel':
        return this.parallel(body);
      case 'convert':
        return this.convert(body);
      case 'loop':
        return this.loop(body);
      case 'fill':
        return this.fill(body, this.newTile());
      default:
        return this.branch(body);
    }
  }

  private fill(body: Statement[], tile: Tile): void {
    if (this.choices.chance(0.5)) {
      body.push({ kind: 'clear', tile: tile.name });
      this.define(tile, { max: 0, unit: 0 });
    } else {
      const value = this.choices.integer(1, 3);
      body.push({ kind: 'fill', tile: tile.name, value });
      this.define(tile, { max: value, unit: 0 });
    }
  }

  /** An index for a dimension of a tensor of which a tile takes `extent`; `step` is how far a loop's variable moves. */
  private origin(dimension: number, rank: number, extent: number): IndexExpression {
    const { choices } = this;
    const terms: { variable: string; coefficient: number }[] = [];
    const block = rank - 1 - dimension;
    if (block < this.grid.length && choices.chance(0.7))
      terms.push({ variable: BLOCK_INDICES[block], coefficient: extent });
    const loop = this.loops[this.loops.length - 1];
    if (loop !== undefined && choices.chance(0.6))
      terms.push({ variable: loop.variable, coefficient: choices.pick([1, 1, 2, 8]) });
    const constant = choices.weighted({ none: 10, more: 2, less: 1 });
    return {
      terms,
      constant:
        constant === 'none'
          ? 0
          : constant === 'more'
            ? choices.pick([1, 2, 4, 8, extent])
            : -choices.integer(1, 8),
    };
  }

  /** A tensor about as large as what is read of it, now and then smaller. */
  private inputFor(tile: Tile, origins: readonly IndexExpression[], type: string): Tensor {
    const { choices } = this;
    const shape = tile.shape.map((extent, i) => {
      const reach = origins[i].terms.reduce((sum, { variable, coefficient }) => {
        const loop = this.loops.find((each) => each.variable === variable);
        const grid = this.grid[BLOCK_INDICES.indexOf(variable)];
        return sum + coefficient * (loop === undefined ? (grid ?? 1) - 1 : Math.max(loop.to, 0));
      }, origins[i].constant + extent);
      const exact = Math.max(1, reach);
      if (choices.chance(0.55)) return exact;
      return Math.max(1, exact + choices.integer(-Math.min(exact - 1, 13), 7));
    });
    return this.newTensor('A', shape, type);
  }

  private load(body: Statement[], tile: Tile, type = tile.type): Tensor {
    const { choices } = this;
    const isConverted = choices.chance(0.2);
    const from = isConverted ? choices.weighted(ELEMENT_TYPES) : type;
    const origins = tile.shape.map((extent, i) => this.origin(i, tile.shape.length, extent));
    const known = this.tensors.find(
      (tensor) =>
        !this.outputs.has(tensor) &&
        tensor.shape.length === tile.shape.length &&
        tensor.type === from &&
        choices.chance(0.2),
    );
    const tensor = known ?? this.inputFor(tile, origins, from);
    let place: Place = { of: tensor.name, indices: origins };
    if (choices.chance(0.1) && known === undefined) {
      // A tensor of one dimension more, of which the tile takes a part with a fixed index.
      const leading = choices.integer(2, 3);
      const larger = { ...tensor, shape: [leading, ...tensor.shape] };
      this.tensors[this.tensors.length - 1] = larger;
      const first = { terms: [], constant: choices.integer(0, leading - 1) };
      place = { of: tensor.name, indices: [first, ...origins] };
    } else if (origins.every(({ terms, constant }) => terms.length === 0 && constant === 0))
      place = choices.chance(0.5) ? { of: tensor.name } : place;
    body.push({ kind: 'copy', from: place, to: { of: tile.name } });
    this.define(tile, from.startsWith('i') ? { max: 7, unit: 0 } : INPUT);
    return tensor;
  }

  private convert(body: Statement[]): void {
    const source = this.definedTile() ?? this.newTile();
    if (!this.defined.has(source)) this.load(body, source);
    const range = this.defined.get(source)!;
    const toInteger = this.isExact && this.choices.chance(0.2) && range.max < 100;
    const type = toInteger
      ? this.choices.pick(['i8', 'i32'])
      : this.choices.chance(0.5)
        ? source.type
        : this.choices.pick(['f16', 'bf16', 'f32']);
    const destination = this.newTile(source.shape, { type });
    body.push({ kind: 'copy', from: { of: source.name }, to: { of: destination.name } });
    this.define(destination, range);
  }

  private definedTile(isWanted: (tile: Tile) => boolean = () => true): Tile | undefined {
    const tiles = [...this.defined.keys()].filter(isWanted);
    return tiles.length === 0 ? undefined : this.choices.pick(tiles);
  }

  private parallel(body: Statement[]): void {
    const { choices } = this;
    const base = this.definedTile() ?? this.newTile();
    if (!this.defined.has(base)) this.load(body, base);
    const extents = base.shape;
    const sameShape = [...this.defined.keys()].filter(
      ({ shape }) => `${shape}` === `${extents}` && choices.chance(0.7),
    );
    const aligned = sameShape.includes(base) ? sameShape : [base, ...sameShape];
    if (extents.length === 2 && choices.chance(0.3)) {
      const row = this.newTile([choices.pick(extents)]);
      this.load(body, row);
    }
    const target = choices.chance(0.6)
      ? choices.pick(aligned)
      : this.newTile(extents, choices.chance(0.5) ? { type: 'f32' } : {});
    const tensors =
      extents.length <= 2 && choices.chance(0.3)
        ? [
            this.newTensor(
              'N',
              extents
                .map((extent) => extent + choices.integer(-2, 6))
                .map((extent) => Math.max(1, extent)),
              choices.pick(['f16', 'f32', 'i32']),
            ),
          ]
        : [];
    const defined = [...this.defined.keys()];
    const writer = new BodyWriter(choices, {
      extents,
      aligned,
      broadcast: defined.filter(
        (tile) =>
          tile.shape.length === 1 &&
          extents.length > 1 &&
          extents.includes(tile.shape[0]) &&
          tile !== target,
      ),
      neighbours: defined.filter(
        (tile) => tile.scope === 'shared' && tile !== target && tile.shape.length <= extents.length,
      ),
      tensors,
      target,
      isExact: this.isExact,
    });
    body.push({ kind: 'parallel', extents, body: writer.write() });
    this.define(target, UNKNOWN);
  }

  private loopBounds(step: number): { from: number; to: number; trips: number } {
    const { choices } = this;
    const trips = choices.weighted({ 0: 1, 1: 2, 2: 3, 3: 3, 4: 2, 5: 2, 7: 1 });
    const from = choices.chance(0.8) ? 0 : step * choices.integer(1, 2);
    const ragged =
      choices.chance(0.2) && step > 1 && trips !== '0' ? choices.integer(0, step - 1) : 0;
    return { from, to: from + Number(trips) * step - ragged, trips: Number(trips) };
  }

  /** Runs `build` inside of a loop; tiles that only the loop defines are not defined after it. */
  private inLoop(
    body: Statement[],
    step: number,
    build: (inner: Statement[], loop: Loop) => void,
    form = this.choices.weighted({ pipelined: 3, for: 1 }),
  ): void {
    const bounds = this.loopBounds(step);
    const loop: Loop = { variable: this.name('k'), ...bounds };
    const before = new Map(this.defined);
    const inner: Statement[] = [];
    this.loops.push(loop);
    build(inner, loop);
    this.loops.pop();
    for (const tile of this.defined.keys())
      if (!before.has(tile) && loop.trips === 0) this.defined.delete(tile);
    const stages = this.choices.integer(1, 4);
    const { variable, from, to } = loop;
    body.push({ kind: 'loop', form, variable, from, to, step, stages, body: inner });
  }

  private loop(body: Statement[]): void {
    const { choices } = this;
    // What a loop changes, its next iteration reads: nothing is known of it.
    const isNested = this.loops.length > 0;
    this.inLoop(body, choices.pick([1, 1, 4, 16, 32]), (inner) => {
      for (const tile of [...this.defined.keys()]) this.defined.set(tile, UNKNOWN);
      const count = choices.integer(1, 3);
      for (let i = 0; i < count; i++) {
        const kind = choices.weighted({
          load: 4,
          parallel: 4,
          convert: 2,
          loop: isNested ? 0 : 2,
          gemm: isNested ? 0 : 2,
        });
        if (kind === 'load') this.load(inner, this.definedTile() ?? this.newTile());
        else if (kind === 'parallel') this.parallel(inner);
        else if (kind === 'convert') this.convert(inner);
        else if (kind === 'gemm') this.gemmLoop(inner);
        else this.loop(inner);
      }
    });
    for (const tile of [...this.defined.keys()]) this.defined.set(tile, UNKNOWN);
  }

  private branch(body: Statement[]): void {
    const target = this.definedTile() ?? this.newTile();
    if (!this.defined.has(target)) this.load(body, target);
    const inner: Statement[] = [];
    const before = new Map(this.defined);
    if (this.choices.chance(0.5)) this.fill(inner, target);
    else this.parallel(inner);
    for (const tile of [...this.defined.keys()]) if (!before.has(tile)) this.defined.delete(tile);
    for (const tile of this.defined.keys()) this.defined.set(tile, UNKNOWN);
    const variable = BLOCK_INDICES[this.choices.integer(0, this.grid.length - 1)];
    body.push({ kind: 'if', variable, bound: this.choices.integer(0, 2), body: inner });
  }

  /** A loop of copies and a matrix product, with variations. */
  private gemmLoop(body: Statement[]): void {
    const { choices } = this;
    const type = choices.pick(['f16', 'f16', 'bf16']);
    const m = choices.pick([16, 32, 48, 64, 64, 96, 128, 128]);
    const n = choices.pick([8, 16, 24, 32, 64, 64, 128, 128]);
    const k = choices.pick([16, 16, 32, 32, 64]);
    const [transposeA, transposeB] = [choices.chance(0.3), choices.chance(0.3)];
    const swap = ([a, b]: number[], isSwapped: boolean): number[] => (isSwapped ? [b, a] : [a, b]);
    const inRegisters = !transposeA && choices.chance(0.15);
    const a = this.newTile(swap([m, k], transposeA), {
      type,
      scope: inRegisters ? 'fragment' : 'shared',
    });
    const b = this.newTile(swap([k, n], transposeB), { type, scope: 'shared' });
    const known = this.definedTile(
      ({ shape, scope, type: element }) =>
        `${shape}` === `${[m, n]}` && scope === 'fragment' && element === 'f32',
    );
    const c = known ?? this.newTile([m, n], { type: 'f32', scope: 'fragment' });
    if (known === undefined) {
      if (choices.chance(0.8)) this.fill(body, c);
      else this.load(body, c, 'f32');
    }
    const start = this.defined.get(c)!;
    const isPolicy = choices.chance(0.25);
    const policy = isPolicy ? choices.pick(['square', 'rows', 'cols'] as const) : undefined;
    let trips = 1;
    const statement: Statement = {
      kind: 'gemm',
      a: a.name,
      b: b.name,
      c: c.name,
      transposeA,
      transposeB,
      policy,
    };
    this.inLoop(
      body,
      choices.pick([k, k, k, 1]),
      (inner, loop) => {
        trips = this.loops.reduce((product, each) => product * each.trips, 1);
        const loadOperand = (tile: Tile): void => void this.load(inner, tile);
        if (choices.chance(0.15)) {
          // Through another tile, with work on the way.
          const raw = this.newTile(a.shape, {
            type,
            scope: choices.pick(['shared', 'fragment'] as const),
          });
          loadOperand(raw);
          inner.push({ kind: 'copy', from: { of: raw.name }, to: { of: a.name } });
          this.define(a, this.defined.get(raw)!);
        } else loadOperand(a);
        loadOperand(b);
        const [rangeA, rangeB] = [this.defined.get(a)!, this.defined.get(b)!];
        const max = start.max + rangeA.max * rangeB.max * k * Math.max(1, loop.trips, trips);
        const unit = Math.min(start.unit, rangeA.unit + rangeB.unit);
        if (this.isExact && !(Math.log2(max) - unit <= EXACT_BITS)) return;
        inner.push(statement);
        if (choices.chance(0.1)) inner.push({ kind: 'fill', tile: a.name, value: 1 });
        this.define(c, { max, unit });
      },
      choices.weighted({ pipelined: 5, for: 1 }),
    );
  }

  /** Every block writes its part of an output; the last ones less. */
  private storeOutput(body: Statement[], tile: Tile): void {
    const { choices } = this;
    const rank = tile.shape.length;
    const lead = Math.max(0, this.grid.length - rank);
    const indices: IndexExpression[] = [];
    const shape: number[] = [];
    for (let dimension = -lead; dimension < rank; dimension++) {
      const block = rank - 1 - dimension;
      const count = this.grid[block] ?? 1;
      const extent = dimension < 0 ? 1 : tile.shape[dimension];
      const isCut = dimension >= 0 && extent > 1 && choices.chance(0.45);
      const missing = isCut ? choices.integer(1, extent - 1) : 0;
      shape.push(count * extent - missing);
      const variable = BLOCK_INDICES[block];
      const terms = block < this.grid.length ? [{ variable, coefficient: extent }] : [];
      indices.push({ terms, constant: 0 });
    }
    const type = choices.chance(0.6)
      ? tile.type
      : choices.pick(['f16', 'bf16', 'f32', ...(this.isExact ? ['i32'] : [])]);
    const isSafe =
      !type.startsWith('i') || tile.type.startsWith('i') || this.defined.get(tile)!.max < 2 ** 30;
    const tensor = this.newTensor('O', shape, isSafe ? type : tile.type);
    this.outputs.add(tensor);
    body.push({ kind: 'copy', from: { of: tile.name }, to: { of: tensor.name, indices } });
  }
}
