/** Tile programs as data that can be generated, made smaller and printed. */

/** A sum of variables times constants: `4 * bx + k - 1`. */
export interface IndexExpression {
  readonly terms: readonly { readonly variable: string; readonly coefficient: number }[];
  readonly constant: number;
}

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: string;
}

export interface Tile extends Tensor {
  readonly scope: 'shared' | 'fragment';
}

/** A tile or a tensor by name; indices for tensors only. */
export interface Place {
  readonly of: string;
  readonly indices?: readonly IndexExpression[];
}

/** One operation of a parallel loop's body. */
export interface ScalarOperation {
  readonly result?: string;
  /** Type of the result, `index` included. */
  readonly type?: string;
  /** The line without the result: values as `%name`. */
  readonly text: string;
  /** Names of tiles and tensors that it accesses. */
  readonly accesses?: readonly string[];
}

export type Statement =
  | { readonly kind: 'copy'; readonly from: Place; readonly to: Place }
  | { readonly kind: 'clear'; readonly tile: string }
  | { readonly kind: 'fill'; readonly tile: string; readonly value: number }
  | {
      readonly kind: 'gemm';
      readonly a: string;
      readonly b: string;
      readonly c: string;
      readonly transposeA: boolean;
      readonly transposeB: boolean;
      readonly policy?: 'square' | 'rows' | 'cols';
    }
  | {
      readonly kind: 'parallel';
      readonly extents: readonly number[];
      readonly body: readonly ScalarOperation[];
    }
  | {
      readonly kind: 'loop';
      readonly form: 'pipelined' | 'for';
      readonly variable: string;
      readonly from: number;
      readonly to: number;
      readonly step: number;
      readonly stages: number;
      readonly body: readonly Statement[];
    }
  /** Runs its body where `variable < bound`. */
  | {
      readonly kind: 'if';
      readonly variable: string;
      readonly bound: number;
      readonly body: readonly Statement[];
    }
  /** What is left of a loop that was unwrapped. */
  | { readonly kind: 'let'; readonly variable: string; readonly value: number }
  | { readonly kind: 'rasterize'; readonly order: 'row' | 'column'; readonly panel: number };

export interface Program {
  /** Extents of the grid; its indices are called bx, by, bz. */
  readonly grid: readonly number[];
  readonly threads: number;
  readonly tensors: readonly Tensor[];
  readonly tiles: readonly Tile[];
  readonly body: readonly Statement[];
  /** Whether all sums of the program are exact in any order, so that executors must agree to the last bit. */
  readonly isExact: boolean;
}

export const BLOCK_INDICES = ['bx', 'by', 'bz'];

const isFloat = (type: string): boolean => /^b?f\d/.test(type);

/** A constant of an element type as the IR spells it. */
export function constantText(value: number, type: string): string {
  return isFloat(type) ? (Number.isInteger(value) ? `${value}.0` : `${value}`) : `${value}`;
}

function shaped(tensor: Tensor): string {
  return `${tensor.shape.join('x')}x${tensor.type}`;
}

export function tileType(tile: Tile): string {
  return `!tile.${tile.scope}<${shaped(tile)}>`;
}

export function tensorType(tensor: Tensor): string {
  return `memref<${shaped(tensor)}>`;
}

/** Every statement, the outer ones first. */
export function* allStatements(body: readonly Statement[]): Generator<Statement> {
  for (const statement of body) {
    yield statement;
    if (statement.kind === 'loop' || statement.kind === 'if') yield* allStatements(statement.body);
  }
}

/** Names of the tiles and tensors that a statement itself names. */
function namesIn(statement: Statement): string[] {
  switch (statement.kind) {
    case 'copy':
      return [statement.from.of, statement.to.of];
    case 'clear':
    case 'fill':
      return [statement.tile];
    case 'gemm':
      return [statement.a, statement.b, statement.c];
    case 'parallel':
      return statement.body.flatMap((op) => op.accesses ?? []);
    default:
      return [];
  }
}

class Renderer {
  private readonly lines: string[] = [];
  private readonly types = new Map<string, string>();
  private readonly elements = new Map<string, string>();
  private counter = 0;

  constructor(private readonly program: Program) {
    for (const tile of program.tiles) this.types.set(tile.name, tileType(tile));
    for (const tensor of program.tensors) this.types.set(tensor.name, tensorType(tensor));
    for (const each of [...program.tiles, ...program.tensors])
      this.elements.set(each.name, each.type);
  }

  render(): string {
    const { grid, threads, tensors, tiles, body } = this.program;
    const used = new Set([...allStatements(body)].flatMap(namesIn));
    const parameters = tensors
      .filter(({ name }) => used.has(name))
      .map((tensor) => `%${tensor.name}: ${tensorType(tensor)}`);
    const blocks = grid.map((_, i) => `%${BLOCK_INDICES[i]}`).join(', ');
    this.lines.push(
      `tile.kernel @fuzzed(${parameters.join(', ')})`,
      `    blocks(${blocks}) = (${grid.join(', ')}) threads(${threads}) {`,
    );
    for (const tile of tiles) {
      if (used.has(tile.name)) this.line(1, `%${tile.name} = tile.alloc : ${tileType(tile)}`);
    }
    body.forEach((statement) => this.statement(statement, 1));
    this.lines.push('}', '');
    return this.lines.join('\n');
  }

  private line(depth: number, text: string): void {
    this.lines.push('  '.repeat(depth) + text);
  }

  /** Writes what computes an index; its name. */
  private index({ terms, constant }: IndexExpression, depth: number): string {
    const name = `%at${this.counter++}`;
    const used = terms.filter(({ coefficient }) => coefficient !== 0);
    if (used.length === 0) {
      this.line(depth, `${name} = arith.constant ${constant} : index`);
      return name;
    }
    const sum = used.map(({ coefficient }, i) => `d${i} * ${coefficient}`).join(' + ');
    const dimensions = used.map((_, i) => `d${i}`).join(', ');
    const operands = used.map(({ variable }) => `%${variable}`).join(', ');
    this.line(
      depth,
      `${name} = affine.apply affine_map<(${dimensions}) -> (${sum} + ${constant})>(${operands})`,
    );
    return name;
  }

  private place({ of, indices }: Place, depth: number): string {
    if (indices === undefined) return `%${of}`;
    return `%${of}[${indices.map((index) => this.index(index, depth)).join(', ')}]`;
  }

  private statement(statement: Statement, depth: number): void {
    const type = (name: string): string => this.types.get(name)!;
    switch (statement.kind) {
      case 'copy': {
        const from = this.place(statement.from, depth);
        const to = this.place(statement.to, depth);
        const types = `${type(statement.from.of)} to ${type(statement.to.of)}`;
        return this.line(depth, `tile.copy ${from} to ${to} : ${types}`);
      }
      case 'clear':
        return this.line(depth, `tile.clear %${statement.tile} : ${type(statement.tile)}`);
      case 'fill': {
        const element = this.elements.get(statement.tile)!;
        const name = `%value${this.counter++}`;
        const value = constantText(statement.value, element);
        this.line(depth, `${name} = arith.constant ${value} : ${element}`);
        const types = `${type(statement.tile)}, ${element}`;
        return this.line(depth, `tile.fill %${statement.tile}, ${name} : ${types}`);
      }
      case 'gemm': {
        const { a, b, c, transposeA, transposeB, policy } = statement;
        const attributes = [
          ...(policy === undefined ? [] : [`policy = "${policy}"`]),
          ...(transposeA ? ['transpose_a'] : []),
          ...(transposeB ? ['transpose_b'] : []),
        ];
        const suffix = attributes.length === 0 ? '' : ` {${attributes.join(', ')}}`;
        return this.line(
          depth,
          `tile.gemm %${a}, %${b} into %${c}${suffix} : ${type(a)}, ${type(b)}, ${type(c)}`,
        );
      }
      case 'parallel': {
        const { extents, body } = statement;
        const variables = extents.map((_, i) => `%${'ijl'[i]}`).join(', ');
        this.line(depth, `tile.parallel (${variables}) in (${extents.join(', ')}) {`);
        for (const { result, text } of body)
          this.line(depth + 1, result === undefined ? text : `%${result} = ${text}`);
        return this.line(depth, '}');
      }
      case 'loop': {
        const { form, variable, from, to, step, stages, body } = statement;
        if (form === 'pipelined') {
          this.line(
            depth,
            `tile.pipelined %${variable} = ${from} to ${to} step ${step} stages(${stages}) {`,
          );
        } else {
          const bounds = [from, to, step].map((constant) =>
            this.index({ terms: [], constant }, depth),
          );
          this.line(
            depth,
            `scf.for %${variable} = ${bounds[0]} to ${bounds[1]} step ${bounds[2]} {`,
          );
        }
        body.forEach((nested) => this.statement(nested, depth + 1));
        return this.line(depth, '}');
      }
      case 'if': {
        const bound = this.index({ terms: [], constant: statement.bound }, depth);
        const condition = `%is${this.counter++}`;
        this.line(depth, `${condition} = arith.cmpi slt, %${statement.variable}, ${bound} : index`);
        this.line(depth, `scf.if ${condition} {`);
        statement.body.forEach((nested) => this.statement(nested, depth + 1));
        return this.line(depth, '}');
      }
      case 'let':
        return this.line(
          depth,
          `%${statement.variable} = arith.constant ${statement.value} : index`,
        );
      case 'rasterize':
        return this.line(depth, `tile.rasterize ${statement.order} panel(${statement.panel})`);
    }
  }
}

/** The text of a program; what no statement names is left out. */
export function renderProgram(program: Program): string {
  return new Renderer(program).render();
}
