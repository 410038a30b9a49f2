/** Rules of tile operations that their declarations cannot say. */

import { IntegerAttr } from '../../ir/index.js';
import {
  AffineMapAttr,
  DenseArrayAttr,
  DYNAMIC,
  FloatType,
  IndexType,
  IntegerType,
  isShapedType,
  MemRefType,
  StridedLayoutAttr,
  StringAttr,
  resolveSymbol,
  type Attribute,
  type IntegerSetAttr,
  type SymbolRefAttr,
  type Operation,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import { TileLocalType } from '../generated/tile.js';
import type { OperationHooks } from '../hook-types.js';
import { declaredStrides, indexParameters, kernelParameters } from './kernel-extents.js';
import { spannedDimensions } from './spanned-dimensions.js';

const LARGEST_GRID_RANK = 3;
const LARGEST_GRID_EXTENT = 2 ** 31 - 1;
const SMALLEST_WARP = 32;

function verifyKernel(op: Operation): boolean {
  const grid = (op.getAttribute('grid') as DenseArrayAttr).values;
  if (grid.length < 1 || grid.length > LARGEST_GRID_RANK) {
    return op.emitOpError(`expected 1 to ${LARGEST_GRID_RANK} grid extents, found ${grid.length}`);
  }
  const map = op.getAttribute('grid_map');
  for (const extent of grid) {
    if (extent === DYNAMIC && map !== undefined) continue;
    if (extent < 1 || extent > LARGEST_GRID_EXTENT) {
      return op.emitOpError(`expected positive grid extents, found ${extent}`);
    }
  }
  if (!verifyGridMap(op, grid.length) || !verifyTensors(op)) return false;
  const threads = (op.getAttribute('threads') as IntegerAttr).number;
  if (threads < 1 || threads % SMALLEST_WARP !== 0) {
    return op.emitOpError(
      `expected threads to be a positive multiple of ${SMALLEST_WARP}, found ${threads}`,
    );
  }
  const outer = op.getParentOfName('tile.kernel');
  if (outer !== undefined)
    return op.emitOpError('cannot be nested in another kernel', [outer.note('the other kernel')]);
  return true;
}

function verifyGridMap(op: Operation, rank: number): boolean {
  const attribute = op.getAttribute('grid_map');
  if (!(attribute instanceof AffineMapAttr)) return true;
  const { dimCount, symbolCount, results } = attribute.map;
  const sizes = indexParameters(op).length;
  if (dimCount !== sizes || symbolCount !== 0) {
    return op.emitOpError(
      `expected 'grid_map' to have ${sizes} dimensions, one for each argument of type 'index', and no symbols, found '${attribute}'`,
    );
  }
  return (
    results.length === rank ||
    op.emitOpError(`expected 'grid_map' to have ${rank} results, found ${results.length}`)
  );
}

/** Tensors are dense or have strides, and what is known of them at run time are arguments. */
function verifyTensors(op: Operation): boolean {
  for (const [number, { type }] of kernelParameters(op).entries()) {
    if (!(type instanceof MemRefType) || type.layout === undefined) continue;
    const { layout } = type;
    if (layout instanceof StridedLayoutAttr ? layout.offset !== DYNAMIC : isIdentity(layout))
      continue;
    return op.emitOpError(
      `expected tensors to be dense or to have strides and a known offset, found argument ${number} of type '${type}'`,
    );
  }
  return (
    verifyNumbers(op, 'tensor_extents', 'the tensors', 'a size', ({ shape }) => shape) &&
    verifyNumbers(op, 'tensor_strides', "the tensors' strides", 'a stride', declaredStrides)
  );
}

function isIdentity(layout: Attribute): boolean {
  return layout instanceof AffineMapAttr && layout.map.isIdentity();
}

/** An attribute has the number of an index argument, or -1, for each `?` that the tensors' types declare. */
function verifyNumbers(
  op: Operation,
  name: string,
  of: string,
  one: string,
  declared: (type: MemRefType) => readonly number[],
): boolean {
  const attribute = op.getAttribute(name);
  if (!(attribute instanceof DenseArrayAttr)) return true;
  const parameters = kernelParameters(op);
  const count = parameters
    .flatMap(({ type }) => (type instanceof MemRefType ? declared(type) : []))
    .filter((number) => number === DYNAMIC).length;
  const { values } = attribute;
  if (values.length !== count) {
    return op.emitOpError(
      `expected ${count} entries of '${name}', one for each '?' of ${of}, found ${values.length}`,
    );
  }
  const wrong = values.find(
    (number) => number !== -1 && !(parameters[number]?.type instanceof IndexType),
  );
  return (
    wrong === undefined ||
    op.emitOpError(`expected ${one} to be an argument of type 'index', found argument ${wrong}`)
  );
}

/** The operands are the arguments of a kernel of the module. */
function verifyLaunch(op: Operation): boolean {
  const name = op.getAttribute('kernel') as SymbolRefAttr;
  const kernel = resolveSymbol(op, name);
  if (kernel === undefined) return op.emitOpError(`expected a kernel, found no symbol '${name}'`);
  // A lowered kernel is a function of a GPU module.
  if (kernel.name.text !== 'tile.kernel') {
    return op.emitOpError(`expected '${name}' to be a 'tile.kernel', found '${kernel.name}'`, [
      kernel.note('it is defined here'),
    ]);
  }
  const parameters = kernelParameters(kernel);
  if (parameters.length !== op.operandCount) {
    return op.emitOpError(
      `expected ${parameters.length} arguments of '${name}', found ${op.operandCount}`,
      [kernel.note('the kernel is defined here')],
    );
  }
  const wrong = parameters.findIndex(({ type }, i) => type !== op.operand(i).type);
  return (
    wrong === -1 ||
    op.emitOpError(
      `expected argument ${wrong} of '${name}' to be '${parameters[wrong].type}', found '${op.operand(wrong).type}'`,
      [kernel.note('the kernel is defined here')],
    )
  );
}

function verifyAssume(op: Operation): boolean {
  const { set } = op.getAttribute('condition') as IntegerSetAttr;
  const expected = set.dimCount + set.symbolCount;
  return (
    op.operandCount === expected ||
    op.emitOpError(`expected ${expected} operands, found ${op.operandCount}`)
  );
}

function shapeOf(value: Value): readonly number[] {
  return (value.type as ShapedType).shape;
}

function formatShape(shape: readonly number[]): string {
  return shape.join('x');
}

function verifyGemm(op: Operation): boolean {
  const [a, b, c] = op.operands;
  for (const [name, value] of [
    ['A', a],
    ['B', b],
    ['C', c],
  ] as const) {
    const { length } = shapeOf(value);
    if (length !== 2)
      return op.emitOpError(`expected ${name} to have 2 dimensions, found ${length}`);
  }
  const orient = (value: Value, attribute: string): readonly number[] =>
    op.hasAttribute(attribute) ? [...shapeOf(value)].reverse() : shapeOf(value);
  const [m, kOfA] = orient(a, 'transpose_a');
  const [kOfB, n] = orient(b, 'transpose_b');
  const [rows, columns] = shapeOf(c);
  if (kOfA !== kOfB) return op.emitOpError(`expected K of A (${kOfA}) to equal K of B (${kOfB})`);
  if (m !== rows) return op.emitOpError(`expected M of A (${m}) to equal M of C (${rows})`);
  if (n !== columns) return op.emitOpError(`expected N of B (${n}) to equal N of C (${columns})`);
  return verifyPrecision(op, [a, b]);
}

function verifyPrecision(op: Operation, operands: readonly Value[]): boolean {
  if (op.getAttribute('precision') !== StringAttr.get('tf32')) return true;
  for (const { type } of operands) {
    const { elementType } = type as ShapedType;
    if (`${elementType}` !== 'f32')
      return op.emitOpError(
        `expected operands of f32 for precision 'tf32', found '${elementType}'`,
      );
  }
  return true;
}

/** Indices of a tensor or tile: none, or one for each dimension. */
function verifyIndexCount(
  op: Operation,
  value: Value,
  count: number,
  role: string,
  isOptional: boolean,
): boolean {
  const rank = shapeOf(value).length;
  if (count === rank || (isOptional && count === 0)) return true;
  return op.emitOpError(`expected ${rank} indices of the ${role}, found ${count}`);
}

/** A tile goes along as many dimensions of a tensor as it has, in their order. */
function verifySpannedDimensions(
  op: Operation,
  role: string,
  tensorRank: number,
  tileRank: number,
): boolean {
  if (tensorRank < tileRank) {
    return op.emitOpError(
      `expected the ${role} to have at least ${tileRank} dimensions as the tile, found ${tensorRank}`,
    );
  }
  const dims = spannedDimensions(op, tensorRank, tileRank);
  if (dims.length !== tileRank) {
    return op.emitOpError(
      `expected 'dims' to name ${tileRank} dimensions of the ${role}, one for each of the tile, found ${dims.length}`,
    );
  }
  const bad = dims.find((dimension) => dimension < 0 || dimension >= tensorRank);
  if (bad !== undefined) {
    return op.emitOpError(
      `expected dimensions of the ${role} under ${tensorRank} in 'dims', found ${bad}`,
    );
  }
  return (
    dims.every((dimension, i) => i === 0 || dims[i - 1] < dimension) ||
    op.emitOpError(
      `expected 'dims' in ascending order, found (${dims.join(', ')}): 'tile.transpose' exchanges dimensions`,
    )
  );
}

function verifyCopy(op: Operation): boolean {
  const [, sourceCount, , destinationCount] = (
    op.getAttribute('operandSegmentSizes') as DenseArrayAttr
  ).values;
  const source = op.operand(0);
  const destination = op.operand(1 + sourceCount);
  if (!verifyIndexCount(op, source, sourceCount, 'source', true)) return false;
  if (!verifyIndexCount(op, destination, destinationCount, 'destination', true)) return false;
  const isGlobal = (type: Type): boolean => type instanceof MemRefType;
  if (isGlobal(source.type) && isGlobal(destination.type)) {
    return op.emitOpError('cannot deduce the extents: one side must be a tile');
  }
  for (const [value, count, role] of [
    [source, sourceCount, 'source'],
    [destination, destinationCount, 'destination'],
  ] as const) {
    if (!isGlobal(value.type) && count > 0)
      return op.emitOpError(`expected no indices of the ${role} tile, found ${count}`);
  }
  const [from, to] = [shapeOf(source), shapeOf(destination)];
  if (isGlobal(source.type)) return verifySpannedDimensions(op, 'source', from.length, to.length);
  if (isGlobal(destination.type))
    return verifySpannedDimensions(op, 'destination', to.length, from.length);
  if (op.hasAttribute('dims'))
    return op.emitOpError("expected 'dims' only where one side is a tensor in global memory");
  if (formatShape(from) !== formatShape(to)) {
    return op.emitOpError(
      `expected extents of the source (${formatShape(from)}) to equal those of the destination (${formatShape(to)})`,
    );
  }
  return true;
}

function verifyFill(op: Operation): boolean {
  const { elementType } = op.operand(0).type as ShapedType;
  const { type } = op.operand(1);
  return (
    elementType === type ||
    op.emitOpError(`expected a value of the element type '${elementType}', found '${type}'`)
  );
}

function verifyParallel(op: Operation): boolean {
  const extents = (op.getAttribute('extents') as DenseArrayAttr).values;
  const count = op.regions[0].entryBlock.arguments.length;
  if (extents.length === 0) return op.emitOpError('expected at least one index');
  if (count !== extents.length) {
    return op.emitOpError(
      `expected one extent for each of ${count} indices, found ${extents.length}`,
    );
  }
  const bad = extents.find((extent) => extent < 1);
  return bad === undefined || op.emitOpError(`expected positive extents, found ${bad}`);
}

/** Loads and stores name an element: an index for each dimension, of the element's type. */
function verifyAccess(tileOperand: number): (op: Operation) => boolean {
  return (op) => {
    const tile = op.operand(tileOperand);
    if (!verifyIndexCount(op, tile, op.operandCount - tileOperand - 1, 'tile', false)) return false;
    const { elementType } = tile.type as ShapedType;
    const { type } = tileOperand === 0 ? op.result : op.operand(0);
    return (
      elementType === type ||
      op.emitOpError(`expected a value of the element type '${elementType}', found '${type}'`)
    );
  };
}

/** A scalar with an index for each dimension, or a tile; numbers that the targets update. */
function verifyAtomic(op: Operation): boolean {
  const [source, destination] = op.operands;
  const count = op.operandCount - 2;
  const { elementType } = destination.type as ShapedType;
  const isNumber = (type: Type): boolean =>
    type instanceof FloatType || (type instanceof IntegerType && type.signedness === 'signless');
  const kind = (op.getAttribute('kind') as StringAttr).value;
  if (!isNumber(elementType) || (elementType instanceof IntegerType && elementType.width < 8)) {
    return op.emitOpError(
      `expected elements of floats or signless integers of at least 8 bits, found '${elementType}'`,
    );
  }
  if (kind === 'or' && !(elementType instanceof IntegerType))
    return op.emitOpError(`expected integers for 'or', found '${elementType}'`);
  const isTile = isShapedType(source.type);
  if (!verifyIndexCount(op, destination, count, 'destination', isTile)) return false;
  if (!isTile) {
    if (op.hasAttribute('dims'))
      return op.emitOpError("expected 'dims' only where a tile is the source");
    if (source.type !== elementType)
      return op.emitOpError(
        `expected a value of the element type '${elementType}', found '${source.type}'`,
      );
    const [previous] = op.results;
    return (
      previous === undefined ||
      previous.type === elementType ||
      op.emitOpError(`expected the value before to be '${elementType}', found '${previous.type}'`)
    );
  }
  if (op.results.length > 0)
    return op.emitOpError('expected no result: only the update of one element has a value before');
  const [from, to] = [shapeOf(source), shapeOf(destination)];
  if (source.type instanceof MemRefType)
    return op.emitOpError(`expected a scalar or a tile as source, found '${source.type}'`);
  return verifySpannedDimensions(op, 'destination', to.length, from.length);
}

function verifySlice(op: Operation): boolean {
  const [whole, slice] = [op.operand(0).type, op.result.type];
  if (!isShapedType(whole) || !isShapedType(slice)) return true;
  const isSame =
    formatShape(whole.shape.slice(1)) === formatShape(slice.shape) &&
    whole.elementType === slice.elementType;
  return (
    isSame ||
    op.emitOpError(
      `expected the result to be a tile of '${whole}' without its first dimension, found '${slice}'`,
    )
  );
}

function verifyReduce(op: Operation): boolean {
  const [source, destination] = op.operands;
  const [from, to] = [shapeOf(source), shapeOf(destination)];
  const dim = (op.getAttribute('dim') as IntegerAttr).number;
  if (dim < 0 || dim >= from.length) {
    return op.emitOpError(`expected a dimension under ${from.length}, found ${dim}`);
  }
  // What is combined of a tile with one dimension is a tile of one element.
  const expected = from.length === 1 ? [1] : from.filter((_, dimension) => dimension !== dim);
  if (formatShape(expected) !== formatShape(to)) {
    return op.emitOpError(
      `expected extents of the destination to be ${formatShape(expected)}, found ${formatShape(to)}`,
    );
  }
  return verifyCombination(op);
}

/** Both tiles have one element type, which the kind of combination is for. */
function verifyCombination(op: Operation): boolean {
  const [a, b] = op.operands.map((value) => (value.type as ShapedType).elementType);
  if (a !== b) return op.emitOpError(`expected one element type, found '${a}' and '${b}'`);
  const kind = (op.getAttribute('kind') as StringAttr).value;
  const isBitwise = kind === 'and' || kind === 'or' || kind === 'xor';
  return (
    !isBitwise ||
    a instanceof IntegerType ||
    op.emitOpError(`expected integers for '${kind}', found '${a}'`)
  );
}

function verifyScan(op: Operation): boolean {
  const [from, to] = op.operands.map(shapeOf);
  const dim = (op.getAttribute('dim') as IntegerAttr).number;
  if (dim < 0 || dim >= from.length)
    return op.emitOpError(`expected a dimension under ${from.length}, found ${dim}`);
  if (formatShape(from) !== formatShape(to)) {
    return op.emitOpError(
      `expected extents of the destination to be ${formatShape(from)}, found ${formatShape(to)}`,
    );
  }
  return verifyCombination(op);
}

function verifyRasterize(op: Operation): boolean {
  const panel = (op.getAttribute('panel') as IntegerAttr).number;
  return panel >= 1 || op.emitOpError(`expected a positive panel, found ${panel}`);
}

function verifyPersistent(op: Operation): boolean {
  const blocks = op.getAttribute('blocks');
  if (blocks instanceof IntegerAttr && (blocks.number < 1 || blocks.number > LARGEST_GRID_EXTENT))
    return op.emitOpError(`expected a positive number of blocks, found ${blocks.number}`);
  const first = [...op.parentBlock!.operations()].find(({ name }) => name === op.name);
  return (
    first === op ||
    op.emitOpError('expected once in a kernel, found a second one', [first!.note('the first one')])
  );
}

/** Threads share out what a tile has along its dimensions; only arrays of one thread may be without any. */
function verifyAlloc(op: Operation): boolean {
  const { type } = op.result;
  if (type instanceof TileLocalType || shapeOf(op.result).length > 0) return true;
  return op.emitOpError(
    `expected a tile with at least one dimension, found '${type}'; one element is '${`${type}`.replace('<', '<1x')}'`,
  );
}

export const verifiers: Readonly<Record<string, OperationHooks['verify']>> = {
  alloc: verifyAlloc,
  kernel: verifyKernel,
  atomic: verifyAtomic,
  assume: verifyAssume,
  launch: verifyLaunch,
  gemm: verifyGemm,
  copy: verifyCopy,
  fill: verifyFill,
  parallel: verifyParallel,
  load: verifyAccess(0),
  store: verifyAccess(1),
  slice: verifySlice,
  reduce: verifyReduce,
  scan: verifyScan,
  rasterize: verifyRasterize,
  persistent: verifyPersistent,
};
