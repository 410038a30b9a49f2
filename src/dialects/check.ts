/** Checks what a dialect file means: names, constraints, traits, formats, defaults. */

import { didYouMean } from '../support/index.js';
import { compileAttribute } from './attribute-constraint.js';
import { canonicalEnumText, parseDefault } from './attribute-values.js';
import { compileConstraints, compileRegion, type CompiledConstraints } from './compiled.js';
import { ExpressionError, parseConstraint } from './constraint-ast.js';
import { TYPE_RANGE_TRANSFORMS, TYPE_TRANSFORMS } from './entity-types.js';
import { resolveFormat } from './format-resolve.js';
import { INTERFACE_NAMES } from './interfaces.js';
import { compileParametricFormat, kindProblem } from './parametric-format.js';
import { checkProperty } from './property-constraint.js';
import type { DialectData, EntityData, OperationData, ParametricData } from './schema.js';
import type { ConstraintScope } from './scope.js';
import { TRAITS, type TraitRule } from './traits.js';
import { compileType } from './type-constraint.js';

/** Reports an error at the value of a path; `offset` is inside the text of a scalar. */
export type ReportPath = (path: readonly string[], message: string, offset?: number) => void;

/** How many of a trait's arguments name operands, results or attributes. */
const NAMED_ENTITIES: Readonly<Record<NonNullable<TraitRule['args']>, number>> = {
  entities: Infinity,
  operations: 0,
  transform: 2,
  rangeTransform: 2,
  typeConstraint: 1,
  predicate: 0,
};

class Checker {
  constructor(
    private readonly data: DialectData,
    private readonly scope: ConstraintScope,
    private readonly report: ReportPath,
    /** Names of the predicates that the hooks define; undefined where the hooks are not at hand. */
    private readonly predicates: readonly string[] | undefined,
  ) {}

  check(): void {
    this.data.dependsOn.forEach((name, index) => {
      if (this.scope.lookup(name) === undefined)
        this.report(['dependsOn', String(index)], `unknown dialect '${name}'`);
    });
    for (const [name, { is }] of Object.entries(this.data.constraints))
      this.expression(['constraints', name, 'is'], () =>
        compileType(parseConstraint(is), this.scope),
      );
    for (const data of this.data.types) this.parametric('types', data);
    for (const data of this.data.attributes) this.parametric('attributes', data);
    for (const data of this.data.operations) this.operation(data);
  }

  /** Runs something that reads an expression at a path; reports its error there. */
  private expression(path: readonly string[], run: () => unknown): boolean {
    try {
      run();
      return true;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.report(path, error.message, error.offset);
      return false;
    }
  }

  private parametric(section: 'types' | 'attributes', data: ParametricData): void {
    const path = [section, data.mnemonic];
    let hasKinds = true;
    for (const { name, kind } of data.parameters) {
      const problem = kindProblem(kind, this.scope);
      if (problem === undefined) continue;
      this.report([...path, 'parameters', name], problem);
      hasKinds = false;
    }
    if (!hasKinds) return;
    const format = [...path, 'assemblyFormat'];
    this.expression(format, () =>
      compileParametricFormat(
        data,
        this.scope,
        () => undefined,
        (message, offset) => this.report(format, message, offset),
      ),
    );
  }

  private operation(data: OperationData): void {
    const name = data.name.slice(this.data.dialect.length + 1);
    const path = ['operations', name];
    const areValid = [
      this.entities(path, 'operands', data.operands, (is) =>
        compileType(parseConstraint(is), this.scope),
      ),
      this.entities(path, 'results', data.results, (is) =>
        compileType(parseConstraint(is), this.scope),
      ),
      this.entities(path, 'attributes', data.attributes, (is, { isProperty }) => {
        const compiled = compileAttribute(parseConstraint(is), this.scope);
        if (isProperty) checkProperty(compiled);
      }),
      this.entities(path, 'regions', data.regions, compileRegion),
    ];
    const hasTraits = this.traits(path, data);
    for (const name_ of data.interfaces) {
      if (INTERFACE_NAMES.includes(name_)) continue;
      this.report(path, `unknown interface '${name_}'${didYouMean(name_, INTERFACE_NAMES)}`);
    }
    if (!hasTraits || areValid.includes(false)) return;
    const compiled = compileConstraints(data, this.scope);
    if (!this.segments(path, data)) return;
    this.defaults(path, data, compiled);
    const { assemblyFormat } = data;
    if (assemblyFormat === undefined || assemblyFormat === 'custom') return;
    const at = [...path, 'assemblyFormat'];
    this.expression(at, () =>
      resolveFormat(data, compiled, assemblyFormat, (message, offset) =>
        this.report(at, message, offset),
      ),
    );
  }

  private entities(
    path: readonly string[],
    kind: string,
    entities: readonly EntityData[],
    compile: (is: string, entity: EntityData) => unknown,
  ): boolean {
    let isValid = true;
    for (const entity of entities) {
      const { name, is, arity, segments, isProperty } = entity;
      // The wrapper `optional<` stands in front of what was compiled.
      const wrapper = segments === undefined ? arity : 'variadicOfVariadic';
      const shift = arity === 'single' ? 0 : wrapper.length + 1;
      try {
        compile(is, entity);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        const section = isProperty ? 'properties' : kind;
        this.report([...path, section, name, 'is'], error.message, error.offset + shift);
        isValid = false;
      }
    }
    return isValid;
  }

  /** Lists of lists name the attribute that holds their lengths. */
  private segments(path: readonly string[], data: OperationData): boolean {
    let isValid = true;
    for (const { name, segments } of data.operands) {
      if (segments === undefined) continue;
      const attribute = data.attributes.find((entity) => entity.name === segments);
      if (attribute?.is === 'denseI32' && attribute.arity === 'single') continue;
      this.report(
        [...path, 'operands', name, 'is'],
        `expected attribute '${segments}' with the lengths of the lists in '${name}': declare it as 'denseI32'`,
      );
      isValid = false;
    }
    return isValid;
  }

  private traits(path: readonly string[], data: OperationData): boolean {
    const names = new Set(
      [data.operands, data.results, data.attributes].flatMap((list) =>
        list.map(({ name }) => name),
      ),
    );
    let isValid = true;
    data.traits.forEach(({ name, args }, index) => {
      const at = [...path, 'traits', String(index)];
      const fail = (message: string): void => {
        this.report(at, message);
        isValid = false;
      };
      if (!Object.hasOwn(TRAITS, name))
        return fail(`unknown trait '${name}'${didYouMean(name, Object.keys(TRAITS))}`);
      const rule = TRAITS[name];
      if (rule.args === undefined && args.length > 0)
        return fail(`trait '${name}' takes no arguments`);
      if (args.length < (rule.minArgs ?? 0))
        return fail(
          `trait '${name}' expects at least ${rule.minArgs} arguments, but got ${args.length}`,
        );
      const entities = args.slice(0, NAMED_ENTITIES[rule.args ?? 'operations']);
      for (const entity of entities)
        if (!names.has(entity))
          fail(
            `trait '${name}' names '${entity}', which is not an operand, result or attribute${didYouMean(entity, names)}`,
          );
      const transforms = Object.keys(
        rule.args === 'rangeTransform'
          ? { ...TYPE_TRANSFORMS, ...TYPE_RANGE_TRANSFORMS }
          : TYPE_TRANSFORMS,
      );
      if (rule.args === 'transform' || rule.args === 'rangeTransform') {
        if (!transforms.includes(args[2]))
          fail(`unknown type transform '${args[2]}'${didYouMean(args[2], transforms)}`);
      }
      if (rule.args === 'typeConstraint' && isValid)
        isValid = this.expression(at, () =>
          compileType(parseConstraint(args.slice(1).join(', ')), this.scope),
        );
      if (rule.args === 'predicate' && this.predicates?.includes(args[1]) === false)
        fail(
          `unknown predicate '${args[1]}'${didYouMean(args[1], this.predicates)}: the hooks of the dialect define none of that name`,
        );
    });
    return isValid;
  }

  private defaults(
    path: readonly string[],
    data: OperationData,
    compiled: CompiledConstraints,
  ): void {
    data.attributes.forEach((entity, index) => {
      if (entity.default === undefined) return;
      const { form, summary } = compiled.attributes[index];
      const isValid =
        form.kind === 'enum'
          ? canonicalEnumText(form.declaration, entity.default.replace(/^"(.*)"$/, '$1')) !==
            undefined
          : parseDefault(entity.default, form) !== undefined;
      if (isValid) return;
      this.report(
        [...path, entity.isProperty ? 'properties' : 'attributes', entity.name, 'default'],
        `'${entity.default}' is not a default for a ${summary}`,
      );
    });
  }
}

/** Checks a dialect; problems go to `report`. */
export function checkDialect(
  data: DialectData,
  lookup: (name: string) => DialectData | undefined,
  report: ReportPath,
  predicates?: readonly string[],
): void {
  new Checker(data, { dialect: data, lookup }, report, predicates).check();
}
