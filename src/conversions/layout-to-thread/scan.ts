/**
 * `tile.scan` over shared memory. The lanes of a group share a line: each combines a chunk of neighbouring elements, the
 * lanes scan their totals by shuffles, and each walks its chunk again from the total of the lanes before it.
 */

import { TileScanOp, type TileSharedType } from '../../dialects/generated/tile.js';
import type { IntegerAttr, Value } from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import { buildOffset } from '../support/index-sum.js';
import { kernelOf, sharedLayoutOf } from '../support/tiles.js';
import { Combiner, shuffle } from './combiner.js';
import { threadBuilderAt } from './copy.js';
import { convertElement } from './elements.js';
import type { ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import { loadElement, storeElement } from './transfer.js';

export function scanPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileScanOp,
      {
        name: 'tile-scan-to-thread',
        law: 'a scan is a scan of chunks, each begun with the total of the chunks before it',
      },
      (scan, rewriter) => {
        const thread = threadBuilderAt(rewriter, scan.op, warpSize);
        buildScan(thread, scan);
        rewriter.erase(scan.op);
        return true;
      },
    ),
  ];
}

function buildScan(thread: ThreadBuilder, scan: TileScanOp): void {
  const { index } = thread;
  const type = scan.source.type as TileSharedType;
  const dim = Number(scan.dim.value);
  const extent = type.shape[dim];
  const lines = type.shape.reduce((product, other) => product * other, 1) / extent;
  const threads = (kernelOf(scan.op).getAttribute('threads') as IntegerAttr).number;
  const lanes = Math.min(thread.warpSize, 2 ** Math.ceil(Math.log2(extent)));
  const groups = threads / lanes;
  const chunk = Math.ceil(extent / lanes);
  const lane = thread.threadDigit(1, lanes);
  const group = thread.threadDigit(lanes, undefined);
  const combine = new Combiner(thread, scan.kind, scan.nanPropagate, type.elementType, scan.limits);
  const isWholeRounds = lines % groups === 0;
  thread.loop(
    'r',
    Math.ceil(lines / groups),
    (round) => {
      const line = index.add(group, index.multiply(round, groups));
      const isLine = isWholeRounds ? undefined : index.compare('slt', line, lines);
      const first = index.multiply(lane, chunk);
      /** Where the e-th element of the lane's chunk lies, and whether there is one. */
      const elementAt = (e: Index): { coordinates: Index[]; isThere: Value | undefined } => {
        const position = index.add(first, e);
        const isInside =
          lanes * chunk === extent ? undefined : index.compare('slt', position, extent);
        const conditions = [isLine, isInside];
        const along = scan.reverse ? index.subtract(extent - 1, position) : position;
        return {
          coordinates: coordinatesOf(thread, line, type.shape, dim, along),
          isThere: index.all(conditions),
        };
      };
      const read = (e: Index): Value => {
        const { coordinates, isThere } = elementAt(e);
        return thread.conditionalValue(
          isThere,
          combine.type,
          () => combine.magnitude(combine.widened(loadAt(thread, scan.source, coordinates))),
          () => combine.neutral(),
        );
      };
      const beforeOrNothing = (before: Value, e: Index): Value => {
        if (!combine.ignoresNaN) return before;
        const isFirst = index.compare('eq', index.add(first, e), 0);
        return choose(thread, isFirst, combine.ofNothing(), before);
      };
      const isUnrolled = false;
      const total = combine.loop(
        chunk,
        combine.neutral(),
        (e, sum) => combine.pair(sum, read(e)),
        isUnrolled,
      );
      combine.loop(
        chunk,
        totalBefore(thread, combine, total, lane, lanes),
        (e, before) => {
          const after = combine.pair(before, read(e));
          const { coordinates, isThere } = elementAt(e);
          const result = scan.exclusive ? beforeOrNothing(before, e) : after;
          thread.conditional(isThere, () =>
            storeAt(
              thread,
              convertElement(thread.builder, result, type.elementType),
              scan.destination,
              coordinates,
            ),
          );
          return after;
        },
        isUnrolled,
      );
    },
    { isUnrolled: false },
  );
}

/** The combination of the totals of all lanes of the group before this one. */
function totalBefore(
  thread: ThreadBuilder,
  combine: Combiner,
  total: Value,
  lane: Index,
  lanes: number,
): Value {
  let sum = total;
  for (let distance = 1; distance < lanes; distance *= 2) {
    const other = shuffle(thread, sum, 'up', distance);
    const isReached = thread.index.compare('sge', lane, distance);
    sum = choose(thread, isReached, combine.pair(other, sum), sum);
  }
  if (lanes === 1) return combine.neutral();
  const before = shuffle(thread, sum, 'up', 1);
  return choose(thread, thread.index.compare('eq', lane, 0), combine.neutral(), before);
}

function choose(thread: ThreadBuilder, condition: Value, then: Value, otherwise: Value): Value {
  return thread.builder.create('arith.select', {
    operands: [condition, then, otherwise],
    resultTypes: [then.type],
  }).result;
}

/** Coordinates of the element at `along` of a line: lines are numbered in row-major order of the other dimensions. */
function coordinatesOf(
  thread: ThreadBuilder,
  line: Index,
  shape: readonly number[],
  dim: number,
  along: Index,
): Index[] {
  const { index } = thread;
  const coordinates: Index[] = [];
  let rest = line;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    if (dimension === dim) {
      coordinates.unshift(along);
      continue;
    }
    const isLast = !shape.some((_, other) => other < dimension && other !== dim);
    coordinates.unshift(isLast ? rest : index.remainder(rest, shape[dimension]));
    rest = index.divide(rest, shape[dimension]);
  }
  return coordinates;
}

function placeOf(thread: ThreadBuilder, tile: Value, coordinates: readonly Index[]): Index[] {
  const type = tile.type as TileSharedType;
  const sums = coordinates.map((value, dimension) => [
    { value, coefficient: 1, extent: type.shape[dimension] },
  ]);
  return [buildOffset(thread.index, sharedLayoutOf(type), sums)];
}

function loadAt(thread: ThreadBuilder, tile: Value, coordinates: readonly Index[]): Value {
  return loadElement(thread, memoryOf(tile), placeOf(thread, tile, coordinates));
}

function storeAt(
  thread: ThreadBuilder,
  value: Value,
  tile: Value,
  coordinates: readonly Index[],
): void {
  storeElement(thread, value, memoryOf(tile), placeOf(thread, tile, coordinates));
}
