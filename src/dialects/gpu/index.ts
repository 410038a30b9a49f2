/** The gpu dialect: forms, verifiers and interfaces. */

import {
  MemRefType,
  resolveSymbol,
  SymbolRefAttr,
  type DenseArrayAttr,
  type Operation,
} from '../../ir/index.js';
import { functionTypeOf, verifyEntryArguments, verifyReturn } from '../function-form.js';
import { functionLike } from '../func/index.js';
import { implement, type DialectHooks } from '../hook-types.js';
import { CallableInterface, FunctionInterface, SymbolUserInterface } from '../interfaces.js';
import * as forms from './forms.js';

function verifyFunction(op: Operation): boolean {
  const shared = forms.workgroupAttributions(op);
  const [body] = op.regions;
  if (body.isEmpty) return op.emitOpError('expected body with at least one block');
  const { inputs, results } = functionTypeOf(op);
  const args = body.entryBlock.arguments;
  const extra = Math.max(args.length - inputs.length, shared);
  if (!verifyEntryArguments(op, extra)) return false;
  if (op.hasAttribute('gpu.kernel') && results.length > 0)
    return op.emitOpError('expected void return type for kernel function');
  for (const argument of args.slice(inputs.length)) {
    if (!(argument.type instanceof MemRefType))
      return op.emitOpError(`expected memref type in attribution`);
  }
  return true;
}

function verifyLaunch(op: Operation): boolean {
  const module = op.getParentOfName('builtin.module');
  if (module === undefined) return true;
  const kernel = op.properties.get('kernel') as SymbolRefAttr;
  if (!module.hasAttribute('gpu.container_module'))
    return op.emitOpError(
      `expected the closest surrounding module to have the 'gpu.container_module' attribute`,
    );
  const container = resolveSymbol(op, SymbolRefAttr.get(kernel.root));
  if (container === undefined)
    return op.emitOpError(`kernel container '${kernel.root}' is undefined`);
  const target = resolveSymbol(op, kernel);
  if (target === undefined) return op.emitOpError(`kernel function '${kernel}' is undefined`);
  if (!target.hasAttribute('gpu.kernel'))
    return op.emitOpError(`kernel function is missing the 'gpu.kernel' attribute`);
  const found = (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values[11];
  const { inputs } = functionTypeOf(target);
  if (found !== inputs.length)
    return op.emitOpError(`got ${found} kernel operands but expected ${inputs.length}`);
  const first =
    op.operandCount -
    found -
    (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values[12];
  return inputs.every(
    (type, index) =>
      op.operand(first + index).type === type ||
      op.emitOpError(`type of function argument ${index} does not match`),
  );
}

export const gpuHooks: DialectHooks = {
  directives: { AllReduceOperation: forms.allReduceOperation },
  operations: {
    module: { parse: forms.parseModule, print: forms.printModule },
    func: {
      parse: forms.parseFunction,
      print: forms.printFunction,
      verify: verifyFunction,
      interfaces: [
        implement(FunctionInterface, functionLike),
        implement(CallableInterface, functionLike),
      ],
    },
    shuffle: { suggestNames: () => ['shuffleResult', 'valid'] },
    return: { verify: (op) => op.parentOp === null || verifyReturn(op, op.parentOp) },
    launch_func: {
      parse: forms.parseLaunch,
      print: forms.printLaunch,
      interfaces: [implement(SymbolUserInterface, { verifySymbolUses: verifyLaunch })],
    },
  },
};
