/** What depends on a thread's lane: conditions, choices between registers, and the lane to read from. */

import { i32, i64, type Value } from '../../ir/index.js';
import { layoutOfValues, type LaneSet } from '../../layout/index.js';
import type { Index } from '../support/index-builder.js';
import { ScalarBuilder } from '../support/scalar-builder.js';
import type { ThreadBuilder } from './thread-builder.js';

/** Bits of a lane number that are the same in all lanes of a set, and the lanes for which they are. */
function commonBits(lanes: LaneSet, count: number): { mask: number; value: number; size: number } {
  let [mask, value] = [count - 1, -1];
  for (let lane = 0; lane < count; lane++) {
    if (((lanes >> BigInt(lane)) & 1n) === 0n) continue;
    if (value === -1) value = lane;
    mask &= ~(value ^ lane);
  }
  let size = count;
  for (let bits = mask; bits > 0; bits &= bits - 1) size /= 2;
  return { mask, value: value & mask, size };
}

function sizeOf(lanes: LaneSet): number {
  let size = 0;
  for (let rest = lanes; rest > 0n; rest &= rest - 1n) size += 1;
  return size;
}

/** Whether the thread's lane is in a set; undefined where every lane is. */
export function isInLanes(thread: ThreadBuilder, lanes: LaneSet): Value | undefined {
  const { index, warpSize } = thread;
  const { mask, value, size } = commonBits(lanes, warpSize);
  if (size !== sizeOf(lanes)) return testBit(thread, lanes);
  const conditions: Value[] = [];
  for (let bit = 0; mask >> bit > 0; bit++) {
    if (((mask >> bit) & 1) === 0) continue;
    let width = 1;
    while ((mask >> (bit + width)) & 1) width++;
    const digit = thread.threadDigit(2 ** bit, 2 ** width);
    conditions.push(index.compare('eq', digit, (value >> bit) % 2 ** width));
    bit += width;
  }
  return index.all(conditions);
}

/** A set without a pattern is a constant with a bit for each lane. */
function testBit(thread: ThreadBuilder, lanes: LaneSet): Value {
  const { warpSize } = thread;
  const scalar = new ScalarBuilder(thread.builder);
  const type = warpSize === 64 ? i64 : i32;
  const lane = scalar.create('arith.index_cast', [thread.index.value(laneOf(thread))], type);
  // The sign fills from above and never reaches the lane's own bit.
  const set = scalar.integer(BigInt.asIntN(warpSize, lanes), type);
  const shifted = scalar.create('arith.shrsi', [set, lane], type);
  const bit = scalar.create('arith.andi', [shifted, scalar.integer(1, type)], type);
  return scalar.compareIntegers('ne', bit, scalar.integer(0, type));
}

function laneOf(thread: ThreadBuilder): Index {
  return thread.threadDigit(1, thread.warpSize);
}

/**
 * The number that a table gives for the thread's lane (-1: any): by digits where the table is a layout, else bit by bit,
 * each an XOR of bits of the lane where there is one.
 */
export function laneTable(thread: ThreadBuilder, table: readonly number[]): Index {
  const { index } = thread;
  const layout = table.includes(-1) ? undefined : layoutOfValues(table);
  if (layout !== undefined) {
    let divisor = 1;
    return index.sum(
      layout.shapes.map((extent, leaf) => {
        const digit = layout.strides[leaf] === 0 ? 0 : thread.threadDigit(divisor, extent);
        divisor *= extent;
        return index.multiply(digit, layout.strides[leaf]);
      }),
    );
  }
  const bits: Index[] = [];
  for (let bit = 0; 2 ** bit < thread.warpSize; bit++)
    bits.push(index.multiply(tableBit(thread, table, bit), 2 ** bit));
  return index.sum(bits);
}

/** One bit of the numbers of a table. */
function tableBit(thread: ThreadBuilder, table: readonly number[], bit: number): Index {
  const { index, warpSize } = thread;
  const parity = findParity(table, bit, warpSize);
  if (parity !== undefined) {
    let value: Index = parity.constant;
    for (let at = 0; 2 ** at < warpSize; at++)
      if ((parity.mask >> at) & 1) value = index.xor(thread.threadDigit(2 ** at, 2), value);
    return value;
  }
  let lanes = 0n;
  table.forEach((value, lane) => {
    if (value !== -1 && (value >> bit) & 1) lanes |= 1n << BigInt(lane);
  });
  const isSet = isInLanes(thread, lanes);
  return isSet === undefined ? 1 : index.select(isSet, 1, 0);
}

/** The fewest bits of the lane whose XOR is a bit of the table, up to a constant; undefined where there are none. */
function findParity(
  table: readonly number[],
  bit: number,
  warpSize: number,
): { mask: number; constant: number } | undefined {
  const size = (mask: number): number => mask.toString(2).replaceAll('0', '').length;
  const masks = Array.from({ length: warpSize }, (_, mask) => mask);
  for (const mask of masks.sort((a, b) => size(a) - size(b))) {
    for (const constant of [0, 1]) {
      const fits = table.every(
        (value, lane) =>
          value === -1 || ((value >> bit) & 1) === ((size(lane & mask) + constant) & 1),
      );
      if (fits) return { mask, constant };
    }
  }
  return undefined;
}
