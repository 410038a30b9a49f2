/**
 * Which dimensions of the tiles, loops and blocks of a kernel are one and the same, so that a new extent for one of
 * them means a new extent for all.
 */

import { TileFragmentType, TileSharedType } from '../dialects/generated/tile.js';
import { spannedDimensions } from '../dialects/tile/spanned-dimensions.js';
import {
  DenseArrayAttr,
  IntegerAttr,
  isShapedType,
  MemRefType,
  Operation,
  type Value,
} from '../ir/index.js';
import { IndexForms } from './index-form.js';

/** A tile's dimension, a parallel loop's dimension, the step of a loop, or what one block index advances by. */
export interface Slot {
  /** A tile, a loop, or a block index. */
  readonly owner: Value | Operation;
  /** Of the tile or parallel loop; 0 otherwise. */
  readonly dimension: number;
  readonly kind: 'tile' | 'parallel' | 'loop' | 'block';
}

/** A dimension of a global tensor over which tiles of a class are laid. */
export interface GlobalUse {
  readonly op: Operation;
  /** Extent of the tensor; undefined where it is known at run time only. */
  readonly extent: number | undefined;
  /** Whether the place depends on more than the class: then nothing is known of the tensor's end. */
  readonly isOffset: boolean;
}

/** Why an extent cannot change. */
export interface Obstacle {
  readonly op: Operation;
  readonly reason: string;
}

export interface TileDimension {
  readonly slots: readonly Slot[];
  /** Extent that all slots have. */
  readonly extent: number;
  readonly globals: readonly GlobalUse[];
  readonly obstacles: readonly Obstacle[];
}

export function isTileType(type: unknown): type is TileSharedType | TileFragmentType {
  return type instanceof TileSharedType || type instanceof TileFragmentType;
}

interface Node {
  parent: Node;
  readonly slot: Slot;
  readonly extent: number | undefined;
}

/** Loops whose step may be the extent of a tile. */
const LOOPS: ReadonlySet<string> = new Set(['tile.pipelined', 'tile.for', 'scf.for']);

export function isLoop(op: Operation): boolean {
  return LOOPS.has(op.name.text);
}

/** Lower bound, upper bound and step where they are known now. */
export function loopBounds(
  loop: Operation,
  forms: IndexForms,
): { readonly lower?: number; readonly upper?: number; readonly step?: number } {
  const constantOf = (value: Value): number | undefined => {
    const { constant, terms } = forms.of(value);
    return terms.size === 0 ? constant : undefined;
  };
  if (loop.name.text === 'scf.for') {
    const [lower, upper, step] = [0, 1, 2].map((i) => constantOf(loop.operand(i)));
    return { lower, upper, step };
  }
  let operand = 0;
  const bound = (name: string): number | undefined => {
    const attribute = loop.getAttribute(name);
    if (attribute instanceof IntegerAttr) return attribute.number;
    const value = operand < loop.operandCount ? loop.operand(operand++) : undefined;
    return value === undefined ? undefined : constantOf(value);
  };
  return { lower: bound('lower_bound'), upper: bound('upper_bound'), step: bound('step') };
}

/** The classes of a kernel's dimensions. */
export class TileDimensions {
  readonly forms = new IndexForms();
  private readonly nodes = new Map<Value | Operation, Node[]>();
  private readonly globals: { node: Node; use: GlobalUse }[] = [];
  private readonly obstacles: { node: Node; obstacle: Obstacle }[] = [];
  private readonly blockIndices: readonly Value[];

  constructor(readonly kernel: Operation) {
    const grid = this.grid;
    const { arguments: args } = kernel.regions[0].entryBlock;
    this.blockIndices = args.slice(args.length - grid.length);
    kernel.walk((op) => void this.visit(op), 'pre');
  }

  get grid(): readonly number[] {
    const grid = this.kernel.getAttribute('grid');
    return grid instanceof DenseArrayAttr ? grid.values : [];
  }

  /** All classes with a tile or loop in them, in the order in which they first occur. */
  all(): TileDimension[] {
    const roots = new Map<Node, TileDimension>();
    for (const nodes of this.nodes.values())
      for (const node of nodes) {
        const root = find(node);
        if (!roots.has(root)) roots.set(root, this.classOf(root));
      }
    return [...roots.values()];
  }

  /** The class of a slot; undefined for none. */
  at(owner: Value | Operation, dimension: number): TileDimension | undefined {
    const node = this.nodes.get(owner)?.[dimension];
    return node === undefined ? undefined : this.classOf(find(node));
  }

  /** The dimension of a grid that a block index numbers; -1 for other values. */
  gridDimension(value: Value): number {
    return this.blockIndices.indexOf(value);
  }

  private classOf(root: Node): TileDimension {
    const members: Node[] = [];
    for (const nodes of this.nodes.values())
      members.push(...nodes.filter((node) => find(node) === root));
    const extents = new Set(members.flatMap(({ extent }) => extent ?? []));
    const obstacles = this.obstacles
      .filter(({ node }) => find(node) === root)
      .map(({ obstacle }) => obstacle);
    if (extents.size > 1)
      obstacles.push({
        op: this.kernel,
        reason: `its parts have the extents ${[...extents].join(' and ')}`,
      });
    return {
      slots: members.map(({ slot }) => slot),
      extent: [...extents][0] ?? 0,
      globals: this.globals.filter(({ node }) => find(node) === root).map(({ use }) => use),
      obstacles,
    };
  }

  private nodesOf(owner: Value | Operation): Node[] {
    const known = this.nodes.get(owner);
    if (known !== undefined) return known;
    const make = (kind: Slot['kind'], extents: readonly (number | undefined)[]): Node[] =>
      extents.map((extent, dimension) => {
        const node = { slot: { owner, dimension, kind }, extent } as Node;
        node.parent = node;
        return node;
      });
    let nodes: Node[];
    if (!(owner instanceof Operation)) {
      nodes = isTileType(owner.type) ? make('tile', owner.type.shape) : make('block', [undefined]);
    } else if (isLoop(owner)) nodes = make('loop', [loopBounds(owner, this.forms).step]);
    else {
      const extents = owner.getAttribute('extents');
      nodes = make('parallel', extents instanceof DenseArrayAttr ? extents.values : []);
    }
    this.nodes.set(owner, nodes);
    return nodes;
  }

  private unite(a: Node | undefined, b: Node | undefined): void {
    if (a === undefined || b === undefined) return;
    const [first, second] = [find(a), find(b)];
    if (first !== second) second.parent = first;
  }

  private uniteAll(a: Value, b: Value): void {
    const [first, second] = [this.nodesOf(a), this.nodesOf(b)];
    if (first.length !== second.length) {
      this.forbid(a, a.definingOp ?? this.kernel, 'it is copied to a tile of another rank');
      this.forbid(b, b.definingOp ?? this.kernel, 'it is copied from a tile of another rank');
      return;
    }
    first.forEach((node, dimension) => this.unite(node, second[dimension]));
  }

  private forbidNode(node: Node, op: Operation, reason: string): void {
    this.obstacles.push({ node, obstacle: { op, reason } });
  }

  private forbid(owner: Value, op: Operation, reason: string): void {
    for (const node of this.nodesOf(owner)) this.forbidNode(node, op, reason);
  }

  private visit(op: Operation): void {
    switch (op.name.text) {
      case 'tile.kernel':
      case 'tile.clear':
      case 'tile.fill':
      case 'tile.rasterize':
        return;
      case 'tile.alloc':
        return this.visitAllocation(op);
      case 'tile.copy':
        return this.visitCopy(op);
      case 'tile.gemm':
        return this.visitGemm(op);
      case 'tile.reduce':
        return this.visitReduction(op);
      case 'tile.parallel':
        this.nodesOf(op);
        if (op.hasAttribute('layout'))
          for (const node of this.nodesOf(op))
            this.forbidNode(node, op, 'the loop has a layout of its own');
        return;
      case 'tile.load':
      case 'tile.store':
        return this.visitAccess(op);
      default:
        if (isLoop(op)) {
          this.nodesOf(op);
          return;
        }
        for (const value of [...op.operands, ...op.results])
          if (isTileType(value.type))
            this.forbid(value, op, `it is not known what '${op.name}' makes of another extent`);
    }
  }

  private visitAllocation(op: Operation): void {
    for (const tile of op.results) {
      if (!isTileType(tile.type)) {
        if (isShapedType(tile.type)) continue;
        continue;
      }
      this.nodesOf(tile);
      if (tile.type.layout !== undefined)
        this.forbid(tile, op, 'the tile is annotated with a layout for its extents');
    }
  }

  private visitCopy(op: Operation): void {
    const { source, sourceIndices, destination, destinationIndices } = copyParts(op);
    if (op.hasAttribute('layout')) {
      for (const tile of [source, destination])
        if (isTileType(tile.type)) this.forbid(tile, op, 'the copy has a layout of its own');
    }
    if (isTileType(source.type) && isTileType(destination.type)) {
      if (sourceIndices.length > 0 || destinationIndices.length > 0) {
        for (const tile of [source, destination])
          this.forbid(tile, op, 'a part of a tile is copied');
      } else this.uniteAll(source, destination);
      return;
    }
    const [tile, tensor, indices] = isTileType(source.type)
      ? [source, destination, destinationIndices]
      : [destination, source, sourceIndices];
    if (!isTileType(tile.type) || !(tensor.type instanceof MemRefType)) {
      for (const value of [source, destination])
        if (isTileType(value.type)) this.forbid(value, op, 'the other side of a copy is no tensor');
      return;
    }
    const { shape } = tensor.type;
    const dims = spannedDimensions(op, shape.length, tile.type.shape.length);
    this.nodesOf(tile).forEach((node, dimension) => {
      const extent = shape[dims[dimension]];
      const index = indices.length === 0 ? undefined : indices[dims[dimension]];
      this.placeAlong(node, index, op, extent >= 0 ? extent : undefined);
    });
  }

  /** Reads how a tile moves along a tensor's dimension: with a loop or with a block index. */
  private placeAlong(
    node: Node,
    index: Value | undefined,
    op: Operation,
    extent: number | undefined,
  ): void {
    const form = index === undefined ? undefined : this.forms.of(index);
    const moving = [...(form?.terms ?? [])].filter(
      ([variable, coefficient]) => this.providerOf(variable, coefficient, node) !== undefined,
    );
    if (form === undefined || moving.length !== 1) {
      const what =
        form === undefined || form.terms.size === 0
          ? 'no block index or loop moves it'
          : moving.length > 1
            ? 'several block indices or loops move it by its extent'
            : `what moves it is no block index times ${node.extent} and no loop of step ${node.extent}`;
      this.forbidNode(node, op, what);
      return;
    }
    const [[variable, coefficient]] = moving;
    this.unite(this.providerOf(variable, coefficient, node), node);
    const isOffset = form.terms.size > 1 || form.constant !== 0;
    this.globals.push({ node, use: { op, extent, isOffset } });
  }

  /** The loop or block index that advances by the node's extent where a variable does with that coefficient. */
  private providerOf(variable: Value, coefficient: number, node: Node): Node | undefined {
    if (this.gridDimension(variable) >= 0)
      return coefficient === node.extent ? this.nodesOf(variable)[0] : undefined;
    const loop = variable.parentBlock?.parentOp;
    if (!(loop instanceof Operation) || variable.definingOp !== undefined) return undefined;
    if (!isLoop(loop) || loop.regions[0].entryBlock.arguments[0] !== variable) return undefined;
    const step = this.nodesOf(loop)[0];
    return coefficient === 1 && step.extent === node.extent ? step : undefined;
  }

  private visitGemm(op: Operation): void {
    const [a, b, c] = op.operands;
    if (![a, b, c].every((tile) => isTileType(tile.type)) || op.operandCount > 3) {
      for (const tile of op.operands)
        if (isTileType(tile.type)) this.forbid(tile, op, 'the product has operands of other kinds');
      return;
    }
    const roles = gemmRoles(op);
    const [aNodes, bNodes, cNodes] = [a, b, c].map((tile) => this.nodesOf(tile));
    this.unite(aNodes[roles.a.m], cNodes[0]);
    this.unite(bNodes[roles.b.n], cNodes[1]);
    this.unite(aNodes[roles.a.k], bNodes[roles.b.k]);
  }

  private visitReduction(op: Operation): void {
    const [source, destination] = op.operands;
    const dim = (op.getAttribute('dim') as IntegerAttr).number;
    const nodes = this.nodesOf(source);
    const results = this.nodesOf(destination);
    if (nodes.length === 1) return this.forbid(destination, op, 'all is combined to one element');
    const kept = nodes.filter((_, dimension) => dimension !== dim);
    if (kept.length !== results.length) {
      for (const tile of [source, destination])
        this.forbid(tile, op, 'the result keeps the dimension that is reduced');
      return;
    }
    kept.forEach((node, dimension) => this.unite(node, results[dimension]));
  }

  private visitAccess(op: Operation): void {
    const { tile, indices } = accessParts(op);
    if (!isTileType(tile.type)) return;
    const nodes = this.nodesOf(tile);
    indices.forEach((index, dimension) => {
      const loop = parallelIndex(index);
      if (loop !== undefined) this.unite(nodes[dimension], this.nodesOf(loop.op)[loop.dimension]);
      else
        this.forbidNode(
          nodes[dimension],
          op,
          'an element is accessed whose index is not that of the loop around',
        );
    });
  }
}

function find(node: Node): Node {
  let root = node;
  while (root.parent !== root) root = root.parent;
  for (let at = node; at !== root;) [at.parent, at] = [root, at.parent];
  return root;
}

/** The parallel loop whose index a value is. */
export function parallelIndex(
  value: Value,
): { readonly op: Operation; readonly dimension: number } | undefined {
  const op = value.definingOp === undefined ? value.parentBlock?.parentOp : undefined;
  if (op?.name.text !== 'tile.parallel') return undefined;
  return { op, dimension: op.regions[0].entryBlock.arguments.findIndex((arg) => arg === value) };
}

export interface CopyParts {
  readonly source: Value;
  readonly sourceIndices: readonly Value[];
  readonly destination: Value;
  readonly destinationIndices: readonly Value[];
}

export function copyParts(op: Operation): CopyParts {
  const at = op.operands.findIndex((value, i) => i > 0 && isShapedType(value.type));
  return {
    source: op.operand(0),
    sourceIndices: op.operands.slice(1, at),
    destination: op.operand(at),
    destinationIndices: op.operands.slice(at + 1),
  };
}

/** The tile or tensor of a `tile.load` or `tile.store`, and the indices into it. */
export function accessParts(op: Operation): {
  readonly tile: Value;
  readonly indices: readonly Value[];
  readonly isStore: boolean;
} {
  const isStore = op.name.text === 'tile.store';
  return {
    tile: op.operand(isStore ? 1 : 0),
    indices: op.operands.slice(isStore ? 2 : 1),
    isStore,
  };
}

/** Which dimension of each operand of a product runs along M, N and K. */
export function gemmRoles(op: Operation): {
  readonly a: { readonly m: number; readonly k: number };
  readonly b: { readonly n: number; readonly k: number };
} {
  const [isATransposed, isBTransposed] = ['transpose_a', 'transpose_b'].map((name) =>
    op.hasAttribute(name),
  );
  return {
    a: isATransposed ? { m: 1, k: 0 } : { m: 0, k: 1 },
    b: isBTransposed ? { n: 0, k: 1 } : { n: 1, k: 0 },
  };
}
