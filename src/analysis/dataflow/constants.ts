/** Which values are constant on every path that can run (Wegman and Zadeck), together with which paths those are. */

import { type Attribute, type Operation } from '../../ir/index.js';
import { constantOf } from '../../rewrite/index.js';
import { SparseForwardAnalysis } from './sparse-forward.js';
import type { DataFlowSolver, Lattice } from './solver.js';

/** A constant with an operation whose dialect can build it. */
export interface KnownConstant {
  readonly value: Attribute;
  readonly source: Operation;
}

/** A constant, or that the value varies. */
export type ConstantFact = KnownConstant | 'varies';

const lattice: Lattice<ConstantFact> = {
  join: (a, b) => (a !== 'varies' && b !== 'varies' && a.value === b.value ? a : 'varies'),
};

export class ConstantPropagation extends SparseForwardAnalysis<ConstantFact> {
  protected readonly lattice = lattice;

  constructor(solver: DataFlowSolver) {
    super(solver);
    this.deadCode.askConstants((value, analysis, point) => this.factFor(value, analysis, point));
  }

  protected entryFact(): ConstantFact {
    return 'varies';
  }

  protected transfer(
    op: Operation,
    operands: readonly ConstantFact[],
  ): readonly (ConstantFact | undefined)[] {
    const varies = (): readonly ConstantFact[] => op.results.map(() => 'varies' as const);
    const constant = constantOf(op);
    if (constant !== undefined) return [{ value: constant, source: op }];
    const fold = op.name.definition?.fold;
    if (fold === undefined || op.regions.length > 0) return varies();
    const saved = { operands: op.operands, properties: op.properties, attributes: op.attributes };
    const outcome = fold(
      op,
      operands.map((fact) => (fact === 'varies' ? undefined : fact.value)),
    );
    if (outcome === true) {
      // Folding in place changed the operation; what is known may not hold for other paths, so it is put back.
      op.setOperands(saved.operands);
      op.properties = saved.properties;
      op.attributes = saved.attributes;
      return varies();
    }
    if (outcome === undefined || outcome.length !== op.results.length) return varies();
    return outcome.map((result) =>
      'parentBlock' in result ? this.lookup(result) : { value: result, source: op },
    );
  }
}
