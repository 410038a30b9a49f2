/** Writes the class of one operation: accessors for its parts and a builder. */

import { compileConstraints, type CompiledConstraints } from '../compiled.js';
import { resultTypePlan } from '../operation-definition.js';
import type { EntityData, OperationData } from '../schema.js';
import type { ConstraintScope } from '../scope.js';
import { attributeCode, propertyCode, type AttributeCode } from './attribute-types.js';
import { camelCase, literal, operationClass } from './names.js';

/** What a generated file imports: names from the IR, helpers, and names of other generated files by dialect. */
export class Imports {
  readonly ir = new Set<string>();
  readonly helpers = new Set<string>();
  readonly foreign = new Map<string, Set<string>>();

  addForeign(dialect: string, name: string): void {
    const names = this.foreign.get(dialect) ?? new Set();
    this.foreign.set(dialect, names.add(name));
  }
}

const RESERVED = new Set(['op', 'location', 'constructor']);

/** The accessor of an entity; names that views have anyway are told apart by what the entity is. */
function accessorName(entity: EntityData, isOnlyResult: boolean): string {
  const name = camelCase(entity.name);
  if (RESERVED.has(name) || (name === 'result' && !isOnlyResult)) return `${name}Value`;
  return name;
}

/** `x` with its documentation comment, indented into a class. */
function documented(summary: string | undefined, code: string): string {
  return summary === undefined ? `  ${code}` : `  /** ${comment(summary)} */\n  ${code}`;
}

export function comment(text: string): string {
  return text.replace(/\*\//g, '*\\/').replace(/\s+/g, ' ').trim();
}

class Writer {
  readonly members: string[] = [];
  /** Members of the builder's argument type. */
  readonly args: string[] = [];
  readonly groups: string[] = [];

  constructor(
    readonly data: OperationData,
    readonly compiled: CompiledConstraints,
    readonly dialect: string,
    readonly imports: Imports,
  ) {}

  write(): string {
    const { data } = this;
    this.operands();
    this.results();
    this.attributes();
    this.regions();
    this.successors();
    const name = operationClass(data.name);
    const hasRequired = this.args.some((arg) => /^[^?]*:/.test(arg.replace(/\?:/, '?')));
    const args = [...this.args, 'location?: Location | undefined'].map((arg) => `readonly ${arg};`);
    this.imports.ir.add('Builder').add('Location').add('OpView');
    this.imports.helpers.add('buildOperation');
    return [
      `/** ${comment(data.summary)} */`,
      `export class ${name} extends OpView {`,
      `  static readonly opName = ${literal(data.name)};`,
      ...this.members,
      `  static build(builder: Builder, args: { ${args.join(' ')} }${hasRequired ? '' : ' = {}'}): ${name} {`,
      `    return new ${name}(buildOperation(builder, ${literal(data.name)}, { ${[...this.groups, 'location: args.location'].join(', ')} }));`,
      '  }',
      '}',
      '',
    ].join('\n');
  }

  private operands(): void {
    const { operands } = this.data;
    const firstVariable = operands.findIndex(({ arity }) => arity !== 'single');
    operands.forEach((entity, index) => {
      const name = accessorName(entity, false);
      this.imports.ir.add('Value');
      if (entity.segments !== undefined) {
        this.imports.helpers.add('operandListsOf');
        this.member(
          entity,
          `get ${name}(): Value[][] { return operandListsOf(this.op, ${index}); }`,
        );
        this.args.push(`${name}: readonly (readonly Value[])[]`);
      } else if (entity.arity === 'variadic') {
        this.imports.helpers.add('operandGroup');
        this.member(entity, `get ${name}(): Value[] { return operandGroup(this.op, ${index}); }`);
        this.args.push(`${name}: readonly Value[]`);
      } else if (entity.arity === 'optional') {
        this.imports.helpers.add('optionalOperand');
        this.member(
          entity,
          `get ${name}(): Value | undefined { return optionalOperand(this.op, ${index}); }`,
        );
        this.args.push(`${name}?: Value | undefined`);
      } else {
        const isFixed = firstVariable === -1 || index < firstVariable;
        if (!isFixed) this.imports.helpers.add('singleOperand');
        const read = isFixed ? `this.op.operand(${index})` : `singleOperand(this.op, ${index})`;
        this.member(entity, `get ${name}(): Value { return ${read}; }`);
        this.args.push(`${name}: Value`);
      }
    });
    if (operands.length > 0)
      this.groups.push(
        `operands: [${operands.map((it) => `args.${accessorName(it, false)}`).join(', ')}]`,
      );
  }

  private member(entity: EntityData, code: string): void {
    this.members.push(documented(entity.summary, code));
  }

  private results(): void {
    const { results, interfaces } = this.data;
    const isOnly = results.length === 1 && results[0].arity === 'single';
    const firstVariable = results.findIndex(({ arity }) => arity !== 'single');
    results.forEach((entity, index) => {
      const name = accessorName(entity, isOnly);
      this.imports.ir.add('OpResult');
      if (entity.arity === 'variadic') {
        this.imports.helpers.add('resultGroup');
        this.member(entity, `get ${name}(): OpResult[] { return resultGroup(this.op, ${index}); }`);
      } else if (entity.arity === 'optional') {
        this.imports.helpers.add('optionalResult');
        this.member(
          entity,
          `get ${name}(): OpResult | undefined { return optionalResult(this.op, ${index}); }`,
        );
      } else {
        const isFixed = firstVariable === -1 || index < firstVariable;
        if (!isFixed) this.imports.helpers.add('resultGroup');
        const read = isFixed ? `this.op.results[${index}]` : `resultGroup(this.op, ${index})[0]`;
        const override = name === 'result' ? 'override ' : '';
        this.member(entity, `${override}get ${name}(): OpResult { return ${read}; }`);
      }
    });
    const isInferred =
      interfaces.includes('InferTypeOpInterface') ||
      (resultTypePlan(this.data, this.compiled).undetermined.length === 0 &&
        results.every(({ arity }) => arity === 'single'));
    if (isInferred || results.length === 0) return;
    const names = results.map((entity) => {
      const isPlural = entity.arity === 'variadic' && entity.name.endsWith('s');
      const name = camelCase(isPlural ? entity.name.slice(0, -1) : entity.name);
      this.imports.ir.add('Type');
      if (entity.arity === 'variadic') {
        this.args.push(`${name}Types: readonly Type[]`);
        return `args.${name}Types`;
      }
      const isOptional = entity.arity === 'optional';
      this.args.push(
        `${name}Type${isOptional ? '?' : ''}: Type${isOptional ? ' | undefined' : ''}`,
      );
      return `args.${name}Type`;
    });
    this.groups.push(`results: [${names.join(', ')}]`);
  }

  private attributes(): void {
    const { attributes, operands } = this.data;
    // The lengths of lists follow from the lists that a builder is given.
    const derived = new Set(operands.map(({ segments }) => segments));
    attributes.forEach((entity, index) => {
      const name = accessorName(entity, false);
      const { form } = this.compiled.attributes[index];
      const code: AttributeCode = entity.isProperty
        ? propertyCode(form, this.dialect)
        : attributeCode(form, this.dialect);
      const read = code.read('this.op', entity.name);
      for (const it of code.imports) this.imports.ir.add(it);
      if (code.input.includes('readonly Attribute[]')) this.imports.ir.add('Attribute');
      if (code.foreign) this.imports.addForeign(code.foreign.dialect, code.foreign.name);
      if (read.includes('enumOf(')) this.imports.helpers.add('enumOf');
      if (read.includes('boolOf(')) this.imports.helpers.add('boolOf');
      this.imports.helpers.add('setAttribute');
      const isUnit = form.kind === 'unit';
      const isPresent = isUnit || entity.arity === 'single';
      const type = isPresent ? code.type : `${code.type} | undefined`;
      const value = isUnit ? read : isPresent ? `(${read})!` : read;
      const input = isPresent ? code.input : `${code.input} | undefined`;
      this.member(entity, `get ${name}(): ${type} { return ${value}; }`);
      this.members.push(
        `  set ${name}(value: ${input}) { setAttribute(this.op, ${literal(entity.name)}, value); }`,
      );
      if (derived.has(entity.name)) return;
      const isRequired = isPresent && !isUnit && entity.default === undefined;
      this.args.push(
        `${name}${isRequired ? '' : '?'}: ${code.input}${isRequired ? '' : ' | undefined'}`,
      );
    });
    const given = attributes.filter(({ name }) => !derived.has(name));
    if (given.length > 0) {
      const entries = given.map((it) => `${literal(it.name)}: args.${accessorName(it, false)}`);
      this.groups.push(`attributes: { ${entries.join(', ')} }`);
    }
  }

  private regions(): void {
    const { regions } = this.data;
    regions.forEach((entity, index) => {
      const name = accessorName(entity, false);
      this.imports.ir.add('Region');
      if (entity.arity === 'single') {
        this.member(entity, `get ${name}(): Region { return this.op.regions[${index}]; }`);
        this.args.push(`${name}?: Region | undefined`);
      } else {
        this.imports.helpers.add('regionGroup');
        this.member(entity, `get ${name}(): Region[] { return regionGroup(this.op, ${index}); }`);
        this.args.push(`${name}?: readonly Region[] | undefined`);
      }
    });
    if (regions.length > 0)
      this.groups.push(
        `regions: [${regions.map((it) => `args.${accessorName(it, false)}`).join(', ')}]`,
      );
  }

  private successors(): void {
    const { successors } = this.data;
    successors.forEach((entity, index) => {
      const name = accessorName(entity, false);
      this.imports.ir.add('Block');
      if (entity.arity === 'single') {
        this.member(entity, `get ${name}(): Block { return this.op.successors[${index}].block; }`);
        this.args.push(`${name}: Block`);
      } else {
        this.member(
          entity,
          `get ${name}(): Block[] { return this.op.successors.slice(${index}).map((it) => it.block); }`,
        );
        this.args.push(`${name}: readonly Block[]`);
      }
    });
    if (successors.length > 0)
      this.groups.push(
        `successors: [${successors.map((it) => `args.${accessorName(it, false)}`).join(', ')}]`,
      );
  }
}

/** The text of an operation's class; what it needs is added to `imports`. */
export function writeOperationClass(
  data: OperationData,
  scope: ConstraintScope,
  imports: Imports,
): string {
  const compiled = compileConstraints(data, scope);
  return new Writer(data, compiled, scope.dialect.dialect, imports).write();
}
