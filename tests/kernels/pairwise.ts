/** Small sets of points in which every two values of different parameters meet. */

/** The values that each parameter takes. */
export type Domain<Point> = { readonly [Key in keyof Point]: readonly Point[Key][] };

/** Every combination, the last parameter fastest. */
export function allCombinations<Point extends object>(domain: Domain<Point>): Point[] {
  let points: Partial<Point>[] = [{}];
  for (const key of Object.keys(domain) as (keyof Point)[]) {
    points = points.flatMap((point) => domain[key].map((value) => ({ ...point, [key]: value })));
  }
  return points as Point[];
}

/**
 * Points such that every pair of values of two parameters occurs in one, for all pairs that occur in `candidates`. Each
 * next point is the candidate with the most pairs that are still missing: the same set on every run.
 */
export function pairwise<Point extends object>(candidates: readonly Point[]): Point[] {
  const pairs = candidates.map(pairsOf);
  const missing = new Set(pairs.flat());
  const chosen: Point[] = [];
  while (missing.size > 0) {
    let best = 0;
    let bestCount = -1;
    pairs.forEach((own, i) => {
      const count = own.reduce((sum, pair) => sum + (missing.has(pair) ? 1 : 0), 0);
      if (count > bestCount) [best, bestCount] = [i, count];
    });
    chosen.push(candidates[best]);
    pairs[best].forEach((pair) => missing.delete(pair));
  }
  return chosen;
}

function pairsOf(point: object): string[] {
  const values = Object.entries(point).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return values.flatMap((first, i) => values.slice(i + 1).map((second) => `${first} ${second}`));
}
