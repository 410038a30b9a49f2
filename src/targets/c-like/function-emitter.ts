/** The body of one kernel: statements in order, pure operations folded into the expressions that use them. */

import type { MemRefType, VectorType } from '../../ir/index.js';
import {
  DenseElementsAttr,
  FloatAttr,
  FloatType,
  IntegerAttr,
  IntegerType,
  StringAttr,
  type Block,
  type Operation,
  type SymbolRefAttr,
  type Type,
  type Value,
} from '../../ir/index.js';
import { UniformityAnalysis } from '../../analysis/uniformity.js';
import { call, conditional, offsetPointer, primary, type Expression } from './expression.js';
import { addressText, memorySpace, UNROLL, type KnownValues } from './address.js';
import { ATOMIC_WRAPPERS, MEMORY_ORDER } from './atomic-wrappers.js';
import { PAIR_OPERATORS } from './integer-operators.js';
import { crossesLoop, reachesUseUnchanged } from './inlining.js';
import { OPERATORS } from './operators.js';
import { GpuLaunchFuncOp, GpuShuffleOp } from '../../dialects/generated/gpu.js';
import { instructionText } from './instructions.js';
import { StatementWriter, UnsupportedOperation } from './statement-writer.js';
import { constantText, defaultName, isScalarType, registersType, scalarType } from './types.js';

/** Reads of a thread's place, by operation and dimension; blocks of threads have one dimension. */
const SPECIAL_REGISTERS: ReadonlyMap<string, string> = new Map([
  ['gpu.thread_id x', 'thread_index()'],
  ['gpu.block_id x', 'block_index_x()'],
  ['gpu.block_id y', 'block_index_y()'],
  ['gpu.block_id z', 'block_index_z()'],
]);

export class FunctionEmitter extends StatementWriter implements KnownValues {
  /** The operations of a block, its terminator left to the caller. */
  emitBlock(block: Block): void {
    for (const op of block.operations()) {
      if (op.isTerminator) continue;
      this.emitOperation(op);
    }
  }

  /** The text of a scalar operation. */
  private operatorText<Text>(
    op: Operation,
    emit: (operands: readonly Expression[], op: Operation) => Text | undefined,
  ): Text {
    const isScalar = [...op.operands, ...op.results].every(({ type }) => isScalarType(type));
    const text = isScalar
      ? emit(
          op.operands.map((operand) => this.expression(operand)),
          op,
        )
      : undefined;
    if (text === undefined) throw new UnsupportedOperation(op);
    return text;
  }

  private emitOperation(op: Operation): void {
    const name = op.name.text;
    if (name === 'arith.constant') return this.emitConstant(op);
    const operator = OPERATORS.get(name);
    if (operator !== undefined) return this.bind(op, this.operatorText(op, operator));
    const pair = PAIR_OPERATORS.get(name);
    if (pair !== undefined) {
      const texts = this.operatorText(op, pair);
      return op.results.forEach((result, i) => this.emitVariable(op, texts[i], result));
    }
    switch (name) {
      case 'scf.for':
        return this.emitFor(op);
      case 'scf.if':
        return this.emitIf(op);
      case 'scf.while':
        return this.emitWhile(op);
      case 'cf.assert': {
        const message = JSON.stringify((op.getAttribute('msg') as StringAttr).value);
        return this.statement(op, `check(${this.expression(op.operand(0)).text}, ${message});`);
      }
      case 'gpu.printf':
        return this.emitPrint(op);
      case 'memref.alloca':
        return this.statement(
          op,
          `${registersType(op.result.type)} ${this.declare(op.result, 'registers')};`,
        );
      case 'memref.view':
        return this.emitView(op);
      case 'memref.load':
        return this.emitLoad(op);
      case 'memref.store':
        return this.emitStore(op);
      case 'memref.atomic_rmw':
        return this.emitAtomic(op);
      case 'vector.load':
        return this.emitVectorLoad(op);
      case 'vector.shape_cast':
        this.vectors.set(op.result, this.vectors.get(op.operand(0))!);
        return;
      case 'vector.store':
        return this.emitVectorStore(op);
      case 'gpu.dynamic_shared_memory':
        this.expressions.set(op.result, primary('dynamic_shared_memory()'));
        return;
      case 'gpu.barrier':
        return this.statement(op, 'sync_threads();');
      case 'gpu.launch_func':
        return this.emitLaunch(op);
      case 'gpu.shuffle':
        return this.emitShuffle(op);
      default:
        break;
    }
    const dimension = /[xyz](?=>?$)/.exec(`${op.getAttribute('dimension')}`)?.[0];
    const register = SPECIAL_REGISTERS.get(`${name} ${dimension}`);
    if (register !== undefined) {
      return this.statement(
        op,
        `const int ${this.declare(op.result, name.slice(4))} = ${register};`,
      );
    }
    const text = instructionText(op, this.options.kind, this.options.target, {
      expression: (value) => this.expression(value),
      reference: (memref, indices) => this.reference(memref, indices),
    });
    if (text === undefined) throw new UnsupportedOperation(op);
    if (op.results.length === 1) this.emitVariable(op, primary(text));
    else this.statement(op, `${text};`);
  }

  // Values

  private emitConstant(op: Operation): void {
    const value = op.getAttribute('value');
    const { type } = op.result;
    if (value instanceof IntegerAttr || value instanceof FloatAttr) {
      this.expressions.set(op.result, constantText(value.value, type));
    } else if (value instanceof DenseElementsAttr && value.isSplat) {
      // Only stored as a whole: the store fills registers with it.
      this.splats.set(op.result, constantText(value.values[0], value.type.elementType));
    } else throw new UnsupportedOperation(op);
  }

  private readonly splats = new Map<Value, Expression>();

  /** Makes an expression the value of an operation: in place where it is used once, else as a variable. */
  private bind(op: Operation, expression: Expression): void {
    const { result } = op;
    if (!result.hasUses) return;
    if (this.isInline(op)) {
      this.expressions.set(result, expression);
      return;
    }
    this.emitVariable(op, expression);
  }

  /** Folded into the only use, unless that would compute it again in every iteration of a loop. */
  isInline(op: Operation): boolean {
    const { result } = op;
    if (!result.hasOneUse || result.name !== undefined) return false;
    return !crossesLoop(op, result.firstUse!.owner);
  }

  private readonly uniformity = new UniformityAnalysis();

  isUniform(value: Value): boolean {
    return this.uniformity.isUniform(value);
  }

  // Memory

  /** `pointer + offset` for global and shared memory, `registers[i][j]` for private memory. */
  private reference(memref: Value, indices: readonly Value[]): Expression {
    const type = memref.type as MemRefType;
    const base = this.expression(memref);
    if (memorySpace(type) === 'private') {
      return primary(
        base.text + indices.map((index) => `[${this.expression(index).text}]`).join(''),
      );
    }
    return addressText(base, memref, indices, this);
  }

  private emitView(op: Operation): void {
    const type = op.result.type as MemRefType;
    const element = scalarType(type.elementType);
    const start = offsetPointer(this.expression(op.operand(0)), this.expression(op.operand(1)));
    const name = this.declare(op.result, 'tile');
    this.statement(op, `${element}* const ${name} = reinterpret_cast<${element}*>(${start.text});`);
  }

  private emitLoad(op: Operation): void {
    const [memref, ...indices] = op.operands;
    const reference = this.reference(memref, indices);
    const isPrivate = memorySpace(memref.type as MemRefType) === 'private';
    const expression = isPrivate ? reference : call('load', reference);
    if (!op.result.hasUses) return;
    if (op.result.hasOneUse && op.result.name === undefined && reachesUseUnchanged(op)) {
      this.expressions.set(op.result, expression);
    } else this.emitVariable(op, expression);
  }

  private emitStore(op: Operation): void {
    const [value, memref, ...indices] = op.operands;
    const reference = this.reference(memref, indices);
    const text = this.expression(value).text;
    const isPrivate = memorySpace(memref.type as MemRefType) === 'private';
    this.statement(
      op,
      isPrivate ? `${reference.text} = ${text};` : `store(${reference.text}, ${text});`,
    );
  }

  /** A vector that was loaded and goes straight to a store: where it comes from. */
  private readonly vectors = new Map<
    Value,
    { readonly memref: Value; readonly reference: Expression }
  >();

  /** Fences around the update, which is relaxed itself, give it the order that was asked for. */
  private emitAtomic(op: Operation): void {
    const [value, memref, ...indices] = op.operands;
    const kind = (op.getAttribute('kind') as IntegerAttr).number;
    const wrapper = ATOMIC_WRAPPERS.get(kind);
    if (wrapper === undefined) throw new UnsupportedOperation(op);
    const order = op.getAttribute(MEMORY_ORDER);
    const name = order instanceof StringAttr ? order.value : 'relaxed';
    // The wrapper deduces the type, which an element of registers is not yet, nor a narrow integer that C++ promotes.
    const isElement = value.definingOp?.name.text === 'memref.load';
    const isNarrow = value.type instanceof IntegerType && value.type.width < 32;
    const update =
      isElement || isNarrow
        ? call(scalarType(value.type), this.expression(value))
        : this.expression(value);
    const { text } = call(wrapper, this.reference(memref, indices), update);
    if (name === 'release' || name === 'acq_rel') this.statement(op, 'memory_fence();');
    if (op.result.hasUses) {
      const type = scalarType(op.result.type);
      this.statement(op, `const ${type} ${this.declare(op.result, 'previous')} = ${text};`);
    } else this.statement(op, `${text};`);
    if (name === 'acquire' || name === 'acq_rel') this.statement(op, 'memory_fence();');
  }

  private emitVectorLoad(op: Operation): void {
    const [memref, ...indices] = op.operands;
    this.vectors.set(op.result, {
      memref,
      reference: this.vectorReference(memref, indices, op.result.type),
    });
  }

  private emitVectorStore(op: Operation): void {
    const [vector, memref, ...indices] = op.operands;
    const target = this.vectorReference(memref, indices, vector.type);
    const splat = this.splats.get(vector);
    if (splat !== undefined) return this.statement(op, `fill(${target.text}, ${splat.text});`);
    const source = this.vectors.get(vector);
    if (source === undefined) throw new UnsupportedOperation(op);
    const isFromRegisters = memorySpace(source.memref.type as MemRefType) === 'private';
    const text = isFromRegisters
      ? `store_vector(${target.text}, ${source.reference.text});`
      : `load_vector(${target.text}, ${source.reference.text});`;
    this.statement(op, text);
  }

  /** The registers that hold a vector, without the indices of the dimensions that it spans; or its address. */
  private vectorReference(memref: Value, indices: readonly Value[], type: Type): Expression {
    const memory = memref.type as MemRefType;
    if (memorySpace(memory) !== 'private') return this.reference(memref, indices);
    const spanned = (type as VectorType).shape.length;
    return this.reference(memref, indices.slice(0, memory.shape.length - spanned));
  }

  /** Lanes beyond the warp do not exist here, so the second result, whether the other lane is valid, is not needed. */
  private emitShuffle(op: Operation): void {
    const { mode } = new GpuShuffleOp(op);
    const wrapper = `shuffle_${mode === 'idx' ? 'index' : mode}`;
    const [value, offset] = op.operands.slice(0, 2).map((operand) => this.expression(operand));
    const result = op.results[0];
    const name = this.declare(result, 'exchanged');
    this.statement(
      op,
      `const ${scalarType(result.type)} ${name} = ${wrapper}(${value.text}, ${offset.text});`,
    );
  }

  /** The launcher of the kernel knows grid and block. */
  private emitLaunch(op: Operation): void {
    const { leaf } = op.getAttribute('kernel') as SymbolRefAttr;
    const launch = new GpuLaunchFuncOp(op);
    const operands = launch.kernelOperands.map((value) => this.expression(value).text);
    const call = `launch_${leaf}(${[...operands, 'stream'].join(', ')})`;
    this.statement(op, `if (const int status = ${call}; status != 0) return status;`);
  }

  // Control flow

  private emitFor(op: Operation): void {
    const [lower, upper, step, ...initial] = op.operands;
    const body = op.regions[0].entryBlock;
    const carried = body.arguments.slice(1);
    carried.forEach((argument, i) => {
      const type = scalarType(argument.type);
      this.statement(
        op,
        `${type} ${this.declare(argument, 'carried')} = ${this.expression(initial[i]).text};`,
      );
      this.expressions.set(op.results[i], this.expression(argument));
    });
    this.writeLocation(op);
    this.writer.line(op.hasAttribute(UNROLL) ? '#pragma unroll' : '#pragma unroll 1');
    this.names.scoped(() => {
      const variable = this.declare(body.arguments[0], 'i');
      const increment = this.expression(step).text;
      const advance = increment === '1' ? `++${variable}` : `${variable} += ${increment}`;
      this.writer.line(
        `for (int ${variable} = ${this.expression(lower).text}; ${variable} < ${this.expression(upper).text}; ${advance}) {`,
      );
      this.writer.indented(() => {
        this.emitBlock(body);
        this.assignCarried(body, carried);
      });
    });
    this.writer.line('}');
  }

  /** Hands the yielded values to the next iteration; through temporaries where one would overwrite another's source. */
  private assignCarried(body: Block, carried: readonly Value[]): void {
    const yielded = body.lastOp!.operands.map((value) => this.expression(value));
    const names = carried.map((value) => this.expression(value).text);
    const assignments = names
      .map((name, i) => ({ name, text: yielded[i].text }))
      .filter(({ name, text }) => name !== text);
    const isEntangled = assignments.some(({ text }, i) =>
      assignments.slice(0, i).some(({ name }) => new RegExp(`\\b${name}\\b`).test(text)),
    );
    if (!isEntangled) {
      for (const { name, text } of assignments) this.writer.line(`${name} = ${text};`);
      return;
    }
    const saved = assignments.map(({ name, text }, i) => {
      const temporary = this.names.unique(`next_${name}`);
      this.writer.line(`const ${scalarType(carried[i].type)} ${temporary} = ${text};`);
      return { name, temporary };
    });
    for (const { name, temporary } of saved) this.writer.line(`${name} = ${temporary};`);
  }

  /**
   * `for (;;) { before; results = passed; if (!condition) break; after; arguments = yielded; }`: the results are the
   * arguments of the second region too.
   */
  private emitWhile(op: Operation): void {
    const [before, after] = op.regions.map((region) => region.entryBlock);
    before.arguments.forEach((argument, i) => {
      const initial = this.expression(op.operand(i)).text;
      const name = this.declare(argument, 'carried');
      this.statement(op, `${scalarType(argument.type)} ${name} = ${initial};`);
    });
    op.results.forEach((result, i) => {
      const name = this.declare(result, 'passed');
      this.statement(op, `${scalarType(result.type)} ${name};`);
      this.expressions.set(after.arguments[i], this.expression(result));
    });
    this.statement(op, 'for (;;) {');
    this.names.scoped(() =>
      this.writer.indented(() => {
        this.emitBlock(before);
        const [condition, ...passed] = before.lastOp!.operands;
        const isDone = `!(${this.expression(condition).text})`;
        passed.forEach((value, i) =>
          this.writer.line(
            `${this.expression(op.results[i]).text} = ${this.expression(value).text};`,
          ),
        );
        this.writer.line(`if (${isDone}) break;`);
        this.emitBlock(after);
        this.assignCarried(after, before.arguments);
      }),
    );
    this.writer.line('}');
  }

  private emitPrint(op: Operation): void {
    const format = JSON.stringify((op.getAttribute('format') as StringAttr).value);
    const values = op.operands.map((value) => {
      const { text } = this.expression(value);
      if (!(value.type instanceof FloatType)) return `(long long)(${text})`;
      return value.type.width === 64 ? text : `f64(f32(${text}))`;
    });
    this.statement(op, `print_line(${[format, ...values].join(', ')});`);
  }

  private emitIf(op: Operation): void {
    const condition = this.expression(op.operand(0));
    const [then, otherwise] = op.regions;
    if (op.results.length === 1 && this.emitChoice(op, condition)) return;
    const names = op.results.map((result) => {
      const name = this.declare(result, defaultName(result.type));
      this.statement(op, `${scalarType(result.type)} ${name};`);
      return name;
    });
    const emitBranch = (block: Block): void =>
      this.names.scoped(() =>
        this.writer.indented(() => {
          this.emitBlock(block);
          block.lastOp?.operands.forEach((value, i) =>
            this.writer.line(`${names[i]} = ${this.expression(value).text};`),
          );
        }),
      );
    this.statement(op, `if (${condition.text}) {`);
    emitBranch(then.entryBlock);
    const hasElse =
      !otherwise.isEmpty && otherwise.entryBlock.firstOp !== otherwise.entryBlock.lastOp;
    if (hasElse || (names.length > 0 && !otherwise.isEmpty)) {
      this.writer.line('} else {');
      emitBranch(otherwise.entryBlock);
    }
    this.writer.line('}');
  }

  /** `condition ? a : b` where both branches only compute a value. */
  private emitChoice(op: Operation, condition: Expression): boolean {
    const blocks = op.regions.map((region) => region.entryBlock);
    const isValueOnly = (block: Block): boolean =>
      [...block.operations()].every(
        (nested) =>
          nested.isTerminator ||
          (nested.results.length === 1 &&
            nested.result.hasOneUse &&
            nested.regions.length === 0 &&
            (OPERATORS.has(nested.name.text) || nested.name.text === 'memref.load')) ||
          nested.name.text === 'arith.constant',
      );
    if (!blocks.every(isValueOnly)) return false;
    const values = blocks.map((block) => {
      for (const nested of block.operations())
        if (nested.results.length === 1) nested.result.name = undefined;
      this.emitBlock(block);
      return this.expression(block.lastOp!.operand(0));
    });
    const choice = conditional(condition, values[0], values[1]);
    const reads = blocks.some((block) =>
      [...block.operations()].some((nested) => nested.name.text === 'memref.load'),
    );
    // What it reads may be overwritten before the value is used.
    const isKept = reads && op.result.hasOneUse && !reachesUseUnchanged(op);
    if (isKept) this.emitVariable(op, choice);
    else this.bind(op, choice);
    return true;
  }
}
