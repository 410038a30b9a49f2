/** From a resolved format to the parser of the custom form: one closure for each item. */

import {
  DenseArrayAttr,
  FunctionType,
  IntegerType,
  Region,
  UnitAttr,
  type Block,
  type Type,
} from '../ir/index.js';
import { InternalError } from '../support/index.js';
import type {
  AsmParser,
  CustomParser,
  RegionParseRequest,
  UnresolvedOperand,
} from '../syntax/asm-parser.js';
import type { CustomDirective, ParseSlot } from './directives.js';
import { isPunctuation } from './format-ast.js';
import { attributeReader } from './format-attributes.js';
import { finish, Frame, type FormatContext } from './format-frame.js';
import { isPlainFormat, plainFormatParser } from './plain-format.js';
import type { DirectiveArgument, FormatItem, TypeReference } from './format-resolve.js';

type RegionParsing = Generator<RegionParseRequest, void>;

interface Step {
  /** Parses the item, which must be there. */
  readonly run: (frame: Frame) => void | RegionParsing;
  /** Parses the item if it is there; absent where that cannot be told. False consumes nothing. */
  readonly tryRun?: (frame: Frame) => boolean | Generator<RegionParseRequest, boolean>;
}

function* runSteps(steps: readonly Step[], frame: Frame, from = 0): RegionParsing {
  for (let i = from; i < steps.length; i++) {
    const regions = steps[i].run(frame);
    if (regions !== undefined) yield* regions;
  }
}

function literalStep(text: string): Step {
  return isPunctuation(text)
    ? {
        run: ({ parser }) => parser.expectPunctuation(text),
        tryRun: ({ parser }) => parser.parseOptionalPunctuation(text),
      }
    : {
        run: ({ parser }) => parser.expectKeyword(text),
        tryRun: ({ parser }) => parser.parseOptionalKeyword(text),
      };
}

function optionalTypes(parser: AsmParser): Type[] {
  const types: Type[] = [];
  let type = parser.parseOptionalType();
  while (type !== undefined) {
    types.push(type);
    type = parser.parseOptionalPunctuation(',') ? parser.parseType() : undefined;
  }
  return types;
}

function storeTypes(frame: Frame, of: TypeReference, types: Type[]): void {
  switch (of.kind) {
    case 'operand':
      frame.operandTypes[of.index] = types;
      break;
    case 'result':
      frame.resultTypes[of.index] = types;
      break;
    case 'operands':
      frame.allOperandTypes = types;
      break;
    case 'results':
      frame.allResultTypes = types;
      break;
  }
}

/** `(a, b), (), (c)`: lists in parentheses; none where the first is not there. */
function parseLists<Item>(parser: AsmParser, parseList: () => Item[]): Item[][] {
  const lists: Item[][] = [];
  if (!parser.parseOptionalPunctuation('(')) return lists;
  for (;;) {
    lists.push(parseList());
    parser.expectPunctuation(')');
    if (!parser.parseOptionalPunctuation(',')) return lists;
    parser.expectPunctuation('(');
  }
}

function typeStep(of: TypeReference, isNested: boolean): Step {
  if ('arity' in of && of.arity === 'single')
    return { run: (frame) => storeTypes(frame, of, [frame.parser.parseType()]) };
  const isOptional = 'arity' in of && of.arity === 'optional';
  const tryRun = (frame: Frame): boolean => {
    const { parser } = frame;
    let types: Type[];
    if (isOptional) {
      const type = parser.parseOptionalType();
      types = type === undefined ? [] : [type];
    } else if (isNested) types = parseLists(parser, () => optionalTypes(parser)).flat();
    else types = optionalTypes(parser);
    storeTypes(frame, of, types);
    return types.length > 0;
  };
  return { run: (frame) => void tryRun(frame), tryRun };
}

function functionalTypeStep(inputs: TypeReference, results: TypeReference): Step {
  return {
    run: (frame) => {
      const offset = frame.parser.offset;
      const type = frame.parser.parseType();
      if (!(type instanceof FunctionType))
        return frame.parser.fail('expected function type', offset);
      storeTypes(frame, inputs, [...type.inputs]);
      storeTypes(frame, results, [...type.results]);
    },
  };
}

/** Blocks or regions of variable length: comma separated, the first one tells whether there are any. */
function successorStep(store: (frame: Frame, blocks: Block[]) => void, isSingle: boolean): Step {
  if (isSingle) return { run: (frame) => store(frame, [frame.parser.parseSuccessor()]) };
  const tryRun = (frame: Frame): boolean => {
    const blocks: Block[] = [];
    for (let block = frame.parser.parseOptionalSuccessor(); block !== undefined;) {
      blocks.push(block);
      block = frame.parser.parseOptionalPunctuation(',')
        ? frame.parser.parseSuccessor()
        : undefined;
    }
    store(frame, blocks);
    return blocks.length > 0;
  };
  return { run: (frame) => void tryRun(frame), tryRun };
}

function* parseRegion(isOptional: boolean): Generator<RegionParseRequest, Region> {
  const region = new Region();
  yield { region, isOptional };
  return region;
}

function regionStep(store: (frame: Frame, regions: Region[]) => void, isSingle: boolean): Step {
  if (isSingle) {
    return {
      *run(frame) {
        store(frame, [yield* parseRegion(false)]);
      },
      *tryRun(frame) {
        const region = yield* parseRegion(true);
        store(frame, [region]);
        return !region.isEmpty;
      },
    };
  }
  function* tryRun(frame: Frame): Generator<RegionParseRequest, boolean> {
    const regions: Region[] = [];
    const first = yield* parseRegion(true);
    if (!first.isEmpty) {
      regions.push(first);
      while (frame.parser.parseOptionalPunctuation(',')) regions.push(yield* parseRegion(false));
    }
    store(frame, regions);
    return regions.length > 0;
  }
  return {
    *run(frame) {
      yield* tryRun(frame);
    },
    tryRun,
  };
}

class Compiler {
  constructor(private readonly context: FormatContext) {}

  steps(items: readonly FormatItem[], anchor?: FormatItem): Step[] {
    return items.flatMap((item) =>
      item.kind === 'whitespace' ? [] : [this.step(item, item === anchor)],
    );
  }

  /** The step of an item; `isAnchored` where the item anchors the group that it is in. */
  step(item: FormatItem, isAnchored = false): Step {
    const { data } = this.context;
    switch (item.kind) {
      case 'literal':
        return literalStep(item.text);
      case 'operand':
        return this.operandStep(item.index, item.arity);
      case 'operands': {
        const tryRun = (frame: Frame): boolean => {
          frame.allOperands = frame.parser.parseOperandList();
          return frame.allOperands.length > 0;
        };
        return { run: (frame) => void tryRun(frame), tryRun };
      }
      case 'attribute':
        return this.attributeStep(item.index, item.isQualified, isAnchored);
      case 'type':
        return typeStep(item.of, this.isNested(item.of));
      case 'functional-type':
        return functionalTypeStep(item.inputs, item.results);
      case 'region':
        return regionStep(
          (frame, regions) => (frame.regions[item.index] = regions),
          item.arity === 'single',
        );
      case 'regions':
        return regionStep(
          (frame, regions) => (frame.allRegions = regions),
          data.regions.length === 1 && data.regions[0].arity === 'single',
        );
      case 'successor':
        return successorStep(
          (frame, blocks) => (frame.successors[item.index] = blocks),
          item.arity === 'single',
        );
      case 'successors':
        return successorStep((frame, blocks) => (frame.allSuccessors = blocks), false);
      case 'attr-dict':
        return {
          run: ({ parser, state }) =>
            item.hasKeyword
              ? parser.parseOptionalAttributeDictWithKeyword(state.attributes)
              : parser.parseOptionalAttributeDict(state.attributes),
        };
      case 'prop-dict':
        return {
          run: ({ parser, state }) => {
            if (!parser.parseOptionalPunctuation('<')) return;
            parser.parseOptionalAttributeDict(state.attributes);
            parser.expectPunctuation('>');
          },
        };
      case 'custom':
        return this.customStep(item.name, item.args);
      case 'oilist':
        return this.oilistStep(item.clauses);
      case 'group':
        return this.groupStep(item);
      case 'whitespace':
        return { run: () => undefined };
    }
  }

  /** Whether types are those of an operand that is a list of lists. */
  private isNested(of: TypeReference): boolean {
    return of.kind === 'operand' && this.context.data.operands[of.index].segments !== undefined;
  }

  private operandStep(index: number, arity: 'single' | 'optional' | 'variadic'): Step {
    const { segments } = this.context.data.operands[index];
    if (arity === 'single')
      return { run: (frame) => void (frame.operands[index] = [frame.parser.parseOperand()]) };
    const tryRun = (frame: Frame): boolean => {
      const { parser } = frame;
      let list: UnresolvedOperand[];
      if (arity === 'optional') {
        const operand = parser.parseOptionalOperand();
        list = operand === undefined ? [] : [operand];
      } else if (segments !== undefined) {
        const lists = parseLists(parser, () => parser.parseOperandList());
        const sizes = lists.map(({ length }) => length);
        frame.state.attributes.set(segments, DenseArrayAttr.get(IntegerType.get(32), sizes));
        frame.operands[index] = lists.flat();
        return lists.length > 0;
      } else list = parser.parseOperandList();
      frame.operands[index] = list;
      return list.length > 0;
    };
    return { run: (frame) => void tryRun(frame), tryRun };
  }

  private attributeStep(index: number, isQualified: boolean, isAnchored: boolean): Step {
    const { name, arity } = this.context.data.attributes[index];
    const { required, optional } = attributeReader(
      this.context.compiled.attributes[index],
      isQualified,
    );
    const tryRun =
      optional &&
      ((frame: Frame): boolean => {
        const value = optional(frame.parser);
        if (value !== undefined) frame.state.attributes.set(name, value);
        return value !== undefined;
      });
    // An optional attribute may simply be missing, unless it is what a group is there for.
    if (arity !== 'single' && tryRun !== undefined && !isAnchored)
      return { run: (frame) => void tryRun(frame), tryRun };
    return {
      run: (frame) => void frame.state.attributes.set(name, required(frame.parser)),
      ...(tryRun && { tryRun }),
    };
  }

  private customStep(name: string, args: readonly DirectiveArgument[]): Step {
    const find = (): CustomDirective => {
      const directive = this.context.findDirective(name);
      if (directive === undefined)
        throw new InternalError(
          `directive 'custom<${name}>' of '${this.context.data.name}' is not registered`,
        );
      return directive;
    };
    const load = (frame: Frame): ParseSlot[] => args.map((arg) => this.loadSlot(frame, arg));
    const store = (frame: Frame, slots: readonly ParseSlot[]): void =>
      args.forEach((arg, i) => this.storeSlot(frame, arg, slots[i]));
    function* finish(
      frame: Frame,
      slots: readonly ParseSlot[],
      regions: Generator<RegionParseRequest, void>,
    ): Generator<RegionParseRequest, boolean> {
      yield* regions;
      store(frame, slots);
      return true;
    }
    const tryRun = (frame: Frame): boolean | Generator<RegionParseRequest, boolean> => {
      const slots = load(frame);
      const outcome = find().parse(frame.parser, slots, frame.state);
      if (typeof outcome === 'object') return finish(frame, slots, outcome);
      if (outcome === false) return false;
      store(frame, slots);
      return true;
    };
    return {
      run: (frame) => {
        const outcome = tryRun(frame);
        if (typeof outcome === 'object') return discard(outcome);
        return undefined;
      },
      tryRun,
    };
  }

  private loadSlot(frame: Frame, arg: DirectiveArgument): ParseSlot {
    if (arg.kind === 'code') return { code: arg.text };
    if (arg.kind !== 'ref') return {};
    const { of } = arg;
    if (of.kind === 'operand') return { operands: frame.operands[of.index] ?? [] };
    if (of.kind === 'attribute')
      return {
        attribute: frame.state.attributes.get(this.context.data.attributes[of.index].name),
      };
    if (of.kind === 'type' && of.of.kind === 'operand')
      return { types: frame.operandTypes[of.of.index] ?? [] };
    if (of.kind === 'type' && of.of.kind === 'result')
      return { types: frame.resultTypes[of.of.index] ?? [] };
    if (of.kind === 'region') return { regions: frame.regions[of.index] ?? [] };
    return {};
  }

  private storeSlot(frame: Frame, arg: DirectiveArgument, slot: ParseSlot): void {
    switch (arg.kind) {
      case 'operand':
        frame.operands[arg.index] = slot.operands ?? [];
        break;
      case 'attribute':
        if (slot.attribute !== undefined)
          frame.state.attributes.set(this.context.data.attributes[arg.index].name, slot.attribute);
        break;
      case 'type':
        storeTypes(frame, arg.of, slot.types ?? []);
        break;
      case 'region':
        frame.regions[arg.index] = slot.regions ?? [];
        break;
      case 'successor':
        frame.successors[arg.index] = slot.successors ?? [];
        break;
      default:
        break;
    }
  }

  private oilistStep(clauses: readonly (readonly FormatItem[])[]): Step {
    const compiled = clauses.map((clause) => {
      const [first, ...rest] = this.steps(this.withImpliedUnits(clause, clause[1]));
      return { first, rest, unit: this.unitName(clause[1]), text: literalOf(clause[0]) };
    });
    return {
      *run(frame): RegionParsing {
        const seen = new Set<number>();
        for (;;) {
          const offset = frame.parser.offset;
          const index = compiled.findIndex((clause) => clause.first.tryRun!(frame));
          if (index === -1) return;
          if (seen.has(index))
            frame.parser.fail(
              `\`${compiled[index].text}\` clause can appear at most once in the expansion of the oilist directive`,
              offset,
            );
          seen.add(index);
          const { unit, rest } = compiled[index];
          if (unit !== undefined) frame.state.attributes.set(unit, UnitAttr.get());
          yield* runSteps(rest, frame);
        }
      },
    };
  }

  /** The name of the unit attribute that an item is, if it is one. */
  unitName(item: FormatItem | undefined): string | undefined {
    if (item?.kind !== 'attribute') return undefined;
    const { form } = this.context.compiled.attributes[item.index];
    return form.kind === 'unit' ? this.context.data.attributes[item.index].name : undefined;
  }

  /** A unit attribute that anchors a group is implied by the rest of the group. */
  private withImpliedUnits(
    items: readonly FormatItem[],
    anchor: FormatItem | undefined,
  ): readonly FormatItem[] {
    return this.unitName(anchor) === undefined ? items : items.filter((item) => item !== anchor);
  }

  private groupStep(group: FormatItem & { kind: 'group' }): Step {
    const unit = this.unitName(group.anchor);
    const items = this.withImpliedUnits(group.then, group.anchor);
    const [first, ...rest] = this.steps(items, group.anchor);
    const otherwise = this.steps(group.else);
    // Without regions nothing is ever yielded, and generators would only cost time.
    const isPlain = [...group.then, ...group.else].every((item) => item.kind !== 'oilist');
    if (this.context.data.regions.length === 0 && isPlain) {
      const tryPlain = (frame: Frame): boolean => {
        const isPresent = first.tryRun!(frame) === true;
        if (isPresent && unit !== undefined) frame.state.attributes.set(unit, UnitAttr.get());
        for (const step of isPresent ? rest : otherwise) step.run(frame);
        return isPresent;
      };
      return { run: (frame) => void tryPlain(frame), tryRun: tryPlain };
    }
    function* tryRun(frame: Frame): Generator<RegionParseRequest, boolean> {
      const outcome = first.tryRun!(frame);
      const isPresent = typeof outcome === 'object' ? yield* outcome : outcome;
      if (!isPresent) {
        yield* runSteps(otherwise, frame);
        return false;
      }
      if (unit !== undefined) frame.state.attributes.set(unit, UnitAttr.get());
      yield* runSteps(rest, frame);
      return true;
    }
    return {
      *run(frame) {
        yield* tryRun(frame);
      },
      tryRun,
    };
  }
}

function literalOf(item: FormatItem | undefined): string {
  return item?.kind === 'literal' ? item.text : '';
}

function* discard(parsing: Generator<RegionParseRequest, boolean>): RegionParsing {
  yield* parsing;
}

/** The parser of an operation's declarative format. */
export function formatParser(context: FormatContext): CustomParser {
  const compiler = new Compiler(context);
  if (isPlainFormat(context)) {
    // Literals and attributes look at nothing else of a frame.
    return plainFormatParser(
      context,
      (item) => compiler.step(item).run as (frame: Pick<Frame, 'parser' | 'state'>) => unknown,
    );
  }
  const steps = new Compiler(context).steps(context.format.items);
  const hasOilist = context.format.items.some((item) => item.kind === 'oilist');
  if (context.data.regions.length === 0 && !hasOilist) {
    return (parser, state) => {
      const frame = new Frame(parser, state);
      for (const step of steps) step.run(frame);
      finish(frame, context);
    };
  }
  return function* parse(parser, state) {
    const frame = new Frame(parser, state);
    yield* runSteps(steps, frame);
    finish(frame, context);
  };
}
