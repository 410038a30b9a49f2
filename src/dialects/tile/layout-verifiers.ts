/** Rules of operations on where tiles lie: annotations. */

import {
  AffineMapAttr,
  bitWidth,
  DenseArrayAttr,
  DialectAttr,
  DialectType,
  type Attribute,
  type Operation,
  type ShapedType,
  type Type,
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
  const isFragment = isFragmentType(type);
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

function bitsOf(type: ShapedType): number | undefined {
  const width = bitWidth(type.elementType);
  return width && type.shape.reduce((product, extent) => product * extent, width);
}

function isFragmentType(type: Type): boolean {
  return type instanceof DialectType && type.definition.mnemonic === 'fragment';
}

/** A view has the bits of its source, in the same scope. */
function verifyView(op: Operation): boolean {
  const [from, to] = [op.operand(0).type as ShapedType, op.result.type as ShapedType];
  if (isFragmentType(from as never) !== isFragmentType(to as never))
    return op.emitOpError(`expected a result in the scope of '${from}', found '${to}'`);
  const [own, viewed] = [bitsOf(from), bitsOf(to)];
  return (
    own === viewed || op.emitOpError(`expected a result of ${own} bits, found one of ${viewed}`)
  );
}

function verifyReshape(op: Operation): boolean {
  const [from, to] = [op.operand(0).type as ShapedType, op.result.type as ShapedType];
  if (from.elementType !== to.elementType) {
    return op.emitOpError(
      `expected a result of element type '${from.elementType}', found '${to.elementType}'`,
    );
  }
  return verifyView(op);
}

function verifyTranspose(op: Operation): boolean {
  const [from, to] = op.operands.map((value) => (value.type as ShapedType).shape);
  const given = op.getAttribute('permutation');
  const permutation =
    given instanceof DenseArrayAttr ? given.values : from.map((_, i) => from.length - 1 - i);
  const isPermutation =
    permutation.length === from.length &&
    from.every((_, dimension) => permutation.includes(dimension));
  if (!isPermutation) {
    return op.emitOpError(
      `expected a permutation of ${from.length} dimensions, found ${permutation.join(', ')}`,
    );
  }
  const expected = permutation.map((dimension) => from[dimension]).join('x');
  return (
    expected === to.join('x') ||
    op.emitOpError(`expected extents of the destination to be ${expected}, found ${to.join('x')}`)
  );
}

export const layoutVerifiers: Readonly<Record<string, OperationHooks['verify']>> = {
  annotate_layout: verifyAnnotation,
  reshape: verifyReshape,
  view: verifyView,
  transpose: verifyTranspose,
};
