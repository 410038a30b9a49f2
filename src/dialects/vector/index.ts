/** The vector dialect: forms, verifiers and folds. */

import type { Operation, Type } from '../../ir/index.js';
import type { DialectHooks } from '../hook-types.js';
import { dynamicIndexList } from '../index-list.js';
import * as constants from './constant-folds.js';
import { foldBroadcast, foldExtract, foldSameType, foldShapeCast } from './folds.js';
import { foldAccessOfCast } from '../memref/folds.js';
import * as forms from './forms.js';
import * as verifiers from './verifiers.js';

const result = (op: Operation): Type => op.result.type;
const operand =
  (index: number) =>
  (op: Operation): Type =>
    op.operand(index).type;

export const vectorHooks: DialectHooks = {
  directives: { DynamicIndexList: dynamicIndexList },
  operations: {
    load: { verify: verifiers.verifyAccess(0, result), fold: foldAccessOfCast(0) },
    store: { verify: verifiers.verifyAccess(1, operand(0)), fold: foldAccessOfCast(1) },
    broadcast: { verify: verifiers.verifyBroadcast, fold: foldBroadcast },
    splat: { fold: foldBroadcast },
    extract: {
      verify: verifiers.verifyPosition(0, result, 'result'),
      fold: (op, operands) => foldExtract(op, operands) ?? constants.foldConstantPart(op, operands),
    },
    insert: {
      verify: verifiers.verifyPosition(1, operand(0), 'source'),
      fold: constants.foldInsert,
    },
    extractelement: { fold: constants.foldExtractElement },
    insertelement: { fold: constants.foldInsertElement },
    extract_strided_slice: { fold: constants.foldSlice },
    insert_strided_slice: { fold: constants.foldInsertSlice },
    shuffle: {
      fold: constants.foldShuffle,
      verify: verifiers.verifyShuffle,
      inferResultTypes: ({ operands, properties }) =>
        verifiers.shuffleResultType(operands, properties.get('mask')),
    },
    shape_cast: { verify: verifiers.verifyShapeCast, fold: foldShapeCast },
    bitcast: { verify: verifiers.verifyBitcast, fold: foldSameType },
    transpose: { verify: verifiers.verifyTranspose },
    reduction: { verify: verifiers.verifyReduction },
    transfer_read: {
      parse: forms.parseTransferRead,
      print: forms.printTransferRead,
      verify: verifiers.verifyTransfer(0, result),
      fold: foldAccessOfCast(0),
    },
    transfer_write: {
      parse: forms.parseTransferWrite,
      print: forms.printTransferWrite,
      verify: verifiers.verifyTransfer(1, operand(0)),
      fold: foldAccessOfCast(1),
    },
  },
};
