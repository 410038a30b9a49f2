/** Operation names, interned per context, with the facts about the operation that hot code asks for. */

import type { Context } from './context.js';
import { DictionaryAttr } from './attribute.js';
import type { InterfaceKey, OperationDefinition, TraitArguments } from './definition.js';

let nextIdentity = 1;

export class OperationName {
  /** A number that no other name has, for hashes. */
  readonly identity = nextIdentity++;
  /** The part before the first dot; the whole name where there is none. */
  readonly dialect: string;
  readonly isTerminator: boolean;
  readonly isIsolatedFromAbove: boolean;
  readonly isPure: boolean;
  readonly isCommutative: boolean;
  readonly isInvolution: boolean;
  readonly isIdempotent: boolean;
  readonly isConstantLike: boolean;
  readonly isSymbol: boolean;
  readonly isSymbolTable: boolean;
  readonly hasNoTerminator: boolean;
  /** Whether its traits say that the operation has no effects but those of its regions. */
  readonly hasNoOwnEffects: boolean;

  constructor(
    readonly context: Context,
    /** With the dialect: `arith.addi`. */
    readonly text: string,
    /** Undefined for an operation that no loaded dialect declares. */
    readonly definition: OperationDefinition | undefined,
  ) {
    const dot = text.indexOf('.');
    this.dialect = dot === -1 ? text : text.slice(0, dot);
    this.isTerminator = this.hasTrait('Terminator');
    this.isIsolatedFromAbove = this.hasTrait('IsolatedFromAbove');
    this.isPure = this.hasTrait('Pure');
    this.isCommutative = this.hasTrait('Commutative');
    this.isInvolution = this.hasTrait('Involution');
    this.isIdempotent = this.hasTrait('Idempotent');
    this.isConstantLike = this.hasTrait('ConstantLike');
    this.isSymbol = this.hasTrait('Symbol');
    this.isSymbolTable = this.hasTrait('SymbolTable');
    this.hasNoTerminator = this.hasTrait('NoTerminator');
    this.hasNoOwnEffects =
      this.isPure || this.hasTrait('NoMemoryEffect') || this.hasTrait('RecursiveMemoryEffects');
  }

  private defaults: DictionaryAttr | undefined;

  /** The inherent attributes of an operation that is given none. */
  get defaultProperties(): DictionaryAttr {
    return (this.defaults ??= DictionaryAttr.get(this.definition?.defaultAttributes ?? []));
  }

  get isRegistered(): boolean {
    return this.definition !== undefined;
  }

  hasTrait(name: string): boolean {
    return this.definition?.traits.has(name) ?? false;
  }

  traitArguments(name: string): TraitArguments | undefined {
    return this.definition?.traits.get(name);
  }

  getInterface<Implementation>(key: InterfaceKey<Implementation>): Implementation | undefined {
    return this.definition?.interfaces.get(key) as Implementation | undefined;
  }

  toString(): string {
    return this.text;
  }
}
