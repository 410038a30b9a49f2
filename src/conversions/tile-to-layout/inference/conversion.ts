/** What it costs to bring a fragment from one distribution to another, and which way is cheapest. */

import type { Target } from '../../../targets/target.js';
import { planConversion, type Fragment, type SharedAccess } from '../../../layout/index.js';
import { accessWidth, chooseRowMajor, type SharedChoice } from '../shared-choice.js';

/** One way of converting a whole tile once. */
export interface Conversion {
  readonly through: 'registers' | 'shuffles' | 'shared';
  /** Cycles for which the block occupies one multiprocessor's path to shared memory, which shuffles use too. */
  readonly cycles: number;
  /** Exchanges between lanes and choices between registers, by one thread. */
  readonly shuffles: number;
  readonly selects: number;
  /** Shared memory that it needs. */
  readonly bytes: number;
}

/** Cycles in which a block that waits at a barrier does nothing else: an estimate of the latency of one. */
const BARRIER_CYCLES = 30;
/** Cycles of the arithmetic units for one instruction of a warp: they take two warps in the time of one shuffle. */
const SELECT_CYCLES = 0.5;

/** Where a conversion through shared memory puts the tile: without bank conflicts for either side where that exists. */
export function stagingLayout(
  from: Fragment,
  to: Fragment,
  bits: number,
  target: Target,
): SharedChoice {
  const access = (fragment: Fragment): SharedAccess => ({
    kind: 'fragment',
    fragment,
    width: accessWidth(fragment, bits),
    name: 'layout.convert',
  });
  return chooseRowMajor(from.shape, bits, [access(from), access(to)], target.vendor);
}

/** Cycles for all warps to move each register of a fragment to or from shared memory. */
function sharedCycles(fragment: Fragment, bits: number, degree: number, target: Target): number {
  const warps = Math.ceil(fragment.threads / target.warp_size);
  const bytesPerCycle = 128;
  return (degree * warps * fragment.registers * target.warp_size * (bits / 8)) / bytesPerCycle;
}

function throughShared(from: Fragment, to: Fragment, bits: number, target: Target): Conversion {
  const { conflicts } = stagingLayout(from, to, bits, target);
  const degree = conflicts.reduce((worst, conflict) => Math.max(worst, conflict.degree), 1);
  return {
    through: 'shared',
    cycles:
      sharedCycles(from, bits, degree, target) +
      sharedCycles(to, bits, degree, target) +
      2 * BARRIER_CYCLES,
    shuffles: 0,
    selects: 0,
    bytes: Math.ceil((from.size * bits) / 8),
  };
}

/** The alternatives, the cheapest first: shared memory is always one, the others where data stays within warps. */
export function conversionsBetween(
  from: Fragment,
  to: Fragment,
  bits: number,
  target: Target,
): Conversion[] {
  const plan = planConversion(from, to, target.warp_size);
  if (plan.kind === 'identity' || plan.kind === 'registers')
    return [{ through: 'registers', cycles: 0, shuffles: 0, selects: 0, bytes: 0 }];
  const shared = throughShared(from, to, bits, target);
  if (plan.kind === 'shared') return [shared];
  const { shuffles, selects } = plan.plan;
  const warps = Math.ceil(to.threads / target.warp_size);
  const words = Math.max(1, bits / 32);
  const exchange: Conversion = {
    through: 'shuffles',
    cycles: warps * words * (shuffles + SELECT_CYCLES * selects),
    shuffles,
    selects,
    bytes: 0,
  };
  return [exchange, shared].sort((a, b) => a.cycles - b.cycles);
}

/** Remembers what was found: the search for a kernel's layouts asks for the same pairs again and again. */
export class ConversionCosts {
  private readonly found = new Map<string, Conversion[]>();

  constructor(private readonly target: Target) {}

  /** To or from shared memory that is read in any order. */
  toMemory(fragment: Fragment, bits: number): Conversion[] {
    return [
      {
        through: 'shared',
        cycles: sharedCycles(fragment, bits, 1, this.target) + BARRIER_CYCLES,
        shuffles: 0,
        selects: 0,
        bytes: Math.ceil((fragment.size * bits) / 8),
      },
    ];
  }

  between(from: Fragment, to: Fragment, bits: number): Conversion[] {
    const key = `${from} -> ${to} ${bits}`;
    let conversions = this.found.get(key);
    if (conversions === undefined) {
      conversions = conversionsBetween(from, to, bits, this.target);
      this.found.set(key, conversions);
    }
    return conversions;
  }
}
