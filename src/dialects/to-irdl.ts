/** A dialect as an IRDL program, as far as IRDL can say it; what it cannot say becomes `irdl.any`. */

import type { Dialect } from './dialect.js';
import { expressionArguments, builtinScalar } from './type-constraint.js';
import { parseConstraint, type ConstraintAst } from './constraint-ast.js';
import { findDeclared, type ConstraintScope } from './scope.js';
import type { EntityData, OperationData, ParametricData } from './schema.js';

/** Lines of one `irdl.operation` or `irdl.type`, each value with the next free name. */
class Body {
  readonly lines: string[] = [];
  private readonly values = new Map<string, string>();

  constructor(private readonly scope: ConstraintScope) {}

  /** The name of a value for an operation's text; equal texts share one. */
  private value(text: string): string {
    let name = this.values.get(text);
    if (name === undefined) {
      name = `%${this.values.size}`;
      this.values.set(text, name);
      this.lines.push(`${name} = ${text}`);
    }
    return name;
  }

  any(): string {
    return this.value('irdl.any');
  }

  type(ast: ConstraintAst): string {
    switch (ast.kind) {
      case 'or':
        return this.value(`irdl.any_of(${ast.of.map((it) => this.type(it)).join(', ')})`);
      case 'and':
        return this.value(`irdl.all_of(${ast.of.map((it) => this.type(it)).join(', ')})`);
      case 'name':
        return this.named(ast);
      default:
        return this.any();
    }
  }

  private named(ast: ConstraintAst & { kind: 'name' }): string {
    const declared = findDeclared(this.scope, ast.name, ['constraint', 'type']);
    if (declared?.kind === 'constraint') return this.type(parseConstraint(declared.declaration.is));
    if (declared?.kind === 'type') {
      const { owner, declaration } = declared;
      // The program holds one dialect: symbols of others are not in it.
      if (owner !== this.scope.dialect) return this.any();
      return this.value(`irdl.base @${owner.dialect}::@${symbol(declaration.mnemonic)}`);
    }
    const scalar = builtinScalar(ast.name);
    if (scalar !== undefined) return this.value(`irdl.is ${scalar}`);
    if (ast.name === 'index') return this.value('irdl.is index');
    const base = BASES[ast.name];
    return base === undefined || expressionArguments(ast.args).length > 0
      ? this.any()
      : this.value(`irdl.base "${base}"`);
  }

  entities(keyword: string, entities: readonly EntityData[]): void {
    if (entities.length === 0) return;
    const items = entities.map((entity) => {
      const name = this.type(parseConstraint(entity.is));
      return entity.arity === 'single' ? name : `${entity.arity} ${name}`;
    });
    this.lines.push(`${keyword}(${items.join(', ')})`);
  }

  attributes(entities: readonly EntityData[]): void {
    // IRDL has no optional attributes: only required ones are stated.
    const required = entities.filter(
      ({ arity, default: it, is }) => arity === 'single' && it === undefined && is !== 'unit',
    );
    if (required.length === 0) return;
    const any = this.any();
    this.lines.push(
      `irdl.attributes {${required.map(({ name }) => `"${name}" = ${any}`).join(', ')}}`,
    );
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

/** A symbol name: mnemonics with dots are quoted. */
const symbol = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`);

function block(head: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`  ${head} {`, '  }'];
  return [`  ${head} {`, ...lines.map((line) => `    ${line}`), '  }'];
}

function operation(data: OperationData, dialect: string, scope: ConstraintScope): string[] {
  const body = new Body(scope);
  body.entities('irdl.operands', data.operands);
  body.entities('irdl.results', data.results);
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
    const any = body.any();
    body.lines.push(`irdl.parameters(${data.parameters.map(() => any).join(', ')})`);
  }
  return block(`irdl.${kind} @${symbol(data.mnemonic)}`, body.lines);
}

/** The dialect as `irdl.dialect`, which `mlir-opt --irdl-file` loads. */
export function dialectToIrdl(dialect: Dialect): string {
  const { data, scope } = dialect;
  return [
    `irdl.dialect @${data.dialect} {`,
    ...data.types.flatMap((it) => parametric('type', it, scope)),
    ...data.attributes.flatMap((it) => parametric('attribute', it, scope)),
    ...data.operations.flatMap((it) => operation(it, data.dialect, scope)),
    '}',
    '',
  ].join('\n');
}
