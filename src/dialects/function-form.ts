/** The custom form of functions: `@name(%a: i32 {x}, ...) -> (f32 {y})`, shared by `func.func` and `gpu.func`. */

import {
  ArrayAttr,
  DictionaryAttr,
  FunctionType,
  TypeAttr,
  type AsmPrinter,
  type Attribute,
  type BlockArgument,
  type Operation,
  type Type,
} from '../ir/index.js';
import type { AsmParser, OperationParseState, ParsedArgument } from '../syntax/asm-parser.js';

/** What stands between a function's name and its body. */
export interface ParsedSignature {
  /** With names, unless the function is a declaration. */
  readonly arguments: readonly ParsedArgument[];
  readonly inputs: readonly Type[];
  readonly results: readonly Type[];
  readonly inputAttributes: readonly DictionaryAttr[];
  readonly resultAttributes: readonly DictionaryAttr[];
  /** Whether the arguments have names, as those of a function with a body must. */
  readonly hasNames: boolean;
}

const ARGUMENT = { withType: true, withAttributes: true } as const;

function parseDictionary(parser: AsmParser): DictionaryAttr {
  const entries = new Map<string, Attribute>();
  parser.parseOptionalAttributeDict(entries);
  return DictionaryAttr.get(entries);
}

/** list ::= `(` (element (`,` element)*)? `)` */
function parseList(parser: AsmParser, parseElement: () => void): void {
  parser.expectPunctuation('(');
  if (parser.parseOptionalPunctuation(')')) return;
  do parseElement();
  while (parser.parseOptionalPunctuation(','));
  parser.expectPunctuation(')');
}

/** signature ::= `(` arguments `)` (`->` results)? where an argument is `%name: type {attributes}` or a type alone */
export function parseSignature(parser: AsmParser): ParsedSignature {
  const args: ParsedArgument[] = [];
  const inputs: Type[] = [];
  const inputAttributes: DictionaryAttr[] = [];
  parseList(parser, () => {
    const offset = parser.offset;
    const argument = parser.parseOptionalArgument(ARGUMENT);
    if (argument !== undefined) {
      if (args.length < inputs.length)
        parser.fail('expected type instead of SSA identifier', offset);
      args.push(argument);
      inputs.push(argument.type!);
      inputAttributes.push(DictionaryAttr.get(argument.attributes));
    } else {
      if (args.length > 0) parser.fail('expected SSA identifier', offset);
      inputs.push(parser.parseType());
      inputAttributes.push(parseDictionary(parser));
      parser.parseOptionalLocation();
    }
  });
  const results: Type[] = [];
  const resultAttributes: DictionaryAttr[] = [];
  if (parser.parseOptionalPunctuation('->')) parseResults(parser, results, resultAttributes);
  return {
    arguments: args,
    inputs,
    results,
    inputAttributes,
    resultAttributes,
    hasNames: args.length === inputs.length,
  };
}

/** results ::= `(` (type {attributes} (`,` ...)*)? `)` | type. A parenthesis may also begin a function type. */
function parseResults(parser: AsmParser, results: Type[], attributes: DictionaryAttr[]): void {
  if (!parser.parseOptionalPunctuation('(')) {
    results.push(parser.parseType());
    attributes.push(DictionaryAttr.empty);
    return;
  }
  if (parser.parseOptionalPunctuation(')')) return;
  do {
    results.push(parser.parseType());
    attributes.push(parseDictionary(parser));
  } while (parser.parseOptionalPunctuation(','));
  parser.expectPunctuation(')');
}

/** Records a signature in the attributes that functions keep it in. */
export function storeSignature(state: OperationParseState, signature: ParsedSignature): void {
  const { inputs, results, inputAttributes, resultAttributes } = signature;
  state.attributes.set('function_type', TypeAttr.get(FunctionType.get(inputs, results)));
  storeDictionaries(state, 'arg_attrs', inputAttributes);
  storeDictionaries(state, 'res_attrs', resultAttributes);
}

/** An array of dictionaries, unless all are empty. */
export function storeDictionaries(
  state: OperationParseState,
  name: string,
  dictionaries: readonly DictionaryAttr[],
): void {
  if (dictionaries.some((dictionary) => dictionary.size > 0))
    state.attributes.set(name, ArrayAttr.get(dictionaries));
}

function dictionaryAt(op: Operation, name: string, index: number): DictionaryAttr {
  const array = op.properties.get(name);
  const entry = array instanceof ArrayAttr ? array.elements[index] : undefined;
  return entry instanceof DictionaryAttr ? entry : DictionaryAttr.empty;
}

export function functionTypeOf(op: Operation): FunctionType {
  return (op.getAttribute('function_type') as TypeAttr).type as FunctionType;
}

function writeDictionary(printer: AsmPrinter, dictionary: DictionaryAttr): void {
  if (dictionary.size === 0) return;
  printer.write(' ');
  printer.writeAttribute(dictionary);
}

/** `(%a: i32 {x}) -> f32` for a function whose entry block has these arguments; types alone for a declaration. */
export function printSignature(
  printer: AsmPrinter,
  op: Operation,
  entryArguments: readonly BlockArgument[] | undefined,
): void {
  const { inputs, results } = functionTypeOf(op);
  printer.write('(');
  inputs.forEach((type, index) => {
    if (index > 0) printer.write(', ');
    if (entryArguments === undefined) printer.writeType(type);
    else printer.writeRegionArgument(entryArguments[index]);
    writeDictionary(printer, dictionaryAt(op, 'arg_attrs', index));
  });
  printer.write(')');
  if (results.length === 0) return;
  printer.write(' -> ');
  const isBare =
    results.length === 1 &&
    !(results[0] instanceof FunctionType) &&
    dictionaryAt(op, 'res_attrs', 0).size === 0;
  if (!isBare) printer.write('(');
  results.forEach((type, index) => {
    if (index > 0) printer.write(', ');
    printer.writeType(type);
    writeDictionary(printer, dictionaryAt(op, 'res_attrs', index));
  });
  if (!isBare) printer.write(')');
}

/** Whether the entry block's first arguments are those of the function's type; reports and returns. */
export function verifyEntryArguments(op: Operation, extra: number): boolean {
  const [body] = op.regions;
  if (body.isEmpty) return true;
  const { inputs } = functionTypeOf(op);
  const args = body.entryBlock.arguments;
  if (args.length !== inputs.length + extra)
    return op.emitOpError(
      `entry block must have ${inputs.length + extra} arguments to match function signature`,
    );
  return inputs.every(
    (type, index) =>
      args[index].type === type ||
      op.emitOpError(
        `type of entry block argument #${index}('${args[index].type}') must match the type of the corresponding argument in function signature('${type}')`,
      ),
  );
}

/** Checks what a terminator returns against the results of the enclosing function. */
export function verifyReturn(op: Operation, func: Operation): boolean {
  const { results } = functionTypeOf(func);
  const name = String(func.getAttribute('sym_name')).slice(1, -1);
  if (op.operandCount !== results.length)
    return op.emitOpError(
      `has ${op.operandCount} operands, but enclosing function (@${name}) returns ${results.length}`,
    );
  return results.every((type, index) => {
    const found = op.operand(index).type;
    if (found === type) return true;
    return op.emitError(
      `type of return operand ${index} ('${found}') doesn't match function result type ('${type}') in function @${name}`,
    );
  });
}
