/** What a declarative format has read of an operation, and how the operation's state follows from it. */

import {
  DenseArrayAttr,
  IntegerType,
  Region,
  type Attribute,
  type Block,
  type Type,
  type Value,
} from '../ir/index.js';
import type { AsmParser, OperationParseState, UnresolvedOperand } from '../syntax/asm-parser.js';
import type { CompiledConstraints } from './compiled.js';
import type { CustomDirective } from './directives.js';
import { divide, hasTrait, OPERAND_SEGMENTS, RESULT_SEGMENTS } from './entities.js';
import type { ResolvedFormat } from './format-resolve.js';
import type { OperationData } from './schema.js';
import type { KnownTypes } from './type-plan.js';

/** Everything needed to make the parser and printer of one operation's format. */
export interface FormatContext {
  readonly data: OperationData;
  readonly compiled: CompiledConstraints;
  readonly format: ResolvedFormat;
  readonly findDirective: (name: string) => CustomDirective | undefined;
  readonly infer?: (op: {
    readonly operands: readonly Value[];
    readonly properties: ReadonlyMap<string, Attribute>;
  }) => readonly Type[] | undefined;
}

/** What has been read of one operation. */
export class Frame {
  readonly operands: (UnresolvedOperand[] | undefined)[] = [];
  readonly operandTypes: (Type[] | undefined)[] = [];
  readonly resultTypes: (Type[] | undefined)[] = [];
  readonly regions: (Region[] | undefined)[] = [];
  readonly successors: (Block[] | undefined)[] = [];
  allOperands: UnresolvedOperand[] | undefined;
  allOperandTypes: Type[] | undefined;
  allResultTypes: Type[] | undefined;
  allRegions: Region[] | undefined;
  allSuccessors: Block[] | undefined;

  constructor(
    readonly parser: AsmParser,
    readonly state: OperationParseState,
  ) {}
}

/** Resolves what was read: operand and result types, operands, regions, successors and segment sizes. */
export function finish(frame: Frame, { data, format, infer }: FormatContext): void {
  const { parser, state } = frame;
  if (frame.allOperands !== undefined) {
    const ranges = divide(data.operands, frame.allOperands.length, undefined);
    if (ranges === undefined)
      return parser.fail(
        `${frame.allOperands.length} operands present, but expected ${data.operands.length}`,
        frame.allOperands[0]?.offset ?? state.offset,
      );
    ranges.forEach(({ start, count }, i) => {
      frame.operands[i] = frame.allOperands!.slice(start, start + count);
    });
  }
  const known: KnownTypes = new Map();
  const operandCount = (name: string): number | undefined => {
    const index = data.operands.findIndex((entity) => entity.name === name);
    return index === -1 ? undefined : (frame.operands[index]?.length ?? 0);
  };
  if (frame.allOperandTypes !== undefined) {
    const types = frame.allOperandTypes;
    const total = data.operands.reduce((sum, _, i) => sum + (frame.operands[i]?.length ?? 0), 0);
    if (total !== types.length)
      parser.fail(`${total} operands present, but expected ${types.length}`, state.offset);
    let at = 0;
    data.operands.forEach(({ name }, i) => {
      const count = frame.operands[i]?.length ?? 0;
      known.set(name, types.slice(at, at + count));
      at += count;
    });
  }
  data.operands.forEach(({ name }, i) => {
    const types = frame.operandTypes[i];
    if (types !== undefined) known.set(name, types);
  });
  data.results.forEach(({ name }, i) => {
    const types = frame.resultTypes[i];
    if (types !== undefined) known.set(name, types);
  });
  data.operands.forEach(({ name, segments }, i) => {
    if ((frame.operands[i]?.length ?? 0) > 0) return;
    known.set(name, []);
    if (segments !== undefined && !state.attributes.has(segments))
      state.attributes.set(segments, DenseArrayAttr.get(IntegerType.get(32), []));
  });
  format.typePlan.complete(known, operandCount, (name) => state.attributes.get(name));

  data.operands.forEach(({ name }, i) => {
    const operands = frame.operands[i] ?? [];
    if (operands.length === 0) return;
    const types = known.get(name);
    if (types === undefined)
      return parser.fail(`type of operand '${name}' cannot be inferred`, operands[0].offset);
    state.operands.push(...parser.resolveOperands(operands, types, operands[0].offset));
  });
  finishRegions(frame, data);
  if (hasTrait(data, 'AttrSizedOperandSegments')) {
    const sizes = data.operands.map((_, i) => frame.operands[i]?.length ?? 0);
    state.attributes.set(OPERAND_SEGMENTS, DenseArrayAttr.get(IntegerType.get(32), sizes));
  }
  if (frame.allResultTypes !== undefined) state.resultTypes.push(...frame.allResultTypes);
  else finishResults(frame, data, known, infer);
}

function finishRegions(frame: Frame, data: OperationData): void {
  const { state } = frame;
  if (frame.allRegions !== undefined) state.regions.push(...frame.allRegions);
  else {
    data.regions.forEach(({ arity }, i) => {
      const regions = frame.regions[i] ?? (arity === 'single' ? [new Region()] : []);
      for (const region of regions) if (!state.regions.includes(region)) state.regions.push(region);
    });
  }
  if (frame.allSuccessors !== undefined) state.successors.push(...frame.allSuccessors);
  else
    for (const blocks of frame.successors)
      if (blocks !== undefined) state.successors.push(...blocks);
}

function finishResults(
  frame: Frame,
  data: OperationData,
  known: KnownTypes,
  infer: FormatContext['infer'],
): void {
  const { parser, state } = frame;
  const inferred = (): readonly Type[] | undefined =>
    infer?.({ operands: state.operands, properties: state.attributes });
  if (data.results.every(({ name, arity }) => known.has(name) || arity !== 'single')) {
    const isUnknown = data.results.some(({ name }) => !known.has(name));
    // What is neither spelled out nor inferred is an optional result that is not there.
    if (!isUnknown || inferred() === undefined) {
      for (const { name } of data.results) state.resultTypes.push(...(known.get(name) ?? []));
      if (hasTrait(data, 'AttrSizedResultSegments')) {
        const sizes = data.results.map(({ name }) => known.get(name)?.length ?? 0);
        state.attributes.set(RESULT_SEGMENTS, DenseArrayAttr.get(IntegerType.get(32), sizes));
      }
      return;
    }
  }
  const types = inferred();
  if (types === undefined)
    return parser.fail('failed to infer the types of the results', state.offset);
  state.resultTypes.push(...types);
}
