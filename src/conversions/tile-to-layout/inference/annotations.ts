/** Layouts that the author gave: on a tile's type, by `tile.annotate_layout`, or on a loop or copy. */

import { LayoutFragmentAttr, LayoutSharedAttr } from '../../../dialects/generated/layout.js';
import { TileAnnotateLayoutOp, type TileFragmentType } from '../../../dialects/generated/tile.js';
import {
  AffineMapAttr,
  isOp,
  type Attribute,
  type Operation,
  type ShapedType,
  type Value,
} from '../../../ir/index.js';
import type { ComposedLayout, Fragment } from '../../../layout/index.js';
import {
  fragmentOfFunction,
  LayoutError,
  layoutOfFunction,
  type Layout,
} from '../../../layout/index.js';
import { isFragment, isShared, isTile, layoutAttribute } from '../../support/tiles.js';
import type { Item, Settled } from './state.js';

export interface SharedAnnotation {
  readonly layout: Layout | ComposedLayout;
  readonly origin: Operation;
}

/** What the author decided in one kernel. */
export class Annotations {
  readonly fragments = new Map<Item, Settled>();
  readonly shared = new Map<Value, SharedAnnotation>();

  private constructor(
    private readonly kernel: Operation,
    private readonly threads: number,
  ) {}

  /** Reads them all and takes the annotating operations out; undefined where one is impossible, having reported it. */
  static collect(kernel: Operation, threads: number): Annotations | undefined {
    const annotations = new Annotations(kernel, threads);
    const marks: TileAnnotateLayoutOp[] = [];
    let isPossible = true;
    kernel.walk((op) => {
      if (!isPossible) return;
      if (isOp(op, TileAnnotateLayoutOp)) marks.push(new TileAnnotateLayoutOp(op));
      else if (op.name.text === 'tile.alloc') isPossible = annotations.readType(op);
      else isPossible = annotations.readLoop(op);
    }, 'pre');
    isPossible &&= marks.every((mark) => annotations.readMark(mark));
    if (!isPossible) return undefined;
    for (const { op } of marks) op.erase();
    return annotations;
  }

  private readType(op: Operation): boolean {
    const tile = op.result;
    if (!isTile(tile.type) || tile.type.layout === undefined) return true;
    return this.add(tile, tile.type.layout, op);
  }

  private readLoop(op: Operation): boolean {
    const layout = layoutAttribute(op);
    if (layout === undefined) return true;
    if (!this.isHeldBy(layout, op)) return false;
    if (op.name.text === 'tile.parallel') this.fragments.set(op, { layout, origin: op });
    return true;
  }

  private readMark({ op, tile, layout, replicas }: TileAnnotateLayoutOp): boolean {
    try {
      const attribute =
        layout instanceof AffineMapAttr
          ? this.convert(layout, tile, Number(replicas?.value ?? 1))
          : layout;
      return this.add(tile, attribute, op);
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
      return op.emitOpError(`cannot use '${layout}' as a layout: ${error.message}`);
    }
  }

  private convert({ map }: AffineMapAttr, tile: Value, replicas: number): Attribute {
    const { shape } = tile.type as ShapedType;
    const evaluate = (operands: readonly number[]): number[] => {
      const values = map.evaluate(operands);
      if (values === undefined)
        throw new LayoutError(`it divides by zero at (${operands.join(', ')})`);
      return values;
    };
    if (isShared(tile.type)) {
      return LayoutSharedAttr.get(layoutOfFunction(shape, (at) => evaluate(at)[0]));
    }
    const hasReplicas = map.dimCount > shape.length;
    const fragment = fragmentOfFunction(shape, this.threads, replicas, (at, replica) => {
      const [thread, register] = evaluate(hasReplicas ? [...at, replica] : at);
      return [thread, register];
    });
    return LayoutFragmentAttr.get(fragment);
  }

  /** Adds one demand; reports it together with the one that it contradicts. */
  private add(tile: Value, attribute: Attribute, origin: Operation): boolean {
    if (attribute instanceof LayoutFragmentAttr && isFragment(tile.type)) {
      const layout = attribute.fragment as Fragment;
      const known = this.fragments.get(tile);
      if (known !== undefined && !known.layout.isEquivalent(layout))
        return this.contradict(origin, known.origin);
      if (!this.isHeldBy(layout, origin)) return false;
      const { shape } = tile.type as TileFragmentType;
      if (layout.shape.join() !== shape.join()) {
        return origin.emitOpError(
          `expected a layout of extents ${shape.join('x')}, found ${layout.shape.join('x')}`,
        );
      }
      this.fragments.set(tile, { layout, origin });
      return true;
    }
    if (!(attribute instanceof LayoutSharedAttr) || !isShared(tile.type)) {
      return origin.emitOpError(`expected a layout of '${tile.type}', found '${attribute}'`);
    }
    const layout = attribute.layout as Layout | ComposedLayout;
    const known = this.shared.get(tile);
    if (known !== undefined && `${known.layout}` !== `${layout}`)
      return this.contradict(origin, known.origin);
    if (!layout.isInjective)
      return origin.emitOpError('expected a layout with one place for each element');
    this.shared.set(tile, { layout, origin });
    return true;
  }

  private contradict(origin: Operation, other: Operation): boolean {
    return origin.emitOpError('demands another layout of a tile than the author did before', [
      other.note('the other layout is demanded here'),
    ]);
  }

  /** Whether the kernel's threads can hold a distribution, and hold all of it. */
  private isHeldBy(layout: Fragment, origin: Operation): boolean {
    if (layout.threads !== this.threads) {
      return origin.emitOpError(
        `demands a distribution over ${layout.threads} threads, but the kernel has ${this.threads}`,
        [this.kernel.note('the number of threads is demanded here')],
      );
    }
    const { isComplete, firstMissing } = layout.getCoverage();
    if (isComplete) return true;
    const at = layout.coordinatesOf(firstMissing!).join(', ');
    return origin.emitOpError(`demands a distribution in which no thread holds element (${at})`);
  }
}
