/** Printing operations: MLIR's layout in generic and custom form, in linear time and without recursion. */

import { Aliases } from './aliases.js';
import { formatAffine, type AffineMap } from './affine.js';
import type { AsmPrinter } from './asm-printer.js';
import { TypedAttribute, writeNamedAttributes, type Attribute } from './attribute.js';
import { areAllElided, mergedEntries } from './attribute-dictionary.js';
import type { Block } from './block.js';
import type { RegionRequest } from './definition.js';
import { DenseElementsAttr } from './elements-attribute.js';
import { fileMetadataOf } from './file-metadata.js';
import type { Location } from './location.js';
import { LocationAliases } from './location-aliases.js';
import type { Operation } from './operation.js';
import type { PrintOptions } from './print-options.js';
import { formatPrettyLocation } from './pretty-location.js';
import { formatName, formatString, formatSymbol } from './text-sink.js';
import { writeResultTypes, writeTypeList, type Type } from './type.js';
import { type BlockArgument, type Value } from './value.js';
import { ValueNames } from './value-names.js';
import { ValueUsers } from './value-users.js';

/** A region that is being printed, and what goes on behind it. */
interface OpenRegion {
  readonly owner: OpenOperation;
  readonly request: RegionRequest;
  block: Block | null;
  op: Operation | null;
}

interface OpenOperation {
  readonly op: Operation;
  readonly steps: Generator<RegionRequest, void>;
  /** Length of the text where the operation began, for printing it again if its custom form fails. */
  readonly start: number;
  readonly isGeneric: boolean;
  /** Number of regions open around it. */
  readonly depth: number;
}

/** Prints an operation with all that is nested in it, without a line end behind it. */
export function printOperation(op: Operation, options: PrintOptions = {}): string {
  return new ModulePrinter(op, options).print();
}

/** The same text, with the offset at which each operation starts that is written on its own. */
export function printWithOffsets(
  op: Operation,
  options: PrintOptions = {},
): { readonly text: string; readonly offsets: ReadonlyMap<Operation, number> } {
  const offsets = new Map<Operation, number>();
  const text = new ModulePrinter(op, options, offsets).print();
  return { text, offsets };
}

const INDENTATION = '  ';
const FLUSH_LENGTH = 1 << 14;

class ModulePrinter implements AsmPrinter {
  /** What was printed and is not yet in `chunks`. */
  private text = '';
  /** Finished text in flat pieces: one string built by appending alone would keep millions of parts alive. */
  private chunks: string[] = [];
  private flushedLength = 0;
  private indentation = '';
  private readonly names: ValueNames;
  private readonly aliases = new Aliases();
  private readonly locations: LocationAliases | undefined;
  private readonly users: ValueUsers | undefined;
  private readonly typeTexts = new Map<Type, string>();
  private readonly attributeTexts = new Map<Attribute, string>();
  private readonly stack: OpenRegion[] = [];
  private readonly isGeneric: boolean;
  private readonly printsLocations: boolean;

  constructor(
    private readonly root: Operation,
    private readonly options: PrintOptions,
    private readonly offsets?: Map<Operation, number>,
  ) {
    this.isGeneric = options.generic === true || options.verified === false;
    this.printsLocations = options.debugInfo === true || options.prettyDebugInfo === true;
    this.names = new ValueNames(root, {
      useOriginalNames: options.useOriginalNames ?? true,
      uniqueNumbers: this.isGeneric,
      uniqueIds: options.printUniqueIds ?? false,
      numberOperations: options.valueUsers ?? false,
    });
    if (options.valueUsers) this.users = new ValueUsers(this.names);
    const { debugInfo, prettyDebugInfo, localScope } = options;
    if (debugInfo && !prettyDebugInfo && !localScope) this.locations = new LocationAliases(root);
  }

  print(): string {
    this.startOperation(this.root, this.isGeneric);
    while (this.stack.length > 0) this.printNext(this.stack[this.stack.length - 1]);
    const header = (this.locations?.header() ?? '') + this.aliases.header();
    for (const [op, offset] of this.offsets ?? []) this.offsets!.set(op, offset + header.length);
    return (
      header + this.chunks.join('') + this.text + (this.locations?.footer() ?? '') + this.metadata()
    );
  }

  // Operations and regions

  /** Writes an operation up to its first region or its end. */
  private startOperation(op: Operation, isGeneric: boolean): void {
    const start = this.flushedLength + this.text.length;
    this.offsets?.set(op, start);
    if (op.firstResult !== null) this.text += `${this.names.results(op)} = `;
    const print = isGeneric ? undefined : op.name.definition?.print;
    if (print === undefined) {
      if (op.regions.length === 0) {
        this.writeGenericHead(op);
        this.writeGenericTail(op);
        this.finishOperation(op);
        return;
      }
      const steps = this.genericRegions(op);
      this.resume({ op, steps, start, isGeneric: true, depth: this.stack.length });
      return;
    }
    let steps: ReturnType<typeof print>;
    try {
      this.text += this.shortName(op);
      steps = print(op, this);
    } catch {
      this.printAgain(op, start, this.stack.length);
      return;
    }
    if (steps === undefined) this.finishOperation(op);
    else this.resume({ op, steps, start, isGeneric: false, depth: this.stack.length });
  }

  /** Prints in generic form an operation whose custom form cannot express it. */
  private printAgain(op: Operation, start: number, depth: number): void {
    if (start < this.flushedLength) {
      this.text = this.chunks.join('') + this.text;
      this.chunks = [];
      this.flushedLength = 0;
    }
    this.text = this.text.slice(0, start - this.flushedLength);
    while (this.stack.length > depth) {
      this.stack.pop();
      this.indent(-1);
    }
    this.startOperation(op, true);
  }

  private resume(open: OpenOperation): void {
    let step: IteratorResult<RegionRequest, void>;
    try {
      do {
        step = open.steps.next();
        if (step.done) {
          this.finishOperation(open.op);
          return;
        }
      } while (!this.openRegion(open, step.value));
    } catch (error) {
      if (open.isGeneric) throw error;
      this.printAgain(open.op, open.start, open.depth);
    }
  }

  /** Writes the opening of a region; false where nothing is left to print in it. */
  private openRegion(owner: OpenOperation, request: RegionRequest): boolean {
    const { region } = request;
    if (this.options.skipRegions) {
      this.text += '{...}';
      return false;
    }
    const entry = region.firstBlock;
    this.text += '{\n';
    if (entry === null) {
      this.text += `${this.indentation}}`;
      return false;
    }
    const printsHeader =
      entry.firstUse !== null ||
      (entry.firstOp === null && request.printEmptyBlock === true) ||
      (entry.arguments.length > 0 && request.printEntryArguments !== false);
    if (printsHeader) this.writeBlockHeader(entry);
    this.indent(1);
    this.writeArgumentUsers(entry);
    this.stack.push({ owner, request, block: entry, op: entry.firstOp });
    return true;
  }

  /** Writes the next operation of a region, the next block's header, or the region's end. */
  private printNext(frame: OpenRegion): void {
    const { op, block, request } = frame;
    if (this.text.length > FLUSH_LENGTH) this.flush();
    if (op !== null) {
      frame.op = op.nextOp;
      // A terminator that parsing restores is left out where it says nothing else.
      if (op.nextOp === null && request.printTerminators === false && op.isTerminator) return;
      this.text += this.indentation;
      this.startOperation(op, this.isGeneric);
      return;
    }
    const next = block!.nextBlock;
    this.indent(-1);
    if (next !== null) {
      frame.block = next;
      frame.op = next.firstOp;
      this.writeBlockHeader(next);
      this.indent(1);
      this.writeArgumentUsers(next);
      return;
    }
    this.stack.pop();
    this.text += `${this.indentation}}`;
    this.resume(frame.owner);
  }

  private flush(): void {
    // Asking for a character makes V8 lay the text out flat.
    this.text.charCodeAt(0);
    this.chunks.push(this.text);
    this.flushedLength += this.text.length;
    this.text = '';
  }

  private indent(levels: 1 | -1): void {
    this.indentation =
      levels === 1 ? this.indentation + INDENTATION : this.indentation.slice(INDENTATION.length);
  }

  /** What follows an operation: its location and a comment with its users. */
  private finishOperation(op: Operation): void {
    this.writeLocation(op.location);
    if (this.users !== undefined) this.text += this.users.ofOperation(op);
    if (this.stack.length > 0) this.text += '\n';
  }

  private writeBlockHeader(block: Block): void {
    let header = this.indentation + this.names.block(block);
    if (block.arguments.length > 0) {
      this.text += `${header}(`;
      block.arguments.forEach((argument, index) => {
        if (index > 0) this.text += ', ';
        this.writeRegionArgument(argument);
      });
      header = ')';
    }
    this.text += `${header}:${this.predecessorComment(block)}\n`;
  }

  private predecessorComment(block: Block): string {
    const names = [...block.predecessors()].map((predecessor) => this.names.block(predecessor));
    if (names.length === 0) return block.isEntryBlock ? '' : '  // no predecessors';
    if (names.length === 1) return `  // pred: ${names[0]}`;
    const order = new Map<string, number>();
    const region = block.parentRegion!;
    let position = 0;
    for (let at = region.firstBlock; at !== null; at = at.nextBlock)
      order.set(this.names.block(at), position++);
    names.sort((a, b) => (order.get(a) ?? -1) - (order.get(b) ?? -1));
    return `  // ${names.length} preds: ${names.join(', ')}`;
  }

  private writeArgumentUsers(block: Block): void {
    if (this.users === undefined) return;
    for (const argument of block.arguments)
      this.text += `${this.indentation}${this.users.ofArgument(argument)}\n`;
  }

  // Generic form

  private writeGenericHead(op: Operation): void {
    const { opOperands, successors, properties } = op;
    let head = `${formatString(op.name.text)}(`;
    for (let index = 0; index < opOperands.length; index++) {
      if (index > 0) head += ', ';
      head += this.names.operand(opOperands[index].value);
    }
    head += ')';
    if (successors.length > 0)
      head += `[${successors.map(({ block }) => this.names.block(block)).join(', ')}]`;
    this.text += head;
    if (properties.size > 0 && !this.options.noProperties) {
      this.text += ' <';
      this.writeAttribute(properties);
      this.text += '>';
    }
  }

  private writeGenericTail(op: Operation): void {
    const { opOperands, firstResult, attributes } = op;
    if (this.options.noProperties) this.writeDict(op, new Set(), ' ');
    else if (attributes.size > 0) {
      this.text += ' ';
      this.writeAttribute(attributes);
    }
    let tail = ' : (';
    for (let index = 0; index < opOperands.length; index++) {
      if (index > 0) tail += ', ';
      tail += this.typeText(opOperands[index].value.type);
    }
    this.text += `${tail}) -> `;
    if (firstResult === null) this.text += '()';
    else writeResultTypes(this, op.resultTypes);
  }

  private *genericRegions(op: Operation): Generator<RegionRequest, void> {
    this.writeGenericHead(op);
    this.text += ' (';
    for (let index = 0; index < op.regions.length; index++) {
      if (index > 0) this.text += ', ';
      yield { region: op.regions[index], printEmptyBlock: true };
    }
    this.text += ')';
    this.writeGenericTail(op);
  }

  /** The name in custom form: without the dialect where the operation around it makes that the default. */
  private shortName(op: Operation): string {
    const { text, dialect } = op.name;
    const frame = this.stack[this.stack.length - 1];
    const around =
      frame === undefined
        ? 'builtin'
        : frame.owner.isGeneric
          ? 'builtin'
          : frame.owner.op.name.definition?.defaultDialect;
    const isElided = around === dialect && text.indexOf('.') === text.lastIndexOf('.');
    return isElided ? text.slice(dialect.length + 1) : text;
  }

  // Types, attributes, locations

  private typeText(type: Type): string {
    let text = this.typeTexts.get(type);
    if (text === undefined) {
      text = this.valueText(type, '!');
      this.typeTexts.set(type, text);
    }
    return text;
  }

  /** The text of a type or attribute: its alias where it has one. */
  private valueText(value: Type | Attribute, sigil: '#' | '!'): string {
    const print = (): string => this.captured(() => value.print(this));
    const base = this.options.localScope ? undefined : Aliases.baseOf(value);
    return base === undefined ? print() : this.aliases.define(sigil, base, print);
  }

  /** What `write` writes, taken out of the text. */
  private captured(write: () => void): string {
    const saved = this.text;
    this.text = '';
    try {
      write();
      return this.text;
    } finally {
      this.text = saved;
    }
  }

  private attributeText(attribute: Attribute): string {
    let text = this.attributeTexts.get(attribute);
    if (text === undefined) {
      text = this.largeElements(attribute) ?? this.valueText(attribute, '#');
      this.attributeTexts.set(attribute, text);
    }
    return text;
  }

  /** The abbreviated text of elements that are too many to read; undefined for all other attributes. */
  private largeElements(attribute: Attribute): string | undefined {
    if (!(attribute instanceof DenseElementsAttr) || attribute.isSplat) return undefined;
    const count = attribute.values.length;
    const { elideLargeElements, hexLargeElements = 100 } = this.options;
    if (elideLargeElements !== undefined && count > elideLargeElements)
      return `dense_resource<__elided__> : ${this.typeText(attribute.type)}`;
    if (hexLargeElements < 0 || count <= hexLargeElements) return undefined;
    const bytes = attribute.rawBytes();
    if (bytes === undefined) return undefined;
    return `dense<"0x${bytes.toString('hex').toUpperCase()}"> : ${this.typeText(attribute.type)}`;
  }

  private writeLocation(location: Location, mayAlias = true): void {
    if (!this.printsLocations) return;
    if (this.options.prettyDebugInfo) this.text += ` ${formatPrettyLocation(location)}`;
    else if (mayAlias && this.locations !== undefined)
      this.text += ` loc(${this.locations.nameOf(location)})`;
    else this.text += ` loc(${location})`;
  }

  /** The file's resources. */
  private metadata(): string {
    const metadata = fileMetadataOf(this.root);
    if (metadata === undefined || metadata.size === 0) return '';
    const list = (entries: readonly string[], indentation: string): string =>
      `{\n${entries.map((entry) => `${indentation}  ${entry}`).join(',\n')}\n${indentation}}`;
    const groups = [...metadata].map(([group, owners]) => {
      const texts = [...owners].map(([owner, resources]) => {
        const values = [...resources]
          .filter(([, value]) => value.length <= (this.options.elideLargeResources ?? Infinity))
          .map(([key, value]) => `${formatName(key)}: ${value}`);
        return values.length === 0 ? '' : `${formatName(owner)}: ${list(values, '    ')}`;
      });
      const shown = texts.filter((text) => text !== '');
      return shown.length === 0 ? '' : `  ${group}: ${list(shown, '  ')}`;
    });
    if (groups.every((group) => group === '')) return '';
    return `\n\n{-#\n${groups.filter((group) => group !== '').join(',\n')}\n#-}`;
  }

  // What custom forms call

  write(text: string): void {
    this.text += text;
  }

  writeType(type: Type): void {
    this.text += this.typeText(type);
  }

  writeTypes(types: Iterable<Type>): void {
    writeTypeList(this, [...types]);
  }

  writeAttribute(attribute: Attribute): void {
    this.text += this.attributeText(attribute);
  }

  writeAttributeWithoutType(attribute: Attribute): void {
    const hasType = attribute instanceof TypedAttribute || attribute instanceof DenseElementsAttr;
    if (hasType) attribute.printWithoutType(this);
    else this.text += this.attributeText(attribute);
  }

  writeOperand(value: Value): void {
    this.text += this.names.operand(value);
  }

  writeOperands(values: Iterable<Value>): void {
    let isFirst = true;
    for (const value of values) {
      if (!isFirst) this.text += ', ';
      isFirst = false;
      this.text += this.names.operand(value);
    }
  }

  writeSuccessor(block: Block): void {
    this.text += this.names.block(block);
  }

  writeSymbol(name: string): void {
    this.text += formatSymbol(name);
  }

  writeOptionalAttributeDict(op: Operation, elided: ReadonlySet<string>): void {
    this.writeDict(op, elided, ' ');
  }

  writeOptionalAttributeDictWithKeyword(op: Operation, elided: ReadonlySet<string>): void {
    this.writeDict(op, elided, ' attributes ');
  }

  private writeDict(op: Operation, elided: ReadonlySet<string>, before: string): void {
    const { properties, attributes } = op;
    if (attributes.size === 0 && areAllElided(properties, elided)) return;
    const entries = mergedEntries(properties, attributes).filter(([name]) => !elided.has(name));
    if (entries.length === 0) return;
    this.text += `${before}{`;
    writeNamedAttributes(this, entries);
    this.text += '}';
  }

  writeRegionArgument(argument: BlockArgument): void {
    this.text += `${this.names.operand(argument)}: ${this.typeText(argument.type)}`;
    this.writeLocation(argument.location, false);
  }

  writeAffineMapOfOperands(map: AffineMap, operands: readonly Value[]): void {
    const results = map.results.map((result) => formatAffine(result)).join(', ');
    this.text += results.replace(/\b([ds])([0-9]+)\b/g, (_, kind: string, position: string) => {
      const isSymbol = kind === 's';
      const operand = operands[Number(position) + (isSymbol ? map.dimCount : 0)];
      const name = this.names.operand(operand);
      return isSymbol ? `symbol(${name})` : name;
    });
  }

  newline(extra = 0): void {
    this.text += `\n${this.indentation}${INDENTATION.repeat(extra)}`;
  }
}
