/** What a step of the reducer is: one kind of change, applied to some of the places where it is possible. */

import { Operation, type Attribute, type Context } from '../ir/index.js';

/** What reductions may use besides the program. */
export interface ReductionEnvironment {
  readonly context: Context;
  /** Whether the program has operations that no dialect declares, so that more of them do not stand out. */
  readonly allowsUnregistered: boolean;
  /** The program of a text; undefined where it does not parse. */
  readonly parse: (text: string) => Operation | undefined;
}

/** A half-open range of places, counted in a fixed order over the program. */
export interface SiteRange {
  readonly from: number;
  readonly to: number;
}

export interface Reduction {
  /** Kebab-case, for the report. */
  readonly name: string;
  /** Number of places where the change could be made. */
  readonly countSites: (root: Operation) => number;
  /**
   * Makes the change at the places of a range, as far as it can. `root` is a copy that it may take apart. Returns the
   * changed program, or undefined where nothing changed.
   */
  readonly apply: (
    root: Operation,
    range: SiteRange,
    environment: ReductionEnvironment,
  ) => Operation | undefined;
}

/** A reduction whose places are found one by one: `edit` returns whether it changed something. */
export function reductionOver<Site>(
  name: string,
  sitesOf: (root: Operation) => Site[],
  edit: (site: Site, environment: ReductionEnvironment) => boolean,
): Reduction {
  return {
    name,
    countSites: (root) => sitesOf(root).length,
    apply: (root, { from, to }, environment) => {
      let isChanged = false;
      // From the end, so that users go before what they use.
      for (const site of sitesOf(root).slice(from, to).reverse())
        if (edit(site, environment)) isChanged = true;
      return isChanged ? root : undefined;
    },
  };
}

/** All operations below the root, in the order of the text. */
export function operationsIn(root: Operation): Operation[] {
  const found: Operation[] = [];
  root.walk((op) => {
    if (op !== root) found.push(op);
  }, 'pre');
  return found;
}

/** Whether an operation is still part of the program: an earlier edit of the same step may have taken it out. */
export function isAttached(op: Operation, root: Operation): boolean {
  return op === root || root.isProperAncestorOf(op);
}

/** An operation like another but for what is given; it takes its place and its regions. */
export function rebuild(
  op: Operation,
  change: {
    readonly keepResult?: (index: number) => boolean;
    readonly attributes?: ReadonlyMap<string, Attribute>;
  },
): Operation {
  const keeps = change.keepResult ?? (() => true);
  const kept = op.results.filter((_, index) => keeps(index));
  const regions = [...op.regions];
  for (const region of regions) region.parentOp = null;
  op.regions = [];
  let { properties, attributes } = op;
  for (const [name, value] of change.attributes ?? []) {
    if (properties.has(name)) properties = properties.with(name, value);
    else attributes = attributes.with(name, value);
  }
  const copy = new Operation(
    op.name,
    op.operands,
    kept.map((result) => result.type),
    properties,
    attributes,
    regions,
    op.successors.map(({ block }) => block),
    op.location,
  );
  kept.forEach((result, index) => {
    copy.results[index].name = result.name;
    result.replaceAllUsesWith(copy.results[index]);
  });
  op.parentBlock!.insertBefore(op, copy);
  op.erase();
  return copy;
}
