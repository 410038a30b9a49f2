/** A dialect as an IRDL program, as far as IRDL can say it; what it cannot say becomes `irdl.any`. */

import { FloatType } from '../ir/index.js';
import { compileAttribute, type AttributeForm } from './attribute-constraint.js';
import type { Dialect } from './dialect.js';
import { expressionArguments, builtinScalar } from './type-constraint.js';
import { parseConstraint, type ConstraintAst } from './constraint-ast.js';
import { findDeclared, type ConstraintScope } from './scope.js';
import type { DialectData, EntityData, OperationData, ParametricData } from './schema.js';

/** Lines of one `irdl.operation` or `irdl.type`, each value with the next free name. */
class Body {
  readonly lines: string[] = [];
  private readonly exact = new Map<string, string>();
  private count = 0;

  constructor(private readonly scope: ConstraintScope) {}

  /** The name of a new value for an operation's text: using it twice would say that both are the same type. */
  private value(text: string): string {
    const name = `%${this.count++}`;
    this.lines.push(`${name} = ${text}`);
    return name;
  }

  /** A single type, whose value can be shared. */
  private is(type: string): string {
    let name = this.exact.get(type);
    if (name === undefined) this.exact.set(type, (name = this.value(`irdl.is ${type}`)));
    return name;
  }

  any(): string {
    return this.value('irdl.any');
  }

  type(ast: ConstraintAst): string {
    switch (ast.kind) {
      case 'or':
        if (ast.of.some((it) => this.isAny(it))) return this.any();
        return this.value(`irdl.any_of(${ast.of.map((it) => this.type(it)).join(', ')})`);
      case 'and':
        return this.value(`irdl.all_of(${ast.of.map((it) => this.type(it)).join(', ')})`);
      case 'name':
        return this.named(ast);
      default:
        return this.any();
    }
  }

  /** Whether IRDL can say nothing of what an expression accepts. */
  private isAny(ast: ConstraintAst): boolean {
    if (ast.kind === 'or') return ast.of.some((it) => this.isAny(it));
    if (ast.kind === 'and') return ast.of.every((it) => this.isAny(it));
    if (ast.kind !== 'name') return true;
    const declared = findDeclared(this.scope, ast.name, ['constraint', 'type']);
    if (declared?.kind === 'constraint')
      return this.isAny(parseConstraint(declared.declaration.is));
    if (declared?.kind === 'type')
      return !isReferable(this.scope, declared.owner, declared.declaration.mnemonic);
    const isExact = builtinScalar(ast.name) !== undefined || ast.name === 'index';
    return !isExact && this.baseOf(ast) === undefined;
  }

  private baseOf({ name, args }: ConstraintAst & { kind: 'name' }): string | undefined {
    return expressionArguments(args).length > 0 ? undefined : BASES[name];
  }

  private named(ast: ConstraintAst & { kind: 'name' }): string {
    const declared = findDeclared(this.scope, ast.name, ['constraint', 'type']);
    if (declared?.kind === 'constraint') return this.type(parseConstraint(declared.declaration.is));
    if (declared?.kind === 'type')
      return isReferable(this.scope, declared.owner, declared.declaration.mnemonic)
        ? this.value(
            `irdl.base @${declared.owner.dialect}::@${symbol(declared.declaration.mnemonic)}`,
          )
        : this.any();
    const scalar = builtinScalar(ast.name);
    if (scalar !== undefined) return this.is(scalar.toString());
    if (ast.name === 'index') return this.is('index');
    const base = this.baseOf(ast);
    return base === undefined ? this.any() : this.value(`irdl.base "${base}"`);
  }

  /** Operands and results; those that traits say have the same type share a value. */
  values(data: OperationData): void {
    const groups = sameTypes(data);
    const shared = new Map<ReadonlySet<string>, string>();
    const valueOf = (entity: EntityData): string => {
      const group = groups.find((names) => names.has(entity.name));
      const known = group && shared.get(group);
      const name = known ?? this.type(parseConstraint(entity.is));
      if (group !== undefined) shared.set(group, name);
      return name;
    };
    for (const kind of ['operands', 'results'] as const) {
      if (data[kind].length === 0) continue;
      const items = data[kind].map((entity) => {
        const name = valueOf(entity);
        return entity.arity === 'single' ? name : `${entity.arity} ${name}`;
      });
      this.lines.push(`irdl.${kind}(${items.join(', ')})`);
    }
  }

  attributes(entities: readonly EntityData[]): void {
    // IRDL has no optional attributes: only required ones are stated.
    const required = entities.filter(
      ({ arity, default: it, is }) => arity === 'single' && it === undefined && is !== 'unit',
    );
    if (required.length === 0) return;
    const items = required.map(({ name, is }) => `"${name}" = ${this.attribute(is)}`);
    this.lines.push(`irdl.attributes {${items.join(', ')}}`);
  }

  private attribute(text: string): string {
    const { form } = compileAttribute(parseConstraint(text), this.scope);
    if (form.kind === 'declared' && isReferable(this.scope, form.owner, form.mnemonic))
      return this.value(`irdl.base @${form.owner.dialect}::@${symbol(form.mnemonic)}`);
    const base = attributeBase(form);
    return base === undefined ? this.any() : this.value(`irdl.base "#builtin.${base}"`);
  }

  regions(data: OperationData): void {
    if (data.regions.length === 0 || data.regions.some(({ arity }) => arity !== 'single')) return;
    const names = data.regions.map(({ is }) => {
      const size = /^sized<(\d+)>$/.exec(is)?.[1];
      const text = size === undefined ? 'irdl.region' : `irdl.region with size ${size}`;
      const name = `%r${this.lines.length}`;
      this.lines.push(`${name} = ${text}`);
      return name;
    });
    this.lines.push(`irdl.regions(${names.join(', ')})`);
  }
}

/** Builtin types that IRDL can name by their registration. */
const BASES: Readonly<Record<string, string>> = {
  memref: '!builtin.memref',
  vector: '!builtin.vector',
  function: '!builtin.function',
  tuple: '!builtin.tuple',
  complex: '!builtin.complex',
  rankedTensor: '!builtin.tensor',
};

/**
 * Whether a type or attribute is in the program: it is of the dialect itself, and no operation has its name, for symbols
 * are told apart by their names alone.
 */
function isReferable({ dialect }: ConstraintScope, owner: DialectData, mnemonic: string): boolean {
  return (
    owner === dialect &&
    !dialect.operations.some(({ name }) => name === `${dialect.dialect}.${mnemonic}`)
  );
}

/** The builtin attribute that holds a form, by its registration; undefined where there are several. */
function attributeBase(form: AttributeForm): string | undefined {
  switch (form.kind) {
    case 'number':
      return form.type instanceof FloatType ? 'float' : 'integer';
    case 'bool':
      return 'integer';
    case 'enum':
      return { i32: 'integer', i64: 'integer', string: 'string', attribute: undefined }[
        form.declaration.storage
      ];
    default:
      return ATTRIBUTE_BASES[form.kind];
  }
}

const ATTRIBUTE_BASES: Partial<Record<AttributeForm['kind'], string>> = {
  string: 'string',
  symbolName: 'string',
  symbol: 'symbol_ref',
  flatSymbol: 'symbol_ref',
  type: 'type',
  affineMap: 'affine_map',
  array: 'array',
  denseArray: 'dense_array',
};

/** Sets of operands and results whose types are the same, as traits say. */
function sameTypes(data: OperationData): ReadonlySet<string>[] {
  const operands = data.operands.map(({ name }) => name);
  const results = data.results.map(({ name }) => name);
  const named: Readonly<Record<string, (args: readonly string[]) => readonly string[]>> = {
    SameTypeOperands: () => operands,
    SameOperandsAndResultType: () => [...operands, ...results],
    AllTypesMatch: (args) => args.filter((name) => [...operands, ...results].includes(name)),
  };
  const groups: Set<string>[] = [];
  for (const { name, args } of data.traits) {
    const names = Object.hasOwn(named, name) ? named[name](args) : [];
    const group = new Set(names);
    for (const other of groups.filter((it) => names.some((one) => it.has(one)))) {
      for (const one of other) group.add(one);
      groups.splice(groups.indexOf(other), 1);
    }
    if (group.size > 1) groups.push(group);
  }
  return groups;
}

/** A symbol name: mnemonics with dots are quoted. */
const symbol = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`);

function block(head: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`  ${head} {`, '  }'];
  return [`  ${head} {`, ...lines.map((line) => `    ${line}`), '  }'];
}

function operation(data: OperationData, dialect: string, scope: ConstraintScope): string[] {
  const body = new Body(scope);
  body.values(data);
  body.attributes(data.attributes);
  body.regions(data);
  return block(`irdl.operation @${symbol(data.name.slice(dialect.length + 1))}`, body.lines);
}

function parametric(
  kind: 'type' | 'attribute',
  data: ParametricData,
  scope: ConstraintScope,
): string[] {
  const body = new Body(scope);
  if (data.parameters.length > 0) {
    const names = data.parameters.map(() => body.any());
    body.lines.push(`irdl.parameters(${names.join(', ')})`);
  }
  return block(`irdl.${kind} @${symbol(data.mnemonic)}`, body.lines);
}

/** The dialect as `irdl.dialect`, which `mlir-opt --irdl-file` loads. */
export function dialectToIrdl(dialect: Dialect): string {
  const { data, scope } = dialect;
  const isFree = ({ mnemonic }: ParametricData): boolean => isReferable(scope, data, mnemonic);
  return [
    `irdl.dialect @${data.dialect} {`,
    ...data.types.filter(isFree).flatMap((it) => parametric('type', it, scope)),
    ...data.attributes.filter(isFree).flatMap((it) => parametric('attribute', it, scope)),
    ...data.operations.flatMap((it) => operation(it, data.dialect, scope)),
    '}',
    '',
  ].join('\n');
}
