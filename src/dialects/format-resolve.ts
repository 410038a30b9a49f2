/** Connects the names in an operation's format with its entities and checks that the format can be parsed and printed. */

import type { CompiledConstraints } from './compiled.js';
import { literalProblem, parseFormat, type FormatAst } from './format-ast.js';
import type { Arity, EntityData, OperationData } from './schema.js';
import { TypePlan } from './type-plan.js';
import { didYouMean } from '../support/index.js';
import { hasTrait } from './entities.js';

/** Whose types a `type(...)` stands for. */
export type TypeReference =
  | { readonly kind: 'operand' | 'result'; readonly index: number; readonly arity: Arity }
  | { readonly kind: 'operands' | 'results' };

export type DirectiveArgument =
  | FormatItem
  | { readonly kind: 'ref'; readonly of: FormatItem }
  | { readonly kind: 'code'; readonly text: string };

export type FormatItem =
  | { readonly kind: 'literal' | 'whitespace'; readonly text: string }
  | {
      readonly kind: 'operand' | 'region' | 'successor';
      readonly index: number;
      readonly arity: Arity;
    }
  | { readonly kind: 'attribute'; readonly index: number; readonly isQualified: boolean }
  | { readonly kind: 'type'; readonly of: TypeReference }
  | {
      readonly kind: 'functional-type';
      readonly inputs: TypeReference;
      readonly results: TypeReference;
    }
  | { readonly kind: 'operands' | 'regions' | 'successors' }
  | { readonly kind: 'attr-dict'; readonly hasKeyword: boolean }
  | { readonly kind: 'prop-dict' }
  | { readonly kind: 'custom'; readonly name: string; readonly args: readonly DirectiveArgument[] }
  | { readonly kind: 'oilist'; readonly clauses: readonly (readonly FormatItem[])[] }
  | {
      readonly kind: 'group';
      readonly then: readonly FormatItem[];
      readonly else: readonly FormatItem[];
      readonly anchor: FormatItem;
    };

export interface ResolvedFormat {
  readonly items: readonly FormatItem[];
  /** Names of attributes that the format writes itself. */
  readonly writtenAttributes: ReadonlySet<string>;
  readonly typePlan: TypePlan;
  /** Whether results are left to the operation's own inference. */
  readonly infersResults: boolean;
  readonly hasRegions: boolean;
  /** Whether properties have a dictionary of their own, apart from that of the attributes. */
  readonly hasPropertyDictionary: boolean;
}

/** Reports a problem at an offset of the format's text. */
export type ReportFormat = (message: string, offset: number) => void;

class Resolver {
  readonly seen = new Set<string>();
  readonly typed = new Set<string>();
  readonly writtenAttributes = new Set<string>();
  attributeDictionaries = 0;
  hasPropertyDictionary = false;
  hasRegions = false;

  constructor(
    readonly data: OperationData,
    readonly compiled: CompiledConstraints,
    readonly report: ReportFormat,
  ) {}

  resolveAll(asts: readonly FormatAst[], isTop: boolean): FormatItem[] {
    return asts.flatMap((ast) => {
      const item = this.resolve(ast, isTop);
      return item === undefined ? [] : [item];
    });
  }

  private find(
    ast: FormatAst & { kind: 'variable' },
  ): { kind: EntityKind; index: number } | undefined {
    for (const kind of ENTITY_KINDS) {
      const index = this.data[kind].findIndex((entity) => entity.name === ast.name);
      if (index !== -1) return { kind, index };
    }
    const names = ENTITY_KINDS.flatMap((kind) => this.data[kind].map((entity) => entity.name));
    this.report(
      `expected variable to refer to an argument, region, result, or successor, but got '${ast.name}'${didYouMean(ast.name, names)}`,
      ast.offset,
    );
    return undefined;
  }

  private bind(name: string, offset: number): void {
    if (this.seen.has(name)) this.report(`'${name}' is already bound`, offset);
    this.seen.add(name);
  }

  private variable(
    ast: FormatAst & { kind: 'variable' },
    isReference: boolean,
    isQualified = false,
  ): FormatItem | undefined {
    const found = this.find(ast);
    if (found === undefined) return undefined;
    const { kind, index } = found;
    const { arity, name } = this.data[kind][index];
    if (!isReference && kind !== 'results') this.bind(name, ast.offset);
    switch (kind) {
      case 'operands': {
        const { segments } = this.data.operands[index];
        if (segments !== undefined) this.writtenAttributes.add(segments);
        return { kind: 'operand', index, arity };
      }
      case 'attributes':
        this.writtenAttributes.add(name);
        return { kind: 'attribute', index, isQualified };
      case 'regions':
        this.hasRegions = true;
        return { kind: 'region', index, arity };
      case 'successors':
        return { kind: 'successor', index, arity };
      case 'results':
        this.report(`result '${name}' can only stand inside 'type(...)'`, ast.offset);
        return undefined;
    }
  }

  private typeReference(ast: FormatAst, isReference = false): TypeReference | undefined {
    if (ast.kind === 'all' && (ast.name === 'operands' || ast.name === 'results')) {
      if (!isReference) for (const entity of this.data[ast.name]) this.bindType(entity, ast.offset);
      return { kind: ast.name };
    }
    if (ast.kind === 'variable') {
      const found = this.find(ast);
      if (found === undefined) return undefined;
      const entity = this.data[found.kind][found.index];
      if (found.kind === 'operands' || found.kind === 'results') {
        if (!isReference) this.bindType(entity, ast.offset);
        const kind = found.kind === 'operands' ? 'operand' : 'result';
        return { kind, index: found.index, arity: entity.arity };
      }
    }
    this.report(`'type' expects an operand, a result, 'operands' or 'results'`, ast.offset);
    return undefined;
  }

  private bindType(entity: EntityData, offset: number): void {
    if (this.typed.has(entity.name))
      this.report(`'type' of '${entity.name}' is already bound`, offset);
    this.typed.add(entity.name);
  }

  private argument(ast: FormatAst): DirectiveArgument | undefined {
    if (ast.kind === 'code') return { kind: 'code', text: ast.text };
    if (ast.kind === 'ref') {
      if (ast.of.kind === 'type') {
        const of = this.typeReference(ast.of.of, true);
        return of && { kind: 'ref', of: { kind: 'type', of } };
      }
      if (ast.of.kind === 'variable') {
        const of = this.variable(ast.of, true);
        return of && { kind: 'ref', of };
      }
    }
    return this.resolve(ast, false);
  }

  resolve(ast: FormatAst, isTop: boolean): FormatItem | undefined {
    switch (ast.kind) {
      case 'literal': {
        const problem = literalProblem(ast.text);
        if (problem !== undefined) this.report(problem, ast.offset);
        return { kind: 'literal', text: ast.text };
      }
      case 'whitespace':
        return { kind: 'whitespace', text: ast.text };
      case 'variable':
        return this.variable(ast, false);
      case 'qualified':
        if (ast.of.kind === 'variable') return this.variable(ast.of, false, true);
        return this.resolve(ast.of, isTop);
      case 'type': {
        const of = this.typeReference(ast.of);
        return of && { kind: 'type', of };
      }
      case 'functional-type': {
        const inputs = this.typeReference(ast.inputs);
        const results = this.typeReference(ast.results);
        return inputs && results && { kind: 'functional-type', inputs, results };
      }
      case 'attributes':
        if (!isTop)
          this.report(
            `'${ast.name}' directive can only be used as a top-level directive`,
            ast.offset,
          );
        if (ast.name === 'prop-dict') {
          this.hasPropertyDictionary = true;
          return { kind: 'prop-dict' };
        }
        if (++this.attributeDictionaries > 1)
          this.report(`'attr-dict' directive has already been seen`, ast.offset);
        return { kind: 'attr-dict', hasKeyword: ast.name === 'attr-dict-with-keyword' };
      case 'all':
        return this.all(ast);
      case 'custom': {
        const args = ast.args.flatMap((arg) => this.argument(arg) ?? []);
        return { kind: 'custom', name: ast.name, args };
      }
      case 'oilist': {
        const clauses = ast.clauses.map((clause) => this.resolveAll(clause, false));
        clauses.forEach((clause, index) => {
          if (clause[0]?.kind !== 'literal')
            this.report(
              'expected a literal at the start of each oilist clause',
              ast.clauses[index][0]?.offset ?? ast.offset,
            );
        });
        return { kind: 'oilist', clauses };
      }
      case 'group':
        return this.group(ast);
      default:
        this.report(
          `'${ast.kind}' is only valid within a 'custom' directive or a type's format`,
          ast.offset,
        );
        return undefined;
    }
  }

  private all(ast: FormatAst & { kind: 'all' }): FormatItem | undefined {
    if (ast.name === 'results' || ast.name === 'params') {
      this.report(`'${ast.name}' directive can not be used as a top-level directive`, ast.offset);
      return undefined;
    }
    for (const entity of this.data[ast.name]) this.bind(entity.name, ast.offset);
    if (ast.name === 'regions') this.hasRegions = true;
    return { kind: ast.name };
  }

  private group(ast: FormatAst & { kind: 'group' }): FormatItem | undefined {
    const anchors = [...ast.then, ...ast.else].filter((element) => element.isAnchor);
    if (anchors.length !== 1) {
      this.report(
        anchors.length === 0
          ? `optional group has no anchor element: mark one with '^'`
          : 'only one element can be marked as the anchor of an optional group',
        anchors[1]?.offset ?? ast.offset,
      );
    }
    const thenItems = this.resolveAll(ast.then, false);
    const elseItems = this.resolveAll(ast.else, false);
    let anchor: FormatItem | undefined;
    // The anchor is the item that its syntax element became; elements that failed to resolve left none.
    const position = ast.then.findIndex((element) => element.isAnchor);
    if (position !== -1 && thenItems.length === ast.then.length) anchor = thenItems[position];
    if (anchor === undefined) {
      if (position === -1 && anchors.length === 1)
        this.report(`the anchor of an optional group must be in its first part`, anchors[0].offset);
      return undefined;
    }
    const first = thenItems.find((item) => item.kind !== 'whitespace');
    const problem = first === undefined ? 'optional group is empty' : this.startProblem(first);
    if (problem !== undefined) this.report(problem, ast.then[0]?.offset ?? ast.offset);
    const anchorProblem = this.anchorProblem(anchor);
    if (anchorProblem !== undefined) this.report(anchorProblem, anchors[0].offset);
    return { kind: 'group', then: thenItems, else: elseItems, anchor };
  }

  /** Why parsing cannot tell from this item whether an optional group is present. */
  private startProblem(item: FormatItem): string | undefined {
    const isOk =
      ['literal', 'custom', 'oilist', 'operands', 'regions', 'successors'].includes(item.kind) ||
      ((item.kind === 'operand' || item.kind === 'successor' || item.kind === 'region') &&
        item.arity !== 'single') ||
      (item.kind === 'region' && this.data.regions.length > 0) ||
      (item.kind === 'type' && 'arity' in item.of && item.of.arity !== 'single') ||
      (item.kind === 'attribute' && this.isOptionalAttribute(item.index));
    return isOk
      ? undefined
      : 'first parsable element of an operand group must be a literal or something that may be absent';
  }

  private isOptionalAttribute(index: number): boolean {
    const { arity, default: fallback } = this.data.attributes[index];
    return (
      arity !== 'single' ||
      fallback !== undefined ||
      this.compiled.attributes[index].form.kind === 'unit'
    );
  }

  private anchorProblem(anchor: FormatItem): string | undefined {
    if (anchor.kind === 'attribute' && !this.isOptionalAttribute(anchor.index))
      return 'only optional attributes can be used to anchor an optional group';
    if ((anchor.kind === 'operand' || anchor.kind === 'successor') && anchor.arity === 'single')
      return `only variable length ${anchor.kind}s can be used to anchor an optional group`;
    if (anchor.kind === 'literal' || anchor.kind === 'whitespace' || anchor.kind === 'attr-dict')
      return 'only variables and types can be used to anchor an optional group';
    return undefined;
  }
}

const ENTITY_KINDS = ['operands', 'attributes', 'regions', 'successors', 'results'] as const;
type EntityKind = (typeof ENTITY_KINDS)[number];

const COVERED = [
  ['operands', 'operand'],
  ['regions', 'region'],
  ['successors', 'successor'],
] as const;

function checkCoverage(resolver: Resolver, plan: TypePlan, infersResults: boolean): void {
  const { data, report } = resolver;
  if (resolver.attributeDictionaries === 0)
    report(`'attr-dict' directive not found in custom assembly format`, 0);
  for (const [kind, noun] of COVERED) {
    data[kind].forEach(({ name }, index) => {
      if (resolver.seen.has(name)) return;
      report(
        `${noun} #${index}, named '${name}', not found; suggest adding a '$${name}' directive to the custom assembly format`,
        0,
      );
    });
  }
  for (const entity of plan.undetermined) {
    const isResult = data.results.includes(entity);
    if (isResult && infersResults) continue;
    const kind = isResult ? 'result' : 'operand';
    const index = data[isResult ? 'results' : 'operands'].indexOf(entity);
    report(
      `type of ${kind} #${index}, named '${entity.name}', is not buildable and a buildable type cannot be inferred; suggest adding a 'type($${entity.name})' directive to the custom assembly format`,
      0,
    );
  }
}

/** Resolves and checks a format; problems are reported and leave a format that must not be used. */
export function resolveFormat(
  data: OperationData,
  compiled: CompiledConstraints,
  text: string,
  report: ReportFormat,
): ResolvedFormat {
  const resolver = new Resolver(data, compiled, report);
  const items = resolver.resolveAll(parseFormat(text), true);
  const typePlan = new TypePlan(data, compiled, resolver.typed);
  const infersResults = data.interfaces.includes('InferTypeOpInterface');
  checkCoverage(resolver, typePlan, infersResults);
  const variableOperands = data.operands.filter((entity) => entity.arity !== 'single').length;
  if (
    variableOperands > 1 &&
    !hasTrait(data, 'AttrSizedOperandSegments') &&
    !hasTrait(data, 'SameVariadicOperandSize')
  ) {
    report(
      `several operands have variable length: add trait 'AttrSizedOperandSegments' or 'SameVariadicOperandSize'`,
      0,
    );
  }
  return {
    items,
    writtenAttributes: resolver.writtenAttributes,
    typePlan,
    infersResults,
    hasRegions: resolver.hasRegions,
    hasPropertyDictionary: resolver.hasPropertyDictionary,
  };
}
