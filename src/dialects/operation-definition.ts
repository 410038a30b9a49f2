/** An operation as declared; everything about it is compiled when it is first used, so that start-up stays fast. */

import type {
  Attribute,
  CustomPrinter,
  InterfaceKey,
  MemoryEffect,
  Operation,
  OperationDefinition,
  TraitArguments,
  Value,
} from '../ir/index.js';
import { DenseArrayAttr, IntegerType } from '../ir/index.js';
import type { CustomParser } from '../syntax/asm-parser.js';
import { parseDefault } from './attribute-values.js';
import { compileConstraints, type CompiledConstraints } from './compiled.js';
import type { CustomDirective } from './directives.js';
import {
  divide,
  hasTrait,
  OPERAND_SEGMENTS,
  operandValues,
  RESULT_SEGMENTS,
  resultValues,
} from './entities.js';
import type { FormatContext } from './format-frame.js';
import { formatParser } from './format-parser.js';
import { formatPrinter } from './format-printer.js';
import { resolveFormat } from './format-resolve.js';
import type { OperationHooks } from './hook-types.js';
import { declarationVerifier } from './operation-verifier.js';
import type { OperationData } from './schema.js';
import type { ConstraintScope } from './scope.js';
import { TRAITS, type OperationPredicate } from './traits.js';
import { TypePlan, type KnownTypes } from './type-plan.js';
import { InternalError } from '../support/index.js';

type InferInput = {
  readonly operands: readonly Value[];
  readonly properties: ReadonlyMap<string, Attribute>;
};

const NO_HOOKS: OperationHooks = {};

/** Stands for what is not computed yet. */
const PENDING: unique symbol = Symbol('pending');
type Pending = typeof PENDING;

export class DeclaredOperation implements OperationDefinition {
  // Fields that exist from the start keep all declarations of one shape, so that reading them is fast everywhere.
  private traitMap: OperationDefinition['traits'] | undefined;
  private inherentNames: ReadonlySet<string> | undefined;
  private compiled: CompiledConstraints | undefined;
  private defaults: OperationDefinition['defaultAttributes'] | Pending = PENDING;
  private interfaceMap: OperationDefinition['interfaces'] | undefined;
  private invariants: ((op: Operation) => boolean) | undefined;
  private regionVerifier: OperationDefinition['verifyRegions'] | Pending = PENDING;
  private effects: OperationDefinition['memoryEffects'] | Pending = PENDING;
  private inference: OperationDefinition['inferResultTypes'] | Pending = PENDING;
  private printer: CustomPrinter | undefined | Pending = PENDING;
  private parser: CustomParser | undefined | Pending = PENDING;
  private formatContext: FormatContext | undefined;
  readonly verify: OperationDefinition['verify'];
  readonly fold: OperationDefinition['fold'];
  readonly suggestNames: OperationDefinition['suggestNames'];
  readonly defaultDialect: string | undefined;

  constructor(
    readonly data: OperationData,
    private readonly scope: ConstraintScope,
    private readonly hooks: OperationHooks = NO_HOOKS,
    private readonly findDirective: (name: string) => CustomDirective | undefined,
    private readonly findPredicate: (name: string) => OperationPredicate | undefined,
  ) {
    this.verify = hooks.verify;
    this.fold = hooks.fold;
    this.suggestNames = hooks.suggestNames;
    this.defaultDialect = hooks.defaultDialect;
  }

  get name(): string {
    return this.data.name;
  }

  get summary(): string {
    return this.data.summary;
  }

  get traits(): ReadonlyMap<string, TraitArguments> {
    if (this.traitMap !== undefined) return this.traitMap;
    const traits = new Map(this.data.traits.map(({ name, args }) => [name, args]));
    // A graph region with an implied end needs no terminator; one implied by name is a single block.
    if (traits.has('SingleBlockImplicitTerminator')) traits.set('SingleBlock', []);
    return (this.traitMap = traits);
  }

  get inherentAttributes(): ReadonlySet<string> {
    if (this.inherentNames !== undefined) return this.inherentNames;
    const names = new Set(this.data.attributes.map(({ name }) => name));
    if (hasTrait(this.data, 'AttrSizedOperandSegments')) names.add(OPERAND_SEGMENTS);
    if (hasTrait(this.data, 'AttrSizedResultSegments')) names.add(RESULT_SEGMENTS);
    return (this.inherentNames = names);
  }

  /** The compiled constraints of operands, results, attributes and regions. */
  get constraints(): CompiledConstraints {
    return (this.compiled ??= compileConstraints(this.data, this.scope));
  }

  get defaultAttributes(): ReadonlyMap<string, Attribute> | undefined {
    if (this.defaults !== PENDING) return this.defaults;
    const defaults = new Map<string, Attribute>();
    this.data.attributes.forEach((entity, index) => {
      if (entity.default === undefined || entity.arity === 'optional') return;
      const value = parseDefault(entity.default, this.constraints.attributes[index].form);
      if (value !== undefined) defaults.set(entity.name, value);
    });
    // As upstream, sizes of segments that are not given are zero.
    const addSegments = (trait: string, name: string, count: number): void => {
      if (!hasTrait(this.data, trait) || defaults.has(name)) return;
      const sizes = Array.from({ length: count }, () => 0);
      defaults.set(name, DenseArrayAttr.get(IntegerType.get(32), sizes));
    };
    addSegments('AttrSizedOperandSegments', OPERAND_SEGMENTS, this.data.operands.length);
    addSegments('AttrSizedResultSegments', RESULT_SEGMENTS, this.data.results.length);
    return (this.defaults = defaults.size === 0 ? undefined : defaults);
  }

  get regionCount(): number | 'variadic' {
    const { regions } = this.data;
    return regions.some(({ arity }) => arity !== 'single') ? 'variadic' : regions.length;
  }

  get regionKind(): 'ssacfg' | 'graph' {
    return hasTrait(this.data, 'HasOnlyGraphRegion') ? 'graph' : 'ssacfg';
  }

  get interfaces(): ReadonlyMap<InterfaceKey<unknown>, unknown> {
    return (this.interfaceMap ??= new Map(this.hooks.interfaces ?? []));
  }

  get verifyInvariants(): (op: Operation) => boolean {
    return (this.invariants ??= declarationVerifier(this.data, this.constraints, {
      scope: this.scope,
      findPredicate: this.findPredicate,
    }));
  }

  get verifyRegions(): OperationDefinition['verifyRegions'] {
    if (this.regionVerifier !== PENDING) return this.regionVerifier;
    const rules = this.data.traits.flatMap(({ name, args }) => {
      const check = TRAITS[name]?.verifyRegions;
      return check === undefined ? [] : [(op: Operation): boolean => check(op, args)];
    });
    if (this.hooks.verifyRegions !== undefined) rules.push(this.hooks.verifyRegions);
    const verify =
      rules.length === 0 ? undefined : (op: Operation): boolean => rules.every((rule) => rule(op));
    return (this.regionVerifier = verify);
  }

  get memoryEffects(): OperationDefinition['memoryEffects'] {
    if (this.effects === PENDING)
      this.effects = this.hooks.memoryEffects ?? declaredEffects(this.data);
    return this.effects;
  }

  get inferResultTypes(): OperationDefinition['inferResultTypes'] {
    if (this.inference === PENDING)
      this.inference =
        this.hooks.inferResultTypes ?? inferFromDeclaration(this.data, this.constraints);
    return this.inference;
  }

  get implicitTerminator(): string | undefined {
    return this.data.traits.find(({ name }) => name === 'SingleBlockImplicitTerminator')?.args[0];
  }

  get print(): CustomPrinter | undefined {
    if (this.printer === PENDING) this.printer = this.hooks.print ?? this.fromFormat(formatPrinter);
    return this.printer;
  }

  get parse(): CustomParser | undefined {
    if (this.parser === PENDING) this.parser = this.hooks.parse ?? this.fromFormat(formatParser);
    return this.parser;
  }

  private fromFormat<Result>(compile: (context: FormatContext) => Result): Result | undefined {
    const { assemblyFormat } = this.data;
    if (assemblyFormat === undefined || assemblyFormat === 'custom') return undefined;
    this.formatContext ??= {
      data: this.data,
      compiled: this.constraints,
      format: resolveFormat(this.data, this.constraints, assemblyFormat, (message) => {
        throw new InternalError(`the format of '${this.name}' is wrong: ${message}`);
      }),
      findDirective: this.findDirective,
      infer: (op) => this.inferResultTypes?.(op),
    };
    return compile(this.formatContext);
  }
}

/** Effects that the declaration states for the operation and for its operands and results. */
function declaredEffects(
  data: OperationData,
): ((op: Operation) => readonly MemoryEffect[]) | undefined {
  const hasAny =
    data.effects !== undefined ||
    [...data.operands, ...data.results].some((entity) => entity.effects !== undefined);
  if (!hasAny) return undefined;
  return (op) => {
    const effects: MemoryEffect[] = (data.effects ?? []).map((kind) => ({ kind }));
    data.operands.forEach((entity, index) => {
      for (const kind of entity.effects ?? [])
        for (const value of operandValues(op, data, index)) effects.push({ kind, value });
    });
    data.results.forEach((entity, index) => {
      for (const kind of entity.effects ?? [])
        for (const value of resultValues(op, data, index)) effects.push({ kind, value });
    });
    return effects;
  };
}

/** The plan that derives result types from operands and attributes alone. */
export function resultTypePlan(data: OperationData, constraints: CompiledConstraints): TypePlan {
  return new TypePlan(data, constraints, new Set(data.operands.map(({ name }) => name)));
}

function inferFromDeclaration(
  data: OperationData,
  constraints: CompiledConstraints,
): OperationDefinition['inferResultTypes'] {
  const plan = resultTypePlan(data, constraints);
  if (plan.undetermined.length > 0 || data.results.some(({ arity }) => arity !== 'single'))
    return undefined;
  return ({ operands, properties }: InferInput) => {
    const known: KnownTypes = new Map();
    const types = operands.map((operand) => operand.type);
    let at = 0;
    // Only operands of fixed number in front of a variable one matter here; segments come with the properties.
    const ranges = divideOperands(data, operands.length, properties.get(OPERAND_SEGMENTS));
    if (ranges === undefined) return undefined;
    data.operands.forEach(({ name }, index) => {
      known.set(name, types.slice(at, at + ranges[index]));
      at += ranges[index];
    });
    plan.complete(
      known,
      () => undefined,
      (name) => properties.get(name),
    );
    const results = data.results.flatMap(({ name }) => known.get(name)?.slice(0, 1) ?? []);
    return results.length === data.results.length ? results : undefined;
  };
}

function divideOperands(
  data: OperationData,
  total: number,
  segments: Attribute | undefined,
): number[] | undefined {
  return divide(data.operands, total, segments)?.map(({ count }) => count);
}
