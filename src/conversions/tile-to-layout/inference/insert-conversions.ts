/** Meets the demands that the settled layouts do not: puts `layout.convert` around operations, or stages tiles in memory. */

import { LayoutConvertOp, LayoutFragmentAttr } from '../../../dialects/generated/layout.js';
import { TileFragmentType, TileSharedType } from '../../../dialects/generated/tile.js';
import { Builder, memoryEffects, type Operation, type Value } from '../../../ir/index.js';
import type { Fragment } from '../../../layout/index.js';
import { buildCopy } from '../../support/build-copy.js';
import { remark } from '../../support/remark.js';
import { storageOf, viewsOf } from '../../support/views.js';
import { stageOperand } from '../gemm-demands.js';
import type { Conversion, ConversionCosts } from './conversion.js';
import { mismatchOf, type Mismatch } from './mismatch.js';
import type { Demand, KernelFacts, TileUse } from './rule.js';
import type { RuledOperations } from './rules.js';
import type { LayoutState } from './state.js';

const LOOPS = new Set(['tile.pipelined', 'scf.for']);

/** Whether an operation, or one in its regions, may change a tile. */
function mayWrite(op: Operation, tile: Value): boolean {
  const storage = storageOf(tile);
  return [storage, ...viewsOf(storage)].some((value) =>
    [...value.users()].some((user) => {
      if (user !== op && !op.isProperAncestorOf(user)) return false;
      const effects = memoryEffects(user);
      return (
        effects?.every(({ kind, value: other }) => kind === 'read' || other !== value) !== true
      );
    }),
  );
}

/** Where the elements that an operation reads are converted: in front of the loops that leave the tile as it is. */
export function conversionAnchor({ op, tile, isWritten }: Demand): Operation {
  let anchor = op;
  if (isWritten) return anchor;
  for (let parent = anchor.parentOp; parent; parent = anchor.parentOp) {
    const isOutside = !parent.isProperAncestorOf(storageOf(tile).definingOp!);
    if (!LOOPS.has(parent.name.text) || isOutside === false || mayWrite(parent, tile)) break;
    anchor = parent;
  }
  return anchor;
}

export class ConversionInsertion {
  /** Converted copies of tiles, to be read again while the tile stays as it is. */
  private readonly made: { tile: Value; wanted: Fragment; copy: Value; at: Operation }[] = [];

  constructor(
    private readonly facts: KernelFacts,
    private readonly operations: RuledOperations,
    private readonly costs: ConversionCosts,
    private readonly state: LayoutState,
  ) {}

  insert(): void {
    for (const demand of this.operations.demands(this.state)) {
      const mismatch = mismatchOf(demand, this.state, this.costs);
      if (mismatch !== undefined) this.meet(mismatch);
    }
  }

  private meet(mismatch: Mismatch): void {
    const { demand } = mismatch;
    const { operand, op, wanted } = demand;
    if (operand !== undefined) {
      const product = this.facts.products.get(op)!;
      const reason =
        wanted === 'shared'
          ? 'scalar code reads whole rows and columns'
          : 'its fragment is distributed for another operation';
      if (wanted === 'shared' || mismatch.before?.through === 'shared') {
        stageOperand(product, operand, reason, conversionAnchor(demand));
        return;
      }
    }
    if (wanted === 'shared') this.stage(mismatch);
    else this.convert(mismatch, wanted);
  }

  /** Lets an operation work on a copy of the tile in shared memory. */
  private stage({ demand, settled }: Mismatch): void {
    const { op, tile, uses } = demand;
    const anchor = conversionAnchor(demand);
    const type = tile.type as TileFragmentType;
    const before = Builder.before(anchor);
    const copy = before.create('tile.alloc', {
      resultTypes: [TileSharedType.get(type.shape, type.elementType)],
    }).result;
    copy.name = `${tile.name ?? 'tile'}_staged`;
    if (demand.isRead) buildCopy(before, { source: tile, destination: copy, layout: settled });
    if (demand.isWritten)
      buildCopy(Builder.after(op), { source: copy, destination: tile, layout: settled });
    replaceUses(uses, copy);
    remark(
      op,
      'layout',
      `fragment${nameOf(tile)} goes through shared memory: ${demand.reason ?? 'it is accessed there'}`,
    );
  }

  private convert(mismatch: Mismatch, wanted: Fragment): void {
    const { demand, before, after } = mismatch;
    const { op, tile, uses } = demand;
    const known = demand.isWritten ? undefined : this.find(demand, wanted);
    if (known !== undefined) return replaceUses(uses, known);
    const anchor = conversionAnchor(demand);
    const builder = Builder.before(anchor);
    const type = tile.type as TileFragmentType;
    const copy = builder.create('tile.alloc', {
      resultTypes: [
        TileFragmentType.get(type.shape, type.elementType, LayoutFragmentAttr.get(wanted)),
      ],
    }).result;
    copy.name = `${tile.name ?? 'tile'}_converted`;
    if (before !== undefined) {
      LayoutConvertOp.build(builder, { source: tile, destination: copy, through: before.through });
      this.made.push({ tile, wanted, copy, at: anchor });
    }
    if (after !== undefined) {
      LayoutConvertOp.build(Builder.after(op), {
        source: copy,
        destination: tile,
        through: after.through,
      });
    }
    replaceUses(uses, copy);
    this.explain(mismatch);
  }

  /** A copy that was converted in the same block and whose tile has not been written since. */
  private find({ op, tile }: Demand, wanted: Fragment): Value | undefined {
    return this.made.find((made) => {
      if (made.tile !== tile || !made.wanted.isEquivalent(wanted)) return false;
      if (made.at.parentBlock !== op.parentBlock || !made.at.isBeforeInBlock(op)) return false;
      for (let between: Operation | null = made.at; between && between !== op;) {
        if (mayWrite(between, tile)) return false;
        between = between.nextOp;
      }
      return true;
    })?.copy;
  }

  private explain({ demand, before, after, alternative }: Mismatch): void {
    const conversion = before ?? after!;
    if (conversion.through === 'registers') return;
    const { op, tile } = demand;
    const twice = before !== undefined && after !== undefined ? ', there and back' : '';
    const other =
      alternative === undefined
        ? ''
        : `; ${alternative.through === 'shared' ? 'through shared memory' : 'by shuffles'} it would take ${Math.round(alternative.cycles)}`;
    const origin = this.state.originOf(tile);
    remark(
      op,
      'layout',
      `fragment${nameOf(tile)} is converted ${describe(conversion)}${twice}, about ${Math.round(conversion.cycles)} cycles of a block${other}`,
      origin === undefined ? [] : [origin.note('its distribution comes from here')],
    );
  }
}

function nameOf(tile: Value): string {
  return tile.name === undefined ? '' : ` '%${tile.name}'`;
}

function describe({ through, bytes, shuffles, selects }: Conversion): string {
  return through === 'shared'
    ? `through shared memory (${bytes} bytes)`
    : `by ${count(shuffles, 'shuffle')} and ${count(selects, 'select')} of each thread`;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

function replaceUses(uses: readonly TileUse[], copy: Value): void {
  for (const { op, operand } of uses) op.setOperand(operand, copy);
}
