/**
 * Gives elements of four bits a place in memory: two share a byte, the first in its low half. Behind this pass memory and
 * scalars have at least eight bits, and integers no sign in their types, which is what instructions and C++ know.
 */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { GpuFuncOp, GpuLaunchFuncOp } from '../../dialects/generated/gpu.js';
import { NvCpAsyncOp } from '../../dialects/generated/nv.js';
import { PackedLoadOp, PackedStoreOp } from '../../dialects/generated/packed.js';
import { LOWERED_TENSOR_TYPES, tensorExtent } from '../../dialects/tile/kernel-extents.js';
import type { VectorType } from '../../ir/index.js';
import {
  ArrayAttr,
  Builder,
  DenseElementsAttr,
  FloatType,
  FunctionType,
  i8,
  isOp,
  MemRefType,
  TypeAttr,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import { definePass } from '../../passes/index.js';
import { IndexBuilder, type Index } from '../support/index-builder.js';
import { isNarrow, NARROW_BITS } from '../support/narrow-elements.js';
import { ByteIndices } from './byte-index.js';
import { codeOf, NarrowScalars } from './narrow-scalars.js';
import { narrowElement, packingOf, PER_BYTE, plainType } from './narrow-types.js';

/** Operations that carry values or memory as they are. */
const CARRIERS: ReadonlySet<string> = new Set([
  'amd.mfma',
  'gpu.launch_func',
  'gpu.return',
  'gpu.shuffle',
  'memref.alloca',
  'memref.atomic_rmw',
  'memref.view',
  'nv.mma_sync',
  'scf.condition',
  'scf.for',
  'scf.if',
  'scf.while',
  'scf.yield',
  'vector.shape_cast',
]);

class Packer {
  /** Types of values and memory of four-bit elements, as they were. */
  private readonly before = new Map<Value, Type>();
  /** Elements between neighbours of a memref along each dimension, where rows begin in the middle of a byte. */
  private readonly strides = new Map<Value, readonly Index[]>();
  /** Memory whose elements are written one by one, beside others that other threads read; `workgroup` for all shared memory. */
  private readonly writtenSingly = new Set<Value | 'workgroup'>();
  private readonly builder: Builder;
  private readonly index: IndexBuilder;
  private readonly bytes: ByteIndices;
  private readonly scalars: NarrowScalars;

  constructor(private readonly func: Operation) {
    this.builder = new Builder(func.context);
    this.index = new IndexBuilder(this.builder);
    this.bytes = new ByteIndices(this.index, new IntegerAnalysis());
    this.scalars = new NarrowScalars(this.builder, (value) => this.typeBefore(value));
  }

  run(): boolean {
    const values = valuesOf(this.func).filter(({ type }) => plainType(type) !== undefined);
    if (values.length === 0) return true;
    const operations = operationsOn(this.func, new Set(values));
    this.builder.setInsertionPointToStart(this.func.regions[0].entryBlock);
    this.builder.location = this.func.location;
    for (const value of values) {
      const { type } = value;
      if (type instanceof MemRefType && packingOf(type) === 'flat')
        this.strides.set(value, this.stridesOf(value, type));
    }
    for (const op of operations)
      if (op.name.text === 'memref.store' && !isPrivate(op.operand(1)))
        this.writtenSingly.add(identityOf(op.operand(1)));
    for (const value of values) {
      this.before.set(value, value.type);
      value.type = plainType(value.type)!;
    }
    this.packSignature();
    return operations.map((op) => this.pack(op)).every(Boolean);
  }

  private typeBefore(value: Value): Type {
    return this.before.get(value) ?? value.type;
  }

  /** Of a dense tensor or tile. */
  private stridesOf(memref: Value, { shape }: MemRefType): Index[] {
    const strides: Index[] = [];
    let stride: Index = 1;
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      strides.unshift(stride);
      if (dimension > 0) stride = this.index.multiply(tensorExtent(memref, dimension)!, stride);
    }
    return strides;
  }

  /** Callers go on seeing the tensors that the author wrote. */
  private packSignature(): void {
    const parameters = this.func.regions[0].entryBlock.arguments;
    if (!parameters.some((parameter) => this.before.has(parameter))) return;
    const types = parameters.map((parameter) => TypeAttr.get(this.typeBefore(parameter)));
    this.func.setAttribute(LOWERED_TENSOR_TYPES, ArrayAttr.get(types));
    const inputs = parameters.map(({ type }) => type);
    const { results } = (this.func.getAttribute('function_type') as TypeAttr).type as FunctionType;
    this.func.setAttribute('function_type', TypeAttr.get(FunctionType.get(inputs, results)));
  }

  /** Rewrites an operation whose operands and results have the types of bytes by now. */
  private pack(op: Operation): boolean {
    this.builder.setInsertionPointBefore(op);
    this.builder.location = op.location;
    const { operands } = op;
    switch (op.name.text) {
      case 'memref.load':
        return this.replace(op, this.load(operands[0], operands.slice(1)));
      case 'memref.store':
        this.store(operands[0], operands[1], operands.slice(2));
        break;
      case 'vector.load':
        return this.replace(
          op,
          this.again(op, [operands[0], ...this.firstByte(operands[0], operands.slice(1))]).result,
        );
      case 'vector.store':
        this.again(op, [
          ...operands.slice(0, 2),
          ...this.firstByte(operands[1], operands.slice(2)),
        ]);
        break;
      case 'nv.cp_async':
        this.copyAsync(op);
        break;
      case 'nv.ldmatrix':
        op.setOperand(1, this.firstByte(operands[0], [operands[1]])[0]);
        return true;
      case 'builtin.unrealized_conversion_cast':
        return this.replace(op, operands[0]);
      case 'gpu.printf':
        return this.print(op);
      default:
        return CARRIERS.has(op.name.text) || this.compute(op);
    }
    op.erase();
    return true;
  }

  private compute(op: Operation): boolean {
    const value = isSplat(op) ? this.splat(op) : this.scalars.lower(op);
    if (value !== undefined) return this.replace(op, value);
    const narrow = [...op.operands, ...op.results].map((each) =>
      narrowElement(this.typeBefore(each)),
    );
    return op.emitOpError(
      `has no form for elements of type '${narrow.find(Boolean)}', which share a byte`,
    );
  }

  private replace(op: Operation, value: Value): boolean {
    // An extension to a byte is its operand, which stays what it was.
    if (!this.before.has(value)) this.before.set(value, this.typeBefore(op.result));
    value.name ??= op.result.name;
    op.result.replaceAllUsesWith(value);
    op.erase();
    return true;
  }

  /** The same operation with operands that name bytes. */
  private again(op: Operation, operands: readonly Value[]): Operation {
    return this.builder.create(op.name.text, {
      operands,
      resultTypes: op.results.map(({ type }) => type),
    });
  }

  // Memory

  /** The indices of the byte of an element, and which of its elements it is; undefined where it has a byte of its own. */
  private place(memref: Value, indices: readonly Value[]): { byte: Value[]; element?: Index } {
    const type = this.typeBefore(memref) as MemRefType;
    if (packingOf(type) === 'single') return { byte: [...indices] };
    const outer = this.strides.has(memref) ? [] : indices.slice(0, -1);
    const { byte, element } = this.bytes.placeOf(this.lastIndex(memref, indices));
    return { byte: [...outer, this.index.value(byte)], element };
  }

  /** The index along the dimension that counts bytes, in elements. */
  private lastIndex(memref: Value, indices: readonly Value[]): Index {
    const strides = this.strides.get(memref);
    if (strides === undefined) return indices[indices.length - 1];
    return this.index.sum(
      indices.map((each, dimension) => this.index.multiply(each, strides[dimension])),
    );
  }

  /** The indices of the first byte of several elements, which begin with it. */
  private firstByte(memref: Value, indices: readonly Value[]): Value[] {
    const type = this.typeBefore(memref) as MemRefType;
    if (packingOf(type) === 'single') return [...indices];
    const outer = this.strides.has(memref) ? [] : indices.slice(0, -1);
    return [...outer, this.index.value(this.bytes.byteOf(this.lastIndex(memref, indices)))];
  }

  private load(memref: Value, indices: readonly Value[]): Value {
    const { byte, element } = this.place(memref, indices);
    if (element !== undefined && this.writtenSingly.has(identityOf(memref))) {
      return PackedLoadOp.build(this.builder, {
        element: this.index.value(element),
        source: memref,
        sourceIndices: byte,
        bits: NARROW_BITS,
      }).value;
    }
    const bits = this.builder.create('memref.load', {
      operands: [memref, ...byte],
      resultTypes: [(memref.type as MemRefType).elementType],
    }).result;
    if (element === undefined) return bits;
    const binary = (name: string, lhs: Value, rhs: Value): Value =>
      this.builder.create(name, { operands: [lhs, rhs], resultTypes: [i8] }).result;
    // The element goes to the top of the byte, and back with its sign.
    const above = this.index.multiply(this.index.subtract(PER_BYTE - 1, element), NARROW_BITS);
    const top = above === 0 ? bits : binary('arith.shli', bits, this.byteValue(above));
    return binary('arith.shrsi', top, this.scalars.integer(8 - NARROW_BITS, i8));
  }

  private store(value: Value, memref: Value, indices: readonly Value[]): void {
    const { byte, element } = this.place(memref, indices);
    if (element === undefined) {
      this.builder.create('memref.store', { operands: [value, memref, ...byte] });
      return;
    }
    PackedStoreOp.build(this.builder, {
      value,
      element: this.index.value(element),
      destination: memref,
      destinationIndices: byte,
      bits: NARROW_BITS,
    });
  }

  private byteValue(index: Index): Value {
    if (typeof index === 'number') return this.scalars.integer(index, i8);
    return this.builder.create('arith.index_cast', { operands: [index], resultTypes: [i8] }).result;
  }

  private copyAsync(op: Operation): void {
    const copy = new NvCpAsyncOp(op);
    NvCpAsyncOp.build(this.builder, {
      destination: copy.destination,
      destinationIndices: this.firstByte(copy.destination, copy.destinationIndices),
      source: copy.source,
      sourceIndices: this.firstByte(copy.source, copy.sourceIndices),
      inBounds: copy.inBounds,
      bytes: copy.bytes,
    });
  }

  // Values

  private splat(op: Operation): Value {
    const { type, values } = op.getAttribute('value') as DenseElementsAttr;
    const bytes = op.result.type as VectorType;
    const isPacked = `${bytes.shape}` !== `${type.shape}`;
    const code = BigInt(codeOf(values[0], type.elementType));
    const mask = 2n ** BigInt(NARROW_BITS) - 1n;
    const byte = isPacked ? BigInt.asIntN(8, (code & mask) * (mask + 2n)) : code;
    return this.builder.create('arith.constant', {
      resultTypes: [bytes],
      attributes: { value: DenseElementsAttr.get(bytes, [byte]) },
    }).result;
  }

  private print(op: Operation): boolean {
    op.operands.forEach((operand, i) => {
      const type = this.typeBefore(operand);
      if (type instanceof FloatType && isNarrow(type))
        op.setOperand(i, this.scalars.decoded(operand, FloatType.get('f32')));
    });
    return true;
  }
}

/** What memory is known by: views of shared memory may lie over each other. */
function identityOf(memref: Value): Value | 'workgroup' {
  const { memorySpace } = memref.type as MemRefType;
  return `${memorySpace}`.includes('workgroup') ? 'workgroup' : memref;
}

/** Registers of one thread. */
function isPrivate(memref: Value): boolean {
  return `${(memref.type as MemRefType).memorySpace}`.includes('private');
}

function isSplat(op: Operation): boolean {
  const value = op.name.text === 'arith.constant' ? op.getAttribute('value') : undefined;
  return value instanceof DenseElementsAttr && value.isSplat;
}

/** Everything that the regions of a function define. */
function valuesOf(func: Operation): Value[] {
  const values: Value[] = [];
  const visit = (op: Operation): void => {
    values.push(...op.results);
    for (const region of op.regions)
      for (const block of region.blocks()) values.push(...block.arguments);
  };
  func.walk(visit, 'pre');
  return values;
}

function operationsOn(func: Operation, values: ReadonlySet<Value>): Operation[] {
  const operations: Operation[] = [];
  func.walk((op) => {
    if (op !== func && [...op.operands, ...op.results].some((value) => values.has(value)))
      operations.push(op);
  }, 'pre');
  return operations;
}

export const packNarrowElements = definePass({
  name: 'pack-narrow-elements',
  summary: 'give elements of four bits their place in bytes, and their arithmetic as that of bytes',
  requires: ['arith', 'math', 'memref', 'packed'],
  run: (op) => {
    const functions = new Set<Operation>();
    op.walk((nested) => {
      if (isOp(nested, GpuFuncOp)) functions.add(nested);
      const host = isOp(nested, GpuLaunchFuncOp) && nested.getParentOfName('func.func');
      if (host) functions.add(host);
    });
    return [...functions].map((func) => new Packer(func).run()).every(Boolean);
  },
});
