/** From a resolved format to the printer of the custom form: one closure for each item. */

import {
  DialectAttr,
  DictionaryAttr,
  writeResultTypes,
  writeTypeList,
  type AsmPrinter,
  type Attribute,
  type CustomPrinter,
  type DenseArrayAttr,
  type Operation,
  type Region,
  type RegionRequest,
  type StringAttr,
  type SymbolRefAttr,
  type Type,
} from '../ir/index.js';
import { InternalError } from '../support/index.js';
import { enumCase, parseDefault } from './attribute-values.js';
import type { AttributeConstraint } from './attribute-constraint.js';
import type { PrintSlot } from './directives.js';
import {
  entityRegions,
  OPERAND_SEGMENTS,
  operandLists,
  operandRange,
  operandValues,
  RESULT_SEGMENTS,
  resultRange,
  resultValues,
} from './entities.js';
import type { FormatContext } from './format-frame.js';
import type { DirectiveArgument, FormatItem, TypeReference } from './format-resolve.js';

type RegionPrinting = Generator<RegionRequest, void>;
type PrintStep = (op: Operation, printer: AsmPrinter) => void | RegionPrinting;

/** A keyword for a case that is one, else a string. */
function writeCase(printer: AsmPrinter, text: string): void {
  printer.write(
    /^[A-Za-z_][\w$.]*(, ?[A-Za-z_]\w*|\|[A-Za-z_]\w*|,[A-Za-z_]\w*)*$/.test(text)
      ? text
      : `"${text}"`,
  );
}

/** Writes an attribute in the short way that its form allows. */
function attributeWriter(
  { form }: AttributeConstraint,
  isQualified: boolean,
): (printer: AsmPrinter, attribute: Attribute) => void {
  switch (form.kind) {
    case 'number':
    case 'bool':
      return (printer, attribute) => printer.writeAttributeWithoutType(attribute);
    case 'symbolName':
      return (printer, attribute) => printer.writeSymbol((attribute as StringAttr).value);
    case 'flatSymbol':
    case 'symbol':
      return (printer, attribute) => printer.write(String(attribute as SymbolRefAttr));
    case 'denseArray':
      return (printer, attribute) => {
        printer.write('[');
        (attribute as DenseArrayAttr).printElements(printer);
        printer.write(']');
      };
    case 'enum': {
      const { declaration } = form;
      if (isQualified && declaration.storage === 'attribute') break;
      const isBracketed = declaration.storage === 'attribute' && !declaration.isBare;
      return (printer, attribute) => {
        const text = enumCase(declaration, attribute) ?? '';
        if (isBracketed) printer.write('<');
        writeCase(printer, text);
        if (isBracketed) printer.write('>');
      };
    }
    case 'declared':
      if (isQualified) break;
      return (printer, attribute) => {
        if (attribute instanceof DialectAttr)
          attribute.definition.printParameters?.(attribute.parameters, printer);
        else printer.writeAttribute(attribute);
      };
    default:
      break;
  }
  return (printer, attribute) => printer.writeAttribute(attribute);
}

const isSingle = ({ arity }: { readonly arity: string }): boolean => arity === 'single';

/** Lists in parentheses. */
function writeLists<Item>(
  printer: AsmPrinter,
  lists: readonly (readonly Item[])[],
  write: (list: readonly Item[]) => void,
): void {
  lists.forEach((list, i) => {
    printer.write(i > 0 ? ', (' : '(');
    write(list);
    printer.write(')');
  });
}

/** The spaces between items are decided once, as ODS does: after every item except opening brackets. */
class Compiler {
  private shouldEmitSpace = true;
  private lastWasPunctuation = false;
  private readonly defaults: ReadonlyMap<string, Attribute>;

  constructor(private readonly context: FormatContext) {
    const { data, compiled } = context;
    const defaults = new Map<string, Attribute>();
    data.attributes.forEach((entity, index) => {
      if (entity.default === undefined) return;
      const value = parseDefault(entity.default, compiled.attributes[index].form);
      if (value !== undefined) defaults.set(entity.name, value);
    });
    this.defaults = defaults;
  }

  steps(items: readonly FormatItem[]): PrintStep[] {
    return items.flatMap((item) => this.step(item) ?? []);
  }

  private step(item: FormatItem): PrintStep | PrintStep[] | undefined {
    switch (item.kind) {
      case 'literal':
        return this.literal(item.text);
      case 'whitespace':
        return this.whitespace(item.text);
      case 'group':
        return this.group(item);
      case 'oilist':
        return item.clauses.map((clause) => this.clause(clause));
      case 'attr-dict': {
        const step = this.attributeDictionary(item.hasKeyword);
        this.lastWasPunctuation = false;
        return step;
      }
      default: {
        const hasSpace = this.shouldEmitSpace || !this.lastWasPunctuation;
        this.lastWasPunctuation = false;
        this.shouldEmitSpace = true;
        const step = this.plainVariable(item) ?? this.variable(item);
        if (!hasSpace) return step;
        const space: PrintStep = (_, printer) => printer.write(' ');
        if (this.mayBeAbsent(item)) return this.guarded(item, [space, step]);
        return [space, step];
      }
    }
  }

  /** Items of variable length outside a group write nothing, not even a space, when they are empty. */
  private mayBeAbsent(item: FormatItem): boolean {
    if (item.kind === 'operand' || item.kind === 'successor') return item.arity !== 'single';
    if (item.kind === 'region') return item.arity !== 'single';
    if (item.kind === 'prop-dict') return true;
    if (item.kind === 'type') return 'arity' in item.of && item.of.arity !== 'single';
    return item.kind === 'attribute' && this.context.data.attributes[item.index].arity !== 'single';
  }

  private guarded(item: FormatItem, steps: readonly PrintStep[]): PrintStep {
    const isPresent = this.presence(item);
    const isPlain = this.context.data.regions.length === 0;
    return (op, printer) => {
      if (!isPresent(op)) return undefined;
      if (isPlain) {
        for (const step of steps) step(op, printer);
        return undefined;
      }
      return runSteps(steps, op, printer);
    };
  }

  private literal(text: string): PrintStep {
    const isWord = text.length !== 1 && text !== '->';
    const hugsLeft = this.lastWasPunctuation ? '>)}],' : '<>(){}[],';
    const hasSpace = this.shouldEmitSpace && (isWord || !hugsLeft.includes(text));
    this.shouldEmitSpace = text.length !== 1 || !'<({['.includes(text);
    this.lastWasPunctuation = !/^[A-Za-z_]/.test(text);
    const written = hasSpace ? ` ${text}` : text;
    return (_, printer) => printer.write(written);
  }

  private whitespace(text: string): PrintStep | undefined {
    this.shouldEmitSpace = false;
    this.lastWasPunctuation = text === '';
    if (text === '') return undefined;
    return text === '\n' ? (_, printer) => printer.newline() : (_, printer) => printer.write(text);
  }

  private attributeDictionary(hasKeyword: boolean): PrintStep {
    const { data, format } = this.context;
    const elided = new Set([...format.writtenAttributes, OPERAND_SEGMENTS, RESULT_SEGMENTS]);
    if (format.hasPropertyDictionary) for (const { name } of data.attributes) elided.add(name);
    const defaults = [...this.defaults].filter(([name]) => !elided.has(name));
    if (defaults.length === 0 && !hasKeyword)
      return (op, printer) => printer.writeOptionalAttributeDict(op, elided);
    return (op, printer) => {
      let names: ReadonlySet<string> = elided;
      for (const [name, value] of defaults) {
        if (op.properties.get(name) !== value) continue;
        if (names === elided) names = new Set(elided);
        (names as Set<string>).add(name);
      }
      if (hasKeyword) printer.writeOptionalAttributeDictWithKeyword(op, names);
      else printer.writeOptionalAttributeDict(op, names);
    };
  }

  /** The properties that the format does not write and that are not what they are by default. */
  private shownProperties(op: Operation): [string, Attribute][] {
    const { writtenAttributes } = this.context.format;
    return [...op.properties.entries()].filter(
      ([name, value]) =>
        !writtenAttributes.has(name) &&
        name !== OPERAND_SEGMENTS &&
        name !== RESULT_SEGMENTS &&
        this.defaults.get(name) !== value,
    );
  }

  private group(item: FormatItem & { kind: 'group' }): PrintStep {
    const isPresent = this.presence(item.anchor);
    const thenItems = this.isUnit(item.anchor)
      ? item.then.filter((child) => child !== item.anchor)
      : item.then;
    const steps = this.steps(thenItems);
    const otherwise = this.steps(item.else);
    const isPlain = this.context.data.regions.length === 0;
    return (op, printer) => {
      const chosen = isPresent(op) ? steps : otherwise;
      if (!isPlain) return runSteps(chosen, op, printer);
      for (const step of chosen) step(op, printer);
      return undefined;
    };
  }

  private clause(items: readonly FormatItem[]): PrintStep {
    const decisive = items.filter((item) => item.kind !== 'literal' && item.kind !== 'whitespace');
    const tests = decisive.map((item) => this.presence(item));
    const steps = this.steps(items.filter((item) => !this.isUnit(item)));
    return (op, printer) => {
      if (!tests.some((test) => test(op))) return undefined;
      return runSteps(steps, op, printer);
    };
  }

  private isUnit(item: FormatItem): boolean {
    return (
      item.kind === 'attribute' && this.context.compiled.attributes[item.index].form.kind === 'unit'
    );
  }

  /** Whether an item has something to print in a given operation. */
  private presence(item: FormatItem): (op: Operation) => boolean {
    const { data } = this.context;
    switch (item.kind) {
      case 'operand':
        if (data.operands[item.index].segments !== undefined)
          return (op) => operandLists(op, data, item.index).length > 0;
        return (op) => operandRange(op, data, item.index).count > 0;
      case 'attribute': {
        const { name } = data.attributes[item.index];
        const fallback = this.defaults.get(name);
        return (op) => {
          const value = op.properties.get(name);
          return value !== undefined && value !== fallback;
        };
      }
      case 'region':
        return (op) => entityRegions(op, data, item.index).some((region) => !region.isEmpty);
      case 'successor':
        return (op) => op.successors.length > item.index;
      case 'type':
        return (op) => this.typesOf(op, item.of).length > 0;
      case 'prop-dict':
        return (op) => this.shownProperties(op).length > 0;
      case 'functional-type':
        return (op) => op.operandCount + op.results.length > 0;
      case 'operands':
        return (op) => op.operandCount > 0;
      case 'regions':
        return (op) => op.regions.some((region) => !region.isEmpty);
      case 'successors':
        return (op) => op.successors.length > 0;
      case 'custom': {
        const tests = item.args.flatMap((arg) =>
          arg.kind === 'code' || arg.kind === 'ref' ? [] : [this.presence(arg)],
        );
        return (op) => tests.some((test) => test(op));
      }
      default:
        return () => true;
    }
  }

  private typesOf(op: Operation, of: TypeReference): Type[] {
    const { data } = this.context;
    switch (of.kind) {
      case 'operand':
        return operandValues(op, data, of.index).map((value) => value.type);
      case 'result': {
        if (of.arity !== 'single')
          return resultValues(op, data, of.index).map((value) => value.type);
        const { start, count } = resultRange(op, data, of.index);
        return op.results.slice(start, start + count).map((value) => value.type);
      }
      case 'operands':
        return op.operands.map((value) => value.type);
      case 'results':
        return op.resultTypes;
    }
  }

  /** Operands and types that always have the same place, which need not be looked for. */
  private plainVariable(item: FormatItem): PrintStep | undefined {
    const { operands, results } = this.context.data;
    if (item.kind === 'operand' && operands.every(isSingle)) {
      const { index } = item;
      return (op, printer) => printer.writeOperand(op.operand(index));
    }
    if (item.kind !== 'type') return undefined;
    const { of } = item;
    if (of.kind === 'operand' && operands.every(isSingle))
      return (op, printer) => printer.writeType(op.operand(of.index).type);
    if (of.kind === 'result' && results.every(isSingle))
      return (op, printer) => printer.writeType(op.results[of.index].type);
    return undefined;
  }

  private variable(item: FormatItem): PrintStep {
    const { data, compiled } = this.context;
    switch (item.kind) {
      case 'operand': {
        const { index } = item;
        if (data.operands[index].segments !== undefined)
          return (op, printer) =>
            writeLists(printer, operandLists(op, data, index), (list) =>
              printer.writeOperands(list),
            );
        return (op, printer) => printer.writeOperands(operandValues(op, data, index));
      }
      case 'operands':
        return (op, printer) => printer.writeOperands(op.operands);
      case 'attribute': {
        const { name } = data.attributes[item.index];
        const write = attributeWriter(compiled.attributes[item.index], item.isQualified);
        return (op, printer) => {
          const value = op.properties.get(name);
          if (value !== undefined) write(printer, value);
        };
      }
      case 'type': {
        const { of } = item;
        if (of.kind === 'operand' && data.operands[of.index].segments !== undefined)
          return (op, printer) =>
            writeLists(printer, operandLists(op, data, of.index), (list) =>
              printer.writeTypes(list.map(({ type }) => type)),
            );
        return (op, printer) => printer.writeTypes(this.typesOf(op, of));
      }
      case 'functional-type':
        return (op, printer) => {
          printer.write('(');
          writeTypeList(printer, this.typesOf(op, item.inputs));
          printer.write(') -> ');
          writeResultTypes(printer, this.typesOf(op, item.results));
        };
      case 'region':
        return (op, printer) => printRegions(entityRegions(op, data, item.index), printer);
      case 'regions':
        return (op, printer) => printRegions(op.regions, printer);
      case 'successor':
        if (item.arity === 'single')
          return (op, printer) => printer.writeSuccessor(op.successors[item.index].block);
        // Only the last successor may be a list.
        return (op, printer) =>
          op.successors.slice(item.index).forEach((successor, i) => {
            if (i > 0) printer.write(', ');
            printer.writeSuccessor(successor.block);
          });
      case 'successors':
        return (op, printer) =>
          op.successors.forEach((successor, i) => {
            if (i > 0) printer.write(', ');
            printer.writeSuccessor(successor.block);
          });
      case 'prop-dict':
        return (op, printer) => {
          printer.write('<');
          printer.writeAttribute(DictionaryAttr.get(this.shownProperties(op)));
          printer.write('>');
        };
      case 'custom':
        return this.custom(item.name, item.args);
      default:
        throw new InternalError(`cannot print '${item.kind}'`);
    }
  }

  private custom(name: string, args: readonly DirectiveArgument[]): PrintStep {
    return (op, printer) => {
      const directive = this.context.findDirective(name);
      if (directive === undefined)
        throw new InternalError(`directive 'custom<${name}>' of '${op.name}' is not registered`);
      return directive.print(
        printer,
        args.map((arg) => this.slot(op, arg)),
        op,
      );
    };
  }

  private slot(op: Operation, arg: DirectiveArgument): PrintSlot {
    const { data } = this.context;
    switch (arg.kind) {
      case 'code':
        return { code: arg.text };
      case 'ref':
        return this.slot(op, arg.of);
      case 'operand':
        return { operands: operandValues(op, data, arg.index) };
      case 'attribute':
        return { attribute: op.properties.get(data.attributes[arg.index].name) };
      case 'type':
        return { types: this.typesOf(op, arg.of) };
      case 'region':
        return { regions: entityRegions(op, data, arg.index) };
      case 'successor':
        return { successors: op.successors.map((successor) => successor.block) };
      default:
        return {};
    }
  }
}

function* runSteps(
  steps: readonly PrintStep[],
  op: Operation,
  printer: AsmPrinter,
): RegionPrinting {
  for (const step of steps) {
    const regions = step(op, printer);
    if (regions !== undefined) yield* regions;
  }
}

function* printRegions(regions: readonly Region[], printer: AsmPrinter): RegionPrinting {
  for (let i = 0; i < regions.length; i++) {
    if (i > 0) printer.write(', ');
    yield { region: regions[i] };
  }
}

/** The printer of an operation's declarative format. */
export function formatPrinter(context: FormatContext): CustomPrinter {
  const steps = new Compiler(context).steps(context.format.items);
  if (context.data.regions.length === 0) {
    return (op, printer) => {
      for (const step of steps) {
        const rest = step(op, printer);
        if (rest !== undefined) for (const request of rest) void request;
      }
    };
  }
  return (op, printer) => runSteps(steps, op, printer);
}
