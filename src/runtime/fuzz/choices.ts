/** Random choices from a seed: the same on every machine. */

import { createRandom, type RandomSource } from '../run/random.js';

export class Choices {
  private readonly random: RandomSource;

  constructor(seed: number, name = 'fuzz') {
    this.random = createRandom(seed, name);
  }

  /** True in `share` of all cases. */
  chance(share: number): boolean {
    return this.random() < share;
  }

  /** An integer from `low` to `high`, both possible. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)];
  }

  /** One of the keys, each as often as its number says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let rest = this.random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      rest -= weight;
      if (rest < 0) return key;
    }
    return entries[0][0];
  }
}
