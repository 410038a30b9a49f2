/** What a state costs: conversions, traffic with memory, iterations of loops, registers. */

import {
  TileCopyOp,
  TileParallelOp,
  type TileFragmentType,
} from '../../../dialects/generated/tile.js';
import {
  bitWidth,
  IntegerAttr,
  isOp,
  MemRefType,
  type Operation,
  type ShapedType,
  type Value,
} from '../../../ir/index.js';
import type { Fragment } from '../../../layout/index.js';
import { globalVectorWidth } from '../../support/global-access.js';
import { elementBits, isFragment } from '../../support/tiles.js';
import { sectorEfficiency } from '../sectors.js';
import { globalRegionOf } from '../global-region.js';
import type { ConversionCosts } from './conversion.js';
import { mismatchOf } from './mismatch.js';
import type { KernelFacts } from './rule.js';
import type { RuledOperations } from './rules.js';
import type { LayoutState } from './state.js';

/** How often a loop of unknown trip count runs. */
const USUAL_TRIPS = 16;
/** Bytes that one multiprocessor gets from the last-level cache in a cycle. */
const GLOBAL_BYTES_PER_CYCLE = 64;
/** Cycles that a spilled register takes per warp: a store and a load through the first-level cache. */
const SPILL_CYCLES = 8;
/** Registers of a thread that operands, addresses and guards take: a quarter. */
const USABLE_REGISTERS = 0.75;

/** The number of times an operation runs in one block, as far as it is known. */
export function frequencyOf(op: Operation, kernel: Operation): number {
  let frequency = 1;
  for (let parent = op.parentOp; parent && parent !== kernel; parent = parent.parentOp) {
    if (parent.name.text === 'tile.pipelined') frequency *= pipelinedTrips(parent);
    else if (['scf.for', 'scf.while', 'affine.for'].includes(parent.name.text))
      frequency *= parent.name.text === 'scf.for' ? serialTrips(parent) : USUAL_TRIPS;
  }
  return frequency;
}

function trips(bounds: readonly (number | undefined)[]): number {
  const [lower, upper, step] = bounds;
  if (lower === undefined || upper === undefined || step === undefined) return USUAL_TRIPS;
  return Math.max(0, Math.ceil((upper - lower) / step));
}

function pipelinedTrips(loop: Operation): number {
  return trips(
    ['lower_bound', 'upper_bound', 'step'].map((name) => {
      const bound = loop.getAttribute(name);
      return bound instanceof IntegerAttr ? bound.number : undefined;
    }),
  );
}

function serialTrips(loop: Operation): number {
  return trips(
    loop.operands.slice(0, 3).map((value) => {
      const constant = value.definingOp?.getAttribute('value');
      return constant instanceof IntegerAttr ? constant.number : undefined;
    }),
  );
}

export class CostModel {
  private readonly frequencies = new Map<Operation, number>();

  constructor(
    private readonly facts: KernelFacts,
    private readonly operations: RuledOperations,
    private readonly conversions: ConversionCosts,
  ) {}

  /** Estimated cycles of one multiprocessor for what a state decides; items without a layout cost nothing yet. */
  costOf(state: LayoutState): number {
    let cycles = 0;
    for (const demand of this.operations.demands(state)) {
      const mismatch = mismatchOf(demand, state, this.conversions);
      if (mismatch === undefined) continue;
      const both = (mismatch.before?.cycles ?? 0) + (mismatch.after?.cycles ?? 0);
      cycles += both * this.frequency(demand.op);
    }
    let registers = 0;
    for (const [item, { layout }] of state.entries()) {
      if (!('type' in item))
        cycles +=
          (this.iterations(item, layout) + this.loopTraffic(item, layout)) * this.frequency(item);
      else {
        cycles += this.traffic(item, layout);
        registers += Math.ceil(
          (layout.registers * elementBits(item.type as TileFragmentType)) / 32,
        );
      }
    }
    return cycles + this.spills(registers);
  }

  private frequency(op: Operation): number {
    let frequency = this.frequencies.get(op);
    if (frequency === undefined) {
      frequency = frequencyOf(op, this.facts.kernel);
      this.frequencies.set(op, frequency);
    }
    return frequency;
  }

  private get warps(): number {
    return this.facts.threads / this.facts.target.warp_size;
  }

  /** Each warp issues the body of a loop once for each register; four can in one cycle. */
  private iterations(loop: Operation, layout: Fragment): number {
    if (!isOp(loop, TileParallelOp)) return 0;
    let instructions = 0;
    loop.walk(() => void (instructions += 1));
    return (this.warps * layout.registers * instructions) / 4;
  }

  /** Cycles in which the copies of a fragment from and to memory keep its path busy. */
  private traffic(tile: Value, layout: Fragment): number {
    const { target, analysis } = this.facts;
    let cycles = 0;
    for (const user of tile.users()) {
      const region = isOp(user, TileCopyOp) ? globalRegionOf(user) : undefined;
      if (region === undefined || !isFragment(tile.type)) continue;
      const bits = bitWidth(region.type.elementType)!;
      const width = Math.min(layout.contiguousRun, globalVectorWidth(region, analysis));
      const bytes = (this.warps * target.warp_size * layout.registers * bits) / 8;
      const moved = bytes / sectorEfficiency(layout, width, bits, target);
      // One access of a warp takes at least the cycle in which it is issued.
      const issued = (this.warps * layout.registers) / width;
      cycles += this.frequency(user) * Math.max(moved / GLOBAL_BYTES_PER_CYCLE, issued);
    }
    return cycles;
  }

  /** Cycles in which one run of a loop keeps the path to memory busy. */
  private loopTraffic(loop: Operation, layout: Fragment): number {
    if (!isOp(loop, TileParallelOp)) return 0;
    const { target, loopAccesses } = this.facts;
    let cycles = 0;
    for (const { run, width, pattern } of loopAccesses.of(loop)) {
      const { type } = run[0].memory;
      // What one iteration moves, one access at least.
      const bits = bitWidth((type as ShapedType).elementType)! * run.length;
      // How many iterations one access serves, where not each makes several.
      const served = Math.min(layout.contiguousRun, width / run.length);
      const own = Math.max(1, served);
      const issued = (this.warps * layout.registers) / served;
      const bytes = (this.warps * target.warp_size * layout.registers * bits) / 8;
      const isRow = type instanceof MemRefType && pattern === 'row';
      const moved = isRow ? bytes / sectorEfficiency(layout, own, bits, target) : 0;
      cycles += Math.max(moved / GLOBAL_BYTES_PER_CYCLE, issued);
    }
    return cycles;
  }

  private spills(registers: number): number {
    const usable = this.facts.target.registers_per_thread * USABLE_REGISTERS;
    return Math.max(0, registers - usable) * this.warps * SPILL_CYCLES;
  }
}
