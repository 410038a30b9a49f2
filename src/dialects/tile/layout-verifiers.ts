/** Rules of operations on where tiles lie: annotations. */

import {
  AffineMapAttr,
  DialectAttr,
  DialectType,
  type Attribute,
  type Operation,
  type ShapedType,
} from '../../ir/index.js';
import { ComposedLayout, Fragment, Layout } from '../../layout/index.js';
import type { OperationHooks } from '../hook-types.js';

/** The value of the algebra that a layout attribute holds. */
function algebraOf(attribute: Attribute): Fragment | Layout | ComposedLayout | undefined {
  if (!(attribute instanceof DialectAttr)) return undefined;
  return attribute.parameters.find(
    (parameter) =>
      parameter instanceof Fragment ||
      parameter instanceof Layout ||
      parameter instanceof ComposedLayout,
  ) as Fragment | Layout | ComposedLayout | undefined;
}

function extentsOf(layout: Fragment | Layout | ComposedLayout): readonly number[] {
  if (layout instanceof Fragment) return layout.shape;
  const inner = layout instanceof ComposedLayout ? layout.layout : layout;
  return inner.modes.map((mode) => mode.size);
}

function verifyMap(op: Operation, map: AffineMapAttr['map'], isFragment: boolean): boolean {
  const { length: rank } = (op.operand(0).type as ShapedType).shape;
  const inputs = rank + (op.hasAttribute('replicas') ? 1 : 0);
  const results = isFragment ? 2 : 1;
  if (map.dimCount !== inputs || map.symbolCount > 0)
    return op.emitOpError(`expected a map of ${inputs} dimensions, found '${map}'`);
  if (map.results.length !== results) {
    const what = isFragment ? 'a thread and a register' : 'an offset';
    return op.emitOpError(`expected a map to ${what}, found '${map}'`);
  }
  return true;
}

function verifyAnnotation(op: Operation): boolean {
  const { type } = op.operand(0);
  const isFragment = type instanceof DialectType && type.definition.mnemonic === 'fragment';
  const attribute = op.getAttribute('layout')!;
  if (op.hasAttribute('replicas') && !(isFragment && attribute instanceof AffineMapAttr))
    return op.emitOpError("expected 'replicas' only with the map of a fragment");
  if (attribute instanceof AffineMapAttr) return verifyMap(op, attribute.map, isFragment);
  const layout = algebraOf(attribute)!;
  if (layout instanceof Fragment !== isFragment) {
    return op.emitOpError(
      `expected a layout of a ${isFragment ? 'fragment' : 'shared tile'}, found '${attribute}'`,
    );
  }
  const [found, expected] = [extentsOf(layout), (type as ShapedType).shape];
  return (
    found.join() === expected.join() ||
    op.emitOpError(`expected a layout of extents ${expected.join('x')}, found ${found.join('x')}`)
  );
}

export const layoutVerifiers: Readonly<Record<string, OperationHooks['verify']>> = {
  annotate_layout: verifyAnnotation,
};
