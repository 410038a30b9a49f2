/** Operations: the nodes of the IR. */

import {
  createDiagnostic,
  InternalError,
  type Diagnostic,
  type Severity,
} from '../support/index.js';
import { DictionaryAttr, type Attribute } from './attribute.js';
import type { Block } from './block.js';
import { BlockOperand } from './block.js';
import type { Context } from './context.js';
import type { InterfaceKey } from './definition.js';
import { unknownLocation, type Location } from './location.js';
import type { OperationName } from './operation-name.js';
import type { Region } from './region.js';
import type { Type } from './type.js';
import { OpOperand, OpResult, type Value } from './value.js';

/** All that an operation is built from. */
export interface OperationState {
  readonly name: OperationName;
  readonly operands?: readonly Value[];
  readonly resultTypes?: readonly Type[];
  /** Inherent and discardable attributes together; the operation's definition tells them apart. */
  readonly attributes?: Iterable<readonly [string, Attribute | undefined]>;
  /** Regions to take over; their owner must be null. */
  readonly regions?: readonly Region[];
  readonly successors?: readonly Block[];
  readonly location?: Location;
}

const NO_VALUES: readonly Value[] = [];
const NO_TYPES: readonly Type[] = [];
const NO_BLOCKS: readonly Block[] = [];
const NO_OPERANDS: OpOperand[] = [];
const NO_RESULTS: OpResult[] = [];
const NO_REGIONS: Region[] = [];
const NO_SUCCESSORS: BlockOperand[] = [];

/** Inherent and discardable attributes apart; undefined where there is none of the kind. */
function sortAttributes(
  { definition }: OperationName,
  given: Iterable<readonly [string, Attribute | undefined]>,
): {
  readonly properties: DictionaryAttr | undefined;
  readonly attributes: DictionaryAttr | undefined;
} {
  const properties: [string, Attribute][] = [];
  const attributes: [string, Attribute][] = [];
  for (const [name, value] of given) {
    if (value === undefined) continue;
    (definition?.inherentAttributes.has(name) ? properties : attributes).push([name, value]);
  }
  if (properties.length > 0 && definition?.defaultAttributes !== undefined)
    properties.unshift(...definition.defaultAttributes);
  const dictionary = (entries: [string, Attribute][]): DictionaryAttr | undefined =>
    entries.length === 0 ? undefined : DictionaryAttr.get(entries);
  return { properties: dictionary(properties), attributes: dictionary(attributes) };
}

export type WalkOrder = 'pre' | 'post';
/** Returned by a walk's callback: `skip` leaves out the regions of the operation (pre-order only). */
export type WalkAction = 'advance' | 'skip' | 'interrupt' | void;

/** Where a walk stands in the regions of an operation. */
interface OpenOperation {
  readonly op: Operation;
  regionIndex: number;
  block: Block | null;
  /** The operation of the block that comes next. */
  next: Operation | null;
}

export class Operation {
  private operandList: OpOperand[];
  /** The first result, and for most operations the only one; null where there is none. */
  readonly firstResult: OpResult | null;
  private resultList: OpResult[] | undefined;
  regions: Region[];
  successors: BlockOperand[];
  /** Inherent attributes, those that the operation's definition names. */
  properties: DictionaryAttr;
  /** Discardable attributes, those that others attached. */
  attributes: DictionaryAttr;
  parentBlock: Block | null = null;
  previousOp: Operation | null = null;
  nextOp: Operation | null = null;
  /** Sort key within the block; ask `Block.isBefore`. */
  order = 0;
  /** A place in the worklist that took the operation last; only that worklist can tell whether it still holds. */
  worklistSlot = 0;

  constructor(
    readonly name: OperationName,
    operands: readonly Value[],
    resultTypes: readonly Type[],
    properties: DictionaryAttr,
    attributes: DictionaryAttr,
    regions: readonly Region[],
    successors: readonly Block[],
    public location: Location,
  ) {
    this.properties = properties;
    this.attributes = attributes;
    this.operandList = operands.length === 0 ? NO_OPERANDS : this.useAll(operands);
    if (resultTypes.length === 1) {
      this.firstResult = new OpResult(this, 0, resultTypes[0]);
      this.resultList = undefined;
    } else {
      this.resultList =
        resultTypes.length === 0
          ? NO_RESULTS
          : resultTypes.map((type, i) => new OpResult(this, i, type));
      this.firstResult = this.resultList.length === 0 ? null : this.resultList[0];
    }
    this.successors =
      successors.length === 0
        ? NO_SUCCESSORS
        : successors.map((block, i) => new BlockOperand(this, i, block));
    this.regions = regions.length === 0 ? NO_REGIONS : [...regions];
    for (const region of this.regions) {
      if (region.parentOp !== null) throw new InternalError('a region can have one owner only');
      region.parentOp = this;
    }
  }

  private useAll(values: readonly Value[]): OpOperand[] {
    if (values.length === 2)
      return [new OpOperand(this, 0, values[0]), new OpOperand(this, 1, values[1])];
    return values.map((value, i) => new OpOperand(this, i, value));
  }

  /** Builds a detached operation, adding default values of absent inherent attributes. */
  static create(state: OperationState): Operation {
    const { name, attributes } = state;
    const hasNone =
      attributes === undefined || (attributes instanceof Map && attributes.size === 0);
    const sorted = hasNone ? undefined : sortAttributes(name, attributes);
    return new Operation(
      name,
      state.operands ?? NO_VALUES,
      state.resultTypes ?? NO_TYPES,
      sorted?.properties ?? name.defaultProperties,
      sorted?.attributes ?? DictionaryAttr.empty,
      state.regions ?? NO_REGIONS,
      state.successors ?? NO_BLOCKS,
      state.location ?? unknownLocation,
    );
  }

  get context(): Context {
    return this.name.context;
  }

  // Operands

  get operandCount(): number {
    return this.operandList.length;
  }

  /** The uses this operation makes, in order. */
  get opOperands(): readonly OpOperand[] {
    return this.operandList;
  }

  get operands(): Value[] {
    return this.operandList.map((operand) => operand.value);
  }

  operand(index: number): Value {
    return this.operandList[index].value;
  }

  setOperand(index: number, value: Value): void {
    this.operandList[index].set(value);
  }

  /** Replaces all operands. Attributes that record operand segments are the caller's business. */
  setOperands(values: readonly Value[]): void {
    for (const operand of this.operandList) operand.drop();
    this.operandList = values.map((value, index) => new OpOperand(this, index, value));
  }

  // Results

  /** All results. The list of an only one is made when it is asked for. */
  get results(): readonly OpResult[] {
    return (this.resultList ??= [this.firstResult!]);
  }

  get resultCount(): number {
    return this.resultList === undefined ? 1 : this.resultList.length;
  }

  /** The only result; an internal error where there is not exactly one. */
  get result(): OpResult {
    if (this.firstResult === null || this.resultCount !== 1) {
      throw new InternalError(
        `'${this.name}' has ${this.resultCount} results where one was expected`,
      );
    }
    return this.firstResult;
  }

  get resultTypes(): Type[] {
    return this.results.map((result) => result.type);
  }

  get hasUses(): boolean {
    if (this.firstResult === null) return false;
    if (this.firstResult.firstUse !== null) return true;
    return this.resultCount > 1 && this.results.some((result) => result.firstUse !== null);
  }

  // Attributes

  /** An inherent or discardable attribute. */
  getAttribute(name: string): Attribute | undefined {
    return this.properties.get(name) ?? this.attributes.get(name);
  }

  hasAttribute(name: string): boolean {
    return this.properties.has(name) || this.attributes.has(name);
  }

  /** Sets an attribute, or removes it when `value` is undefined. */
  setAttribute(name: string, value: Attribute | undefined): void {
    const isInherent =
      this.name.definition?.inherentAttributes.has(name) ?? this.properties.has(name);
    if (isInherent) this.properties = this.properties.with(name, value);
    else this.attributes = this.attributes.with(name, value);
  }

  // Position

  get parentOp(): Operation | null {
    return this.parentBlock?.parentOp ?? null;
  }

  get parentRegion(): Region | null {
    return this.parentBlock?.parentRegion ?? null;
  }

  /** The nearest enclosing operation of that name. */
  getParentOfName(name: string): Operation | undefined {
    for (let op = this.parentOp; op !== null; op = op.parentOp)
      if (op.name.text === name) return op;
    return undefined;
  }

  /** Whether this operation encloses `other`, at any depth, and is not `other`. */
  isProperAncestorOf(other: Operation): boolean {
    for (let op = other.parentOp; op !== null; op = op.parentOp) if (op === this) return true;
    return false;
  }

  /** Whether the operation comes before `other` in the block they share. */
  isBeforeInBlock(other: Operation): boolean {
    return this.parentBlock!.isBefore(this, other);
  }

  moveBefore(other: Operation): void {
    if (other === this) return;
    this.parentBlock?.remove(this);
    other.parentBlock!.insertBefore(other, this);
  }

  moveAfter(other: Operation): void {
    if (other === this) return;
    this.parentBlock?.remove(this);
    other.parentBlock!.insertBefore(other.nextOp, this);
  }

  // Traits

  get isTerminator(): boolean {
    return this.name.isTerminator;
  }

  /** Unregistered operations may be anything. */
  get mightBeTerminator(): boolean {
    return this.name.isTerminator || !this.name.isRegistered;
  }

  getInterface<Implementation>(key: InterfaceKey<Implementation>): Implementation | undefined {
    return this.name.getInterface(key);
  }

  // Destruction

  /** Unlinks the operation from its block without destroying it. */
  detach(): void {
    this.parentBlock?.remove(this);
  }

  /** Destroys the operation with all that is nested in it; its results must have no uses left. */
  erase(): void {
    if (this.hasUses) throw new InternalError(`erasing '${this.name}' whose results have uses`);
    this.detach();
    this.dropAllReferences();
  }

  /** Drops every use made by this operation and those nested in it, so that they may refer to each other. */
  dropAllReferences(): void {
    if (this.regions.length === 0) this.dropOwnReferences();
    else this.walk((op) => op.dropOwnReferences(), 'pre');
  }

  private dropOwnReferences(): void {
    for (const operand of this.operandList) operand.drop();
    for (const successor of this.successors) successor.drop();
    this.operandList = NO_OPERANDS;
    this.successors = NO_SUCCESSORS;
  }

  // Traversal

  /**
   * Visits this operation and all nested ones without recursion. In post-order (the default) the operation in hand
   * may be erased. Returns false when the callback interrupted the walk.
   */
  walk(callback: (op: Operation) => WalkAction, order: WalkOrder = 'post'): boolean {
    if (order === 'pre') {
      const action = callback(this);
      if (action === 'interrupt') return false;
      if (action === 'skip') return true;
    }
    /** Operations whose regions are being visited, outermost first. */
    const owners: OpenOperation[] = [];
    let owner: OpenOperation = { op: this, regionIndex: -1, block: null, next: null };
    for (;;) {
      // Straight through the rest of the block, up to an operation with regions.
      while (owner.next !== null) {
        const op: Operation = owner.next;
        owner.next = op.nextOp;
        if (order === 'pre') {
          const action = callback(op);
          if (action === 'interrupt') return false;
          if (action === 'skip') continue;
        }
        if (op.regions.length > 0) {
          owners.push(owner);
          owner = { op, regionIndex: -1, block: null, next: null };
        } else if (order === 'post' && callback(op) === 'interrupt') return false;
      }
      if (owner.block !== null && owner.block.nextBlock !== null) {
        owner.block = owner.block.nextBlock;
        owner.next = owner.block.firstOp;
      } else if (++owner.regionIndex < owner.op.regions.length) {
        owner.block = owner.op.regions[owner.regionIndex].firstBlock;
        owner.next = owner.block?.firstOp ?? null;
      } else {
        if (order === 'post' && callback(owner.op) === 'interrupt') return false;
        const outer = owners.pop();
        if (outer === undefined) return true;
        owner = outer;
      }
    }
  }

  // Diagnostics

  /** Reports an error about this operation, prefixed with its name; returns false for use in verifiers. */
  emitOpError(message: string, notes: readonly Diagnostic[] = []): false {
    return this.emitError(`'${this.name}' op ${message}`, notes);
  }

  /** Reports an error at this operation; returns false for use in verifiers. */
  emitError(message: string, notes: readonly Diagnostic[] = []): false {
    this.emit('error', message, notes);
    return false;
  }

  emitWarning(message: string, notes: readonly Diagnostic[] = []): void {
    this.emit('warning', message, notes);
  }

  emitRemark(message: string, notes: readonly Diagnostic[] = []): void {
    this.emit('remark', message, notes);
  }

  private emit(severity: Severity, message: string, notes: readonly Diagnostic[]): void {
    const { context } = this;
    const more = context.notesOnDiagnostics?.(this) ?? [];
    context.emit(severity, this.location.position(), message, [...notes, ...more]);
  }

  /** A note that points at this operation, to attach to a diagnostic elsewhere. */
  note(message: string): Diagnostic {
    return createDiagnostic('note', this.location.position(), message);
  }
}
