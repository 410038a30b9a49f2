/** Prints programs as text of the tile dialect. */

import {
  allStatements,
  BLOCK_INDICES,
  bodiesOf,
  namesIn,
  type IndexExpression,
  type Kernel,
  type Place,
  type Program,
  type Statement,
  type Tensor,
  type Tile,
} from './program.js';
import { isFloat } from './element-types.js';

/** A constant of an element type as the IR spells it. */
export function constantText(value: number, type: string): string {
  return isFloat(type) ? (Number.isInteger(value) ? `${value}.0` : `${value}`) : `${value}`;
}

export function tileType({ scope, shape, type }: Tile): string {
  return `!tile.${scope}<${[...shape, type].join('x')}>`;
}

export function tensorType({ shape, type, sizes }: Tensor): string {
  const extents = shape.map((extent, i) => (sizes?.[i] === undefined ? `${extent}` : '?'));
  return `memref<${extents.join('x')}x${type}>`;
}

const attributeText = (attributes: readonly string[] = []): string =>
  attributes.length === 0 ? '' : ` {${attributes.join(', ')}}`;

/** The lists of a pipeline by hand; undefined where nothing is placed. */
function placementLists(body: readonly Statement[]): string | undefined {
  const placements = body.flatMap((statement) => statement.placements ?? []);
  if (placements.length === 0) return undefined;
  const stages = placements.map(({ stage }) => stage);
  const ranks = placements.map(
    ({ order }) => placements.filter((other) => other.order < order).length,
  );
  const isInOrder = ranks.every((rank, i) => rank === i);
  return `${isInOrder ? '' : `order([${ranks.join(', ')}]) `}stage([${stages.join(', ')}])`;
}

/** Names that a kernel's statements use, those of aliased tiles included. */
function usedNames({ body, tiles }: Kernel): Set<string> {
  const used = new Set([...allStatements(body)].flatMap(namesIn));
  for (const { name, alias } of [...tiles].reverse())
    if (alias !== undefined && used.has(name)) used.add(alias.of);
  return used;
}

class KernelRenderer {
  private readonly lines: string[] = [];
  private readonly types = new Map<string, string>();
  private readonly elements = new Map<string, string>();
  private counter = 0;

  constructor(private readonly kernel: Kernel) {
    for (const tile of kernel.tiles) this.types.set(tile.name, tileType(tile));
    for (const tensor of kernel.tensors) this.types.set(tensor.name, tensorType(tensor));
    for (const each of [...kernel.tiles, ...kernel.tensors])
      this.elements.set(each.name, each.type);
  }

  render(): string {
    const { kernel } = this;
    const used = usedNames(kernel);
    const blocks = kernel.grid.map((_, i) => `%${BLOCK_INDICES[i]}`).join(', ');
    const grid = kernel.grid.map((extent, i) => {
      const by = kernel.gridSizes?.[i];
      return by === undefined ? `${extent}` : `%${by.size} ceildiv ${by.divisor}`;
    });
    const parameters = parametersOf(kernel).map(({ text }) => text);
    this.lines.push(
      `tile.kernel @${kernel.name}(${parameters.join(', ')})`,
      `    blocks(${blocks}) = (${grid.join(', ')}) threads(${kernel.threads}) {`,
    );
    for (const { name, facts } of kernel.sizes)
      if (facts.length > 0)
        this.line(1, `tile.assume affine_set<(d0) : (${facts.join(', ')})>(%${name})`);
    for (const tile of kernel.tiles) if (used.has(tile.name)) this.allocation(tile);
    kernel.body.forEach((statement) => this.statement(statement, 1));
    this.lines.push('}', '');
    return this.lines.join('\n');
  }

  private allocation(tile: Tile): void {
    const { name, alias, layout } = tile;
    const type = tileType(tile);
    this.line(
      1,
      alias === undefined
        ? `%${name} = tile.alloc : ${type}`
        : `%${name} = tile.${alias.form} %${alias.of} : ${this.types.get(alias.of)!} to ${type}`,
    );
    if (layout !== undefined) this.line(1, `tile.annotate_layout %${name}, ${layout} : ${type}`);
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

  private constant(value: number, depth: number): string {
    return this.index({ terms: [], constant: value }, depth);
  }

  private place({ of, indices }: Place, depth: number): string {
    if (indices === undefined) return `%${of}`;
    return `%${of}[${indices.map((index) => this.index(index, depth)).join(', ')}]`;
  }

  private body(statements: readonly Statement[], depth: number): void {
    statements.forEach((each) => this.statement(each, depth));
  }

  private statement(statement: Statement, depth: number): void {
    const type = (name: string): string => this.types.get(name)!;
    switch (statement.kind) {
      case 'copy': {
        const from = this.place(statement.from, depth);
        const to = this.place(statement.to, depth);
        const types = `${type(statement.from.of)} to ${type(statement.to.of)}`;
        const dims = statement.dims === undefined ? '' : ` dims(${statement.dims.join(', ')})`;
        const attributes = attributeText(statement.attributes);
        return this.line(depth, `tile.copy ${from} to ${to}${dims}${attributes} : ${types}`);
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
        const { a, b, c, attributes } = statement;
        return this.line(
          depth,
          `tile.gemm %${a}, %${b} into %${c}${attributeText(attributes)} : ${type(a)}, ${type(b)}, ${type(c)}`,
        );
      }
      case 'combine': {
        const { form, operation, from, to, dim, attributes } = statement;
        return this.line(
          depth,
          `tile.${form} ${operation} %${from} to %${to} dim(${dim})${attributeText(attributes)} : ${type(from)} to ${type(to)}`,
        );
      }
      case 'transpose': {
        const { from, to, permutation } = statement;
        const order =
          permutation === undefined ? '' : ` {permutation = array<i64: ${permutation.join(', ')}>}`;
        return this.line(
          depth,
          `tile.transpose %${from} to %${to}${order} : ${type(from)} to ${type(to)}`,
        );
      }
      case 'atomic': {
        const { operation, from, attributes } = statement;
        const to = this.place(statement.to, depth);
        return this.line(
          depth,
          `tile.atomic ${operation} %${from} into ${to}${attributeText(attributes)} : ${type(from)} into ${type(statement.to.of)}`,
        );
      }
      case 'element':
        return this.element(statement, depth);
      case 'parallel': {
        const { extents, body } = statement;
        const variables = extents.map((_, i) => `%${'ijl'[i]}`).join(', ');
        this.line(depth, `tile.parallel (${variables}) in (${extents.join(', ')}) {`);
        for (const { result, text } of body)
          this.line(depth + 1, result === undefined ? text : `%${result} = ${text}`);
        return this.line(depth, '}');
      }
      case 'loop':
        return this.loop(statement, depth);
      case 'if': {
        const bound = this.constant(statement.bound, depth);
        const condition = `%is${this.counter++}`;
        this.line(depth, `${condition} = arith.cmpi slt, %${statement.variable}, ${bound} : index`);
        const [body, otherwise] = bodiesOf(statement);
        this.line(depth, `scf.if ${condition} {`);
        this.body(body, depth + 1);
        if (otherwise !== undefined) {
          this.line(depth, '} else {');
          this.body(otherwise, depth + 1);
        }
        return this.line(depth, '}');
      }
      case 'assert': {
        const name = `%holds${this.counter++}`;
        const bound = this.constant(this.kernel.grid[0], depth);
        this.line(depth, `${name} = arith.cmpi slt, %${BLOCK_INDICES[0]}, ${bound} : index`);
        return this.line(depth, `tile.assert ${name}, "a block of the grid"`);
      }
      case 'let':
        return this.line(
          depth,
          `%${statement.variable} = arith.constant ${statement.value} : index`,
        );
      case 'rasterize':
        return this.line(depth, `tile.rasterize ${statement.order} panel(${statement.panel})`);
      case 'persistent': {
        const { blocks } = statement;
        return this.line(
          depth,
          `tile.persistent ${blocks === undefined ? 'auto' : `blocks(${blocks})`}`,
        );
      }
    }
  }

  private element(statement: Statement & { kind: 'element' }, depth: number): void {
    const name = `%element${this.counter++}`;
    const from = this.place(statement.from, depth);
    const to = this.place(statement.to, depth);
    const [fromType, toType] = [statement.from.of, statement.to.of].map((each) =>
      this.types.get(each)!,
    );
    this.line(depth, `${name} = tile.load ${from} : ${fromType}`);
    const { type } = { type: this.elements.get(statement.to.of)! };
    this.line(
      depth,
      statement.form === 'store'
        ? `tile.store ${name}, ${to} : ${toType}`
        : `tile.atomic add ${name} into ${to} : ${type} into ${toType}`,
    );
  }

  private loop(statement: Statement & { kind: 'loop' }, depth: number): void {
    const { form, variable, from, to, step, stages, size, body } = statement;
    if (form === 'pipelined') {
      const upper = size === undefined ? to : `%${size}`;
      this.line(
        depth,
        `tile.pipelined %${variable} = ${from} to ${upper} step ${step} ${placementLists(body) ?? `stages(${stages})`} {`,
      );
      this.body(body, depth + 1);
      return this.line(depth, '}');
    }
    const lower = this.constant(from, depth);
    const upper = size === undefined ? this.constant(to, depth) : `%${size}`;
    const by = this.constant(step, depth);
    if (form === 'for') {
      this.line(depth, `scf.for %${variable} = ${lower} to ${upper} step ${by} {`);
      this.body(body, depth + 1);
      return this.line(depth, '}');
    }
    const number = this.counter++;
    this.line(depth, `%end${number} = scf.while (%${variable} = ${lower}) : (index) -> index {`);
    this.line(depth + 1, `%more${number} = arith.cmpi slt, %${variable}, ${upper} : index`);
    this.line(depth + 1, `scf.condition(%more${number}) %${variable} : index`);
    this.line(depth, '} do {');
    this.line(depth, `^bb0(%${variable}: index):`);
    this.body(body, depth + 1);
    this.line(depth + 1, `%next${number} = arith.addi %${variable}, ${by} : index`);
    this.line(depth + 1, `scf.yield %next${number} : index`);
    return this.line(depth, '}');
  }
}

interface Parameter {
  readonly name: string;
  readonly type: string;
  /** As the kernel declares it. */
  readonly text: string;
}

/** A kernel's arguments: extents that are used, then tensors that are used. */
function parametersOf(kernel: Kernel): Parameter[] {
  const used = usedNames(kernel);
  const sizes = kernel.sizes.map(({ name }): Parameter => ({
    name,
    type: 'index',
    text: `%${name}: index`,
  }));
  const tensors = kernel.tensors
    .filter(({ name }) => used.has(name))
    .map((tensor): Parameter => {
      const type = tensorType(tensor);
      // Extents without a name come first: those with one are listed from the first '?' on.
      const names = (tensor.sizes ?? []).filter((size) => size !== undefined);
      const listed = names.every((size) => size === '')
        ? ''
        : ` sizes(${names.map((size) => `%${size}`).join(', ')})`;
      return { name: tensor.name, type, text: `%${tensor.name}: ${type}${listed}` };
    });
  return [...sizes, ...tensors];
}

/** The function on the host that runs several kernels in order. */
function renderHost(kernels: readonly Kernel[]): string {
  const parameters = kernels.map(parametersOf);
  const all = new Map(parameters.flat().map(({ name, type }) => [name, type]));
  const declared = [...all].map(([name, type]) => `%${name}: ${type}`).join(', ');
  const launches = kernels.map(({ name }, i) => {
    const names = parameters[i].map((each) => `%${each.name}`).join(', ');
    const types = parameters[i].map(({ type }) => type).join(', ');
    return `  tile.launch @${name}(${names})${types === '' ? '' : ` : ${types}`}`;
  });
  return [`func.func @host(${declared}) {`, ...launches, '  return', '}', ''].join('\n');
}

/** The text of a program; what no statement names is left out. */
export function renderProgram({ kernels }: Program): string {
  const texts = kernels.map((kernel) => new KernelRenderer(kernel).render());
  return [...texts, ...(kernels.length > 1 ? [renderHost(kernels)] : [])].join('\n');
}
