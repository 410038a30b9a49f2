/** Matrix products whose accumulator becomes, through registers alone, an operand of another: attention's two products. */

import { TileCopyOp, TileGemmOp } from '../../dialects/generated/tile.js';
import { isOp, type Operation, type Value } from '../../ir/index.js';
import { isFragment } from '../support/tiles.js';

/** The products of a kernel that are connected so, on either side. */
export class GemmChains {
  private readonly parents = new Map<Value, Value>();
  private readonly chained = new Set<Operation>();

  constructor(kernel: Operation) {
    const gemms: TileGemmOp[] = [];
    kernel.walk((op) => {
      if (isOp(op, TileGemmOp)) gemms.push(new TileGemmOp(op));
      if (!isOp(op, TileCopyOp)) return;
      const { source, destination } = new TileCopyOp(op);
      if (isFragment(source.type) && isFragment(destination.type)) this.unite(source, destination);
    });
    for (const consumer of gemms) {
      if (!isFragment(consumer.a.type)) continue;
      for (const producer of gemms) {
        if (producer === consumer || this.find(producer.c) !== this.find(consumer.a)) continue;
        this.chained.add(producer.op).add(consumer.op);
      }
    }
  }

  /** The connected products, in program order of their consumers. */
  get gemms(): readonly Operation[] {
    return [...this.chained];
  }

  private find(value: Value): Value {
    let root = value;
    for (let next = this.parents.get(root); next !== undefined; next = this.parents.get(root))
      root = next;
    return root;
  }

  private unite(a: Value, b: Value): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== second) this.parents.set(first, second);
  }
}
