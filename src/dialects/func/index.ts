/** The func dialect: forms of functions and indirect calls, and what calls must agree with. */

import {
  FunctionType,
  Region,
  resolveSymbol,
  StringAttr,
  TypeAttr,
  type CustomPrinter,
  type Operation,
  type SymbolRefAttr,
  type Type,
} from '../../ir/index.js';
import type { CustomParser } from '../../syntax/asm-parser.js';
import {
  functionTypeOf,
  parseSignature,
  printSignature,
  storeSignature,
  verifyEntryArguments,
  verifyReturn,
} from '../function-form.js';
import { implement, type DialectHooks } from '../hook-types.js';
import {
  CallableInterface,
  CallInterface,
  FunctionInterface,
  SymbolUserInterface,
  type FunctionLike,
} from '../interfaces.js';

const VISIBILITIES = ['public', 'private', 'nested'] as const;

/** func ::= visibility? symbol signature (`attributes` dictionary)? region? */
const parseFunction: CustomParser = function* (parser, state) {
  const visibility = VISIBILITIES.find((keyword) => parser.parseOptionalKeyword(keyword));
  if (visibility !== undefined) state.attributes.set('sym_visibility', StringAttr.get(visibility));
  state.attributes.set('sym_name', StringAttr.get(parser.parseSymbolName()));
  const signature = parseSignature(parser);
  storeSignature(state, signature);
  parser.parseOptionalAttributeDictWithKeyword(state.attributes);
  const body = new Region();
  state.regions.push(body);
  const { offset } = parser;
  yield { region: body, entryArguments: signature.arguments, isOptional: true };
  const hasBody = parser.offset !== offset;
  if (hasBody && !signature.hasNames)
    parser.fail('expected SSA identifier for each argument of a function with a body', offset);
  if (hasBody && body.isEmpty) parser.fail('expected non-empty function body', offset);
};

const FUNCTION_ATTRIBUTES = new Set([
  'sym_name',
  'sym_visibility',
  'function_type',
  'arg_attrs',
  'res_attrs',
]);

const printFunction: CustomPrinter = function* (op, printer) {
  const visibility = op.properties.get('sym_visibility');
  printer.write(' ');
  if (visibility instanceof StringAttr) printer.write(`${visibility.value} `);
  printer.writeSymbol((op.properties.get('sym_name') as StringAttr).value);
  const [body] = op.regions;
  printSignature(printer, op, body.firstBlock?.arguments);
  printer.writeOptionalAttributeDictWithKeyword(op, FUNCTION_ATTRIBUTES);
  if (body.isEmpty) return;
  printer.write(' ');
  yield { region: body, printEntryArguments: false, printEmptyBlock: true };
};

/** call_indirect ::= operand `(` operands `)` attributes? `:` function-type */
const parseCallIndirect: CustomParser = (parser, state) => {
  const callee = parser.parseOperand();
  parser.expectPunctuation('(');
  const offset = parser.offset;
  const operands = parser.parseOperandList();
  parser.expectPunctuation(')');
  parser.parseOptionalAttributeDict(state.attributes);
  parser.expectPunctuation(':');
  const typeOffset = parser.offset;
  const type = parser.parseType();
  if (!(type instanceof FunctionType)) return parser.fail('expected function type', typeOffset);
  state.operands.push(
    parser.resolveOperand(callee, type),
    ...parser.resolveOperands(operands, type.inputs, offset),
  );
  state.resultTypes.push(...type.results);
};

const printCallIndirect: CustomPrinter = (op, printer) => {
  const [callee, ...operands] = op.operands;
  printer.write(' ');
  printer.writeOperand(callee);
  printer.write('(');
  printer.writeOperands(operands);
  printer.write(')');
  printer.writeOptionalAttributeDict(op, new Set());
  printer.write(' : ');
  printer.writeType(callee.type);
};

/** Checks the values of a call against the type of what it calls. */
function verifyCall(op: Operation, operands: readonly Type[], type: FunctionType): boolean {
  if (operands.length !== type.inputs.length)
    return op.emitOpError('incorrect number of operands for callee');
  for (const [index, input] of type.inputs.entries()) {
    if (operands[index] !== input)
      return op.emitOpError(
        `operand type mismatch: expected operand type '${input}', but provided '${operands[index]}' for operand number ${index}`,
      );
  }
  if (op.results.length !== type.results.length)
    return op.emitOpError('incorrect number of results for callee');
  for (const [index, result] of type.results.entries()) {
    if (op.results[index].type !== result)
      return op.emitOpError(`result type mismatch at index ${index}`, [
        op.note(`      op result types: ${quoted(op.resultTypes)}`),
        op.note(`function result types: ${quoted(type.results)}`),
      ]);
  }
  return true;
}

const quoted = (types: readonly Type[]): string => types.map((type) => `'${type}'`).join(', ');

function verifyCallSymbol(op: Operation): boolean {
  const callee = op.properties.get('callee') as SymbolRefAttr;
  const target = resolveSymbol(op, callee);
  if (target?.name.text !== 'func.func')
    return op.emitOpError(`'${callee.leaf}' does not reference a valid function`);
  return verifyCall(
    op,
    op.operands.map((operand) => operand.type),
    functionTypeOf(target),
  );
}

function verifyIndirectCall(op: Operation): boolean {
  const [callee, ...operands] = op.operands;
  return verifyCall(
    op,
    operands.map((operand) => operand.type),
    callee.type as FunctionType,
  );
}

function verifyConstant(op: Operation): boolean {
  const value = op.properties.get('value') as SymbolRefAttr;
  const target = resolveSymbol(op, value);
  if (target?.name.text !== 'func.func')
    return op.emitOpError(`reference to undefined function '${value.leaf}'`);
  if (functionTypeOf(target) !== op.result.type)
    return op.emitOpError(`reference to function with mismatched type`);
  return true;
}

/** How functions with the usual attributes implement the interface. */
export const functionLike: FunctionLike = {
  body: (op) => (op.regions[0].isEmpty ? undefined : op.regions[0]),
  resultTypes: (op) => functionTypeOf(op).results,
  functionType: functionTypeOf,
  setFunctionType: (op, type) => op.setAttribute('function_type', TypeAttr.get(type)),
};

export const funcHooks: DialectHooks = {
  operations: {
    func: {
      parse: parseFunction,
      print: printFunction,
      defaultDialect: 'func',
      verify: (op) => verifyEntryArguments(op, 0),
      interfaces: [
        implement(FunctionInterface, functionLike),
        implement(CallableInterface, functionLike),
      ],
    },
    return: {
      verify: (op) => op.parentOp === null || verifyReturn(op, op.parentOp),
    },
    call: {
      interfaces: [
        implement(CallInterface, {
          callee: (op) => op.properties.get('callee') as SymbolRefAttr,
          arguments: (op) => op.operands,
        }),
        implement(SymbolUserInterface, { verifySymbolUses: verifyCallSymbol }),
      ],
    },
    call_indirect: {
      parse: parseCallIndirect,
      print: printCallIndirect,
      verify: verifyIndirectCall,
      interfaces: [
        implement(CallInterface, {
          callee: (op) => op.operand(0),
          arguments: (op) => op.operands.slice(1),
        }),
      ],
    },
    constant: {
      fold: (op) => [op.properties.get('value')!],
      suggestNames: () => ['f'],
      interfaces: [implement(SymbolUserInterface, { verifySymbolUses: verifyConstant })],
    },
  },
};
