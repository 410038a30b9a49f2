/** What threads of a block do together: their numbers, barriers, shuffles, matrix instructions. */

import type { IntegerAttr, StringAttr } from '../../../ir/index.js';
import { type Operation } from '../../../ir/index.js';
import { findMatrixInstruction, mmaFragment, type MatrixOperand } from '../../../layout/index.js';
import { failUndefined } from '../access.js';
import { viewOf, type View } from '../buffer.js';
import { fail, operandSegments } from '../compilation.js';
import { enumName } from './enum-name.js';
import { reducers } from './reductions.js';
import { elementOffset } from './registers.js';
import type {
  GroupEvaluator,
  GroupEvaluatorTable,
  GroupStep,
  Launch,
  ThreadGroup,
} from './thread-group.js';

/** Sets the result, of type index, from the thread's number. */
function numbered(
  of: (thread: number, op: Operation, group: ThreadGroup) => number,
): GroupEvaluator {
  return (op, group) => {
    const set = group.each((scope) => scope.setInteger(op.result, op));
    return (threads) => {
      for (const thread of threads) set[thread](of(thread, op, group));
    };
  };
}

/** 0 to 2 for x, y and z. */
function dimensionOf(op: Operation): number {
  return 'xyz'.indexOf(enumName(op, 'dimension'));
}

function threadIndex(thread: number, { blockExtents: [x, y] }: Launch, dimension: number): number {
  return [thread % x, Math.floor(thread / x) % y, Math.floor(thread / (x * y))][dimension];
}

const indices: GroupEvaluatorTable = new Map([
  [
    'gpu.thread_id',
    numbered((thread, op, { launch }) => threadIndex(thread, launch, dimensionOf(op))),
  ],
  ['gpu.block_id', numbered((_, op, { blockIndex }) => blockIndex[dimensionOf(op)])],
  ['gpu.block_dim', numbered((_, op, { launch }) => launch.blockExtents[dimensionOf(op)])],
  ['gpu.grid_dim', numbered((_, op, { launch }) => launch.gridExtents[dimensionOf(op)])],
  [
    'gpu.global_id',
    numbered((thread, op, { launch, blockIndex }) => {
      const dimension = dimensionOf(op);
      return (
        blockIndex[dimension] * launch.blockExtents[dimension] +
        threadIndex(thread, launch, dimension)
      );
    }),
  ],
  ['gpu.lane_id', numbered((thread, _, { launch }) => thread % launch.subgroupSize)],
  [
    'gpu.subgroup_id',
    numbered((thread, _, { launch }) => Math.floor(thread / launch.subgroupSize)),
  ],
  [
    'gpu.num_subgroups',
    numbered((_, __, { launch, all }) => Math.ceil(all.length / launch.subgroupSize)),
  ],
  ['gpu.subgroup_size', numbered((_, __, { launch }) => launch.subgroupSize)],
]);

/** In step every access before it has been made; that all come to it is what is left to check. */
const barrier: GroupEvaluator = (op, group) => (threads) => group.requireAll(op, threads);

const warpBarrier: GroupEvaluator = (op, group) => (threads) => {
  group.wholeSubgroups(op, threads);
};

const groupBarrier: GroupEvaluator = (op, group) => {
  const [groups, expected] = ['groups', 'threads'].map(
    (name) => (op.getAttribute(name) as IntegerAttr).number,
  );
  const numbers = group.each((scope) => scope.integer(op.operand(0), op));
  return (threads) => {
    group.wholeSubgroups(op, threads);
    const counts = new Map<number, number>();
    for (const thread of threads) {
      const number = numbers[thread]();
      if (!(number >= 0 && number < groups))
        fail(op, `thread ${thread} is of group ${number}; expected 0 to ${groups - 1}`);
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    for (const [number, count] of counts) {
      if (count !== expected)
        fail(op, `${count} threads of group ${number} come to '${op.name}'; expected ${expected}`);
    }
  };
};

const sharedMemory: GroupEvaluator = (op, group) => {
  const slot = group.slot(op.result);
  return (threads) => {
    const { sharedMemory } = group;
    if (sharedMemory === undefined) fail(op, 'the kernel has no shared memory');
    const view = viewOf(sharedMemory);
    for (const thread of threads) group.scopes[thread].objects[slot] = view;
  };
};

const shuffle: GroupEvaluator = (op, group) => {
  const [value, offset, width] = op.operands;
  const mode = enumName(op, 'mode');
  const [from, result, valid] = [value, ...op.results].map((each) => group.slot(each));
  const amounts = group.each((scope) => [scope.integer(offset, op), scope.integer(width, op)]);
  return (threads) => {
    const present = new Set(threads);
    const held = new Map(
      threads.map((thread) => {
        const { numbers, objects } = group.scopes[thread];
        return [thread, [numbers[from], objects[from]] as const];
      }),
    );
    for (const thread of threads) {
      const [amount, segment] = amounts[thread].map((read) => read());
      const lane = thread % group.launch.subgroupSize;
      const place = lane % segment;
      const other = { xor: place ^ amount, up: place - amount, down: place + amount, idx: amount }[
        mode
      ];
      if (other === undefined) fail(op, `unknown mode '${mode}'`);
      const isValid = other >= 0 && other < segment;
      const source = isValid ? thread - place + other : thread;
      if (!present.has(source)) {
        fail(op, `thread ${thread} reads a value of thread ${source}, which does not take part`);
      }
      const { numbers, objects } = group.scopes[thread];
      [numbers[result], objects[result]] = held.get(source)!;
      numbers[valid] = isValid ? 1 : 0;
    }
  };
};

/** Combines a value over all threads of the block, or of each subgroup. */
function reduction(ofBlock: boolean): GroupEvaluator {
  return (op, group) => {
    const combine = reducers[enumName(op, 'op')];
    if (combine === undefined) fail(op, 'a reduction by a region cannot be interpreted');
    const format = group.scopes[0].format(op.result.type, op);
    if (format.isBig) fail(op, `values of type '${format.type}' cannot be interpreted here`);
    const [from, to] = [group.slot(op.operand(0)), group.slot(op.result)];
    const combineAll = (threads: readonly number[]): void => {
      const values = threads.map((thread) => group.scopes[thread].numbers[from]);
      const total = values.reduce((a, b) => format.round(combine(a, b)));
      for (const thread of threads) group.scopes[thread].numbers[to] = total;
    };
    const { subgroupSize } = group.launch;
    return (threads) => {
      if (ofBlock) {
        group.requireAll(op, threads);
        return combineAll(threads);
      }
      for (const subgroup of group.wholeSubgroups(op, threads))
        combineAll(
          Array.from({ length: subgroupSize }, (_, lane) => subgroup * subgroupSize + lane),
        );
    };
  };
}

/** Lane 8j + r gives row r of matrix j; each lane gets 4 neighbouring bytes of a row (or, transposed, of a column) of each. */
const matrixLoad: GroupEvaluator = (op, group) => {
  const [source, index, destination, ...indices] = op.operands;
  const [scope] = group.scopes;
  const format = scope.elementFormat(source.type, op);
  const matrices = (op.getAttribute('count') as IntegerAttr).number;
  const isTransposed = op.hasAttribute('transpose');
  const perRow = 128 / format.storageBits;
  const perLane = 32 / format.storageBits;
  if (isTransposed && perLane !== 2) fail(op, `only elements of 16 bits can be transposed`);
  const from = group.each((each) => each.view(source));
  const places = group.each((each) => each.integer(index, op));
  const to = group.each((each) => elementOffset(op, each, destination, indices));
  const { subgroupSize } = group.launch;
  return (threads) => {
    for (const subgroup of group.wholeSubgroups(op, threads)) {
      const first = subgroup * subgroupSize;
      for (let j = 0; j < matrices; j++) {
        const rows = Array.from({ length: 8 }, (_, row) => {
          const thread = first + 8 * j + row;
          return readElements(op, from[thread](), places[thread](), perRow);
        });
        for (let lane = 0; lane < 32; lane++) {
          const [row, column] = [lane >> 2, (lane & 3) * perLane];
          const { view, offset } = to[first + lane](matrices * perLane);
          for (let i = 0; i < perLane; i++) {
            const at = offset + j * perLane + i;
            view.buffer.data[at] = (
              isTransposed ? rows[column + i][row] : rows[row][column + i]
            ) as never;
            view.buffer.define(at);
          }
        }
      }
    }
  };

  function readElements(
    at: Operation,
    view: View,
    start: number,
    count: number,
  ): (number | bigint)[] {
    if (!(start >= 0 && start + count <= view.size))
      fail(at, `a row of ${count} elements at ${start} is outside of a memref of ${view.size}`);
    const { buffer } = view;
    const hole = buffer.findUndefined(view.offset + start, count);
    if (hole !== -1) failUndefined(at, source, view, hole);
    return Array.from({ length: count }, (_, i) => buffer.data[view.offset + start + i]);
  }
};

/** d += a b of the fragments of a subgroup: summed in f64 and rounded once, integers modulo 2^32. */
const multiply: GroupEvaluator = (op, group) => {
  const segments = operandSegments(op);
  const operands = [0, 1, 2].map((i) => ({
    memref: segments[2 * i][0],
    indices: segments[2 * i + 1],
  }));
  const instruction = findMatrixInstruction((op.getAttribute('instruction') as StringAttr).value);
  const { m, n, k, lanes } = instruction;
  const roles: readonly MatrixOperand[] = ['A', 'B', 'C'];
  const fragments = roles.map((role) => mmaFragment(instruction, role));
  const format = group.scopes[0].elementFormat(operands[2].memref.type, op);
  const isInteger = format.category === 'integer';
  const places = operands.map(({ memref, indices }) =>
    group.each((scope) => elementOffset(op, scope, memref, indices)),
  );
  if (lanes !== group.launch.subgroupSize) {
    fail(
      op,
      `'${instruction.name}' is for subgroups of ${lanes}, but they have ${group.launch.subgroupSize}`,
    );
  }
  const columns = [k, n, n];
  /** By role: the matrix's element in each register, lane after lane. */
  const elements = fragments.map((fragment, role) =>
    Int32Array.from({ length: lanes * fragment.registers }, (_, i) => {
      const [lane, register] = [Math.floor(i / fragment.registers), i % fragment.registers];
      const [row, column] = fragment.coordinatesAt(lane, register)!;
      return row * columns[role] + column;
    }),
  );
  const matrices = [new Float64Array(m * k), new Float64Array(k * n), new Float64Array(m * n)];

  /** Calls `visit` for every register: where it is in its memref, and its element of the matrix. */
  const visit = (
    role: number,
    first: number,
    each: (view: View, at: number, element: number) => void,
  ): void => {
    const { registers } = fragments[role];
    let next = 0;
    for (let lane = 0; lane < lanes; lane++) {
      const { view, offset } = places[role][first + lane](registers);
      for (let register = 0; register < registers; register++)
        each(view, offset + register, elements[role][next++]);
    }
  };

  return (threads) => {
    for (const subgroup of group.wholeSubgroups(op, threads)) {
      const first = subgroup * lanes;
      matrices.forEach((matrix, role) =>
        visit(role, first, (view, at, element) => {
          if (view.buffer.isUndefined(at)) failUndefined(op, operands[role].memref, view, at);
          matrix[element] = view.buffer.data[at] as number;
        }),
      );
      const [a, b, c] = matrices;
      for (let i = 0; i < m; i++)
        for (let p = 0; p < k; p++) {
          const left = a[i * k + p];
          for (let j = 0; j < n; j++) {
            const at = i * n + j;
            if (isInteger) c[at] = (c[at] + Math.imul(left, b[p * n + j])) | 0;
            else c[at] += left * b[p * n + j];
          }
        }
      visit(2, first, (view, at, element) => {
        view.buffer.data[at] = format.round(c[element]) as never;
      });
    }
  };
};

/** Copies arrive at once: what a missing wait does is for the simulator to say. */
const nothing: GroupEvaluator = () => (): ReturnType<GroupStep> => {};

export const groupCooperation: GroupEvaluatorTable = new Map([
  ...indices,
  ['gpu.barrier', barrier],
  ['nv.warp_barrier', warpBarrier],
  ['nv.group_barrier', groupBarrier],
  ['amd.wave_barrier', warpBarrier],
  ['gpu.dynamic_shared_memory', sharedMemory],
  ['gpu.shuffle', shuffle],
  ['gpu.all_reduce', reduction(true)],
  ['gpu.subgroup_reduce', reduction(false)],
  ['nv.cp_async_commit', nothing],
  ['nv.cp_async_wait', nothing],
  ['nv.ldmatrix', matrixLoad],
  ['nv.mma_sync', multiply],
  ['amd.mfma', multiply],
]);
