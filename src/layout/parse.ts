/** Reads the text forms of layouts and fragments; errors carry the offset in the text, so that callers can rebase them. */

import { Fragment } from './fragment.js';
import { parse, SyntaxError as GrammarError, type StartRule } from './generated/layout.js';
import { LayoutError, type IntTuple } from './int-tuple.js';
import { Layout } from './layout.js';
import { ComposedLayout, Swizzle } from './swizzle.js';

interface StridedTree {
  readonly kind: 'strided';
  readonly shape: IntTuple;
  readonly stride: IntTuple;
  readonly at: number;
}

interface ComposedTree {
  readonly kind: 'composed';
  readonly swizzle: { bits: number; base: number; shift: number; at: number };
  readonly offset: number;
  readonly layout: StridedTree;
}

interface FragmentTree {
  readonly shape: number[];
  readonly thread: StridedTree;
  readonly value: StridedTree;
}

const layouts = new Map<string, Layout | ComposedLayout>();
const fragments = new Map<string, Fragment>();
/** Bounds each memo; a compilation has far fewer distinct layouts. */
const MEMO_LIMIT = 4096;

function memoize<T>(memo: Map<string, T>, text: string, make: () => T): T {
  let value = memo.get(text);
  if (value === undefined) {
    value = make();
    if (memo.size >= MEMO_LIMIT) memo.clear();
    memo.set(text, value);
  }
  return value;
}

/**
 * `(shape):(stride)` or `swizzle<B,M,S> o offset o (shape):(stride)`. Law: the inverse of `toString`.
 *
 * @throws LayoutError with the offset of what is wrong.
 */
export function parseLayout(text: string): Layout | ComposedLayout {
  return memoize(layouts, text, () => {
    const tree = parseTree(text, 'AnyLayout') as StridedTree | ComposedTree;
    if (tree.kind === 'strided') return buildStrided(tree);
    const { bits, base, shift, at } = tree.swizzle;
    const swizzle = located(at, () => new Swizzle(bits, base, shift));
    return new ComposedLayout(swizzle, tree.offset, buildStrided(tree.layout));
  });
}

/** {@link parseLayout} where a swizzle is an error. */
export function parseStridedLayout(text: string): Layout {
  const layout = parseLayout(text);
  if (layout instanceof Layout) return layout;
  throw new LayoutError('expected a layout without a swizzle', text.search(/\S/));
}

/**
 * `[128, 128], thread = (4,8):(2,128), value = 2:1`: the inside of a fragment attribute. Law: inverse of `toString`.
 *
 * @throws LayoutError with the offset of what is wrong.
 */
export function parseFragment(text: string): Fragment {
  return memoize(fragments, text, () => {
    const tree = parseTree(text, 'Fragment') as FragmentTree;
    const [thread, value] = [buildStrided(tree.thread), buildStrided(tree.value)];
    return located(text.indexOf('['), () => new Fragment(tree.shape, thread, value));
  });
}

function buildStrided(tree: StridedTree): Layout {
  return located(tree.at, () => new Layout(tree.shape, tree.stride));
}

function located<T>(offset: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof LayoutError && error.offset === undefined) {
      throw new LayoutError(error.message, offset);
    }
    throw error;
  }
}

/** Deeper nesting than this is refused before the grammar recurses into it. */
const NESTING_LIMIT = 64;

function parseTree(text: string, startRule: StartRule): unknown {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '(' && ++depth > NESTING_LIMIT) {
      throw new LayoutError(`layout is nested deeper than ${NESTING_LIMIT} levels`, at);
    }
    if (character === ')') depth -= 1;
  }
  try {
    return parse(text, { startRule });
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    const offset = error.location.start.offset;
    if (error.expected === null) throw new LayoutError(error.message, offset);
    throw new LayoutError(describe(error.expected, text, offset), offset);
  }
}

function describe(expected: readonly unknown[], text: string, offset: number): string {
  const names = new Set<string>();
  for (const item of expected as { type: string; text?: string; description?: string }[]) {
    if (item.type === 'literal') names.add(`'${item.text}'`);
    else if (item.type === 'end') names.add('the end');
    else if (item.type === 'other' && item.description) names.add(item.description);
  }
  const list = [...names].sort();
  const wanted =
    list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
  const found = offset < text.length ? `'${text[offset]}'` : 'the end';
  return `expected ${wanted || 'a layout'}, found ${found}`;
}
