/** What the programs of a fuzzing run consisted of: operations with the scopes and element types that they met. */

import { hasScheduleLists, scheduleOf } from '../../dialects/tile/pipeline-schedule.js';
import { isShapedType, MemRefType, type Operation, type Type } from '../../ir/index.js';

function scopeOf(type: Type): string {
  if (type instanceof MemRefType) return 'global';
  return /^!tile\.(\w+)</.exec(`${type}`)?.[1] ?? 'scalar';
}

/** How often each combination occurred in programs that ran to the end. */
export class Coverage {
  private readonly counts = new Map<string, number>();

  /** Counts each combination of a program once. */
  add(module: Operation): void {
    const found = new Set<string>();
    module.walk((op) => {
      const row = describe(op);
      if (row !== undefined) found.add(row);
    }, 'pre');
    for (const row of found) this.counts.set(row, (this.counts.get(row) ?? 0) + 1);
  }

  /** One line for each operation: its combinations with their counts, the frequent ones first. */
  lines(): string[] {
    const groups = new Map<string, [string, number][]>();
    for (const [row, count] of this.counts) {
      const at = row.indexOf(' ');
      const name = row.slice(0, at);
      groups.set(name, [...(groups.get(name) ?? []), [row.slice(at + 1), count]]);
    }
    return [...groups]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, rows]) => {
        const sorted = rows.sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
        return `${name}: ${sorted.map(([row, count]) => `${row} (${count})`).join(', ')}`;
      });
  }

  get size(): number {
    return this.counts.size;
  }
}

const shaped = (type: Type): string =>
  isShapedType(type) ? `${scopeOf(type)} ${type.elementType}` : `${type}`;

/** The tiles and tensors that an operation takes: `shared f16 to fragment f32`. */
const operandTypes = (op: Operation): string =>
  op.operands
    .map(({ type }) => type)
    .filter(isShapedType)
    .map(shaped)
    .join(' to ');

function describe(op: Operation): string | undefined {
  const name = op.name.text;
  const number = (attribute: string): string =>
    `${op.getAttribute(attribute)}`.replace(/ : \w+$/, '');
  switch (name) {
    case 'tile.copy': {
      const [from, to] = op.operands.map(({ type }) => type).filter(isShapedType);
      return `${name} ${shaped(from)} to ${shaped(to)}${op.hasAttribute('dims') ? ' dims' : ''}`;
    }
    case 'tile.gemm': {
      const order = ['transpose_a', 'transpose_b'].map((each) =>
        op.hasAttribute(each) ? 't' : 'n',
      );
      const policy = op.hasAttribute('policy') ? ` ${number('policy').replaceAll('"', '')}` : '';
      return `${name} ${shaped(op.operand(0).type)} ${order.join('')}${policy}`;
    }
    case 'tile.pipelined':
      if (!hasScheduleLists(op)) return `${name} stages ${number('stages')}`;
      return `${name} by hand ${1 + Math.max(...scheduleOf(op).map(({ stage }) => stage))} stages${op.hasAttribute('order') ? ' in another order' : ''}`;
    case 'tile.persistent':
      return `${name} ${op.hasAttribute('blocks') ? 'blocks' : 'auto'}`;
    case 'tile.kernel':
      return `${name} threads ${number('threads')}`;
    case 'tile.load':
      return `${name} ${shaped(op.operand(0).type)}`;
    case 'tile.store':
      return `${name} ${shaped(op.operand(1).type)}`;
    case 'tile.reduce':
    case 'tile.scan':
    case 'tile.atomic':
      return `${name} ${number('kind').replaceAll('"', '')} ${operandTypes(op)}`;
    case 'tile.fill':
    case 'tile.clear':
    case 'tile.transpose':
    case 'tile.annotate_layout':
      return `${name} ${operandTypes(op)}`;
    case 'tile.reshape':
    case 'tile.view':
      return `${name} ${shaped(op.operand(0).type)} to ${shaped(op.result.type)}`;
    case 'tile.alloc':
    case 'tile.yield':
      return undefined;
    default:
      if (op.name.dialect === 'tile' || (op.name.dialect === 'scf' && !op.isTerminator))
        return `${name} used`;
      if (op.name.dialect !== 'arith' && op.name.dialect !== 'math') return undefined;
      return op.results.length === 0
        ? undefined
        : `${name} ${op.operands[0]?.type ?? op.result.type}`;
  }
}
