/** Single faults that are planted in a kernel at the thread level, by class. */

import {
  Builder,
  i1,
  IndexType,
  IntegerAttr,
  IntegerType,
  type DenseArrayAttr,
  type Operation,
  type StringAttr,
  type Type,
  type Value,
} from '../../ir/index.js';
import { formatPosition } from '../../support/index.js';
import { findTarget } from '../../targets/target.js';

/** What a mutant is judged by: a changed order of accesses, or a changed flow of data. */
export type Judgement = 'order' | 'dataflow';

/** The classes of mutants with what they stand for. */
export const mutationClasses = {
  barrier: { judgement: 'order', summary: 'a barrier is missing' },
  'barrier-group': { judgement: 'order', summary: 'a barrier is for fewer threads' },
  'barrier-number': { judgement: 'order', summary: 'groups of warps have one barrier' },
  wait: { judgement: 'order', summary: 'a wait for asynchronous copies is missing' },
  'wait-count': { judgement: 'order', summary: 'a wait leaves one group more under way' },
  commit: { judgement: 'order', summary: 'asynchronous copies are not closed as a group' },
  fence: { judgement: 'order', summary: 'a memory fence is missing' },
  guard: { judgement: 'dataflow', summary: 'a bounds guard is missing, or one of its conditions' },
  'guard-off-by-one': { judgement: 'dataflow', summary: 'a bounds guard lets one more through' },
  'index-constant': { judgement: 'dataflow', summary: 'a constant of an index is one larger' },
  'index-operator': { judgement: 'dataflow', summary: 'an index has another operation' },
  'index-operand': { judgement: 'dataflow', summary: 'an index lacks a term or a factor' },
  'loop-bound': { judgement: 'dataflow', summary: 'a loop runs once less or once more' },
} as const satisfies Record<string, { judgement: Judgement; summary: string }>;

export type MutationClass = keyof typeof mutationClasses;

export interface Mutant {
  readonly mutationClass: MutationClass;
  /** Number of the operation that changes, in the order of a walk from outside in. */
  readonly position: number;
  readonly description: string;
  /** Changes that operation in a copy of the module. */
  readonly apply: (op: Operation) => void;
}

/** Operations of one kind that are removed as a whole. */
const removed: Readonly<Record<string, MutationClass>> = {
  'gpu.barrier': 'barrier',
  'nv.warp_barrier': 'barrier',
  'nv.group_barrier': 'barrier',
  'amd.wave_barrier': 'barrier',
  'nv.cp_async_wait': 'wait',
  'nv.cp_async_commit': 'commit',
  'nv.fence_proxy_async': 'fence',
  'nv.fence_mbarrier_init': 'fence',
};

/** For each operation on indices another one of the same signature. */
const otherOperation: Readonly<Record<string, string>> = {
  'arith.addi': 'arith.subi',
  'arith.subi': 'arith.addi',
  'arith.muli': 'arith.addi',
  'arith.divsi': 'arith.remsi',
  'arith.divui': 'arith.remui',
  'arith.remsi': 'arith.divsi',
  'arith.remui': 'arith.divui',
  'arith.xori': 'arith.ori',
  'arith.andi': 'arith.ori',
  'arith.ori': 'arith.xori',
  'arith.shli': 'arith.shrsi',
  'arith.shrsi': 'arith.shli',
  'arith.minsi': 'arith.maxsi',
  'arith.maxsi': 'arith.minsi',
};

/** `slt` becomes `sle`, and so on; the numbers of `arith.cmpi`. */
const offByOne: ReadonlyMap<number, number> = new Map([
  [2, 3],
  [3, 2],
  [4, 5],
  [5, 4],
  [6, 7],
  [7, 6],
  [8, 9],
  [9, 8],
]);

const isIndex = (type: Type): boolean =>
  type instanceof IndexType || (type instanceof IntegerType && type.width > 1);

/** Whether a value is only ever used to find a place in memory, to decide whether it exists, or to compute such values. */
function isPlace(value: Value, seen = new Set<Value>()): boolean {
  if (seen.has(value)) return true;
  seen.add(value);
  return [...value.users()].every((user) => {
    switch (user.name.dialect) {
      case 'arith':
        return !/fp|cast/.test(user.name.text) && user.results.every((each) => isPlace(each, seen));
      case 'memref':
      case 'vector':
        // Stored values are data, not places.
        return user.name.text !== 'memref.store' || user.operand(0) !== value;
      case 'nv':
      case 'amd':
      case 'scf':
        return true;
      default:
        return false;
    }
  });
}

function constantOf(value: Value): bigint | undefined {
  const op = value.definingOp;
  if (op?.name.text !== 'arith.constant') return undefined;
  const attribute = op.getAttribute('value');
  return attribute instanceof IntegerAttr ? attribute.value : undefined;
}

/** Whether a condition comes from comparisons of indices alone. */
function isGuard(condition: Value): boolean {
  const op = condition.definingOp;
  if (op?.name.text === 'arith.cmpi') return isIndex(op.operand(0).type);
  return op?.name.text === 'arith.andi' && op.operands.every(isGuard);
}

function replaceOperand(op: Operation, number: number, value: bigint, type: Type): void {
  const constant = Builder.before(op).create('arith.constant', {
    resultTypes: [type],
    attributes: { value: IntegerAttr.get(value, type as IntegerType | IndexType) },
  });
  op.setOperand(number, constant.result);
}

function describe(op: Operation): string {
  const name = op.results[0]?.name;
  const place = formatPosition(op.location.position());
  return `${op.name.text}${name === undefined ? '' : ` %${name}`}${place === undefined ? '' : ` at ${place}`}`;
}

/** Every mutant of a kernel, in program order. */
export function* mutantsOf(func: Operation): Generator<Mutant> {
  const ops: Operation[] = [];
  func.walk((op) => void ops.push(op), 'pre');
  const warpBarrier = warpBarrierOf(func);
  for (const [position, op] of ops.entries()) {
    for (const { mutationClass, what, apply } of [
      ...changesOf(op),
      ...barrierChanges(op, warpBarrier),
    ])
      yield { mutationClass, position, description: `${describe(op)}: ${what}`, apply };
  }
}

interface Change {
  readonly mutationClass: MutationClass;
  readonly what: string;
  readonly apply: (op: Operation) => void;
}

function* changesOf(op: Operation): Generator<Change> {
  const name = op.name.text;
  if (removed[name] !== undefined)
    yield { mutationClass: removed[name], what: 'removed', apply: (each) => each.erase() };
  if (name === 'nv.cp_async_wait') {
    const attribute = op.getAttribute('pending') as IntegerAttr;
    const pending = attribute.number + 1;
    const apply = (each: Operation): void =>
      each.setAttribute('pending', IntegerAttr.get(pending, attribute.type));
    yield { mutationClass: 'wait-count', what: `pending ${pending}`, apply };
  }
  if (name === 'scf.if' && isGuard(op.operand(0))) yield dropCondition(0);
  if (name === 'nv.cp_async') {
    const last = op.operands.length - 1;
    if (op.operand(last).type === i1 && isGuard(op.operand(last))) yield dropCondition(last);
  }
  if (name === 'arith.andi' && op.result.type === i1 && isGuard(op.result)) {
    yield dropCondition(0);
    yield dropCondition(1);
  }
  if (name === 'arith.cmpi' && isIndex(op.operand(0).type) && isPlace(op.result)) {
    const attribute = op.getAttribute('predicate') as IntegerAttr;
    const other = offByOne.get(attribute.number);
    if (other !== undefined) {
      const apply = (each: Operation): void =>
        each.setAttribute('predicate', IntegerAttr.get(other, attribute.type));
      yield { mutationClass: 'guard-off-by-one', what: 'bound taken in or left out', apply };
    }
  }
  if (name === 'scf.for') yield* loopBounds(op);
  if (otherOperation[name] !== undefined && isIndex(op.result.type) && isPlace(op.result))
    yield* indexChanges(op);
}

/** What a barrier of one warp is called where a kernel's blocks have several; undefined where they have not. */
function warpBarrierOf(func: Operation): string | undefined {
  const target = findTarget((func.getAttribute('tile.arch') as StringAttr).value)!;
  const [threads] = (func.getAttribute('known_block_size') as DenseArrayAttr).values;
  if (threads <= target.warp_size) return undefined;
  return target.vendor === 'nvidia' ? 'nv.warp_barrier' : 'amd.wave_barrier';
}

function* barrierChanges(op: Operation, warpBarrier: string | undefined): Generator<Change> {
  if (op.name.text === 'gpu.barrier' && warpBarrier !== undefined) {
    const apply = (each: Operation): void => {
      Builder.before(each).create(warpBarrier);
      each.erase();
    };
    yield { mutationClass: 'barrier-group', what: `becomes ${warpBarrier}`, apply };
  }
  if (op.name.text !== 'nv.group_barrier') return;
  const { number: threads, type } = op.getAttribute('threads') as IntegerAttr;
  const setTo = (name: string, value: number) => (each: Operation) =>
    each.setAttribute(name, IntegerAttr.get(value, type));
  yield {
    mutationClass: 'barrier-group',
    what: `${threads / 2} threads`,
    apply: setTo('threads', threads / 2),
  };
  yield { mutationClass: 'barrier-number', what: 'one group', apply: setTo('groups', 1) };
}

function dropCondition(number: number): Change {
  return {
    mutationClass: 'guard',
    what: 'condition dropped',
    apply: (op) => replaceOperand(op, number, 1n, i1),
  };
}

function* loopBounds(op: Operation): Generator<Change> {
  const [upper, step] = [constantOf(op.operand(1)), constantOf(op.operand(2))];
  if (upper === undefined || step === undefined) return;
  for (const [what, by] of [
    ['once less', -step],
    ['once more', step],
  ] as const) {
    const apply = (each: Operation): void =>
      replaceOperand(each, 1, upper + by, each.operand(1).type);
    yield { mutationClass: 'loop-bound', what, apply };
  }
}

function* indexChanges(op: Operation): Generator<Change> {
  for (const [number, operand] of op.operands.entries()) {
    const constant = constantOf(operand);
    if (constant === undefined) continue;
    yield {
      mutationClass: 'index-constant',
      what: `${constant} becomes ${constant + 1n}`,
      apply: (each) => replaceOperand(each, number, constant + 1n, operand.type),
    };
  }
  const other = otherOperation[op.name.text];
  yield {
    mutationClass: 'index-operator',
    what: `becomes ${other}`,
    apply: (each) => {
      const replacement = Builder.before(each).create(other, {
        operands: [...each.operands],
        resultTypes: [each.result.type],
      });
      each.result.replaceAllUsesWith(replacement.result);
      each.erase();
    },
  };
  for (const number of [0, 1]) {
    const operand = op.operand(number);
    // A quotient by itself is no index; what is left must be of the result's type and not a constant.
    if (constantOf(operand) !== undefined || operand.type !== op.result.type) continue;
    yield {
      mutationClass: 'index-operand',
      what: `only operand ${number} is left`,
      apply: (each) => {
        each.result.replaceAllUsesWith(each.operand(number));
        each.erase();
      },
    };
  }
}
