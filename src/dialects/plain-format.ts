/**
 * Formats of operations without regions and successors whose operands and results are all single: most operations of a
 * program. Their parser keeps operands and types in flat lists, which takes a third of the general parser's time.
 */

import type { Type, Value } from '../ir/index.js';
import type {
  AsmParser,
  CustomParser,
  OperationParseState,
  UnresolvedOperand,
} from '../syntax/asm-parser.js';
import { hasTrait, OPERAND_SEGMENTS, RESULT_SEGMENTS } from './entities.js';
import type { FormatContext } from './format-frame.js';
import type { FormatItem } from './format-resolve.js';

/** What is read of one operation. Nothing is nested in it, so that its lists serve the next one of its name too. */
class PlainFrame {
  parser!: AsmParser;
  state!: OperationParseState;
  readonly singles: (UnresolvedOperand | undefined)[];
  /** One for each operand, then one for each result. */
  readonly types: (Type | undefined)[];
  readonly operands: Value[];
  readonly resultTypes: Type[];

  constructor(operandCount: number, resultCount: number) {
    this.singles = new Array<undefined>(operandCount).fill(undefined);
    this.types = new Array<undefined>(operandCount + resultCount).fill(undefined);
    this.operands = new Array<Value>(operandCount);
    this.resultTypes = new Array<Type>(resultCount);
  }

  begin(parser: AsmParser, state: OperationParseState): void {
    this.parser = parser;
    this.state = state;
    const { types } = this;
    for (let i = 0; i < types.length; i++) types[i] = undefined;
  }
}

type PlainStep = (frame: PlainFrame) => unknown;

/** Whether everything that the format reads has a fixed place. */
export function isPlainFormat({ data, format }: FormatContext): boolean {
  const isSingle = ({ arity }: { readonly arity: string }): boolean => arity === 'single';
  return (
    data.regions.length === 0 &&
    data.successors.length === 0 &&
    data.operands.every(isSingle) &&
    data.results.every(isSingle) &&
    !data.attributes.some(({ name }) => name === OPERAND_SEGMENTS || name === RESULT_SEGMENTS) &&
    !hasTrait(data, 'AttrSizedOperandSegments') &&
    !hasTrait(data, 'AttrSizedResultSegments') &&
    format.items.every(isPlainItem)
  );
}

function isPlainItem(item: FormatItem): boolean {
  switch (item.kind) {
    case 'operand':
      return true;
    case 'type':
      return item.of.kind === 'operand' || item.of.kind === 'result';
    case 'group':
      return [...item.then, ...item.else].every(isAttributeItem);
    default:
      return isAttributeItem(item);
  }
}

function isAttributeItem({ kind }: FormatItem): boolean {
  return (
    kind === 'literal' || kind === 'whitespace' || kind === 'attribute' || kind === 'attr-dict'
  );
}

/** `general` compiles the items that are read as in any other format. */
export function plainFormatParser(
  { data, format, infer }: FormatContext,
  general: (item: FormatItem) => PlainStep,
): CustomParser {
  const steps = format.items
    .filter(({ kind }) => kind !== 'whitespace')
    .map((item) => plainStep(item, data.operands.length) ?? general(item));
  const operandCount = data.operands.length;
  const resultCount = data.results.length;
  const completeTypes = format.typePlan.completeSingles();
  const frame = new PlainFrame(operandCount, resultCount);
  const resolve = ({ parser, singles, types }: PlainFrame, index: number): Value => {
    const operand = singles[index]!;
    const type = types[index];
    if (type === undefined)
      return parser.fail(
        `type of operand '${data.operands[index].name}' cannot be inferred`,
        operand.offset,
      );
    return parser.resolveOperand(operand, type);
  };
  const inferResults = ({ parser, state }: PlainFrame): Type[] => {
    const types = infer?.({ operands: state.operands, properties: state.attributes });
    return types === undefined
      ? parser.fail('failed to infer the types of the results', state.offset)
      : [...types];
  };
  return (parser, state) => {
    frame.begin(parser, state);
    const { types, operands, resultTypes } = frame;
    for (let i = 0; i < steps.length; i++) steps[i](frame);
    completeTypes(types, state.attributes);
    for (let i = 0; i < operandCount; i++) operands[i] = resolve(frame, i);
    // Empty lists stay with the state: parsers of other operations fill them.
    if (operandCount > 0) state.operands = operands;
    for (let i = 0; i < resultCount; i++) {
      const type = types[operandCount + i];
      if (type === undefined) {
        state.resultTypes = inferResults(frame);
        return;
      }
      resultTypes[i] = type;
    }
    if (resultCount > 0) state.resultTypes = resultTypes;
  };
}

function plainStep(item: FormatItem, operandCount: number): PlainStep | undefined {
  if (item.kind === 'operand') {
    const { index } = item;
    return (frame) => (frame.singles[index] = frame.parser.parseOperand());
  }
  if (item.kind === 'type' && (item.of.kind === 'operand' || item.of.kind === 'result')) {
    const slot = item.of.kind === 'operand' ? item.of.index : operandCount + item.of.index;
    return (frame) => (frame.types[slot] = frame.parser.parseType());
  }
  return undefined;
}
