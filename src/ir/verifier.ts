/** Checks the rules of the IR: structure, symbols, each operation's own rules, and dominance. */

import { StringAttr } from './attribute.js';
import type { Block } from './block.js';
import { DominanceInfo } from './dominance.js';
import type { Operation } from './operation.js';
import type { Region } from './region.js';
import { printOperation } from './printer.js';
import { SYMBOL_VISIBILITY, SymbolUserInterface, symbolName, symbolsOf } from './symbol-table.js';
import { BlockArgument, type Value } from './value.js';

/**
 * Verifies an operation with all that is nested in it. Reports every failure and returns whether there was none.
 * `dominance` is what is known already of the blocks.
 */
export function verifyOperation(root: Operation, dominance = new DominanceInfo()): boolean {
  let isValid = true;
  const withRegions: Operation[] = [];
  // Operations that use something else than what the same block defined above; the others need no dominance.
  const farUsers: Operation[] = [];
  // An operation is checked before those nested in it, its regions' contents after them, as MLIR orders it.
  root.walk((op) => {
    if ((op !== root && !verifyPlace(op)) || !verifyEntry(op)) {
      isValid = false;
      return 'skip';
    }
    if (op.regions.length > 0) withRegions.push(op);
    if (op !== root && !usesOnlyBlockAbove(op)) farUsers.push(op);
    return 'advance';
  }, 'pre');
  if (!isValid) return false;
  for (const op of innermostFirst(withRegions)) if (!verifyExit(op)) isValid = false;
  return isValid && verifyDominance(farUsers, dominance);
}

/** Operations in the order in which they end, from the order in which they begin. */
function innermostFirst(ops: readonly Operation[]): Operation[] {
  const open: Operation[] = [];
  const ended: Operation[] = [];
  for (const op of ops) {
    while (open.length > 0 && open[open.length - 1] !== op.parentOp) ended.push(open.pop()!);
    open.push(op);
  }
  return [...ended, ...open.reverse()];
}

/** Whether an operation may stand where it does in its block. */
function verifyPlace(op: Operation): boolean {
  const { successors } = op;
  if (op.nextOp !== null) {
    if (successors.length > 0)
      return op.emitOpError('operation with block successors must terminate its parent block');
    if (op.isTerminator) return op.emitOpError('must be the last operation in the parent block');
  }
  for (let index = 0; index < successors.length; index++)
    if (successors[index].block.parentRegion !== op.parentRegion)
      return op.emitOpError('branching to block of a different region');
  return true;
}

/** What can be said of an operation before looking at the operations inside it. */
function verifyEntry(op: Operation): boolean {
  const { definition } = op.name;
  if (definition === undefined) {
    if (!op.context.allowUnregisteredDialects) return reportUnregistered(op);
  } else {
    if (definition.verifyInvariants !== undefined && !definition.verifyInvariants(op)) return false;
    if (op.attributes.size > 0 && !verifyAttributes(op)) return false;
    if (op.name.isSymbol && !verifySymbol(op)) return false;
    if (definition.verify !== undefined && !definition.verify(op)) return false;
    const symbolUser = op.name.getInterface(SymbolUserInterface);
    if (symbolUser !== undefined && !symbolUser.verifySymbolUses(op)) return false;
  }
  for (const region of op.regions) if (!verifyRegionStructure(op, region)) return false;
  return true;
}

function reportUnregistered(op: Operation): false {
  const isKnownDialect = op.context.dialects.has(op.name.dialect);
  return op.emitOpError(
    isKnownDialect
      ? `created with unregistered dialect operation. If this is intended, please call allowUnregisteredDialects() on the context, or use -allow-unregistered-dialect with the tool used`
      : 'created with unregistered dialect. If this is intended, please use -allow-unregistered-dialect with the tool used',
  );
}

/** An operation that is a symbol says who sees it, and stands where symbols are looked up. */
function verifySymbol(op: Operation): boolean {
  if (symbolName(op) === undefined) return true;
  const visibility = op.getAttribute(SYMBOL_VISIBILITY);
  if (visibility !== undefined) {
    if (!(visibility instanceof StringAttr))
      return op.emitOpError(
        `requires visibility attribute '${SYMBOL_VISIBILITY}' to be a string attribute, but got ${visibility}`,
      );
    if (!VISIBILITIES.includes(visibility.value))
      return op.emitOpError(
        `visibility expected to be one of [${VISIBILITIES.map((one) => `"${one}"`).join(', ')}], but got ${visibility}`,
      );
  }
  const { parentOp } = op;
  if (parentOp !== null && parentOp.name.isRegistered && !parentOp.name.isSymbolTable)
    return op.emitOpError("symbol's parent must have the SymbolTable trait");
  return true;
}

const VISIBILITIES: readonly string[] = ['public', 'private', 'nested'];

/** Discardable attributes named `dialect.something` obey their dialect. */
function verifyAttributes(op: Operation): boolean {
  for (const [name, value] of op.attributes.entries()) {
    const dot = name.indexOf('.');
    if (dot === -1) continue;
    const dialect = op.context.dialects.get(name.slice(0, dot));
    if (dialect?.verifyAttribute !== undefined && !dialect.verifyAttribute(op, name, value))
      return false;
  }
  return true;
}

function verifyRegionStructure(op: Operation, region: Region): boolean {
  const kind = op.name.definition?.regionKind ?? 'ssacfg';
  if (region.isEmpty) return true;
  if (kind === 'graph' && !region.hasOneBlock) {
    return op.emitOpError('expects graph region #' + region.index + ' to have 0 or 1 blocks');
  }
  if (region.entryBlock.firstUse !== null) {
    return op.emitError('entry block of region may not have predecessors');
  }
  if (!needsTerminators(op)) return true;
  for (let block = region.firstBlock; block !== null; block = block.nextBlock)
    if (block.isEmpty) return op.emitError('empty block: expect at least a terminator');
  return true;
}

/** Whether the blocks of an operation have to end in a terminator. */
function needsTerminators(op: Operation): boolean {
  return !op.name.hasNoTerminator && op.name.isRegistered;
}

/** Whether the last operation of each block may end it. */
function verifyTerminators(op: Operation): boolean {
  for (const region of op.regions)
    for (let block = region.firstBlock; block !== null; block = block.nextBlock) {
      const { lastOp } = block;
      if (lastOp === null || lastOp.mightBeTerminator) continue;
      const text = printOperation(lastOp, { generic: true, skipRegions: true });
      return lastOp.emitError(`block with no terminator, has ${text}`);
    }
  return true;
}

/** What needs the operations inside to be verified. */
function verifyExit(op: Operation): boolean {
  if (needsTerminators(op) && !verifyTerminators(op)) return false;
  if (op.name.isSymbolTable && !verifySymbolTable(op)) return false;
  const verifyRegions = op.name.definition?.verifyRegions;
  return verifyRegions === undefined || verifyRegions(op);
}

function verifySymbolTable(table: Operation): boolean {
  const seen = new Map<string, Operation>();
  for (const [name, op] of symbolsOf(table)) {
    const first = seen.get(name);
    if (first !== undefined) {
      return op.emitError(`redefinition of symbol named '${name}'`, [
        first.note('see existing symbol definition here'),
      ]);
    }
    seen.set(name, op);
  }
  return true;
}

/** Whether all operands are defined by earlier operations of the same block, or are its arguments: the common case. */
function usesOnlyBlockAbove(op: Operation): boolean {
  const { opOperands, parentBlock } = op;
  for (let index = 0; index < opOperands.length; index++) {
    const { value } = opOperands[index];
    if (value.parentBlock !== parentBlock) return false;
    const definition = value.definingOp;
    if (definition !== undefined && !parentBlock!.isBefore(definition, op)) return false;
  }
  return true;
}

function verifyDominance(users: readonly Operation[], dominance: DominanceInfo): boolean {
  let isValid = true;
  for (const op of users) {
    op.opOperands.forEach(({ value }, index) => {
      if (isUsedAcrossIsolation(value, op)) {
        isValid = op.emitOpError(`using value defined outside the region`, [
          isolatedParent(op).note('required by region isolation constraints'),
        ]);
        return;
      }
      if (dominance.valueDominates(value, op)) return;
      const block = op.parentBlock;
      if (block !== null && !dominance.isReachable(block)) return;
      isValid = op.emitError(`operand #${index} does not dominate this use`, [
        noteDefinition(value, op),
      ]);
    });
  }
  return isValid;
}

function isolatedParent(op: Operation): Operation {
  let parent = op.parentOp!;
  while (!parent.name.isIsolatedFromAbove) parent = parent.parentOp!;
  return parent;
}

function isUsedAcrossIsolation(value: Value, user: Operation): boolean {
  const region = value.parentBlock?.parentRegion ?? null;
  for (let op: Operation | null = user; op !== null; op = op.parentOp) {
    if (op.parentRegion === region) return false;
    if (op.parentOp?.name.isIsolatedFromAbove) return true;
  }
  return false;
}

function noteDefinition(value: Value, user: Operation): ReturnType<Operation['note']> {
  if (value instanceof BlockArgument) {
    const owner = value.owner.parentOp;
    const at = owner ?? user;
    return at.note(
      `operand defined as a block argument (block #${blockNumber(value.owner)} in ${whichRegion(value, user)})`,
    );
  }
  return value.definingOp!.note(`operand defined here (op in ${whichBlock(value, user)})`);
}

function blockNumber(block: Block): number {
  let number = 0;
  for (let at = block.previousBlock; at !== null; at = at.previousBlock) number++;
  return number;
}

function whichRegion(value: Value, user: Operation): string {
  const region = value.parentBlock!.parentRegion;
  if (region === user.parentRegion) return 'the same region';
  return region !== null && user.parentRegion !== null && region.isAncestorOf(user.parentRegion)
    ? 'a parent region'
    : 'a child region';
}

function whichBlock(value: Value, user: Operation): string {
  return value.parentBlock === user.parentBlock ? 'the same block' : whichRegion(value, user);
}
