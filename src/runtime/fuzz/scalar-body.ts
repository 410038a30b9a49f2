/** Random bodies of parallel loops: loads, arithmetic, conditions, stores. */

import type { Choices } from './choices.js';
import type { ScalarOperation, Tensor, Tile } from './program.js';
import { bitsOf, isFloat } from './element-types.js';
import { constantText, tensorType, tileType } from './render.js';

/** What a body may load from, and where its result goes. */
export interface BodyRequest {
  readonly extents: readonly number[];
  /** Tiles whose element at the loop's own indices is loaded. */
  readonly aligned: readonly Tile[];
  /** Tiles of one dimension: loaded at the last index. */
  readonly broadcast: readonly Tile[];
  /** Shared tiles of any shape of the same rank, whose elements elsewhere may be read: the loop does not write them. */
  readonly neighbours: readonly Tile[];
  /** Tensors that may be read anywhere, outside of them too. */
  readonly tensors: readonly Tensor[];
  /** Arrays of each thread, all of them written. */
  readonly locals: readonly Tile[];
  readonly target: Tile;
  /** Whether comparisons and conversions to integers are allowed: small differences would become large ones. */
  readonly isExact: boolean;
}

const FLOAT_BINARY = ['addf', 'subf', 'mulf', 'maximumf', 'minimumf', 'maxnumf', 'minnumf'];
const INTEGER_BINARY = ['addi', 'subi', 'muli', 'andi', 'ori', 'xori', 'minsi', 'maxsi'];
const FLOAT_PREDICATES = ['oeq', 'ogt', 'oge', 'olt', 'ole', 'one', 'ult', 'uge', 'une'];
const INTEGER_PREDICATES = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge', 'ult', 'uge'];

/** The shape of an array of each thread; none of its dimensions is a variable. */
export function localShape(choices: Choices): number[] {
  const rank = Number(choices.weighted({ 0: 2, 1: 5, 2: 2 }));
  return Array.from({ length: rank }, () => choices.integer(1, 5));
}

export class BodyWriter {
  private readonly operations: ScalarOperation[] = [];
  /** Values made so far by type. */
  private readonly values = new Map<string, string[]>();
  /** Arrays of an iteration. */
  private readonly own: Tile[] = [];
  private counter = 0;

  constructor(
    private readonly choices: Choices,
    private readonly request: BodyRequest,
  ) {
    this.values.set(
      'index',
      request.extents.map((_, i) => 'ijl'[i]),
    );
  }

  write(): ScalarOperation[] {
    const { choices, request } = this;
    const loads = choices.integer(1, 3);
    for (let i = 0; i < loads; i++) this.load();
    const steps = choices.integer(0, 6);
    for (let i = 0; i < steps; i++) this.step();
    const result = this.converted(this.anyValue(), request.target.type);
    const place = request.extents.map((_, i) => `%${'ijl'[i]}`).join(', ');
    const { target } = request;
    const store = `tile.store %${result}, %${target.name}[${place}] : ${tileType(target)}`;
    if (choices.chance(0.15) && request.aligned.includes(target)) {
      const condition = this.comparison('index', choices.pick(this.values.get('index')!));
      this.operations.push({
        text: `scf.if %${condition} {\n      ${store}\n    }`,
        accesses: [target.name],
      });
    } else this.operations.push({ text: store, accesses: [target.name] });
    return this.operations;
  }

  private add(type: string, text: string, accesses: readonly string[] = []): string {
    const result = `v${this.counter++}`;
    this.operations.push({ result, type, text, accesses });
    const known = this.values.get(type) ?? [];
    known.push(result);
    this.values.set(type, known);
    return result;
  }

  private constant(value: number, type: string): string {
    const text = type === 'index' ? `${value}` : constantText(value, type);
    const result = `v${this.counter++}`;
    this.operations.push({ result, type, text: `arith.constant ${text} : ${type}` });
    return result;
  }

  private anyValue(): { name: string; type: string } {
    const types = [...this.values.keys()].filter((type) => type !== 'index' && type !== 'i1');
    if (types.length === 0) {
      const { type } = this.request.target;
      return { name: this.constant(2, type), type };
    }
    const type = this.choices.pick(types);
    return { name: this.choices.pick(this.values.get(type)!), type };
  }

  private load(): void {
    const { choices, request } = this;
    const own = request.extents.map((_, i) => `%${'ijl'[i]}`);
    const kind = choices.weighted({ aligned: 6, broadcast: 2, neighbour: 2, tensor: 2 });
    if (kind === 'broadcast' && request.broadcast.length > 0) {
      const tile = choices.pick(request.broadcast);
      const at = own.find((_, i) => request.extents[i] === tile.shape[0])!;
      this.add(tile.type, `tile.load %${tile.name}[${at}] : ${tileType(tile)}`, [tile.name]);
    } else if (kind === 'neighbour' && request.neighbours.length > 0) {
      const tile = choices.pick(request.neighbours);
      const indices = tile.shape.map((extent, i) => `%${this.neighbour(i, extent)}`);
      this.add(tile.type, `tile.load %${tile.name}[${indices.join(', ')}] : ${tileType(tile)}`, [
        tile.name,
      ]);
    } else if (kind === 'tensor' && request.tensors.length > 0) {
      const tensor = choices.pick(request.tensors);
      const indices = tensor.shape.map((_, i) => `%${this.shifted(i)}`);
      this.add(
        tensor.type,
        `tile.load %${tensor.name}[${indices.join(', ')}] : ${tensorType(tensor)}`,
        [tensor.name],
      );
    } else if (request.aligned.length > 0) {
      const tile = choices.pick(request.aligned);
      this.add(tile.type, `tile.load %${tile.name}[${own.join(', ')}] : ${tileType(tile)}`, [
        tile.name,
      ]);
    }
  }

  /** An index within `extent`, away from the loop's own. */
  private neighbour(dimension: number, extent: number): string {
    const own = 'ijl'[dimension % this.request.extents.length];
    const { choices } = this;
    const shift = this.constant(choices.integer(0, Math.min(extent, 9)), 'index');
    const sum = this.add('index', `arith.addi %${own}, %${shift} : index`);
    const bound = this.constant(extent, 'index');
    if (choices.chance(0.5)) return this.add('index', `arith.remui %${sum}, %${bound} : index`);
    const last = this.constant(extent - 1, 'index');
    return this.add('index', `arith.minsi %${sum}, %${last} : index`);
  }

  /** An index that may lie outside of a tensor, on either side. */
  private shifted(dimension: number): string {
    const own = 'ijl'[dimension % this.request.extents.length];
    if (this.choices.chance(0.4)) return own;
    const shift = this.constant(this.choices.integer(-3, 9), 'index');
    return this.add('index', `arith.addi %${own}, %${shift} : index`);
  }

  private comparison(type: string, value: string): string {
    const { choices } = this;
    const others = this.values.get(type)!;
    const bound =
      choices.chance(0.5) && others.length > 1
        ? choices.pick(others)
        : this.constant(choices.integer(0, type === 'index' ? 40 : 3), type);
    return isFloat(type)
      ? this.add(
          'i1',
          `arith.cmpf ${choices.pick(FLOAT_PREDICATES)}, %${value}, %${bound} : ${type}`,
        )
      : this.add(
          'i1',
          `arith.cmpi ${choices.pick(INTEGER_PREDICATES)}, %${value}, %${bound} : ${type}`,
        );
  }

  private step(): void {
    const { choices, request } = this;
    const { name, type } = this.anyValue();
    const float = isFloat(type);
    const kind = choices.weighted({
      binary: 6,
      unary: 2,
      select: request.isExact ? 2 : 0,
      branch: request.isExact ? 2 : 0,
      position: 1,
      convert: 2,
      local: request.locals.length > 0 ? 2.5 : 0.3,
      math: request.isExact ? 0 : 3,
    });
    const other = choices.chance(0.6)
      ? choices.pick(this.values.get(type)!)
      : this.constant(choices.integer(float ? -2 : 1, 3), type);
    switch (kind) {
      case 'unary':
        if (float)
          this.add(type, `${choices.pick(['arith.negf', 'math.absf'])} %${name} : ${type}`);
        else if (choices.chance(0.5)) {
          const amount = this.constant(choices.integer(0, 3), type);
          this.add(type, `arith.${choices.pick(['shli', 'shrsi'])} %${name}, %${amount} : ${type}`);
        } else {
          const divisor = this.constant(choices.integer(1, 5), type);
          this.add(
            type,
            `arith.${choices.pick(['divsi', 'remsi', 'divui', 'remui'])} %${name}, %${divisor} : ${type}`,
          );
        }
        break;
      case 'select': {
        const condition = this.comparison(type, name);
        this.add(type, `arith.select %${condition}, %${name}, %${other} : ${type}`);
        break;
      }
      case 'branch': {
        const condition = this.comparison(type, name);
        const operation = float ? 'arith.addf' : 'arith.addi';
        this.add(
          type,
          `scf.if %${condition} -> (${type}) {\n      %then = ${operation} %${name}, %${other} : ${type}\n      scf.yield %then : ${type}\n    } else {\n      scf.yield %${other} : ${type}\n    }`,
        );
        break;
      }
      case 'position': {
        const index = choices.pick(this.values.get('index')!);
        const cast = this.add('i32', `arith.index_cast %${index} : index to i32`);
        if (float && bitsOf(type) >= 32) this.add(type, `arith.sitofp %${cast} : i32 to ${type}`);
        break;
      }
      case 'convert':
        this.converted(
          { name, type },
          choices.pick(['f16', 'bf16', 'f32', ...(request.isExact ? ['i32', 'i8'] : [])]),
        );
        break;
      case 'local':
        this.local();
        break;
      case 'math':
        if (float && bitsOf(type) === 32) {
          const small = this.add(type, `math.tanh %${name} : ${type}`);
          this.add(
            type,
            `math.${choices.pick(['exp', 'exp2', 'sin', 'cos', 'erf'])} %${small} : ${type}`,
          );
        }
        break;
      default:
        this.add(
          type,
          `arith.${choices.pick(float ? FLOAT_BINARY : INTEGER_BINARY)} %${name}, %${other} : ${type}`,
        );
    }
  }

  /** An array of each thread is read, written or added to; of one from outside the iteration then has a copy. */
  private local(): void {
    const { choices, request } = this;
    if (choices.chance(request.locals.length > 0 ? 0.15 : 0.6)) this.own.push(this.ownArray());
    const arrays = [...request.locals, ...this.own];
    if (arrays.length === 0) return;
    const array = choices.pick(arrays);
    const { name, shape, type } = array;
    const accesses = request.locals.includes(array) ? [name] : [];
    const kind = choices.weighted({ load: 3, store: 3, sum: 1 });
    if (kind === 'sum') return this.sumInto(array, accesses);
    const indices = shape.map((extent, i) => `%${this.localIndex(i, extent)}`).join(', ');
    const place = `%${name}[${indices}] : ${tileType(array)}`;
    if (kind === 'load') return void this.add(type, `tile.load ${place}`, accesses);
    const value = this.converted(this.anyValue(), type);
    this.operations.push({ text: `tile.store %${value}, ${place}`, accesses });
  }

  private ownArray(): Tile {
    const { choices } = this;
    const type = choices.pick(['f32', 'f32', 'f16', 'i32', 'i8', 'f64']);
    const name = `v${this.counter++}`;
    const array: Tile = { name, shape: localShape(choices), type, scope: 'local' };
    const text = tileType(array);
    this.operations.push({ result: name, type: text, text: `tile.alloc : ${text}` });
    if (choices.chance(0.5)) this.operations.push({ text: `tile.clear %${name} : ${text}` });
    else {
      const value = this.converted(this.anyValue(), type);
      this.operations.push({ text: `tile.fill %${name}, %${value} : ${text}, ${type}` });
    }
    return array;
  }

  private localIndex(dimension: number, extent: number): string {
    const { choices } = this;
    return choices.chance(0.6)
      ? this.constant(choices.integer(0, extent - 1), 'index')
      : this.neighbour(dimension, extent);
  }

  /** A loop that adds a value to the elements of an array, or several times to the only one. */
  private sumInto(array: Tile, accesses: readonly string[]): void {
    const { name, shape, type } = array;
    const value = this.converted(this.anyValue(), type);
    const [low, high, step] = [0, shape[0] ?? 3, 1].map((bound) => this.constant(bound, 'index'));
    const rest = shape.slice(1).map((extent, i) => `%${this.localIndex(i + 1, extent)}`);
    const indices = [...(shape.length > 0 ? ['%q'] : []), ...rest].join(', ');
    const place = `%${name}[${indices}] : ${tileType(array)}`;
    const lines = [
      `scf.for %q = %${low} to %${high} step %${step} {`,
      `  %old = tile.load ${place}`,
      `  %new = ${isFloat(type) ? 'arith.addf' : 'arith.addi'} %old, %${value} : ${type}`,
      `  tile.store %new, ${place}`,
      '}',
    ];
    this.operations.push({ text: lines.join('\n    '), accesses });
  }

  private converted(value: { name: string; type: string }, to: string): string {
    const { name, type: from } = value;
    if (from === to) return name;
    const cast = (operation: string, source = name, sourceType = from): string =>
      this.add(to, `${operation} %${source} : ${sourceType} to ${to}`);
    if (isFloat(from) && isFloat(to)) {
      if (bitsOf(from) === bitsOf(to)) {
        const wide = this.add('f32', `arith.extf %${name} : ${from} to f32`);
        return cast('arith.truncf', wide, 'f32');
      }
      return cast(bitsOf(to) > bitsOf(from) ? 'arith.extf' : 'arith.truncf');
    }
    if (isFloat(to)) return cast('arith.sitofp');
    if (isFloat(from)) {
      // Values beyond the integer type have no meaning.
      const largest = bitsOf(to) > 8 ? 1000 : bitsOf(to) > 4 ? 100 : 7;
      const limit = this.constant(largest, from);
      const low = this.constant(-largest, from);
      const above = this.add(from, `arith.maxnumf %${name}, %${low} : ${from}`);
      const inside = this.add(from, `arith.minnumf %${above}, %${limit} : ${from}`);
      return cast('arith.fptosi', inside);
    }
    return cast(bitsOf(to) > bitsOf(from) ? 'arith.extsi' : 'arith.trunci');
  }
}
