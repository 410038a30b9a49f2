/** The distribution of a smaller tile that is read along with a larger one: `bias[j]` in an iteration over `(i, j)`. */

import {
  Fragment,
  joinModes,
  splitModes,
  type DimensionMode,
  type Layout,
} from '../../layout/index.js';

/**
 * The fragment that gives each thread the elements `kept` dimensions of its iterations name. Threads and registers
 * that differ only in dropped dimensions hold copies; registers that would repeat are left out.
 *
 * @returns undefined where a mode of the layout runs over a dimension's end and cannot be told apart.
 */
export function projectFragment(fragment: Fragment, kept: readonly number[]): Fragment | undefined {
  const thread = splitModes(fragment.thread, fragment.shape);
  const value = splitModes(fragment.value, fragment.shape);
  if (typeof thread === 'string' || typeof value === 'string') return undefined;
  const shape = kept.map((dimension) => fragment.shape[dimension]);
  const project = (mode: DimensionMode): DimensionMode => ({
    extent: mode.extent,
    steps: kept.map((dimension) => mode.steps[dimension]),
  });
  const join = (modes: readonly DimensionMode[]): Layout => joinModes(modes, shape);
  const remaining = value.map(project).filter((mode) => mode.steps.some((step) => step !== 0));
  return new Fragment(shape, join(thread.map(project)), join(remaining));
}
