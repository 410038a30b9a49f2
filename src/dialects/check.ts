/** Checks what a dialect file means: names, constraints, traits, formats, defaults. */

import { didYouMean } from '../support/index.js';
import { compileAttribute } from './attribute-constraint.js';
import { canonicalEnumText, parseDefault } from './attribute-values.js';
import { compileConstraints, compileRegion, type CompiledConstraints } from './compiled.js';
import { ExpressionError, parseConstraint } from './constraint-ast.js';
import { TYPE_TRANSFORMS } from './entity-types.js';
import { resolveFormat } from './format-resolve.js';
import { INTERFACE_NAMES } from './interfaces.js';
import { compileParametricFormat, kindProblem } from './parametric-format.js';
import type { DialectData, EntityData, OperationData, ParametricData } from './schema.js';
import type { ConstraintScope } from './scope.js';
import { TRAITS } from './traits.js';
import { compileType } from './type-constraint.js';

/** Reports an error at the value of a path; `offset` is inside the text of a scalar. */
export type ReportPath = (path: readonly string[], message: string, offset?: number) => void;

class Checker {
  constructor(
    private readonly data: DialectData,
    private readonly scope: ConstraintScope,
    private readonly report: ReportPath,
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
      this.entities(path, 'attributes', data.attributes, (is) =>
        compileAttribute(parseConstraint(is), this.scope),
      ),
      this.entities(path, 'regions', data.regions, compileRegion),
    ];
    const hasTraits = this.traits(path, data);
    for (const name_ of data.interfaces) {
      if (INTERFACE_NAMES.includes(name_)) continue;
      this.report(path, `unknown interface '${name_}'${didYouMean(name_, INTERFACE_NAMES)}`);
    }
    if (!hasTraits || areValid.includes(false)) return;
    const compiled = compileConstraints(data, this.scope);
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
    compile: (is: string) => unknown,
  ): boolean {
    let isValid = true;
    for (const { name, is, arity } of entities) {
      // The wrapper `optional<` stands in front of what was compiled.
      const shift = arity === 'single' ? 0 : arity.length + 1;
      try {
        compile(is);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        this.report([...path, kind, name, 'is'], error.message, error.offset + shift);
        isValid = false;
      }
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
      const entities =
        rule.args === 'entities' ? args : rule.args === 'transform' ? args.slice(0, 2) : [];
      for (const entity of entities)
        if (!names.has(entity))
          fail(
            `trait '${name}' names '${entity}', which is not an operand, result or attribute${didYouMean(entity, names)}`,
          );
      if (rule.args === 'transform' && !Object.hasOwn(TYPE_TRANSFORMS, args[2]))
        fail(
          `unknown type transform '${args[2]}'${didYouMean(args[2], Object.keys(TYPE_TRANSFORMS))}`,
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
        [...path, 'attributes', entity.name, 'default'],
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
): void {
  new Checker(data, { dialect: data, lookup }, report).check();
}
