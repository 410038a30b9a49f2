/** The affine dialect: forms, folds and the loop interface. */

import {
  IntegerSetAttr,
  type AffineMapAttr,
  type DenseArrayAttr,
  type IntegerAttr,
  type Operation,
} from '../../ir/index.js';
import { implement, type DialectHooks, type OperationHooks } from '../hook-types.js';
import {
  ConditionallySpeculatableInterface,
  LoopLikeInterface,
  type ConditionallySpeculatable,
  type LoopLike,
} from '../interfaces.js';
import { foldApply, foldExtremum } from './folds.js';
import { foldAccessOfCast } from '../memref/folds.js';
import * as forms from './forms.js';

const forLoop: LoopLike = {
  loopRegions: (op) => op.regions,
  inductionVariables: (op) => op.regions[0].entryBlock.arguments.slice(0, 1),
  initialValues: (op) => {
    const [lower, upper] = (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values;
    return op.operands.slice(lower + upper);
  },
  iterationArguments: (op) => op.regions[0].entryBlock.arguments.slice(1),
};

/** With a step of one the loop ends; any other might make the counter wrap around for ever. */
const forSpeculation: ConditionallySpeculatable = {
  speculatability: (op) =>
    (op.properties.get('step') as IntegerAttr).value === 1n ? 'recursively' : 'never',
};

function verifyMapped(op: Operation): boolean {
  const { map } = op.properties.get('map') as AffineMapAttr;
  if (op.operandCount !== map.dimCount + map.symbolCount)
    return op.emitOpError('operand count and affine map dimension and symbol count must match');
  return true;
}

function verifyApply(op: Operation): boolean {
  const { map } = op.properties.get('map') as AffineMapAttr;
  return (
    verifyMapped(op) &&
    (map.results.length === 1 || op.emitOpError('mapping must produce one value'))
  );
}

const verifyAccess =
  (memref: number) =>
  (op: Operation): boolean => {
    const { map } = op.properties.get('map') as AffineMapAttr;
    const rank = (op.operand(memref).type as unknown as { shape: readonly number[] }).shape.length;
    if (map.results.length !== rank)
      return op.emitOpError('affine map num results must equal memref rank');
    const count = op.operandCount - memref - 1;
    return (
      count === map.dimCount + map.symbolCount ||
      op.emitOpError(`expects as many subscripts as affine map inputs`)
    );
  };

function verifyIf(op: Operation): boolean {
  const condition = op.getAttribute('condition');
  if (!(condition instanceof IntegerSetAttr))
    return op.emitOpError(`requires an integer set attribute named 'condition'`);
  const { dimCount, symbolCount } = condition.set;
  return (
    op.operandCount === dimCount + symbolCount ||
    op.emitOpError('operand count and condition integer set dimension and symbol count must match')
  );
}

const mapped = (hooks: OperationHooks): OperationHooks => ({
  parse: forms.parseMapped,
  print: forms.printMapped,
  verify: verifyMapped,
  ...hooks,
});

export const affineHooks: DialectHooks = {
  operations: {
    apply: mapped({ fold: foldApply, verify: verifyApply }),
    min: mapped({ fold: (op, operands) => foldExtremum(op, operands, Math.min) }),
    max: mapped({ fold: (op, operands) => foldExtremum(op, operands, Math.max) }),
    for: {
      parse: forms.parseFor,
      print: forms.printFor,
      interfaces: [
        implement(LoopLikeInterface, forLoop),
        implement(ConditionallySpeculatableInterface, forSpeculation),
      ],
    },
    if: { parse: forms.parseIf, print: forms.printIf, verify: verifyIf },
    load: {
      parse: forms.parseLoad,
      print: forms.printLoad,
      verify: verifyAccess(0),
      fold: foldAccessOfCast(0),
    },
    store: {
      parse: forms.parseStore,
      print: forms.printStore,
      verify: verifyAccess(1),
      fold: foldAccessOfCast(1),
    },
  },
};
