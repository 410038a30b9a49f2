/** The distribution of a smaller tile that is read along with a larger one: `bias[j]` in an iteration over `(i, j)`. */

import { Fragment, joinModes, splitModes, type DimensionMode, Layout } from '../../layout/index.js';

/**
 * The fragment that gives each thread the elements `kept` dimensions of its iterations name. Threads and registers
 * that differ only in dropped dimensions hold copies; registers that would repeat are left out.
 *
 * @param kept - a dimension of the fragment for each dimension of the result, or -1 for one of a single element.
 * @returns undefined where a mode of the layout runs over a dimension's end and cannot be told apart, or where positions
 * without an element would run over the end of another dimension than the first.
 */
export function projectFragment(fragment: Fragment, kept: readonly number[]): Fragment | undefined {
  if (kept.every((dimension) => dimension === -1))
    return new Fragment(
      kept.map(() => 1),
      new Layout(fragment.threads, 0),
      new Layout(1, 0),
    );
  const thread = splitModes(fragment.thread, fragment.shape);
  const value = splitModes(fragment.value, fragment.shape);
  if (typeof thread === 'string' || typeof value === 'string') return undefined;
  if (fragment.isMasked && kept.indexOf(0) > 0) return undefined;
  const shape = kept.map((dimension) => (dimension === -1 ? 1 : fragment.shape[dimension]));
  const project = (mode: DimensionMode): DimensionMode => ({
    extent: mode.extent,
    steps: kept.map((dimension) => (dimension === -1 ? 0 : mode.steps[dimension])),
  });
  const join = (modes: readonly DimensionMode[]): Layout => joinModes(modes, shape);
  const remaining = value.map(project).filter((mode) => mode.steps.some((step) => step !== 0));
  return new Fragment(shape, join(thread.map(project)), join(remaining));
}
