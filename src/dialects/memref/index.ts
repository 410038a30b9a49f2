/** The memref dialect: forms, verifiers, folds and interfaces of buffers and views. */

import { isShapedType, MemRefType, type Operation } from '../../ir/index.js';
import { implement, type DialectHooks, type OperationHooks } from '../hook-types.js';
import { dynamicIndexList } from '../index-list.js';
import {
  CastInterface,
  ConditionallySpeculatableInterface,
  SymbolUserInterface,
  ViewLikeInterface,
  type ConditionallySpeculatable,
} from '../interfaces.js';
import { constantInteger } from '../speculation.js';
import {
  foldAccessOfCast,
  foldCast,
  foldCollapse,
  foldDim,
  foldMemorySpaceCast,
  foldRank,
} from './folds.js';
import * as forms from './forms.js';
import { loadOfSlot, stackSlots, storeToSlot } from './slots.js';
import * as verifiers from './verifiers.js';

const view = implement(ViewLikeInterface, { source: (op: Operation) => op.operand(0) });

/** Only a dimension that is known to exist can be asked for. */
const dimSpeculation: ConditionallySpeculatable = {
  speculatability: (op) => {
    const { type } = op.operand(0);
    const position = constantInteger(op.operand(1));
    const exists =
      type instanceof MemRefType &&
      position !== undefined &&
      position >= 0n &&
      position < type.shape.length;
    return exists ? 'always' : 'never';
  },
};

const allocation: OperationHooks = {
  verify: verifiers.verifyAllocation,
  suggestNames: () => ['alloc'],
};

export const memrefHooks: DialectHooks = {
  directives: {
    DynamicIndexList: dynamicIndexList,
    GlobalMemrefOpTypeAndInitialValue: forms.globalTypeAndInitialValue,
  },
  operations: {
    alloc: allocation,
    alloca: {
      verify: verifiers.verifyStackAllocation,
      suggestNames: () => ['alloca'],
      interfaces: stackSlots,
    },
    alloca_scope: { parse: forms.parseAllocaScope, print: forms.printAllocaScope },
    load: {
      verify: verifiers.verifyIndices(
        0,
        (found, rank) => `incorrect number of indices for load, expected ${rank} but got ${found}`,
      ),
      fold: foldAccessOfCast(0),
      interfaces: loadOfSlot,
    },
    store: {
      verify: verifiers.verifyIndices(
        1,
        () => 'store index operand count not equal to memref rank',
      ),
      fold: foldAccessOfCast(1),
      interfaces: storeToSlot,
    },
    cast: {
      verify: verifiers.verifyCast,
      fold: foldCast,
      suggestNames: () => ['cast'],
      interfaces: [implement(CastInterface, { areCompatible: verifiers.areCastCompatible }), view],
    },
    dealloc: { fold: foldAccessOfCast(0) },
    memory_space_cast: {
      fold: foldMemorySpaceCast,
      suggestNames: () => ['memspacecast'],
      interfaces: [
        implement(CastInterface, {
          areCompatible: ([from], [to]) =>
            isShapedType(from) && isShapedType(to) && from.elementType === to.elementType,
        }),
        view,
      ],
    },
    dim: {
      fold: foldDim,
      suggestNames: () => ['dim'],
      interfaces: [implement(ConditionallySpeculatableInterface, dimSpeculation)],
    },
    rank: { fold: foldRank },
    subview: {
      verify: verifiers.verifySubview,
      suggestNames: () => ['subview'],
      interfaces: [view],
    },
    reinterpret_cast: {
      verify: verifiers.verifyReinterpretCast,
      suggestNames: () => ['reinterpret_cast'],
      interfaces: [view],
    },
    view: { verify: verifiers.verifyView, suggestNames: () => ['view'], interfaces: [view] },
    expand_shape: { suggestNames: () => ['expand_shape'], interfaces: [view] },
    collapse_shape: {
      fold: foldCollapse,
      suggestNames: () => ['collapse_shape'],
      interfaces: [view],
    },
    get_global: {
      interfaces: [implement(SymbolUserInterface, { verifySymbolUses: verifiers.verifyGetGlobal })],
    },
    atomic_rmw: {
      fold: foldAccessOfCast(1),
      verify: verifiers.verifyIndices(
        1,
        () => 'expects the number of subscripts to be equal to memref rank',
      ),
    },
    prefetch: { parse: forms.parsePrefetch, print: forms.printPrefetch },
  },
};
