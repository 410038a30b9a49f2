/** Remembers combinations of properties, operand types and result types that one kind of operation occurs with. */

import type { DictionaryAttr, Operation, Type } from '../ir/index.js';

interface Signature {
  readonly operands: readonly Type[];
  readonly results: readonly Type[];
  readonly regionCount: number;
  readonly successorCount: number;
}

/** Properties kept; a program with more pays for the check each time. */
const CAPACITY = 10_000;
/** Combinations kept for the same properties, which are searched one by one. */
const PER_PROPERTIES = 16;

export class SignatureSet {
  private readonly byProperties = new Map<DictionaryAttr, Signature[]>();
  // Neighbouring operations of one name mostly have the same properties.
  private lastProperties: DictionaryAttr | undefined;
  private lastSignatures: readonly Signature[] | undefined;

  has(op: Operation): boolean {
    if (op.properties !== this.lastProperties) {
      this.lastProperties = op.properties;
      this.lastSignatures = this.byProperties.get(op.properties);
    }
    if (this.lastSignatures === undefined) return false;
    for (const signature of this.lastSignatures) if (matches(signature, op)) return true;
    return false;
  }

  add(op: Operation): void {
    const known = this.byProperties.get(op.properties);
    if (known === undefined ? this.byProperties.size >= CAPACITY : known.length >= PER_PROPERTIES)
      return;
    const signature: Signature = {
      operands: op.opOperands.map((operand) => operand.value.type),
      results: op.resultTypes,
      regionCount: op.regions.length,
      successorCount: op.successors.length,
    };
    if (known !== undefined) known.push(signature);
    else this.byProperties.set(op.properties, [signature]);
    this.lastProperties = undefined;
  }
}

function matches(
  { operands, results, regionCount, successorCount }: Signature,
  op: Operation,
): boolean {
  const { opOperands, firstResult } = op;
  if (operands.length !== opOperands.length || results.length !== op.resultCount) return false;
  if (regionCount !== op.regions.length || successorCount !== op.successors.length) return false;
  for (let i = 0; i < operands.length; i++)
    if (operands[i] !== opOperands[i].value.type) return false;
  if (firstResult !== null && results[0] !== firstResult.type) return false;
  for (let i = 1; i < results.length; i++) if (results[i] !== op.results[i].type) return false;
  return true;
}
