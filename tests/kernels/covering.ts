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
 * Points such that every `strength` values of different parameters occur together in one, as far as they do in
 * `candidates`. Each next point is the candidate with the most combinations that are still missing: the same set on
 * every run.
 */
export function covering<Point extends object>(
  candidates: readonly Point[],
  strength: 2 | 3,
): Point[] {
  const combinations = candidates.map((point) => combinationsOf(point, strength));
  const missing = new Set(combinations.flat());
  const chosen: Point[] = [];
  while (missing.size > 0) {
    let best = 0;
    let bestCount = -1;
    combinations.forEach((own, i) => {
      const count = own.reduce((sum, combination) => sum + (missing.has(combination) ? 1 : 0), 0);
      if (count > bestCount) [best, bestCount] = [i, count];
    });
    chosen.push(candidates[best]);
    combinations[best].forEach((combination) => missing.delete(combination));
  }
  return chosen;
}

function combinationsOf(point: object, strength: number): string[] {
  const values = Object.entries(point).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const choose = (from: number, count: number): string[] =>
    count === 0
      ? ['']
      : values
          .slice(from)
          .flatMap((value, i) => choose(from + i + 1, count - 1).map((rest) => `${value} ${rest}`));
  return choose(0, strength);
}
