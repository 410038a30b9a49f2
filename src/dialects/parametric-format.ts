/** Formats of declared types and attributes: `<` $shape $elementType (`,` $layout^)? `>` to a parser and a printer. */

import {
  formatDimensions,
  formatString,
  type Attribute,
  type CustomParameter,
  type Parameter,
  type TextSink,
  type Type,
} from '../ir/index.js';
import type { AsmParser, ParameterParser } from '../syntax/asm-parser.js';
import { didYouMean } from '../support/index.js';
import { canonicalEnumText } from './attribute-values.js';
import { ExpressionError } from './constraint-ast.js';
import { isPunctuation, literalProblem, parseFormat, type FormatAst } from './format-ast.js';
import { parseEnumCases } from './format-attributes.js';
import type { ParameterHooks } from './hook-types.js';
import type { EnumData, ParameterData, ParametricData } from './schema.js';
import { findDeclared, type ConstraintScope } from './scope.js';

interface ParameterKind {
  readonly parse: (parser: AsmParser) => Parameter;
  /** Absent for kinds whose absence cannot be seen from the next token. */
  readonly tryParse?: (parser: AsmParser) => Parameter;
  readonly print: (value: Parameter, sink: TextSink) => void;
}

function list<Item extends Parameter>(
  parse: (parser: AsmParser) => Item,
  print: (value: Item, sink: TextSink) => void,
): ParameterKind {
  return {
    parse: (parser) => {
      const items: Item[] = [];
      parser.expectPunctuation('[');
      if (parser.parseOptionalPunctuation(']')) return items as unknown as Parameter;
      do items.push(parse(parser));
      while (parser.parseOptionalPunctuation(','));
      parser.expectPunctuation(']');
      return items as unknown as Parameter;
    },
    print: (value, sink) => {
      sink.write('[');
      (value as unknown as readonly Item[]).forEach((item, index) => {
        if (index > 0) sink.write(', ');
        print(item, sink);
      });
      sink.write(']');
    },
  };
}

const parseBool = (parser: AsmParser): boolean => {
  if (parser.parseOptionalKeyword('true')) return true;
  if (parser.parseOptionalKeyword('false')) return false;
  return parser.fail(`expected 'true' or 'false'`);
};
const parseNumber = (parser: AsmParser): number => Number(parser.parseInteger());

/** Every kind of parameter that a dialect file may name, apart from enums and `custom<Name>`. */
const KINDS: Readonly<Record<string, ParameterKind>> = {
  type: {
    parse: (parser) => parser.parseType(),
    tryParse: (parser) => parser.parseOptionalType(),
    print: (value, sink) => sink.writeType(value as Type),
  },
  attribute: {
    parse: (parser) => parser.parseAttribute(),
    tryParse: (parser) => parser.parseOptionalAttribute(),
    print: (value, sink) => sink.writeAttribute(value as Attribute),
  },
  integer: {
    parse: parseNumber,
    tryParse: (parser) => {
      const value = parser.parseOptionalInteger();
      return value === undefined ? undefined : Number(value);
    },
    print: (value, sink) => sink.write(String(value)),
  },
  string: {
    parse: (parser) => parser.parseString(),
    tryParse: (parser) => parser.parseOptionalString(),
    print: (value, sink) => sink.write(formatString(value as string)),
  },
  bool: { parse: parseBool, print: (value, sink) => sink.write(String(value)) },
  keyword: {
    parse: (parser) => parser.parseAnyKeyword('keyword'),
    tryParse: (parser) => parser.parseOptionalAnyKeyword(),
    print: (value, sink) => sink.write(value as string),
  },
  shape: {
    parse: (parser) => parser.parseDimensionList(),
    print: (value, sink) => sink.write(formatDimensions(value as readonly number[])),
  },
  integers: list(parseNumber, (value, sink) => sink.write(String(value))),
  types: list(
    (parser) => parser.parseType(),
    (value: Type, sink) => sink.writeType(value),
  ),
  attributes: list(
    (parser) => parser.parseAttribute(),
    (value: Attribute, sink) => sink.writeAttribute(value),
  ),
};

export const PARAMETER_KINDS: readonly string[] = Object.keys(KINDS);

function enumKind(declaration: EnumData): ParameterKind {
  const read = (parser: AsmParser): string | undefined => {
    const text = parseEnumCases(parser, declaration);
    return text === undefined ? undefined : canonicalEnumText(declaration, text);
  };
  return {
    parse: (parser) =>
      read(parser) ??
      parser.fail(
        `expected ${declaration.name} to be one of: ${Object.keys(declaration.cases).join(', ')}`,
      ),
    tryParse: read,
    print: (value, sink) => sink.write(value as string),
  };
}

/** The name in `custom<Name>`, or undefined for other kinds. */
export function customKindName(kind: string): string | undefined {
  return /^custom<\s*(\w+)\s*>$/.exec(kind)?.[1];
}

/** The enum that a kind names, if it names one. */
export function enumOfKind(kind: string, scope: ConstraintScope): EnumData | undefined {
  const declared = findDeclared(scope, kind, ['enum']);
  return declared?.kind === 'enum' ? declared.declaration : undefined;
}

/** What is wrong with a parameter's kind, or undefined. */
export function kindProblem(kind: string, scope: ConstraintScope): string | undefined {
  if (Object.hasOwn(KINDS, kind) || customKindName(kind) !== undefined) return undefined;
  if (enumOfKind(kind, scope) !== undefined) return undefined;
  const names = [...PARAMETER_KINDS, ...scope.dialect.enums.map(({ name }) => name)];
  return `unknown parameter kind '${kind}'${didYouMean(kind, names)}`;
}

function kindOf(
  { kind }: ParameterData,
  scope: ConstraintScope,
  findHooks: (name: string) => ParameterHooks | undefined,
): ParameterKind {
  if (Object.hasOwn(KINDS, kind)) return KINDS[kind];
  const custom = customKindName(kind);
  if (custom !== undefined) {
    return {
      parse: (parser) => {
        const hooks = findHooks(custom);
        if (hooks === undefined)
          return parser.fail(`no parser is registered for 'custom<${custom}>'`);
        return hooks.parse(parser);
      },
      print: (value, sink) => {
        const custom_ = value as CustomParameter;
        sink.write(findHooks(custom)?.print?.(custom_) ?? custom_.toString());
      },
    };
  }
  const declaration = enumOfKind(kind, scope);
  if (declaration === undefined) throw new ExpressionError(kindProblem(kind, scope)!, 0);
  return enumKind(declaration);
}

interface Step {
  readonly parse: (parser: AsmParser, values: Parameter[]) => void;
  readonly tryParse?: (parser: AsmParser, values: Parameter[]) => boolean;
  readonly print: (values: readonly Parameter[], sink: TextSink) => void;
}

/** The syntax of what follows a mnemonic. */
export interface ParametricSyntax {
  readonly parse: ParameterParser;
  readonly print: (values: readonly Parameter[], sink: TextSink) => void;
}

/** The format that applies where a declaration has none. */
export function defaultFormat({ parameters }: ParametricData): string {
  if (parameters.length === 0) return '';
  const parts = parameters.map(({ name, isOptional }, index) => {
    const comma = index === 0 || parameters[index - 1].kind === 'shape' ? '' : '`,` ';
    return isOptional ? `(${comma}$${name}^)?` : `${comma}$${name}`;
  });
  return `\`<\` ${parts.join(' ')} \`>\``;
}

/** Where and how a format of parameters is wrong. */
export type ReportFormat = (message: string, offset: number) => void;

class Compiler {
  readonly seen = new Set<string>();
  private needsSpace = false;

  constructor(
    private readonly data: ParametricData,
    private readonly scope: ConstraintScope,
    private readonly findHooks: (name: string) => ParameterHooks | undefined,
    private readonly report: ReportFormat,
  ) {}

  steps(asts: readonly FormatAst[]): Step[] {
    return asts.flatMap((ast) => this.step(ast) ?? []);
  }

  private step(ast: FormatAst): Step | Step[] | undefined {
    switch (ast.kind) {
      case 'literal':
        return this.literal(ast.text, ast.offset);
      case 'whitespace':
        this.needsSpace = false;
        return {
          parse: () => undefined,
          print: (_, sink) => sink.write(ast.text === '\n' ? ' ' : ast.text),
        };
      case 'variable':
        return this.variable(ast.name, ast.offset);
      case 'qualified':
        return this.step(ast.of);
      case 'all': {
        if (ast.name !== 'params') break;
        return this.data.parameters.flatMap(({ name }, index) => [
          ...(index === 0 ? [] : [this.literal(',', ast.offset)]),
          ...(this.variable(name, ast.offset) ?? []),
        ]);
      }
      case 'struct':
        return this.struct(ast);
      case 'group':
        return this.group(ast);
      default:
        break;
    }
    this.report(`this directive is not valid in the format of a type or attribute`, ast.offset);
    return undefined;
  }

  private literal(text: string, offset: number): Step {
    const problem = literalProblem(text);
    if (problem !== undefined) this.report(problem, offset);
    const isMark = isPunctuation(text);
    const hugs = '<>()[]{},'.includes(text);
    const written = this.needsSpace && !hugs ? ` ${text}` : text;
    this.needsSpace = !'<(['.includes(text);
    return {
      parse: (parser) => (isMark ? parser.expectPunctuation(text) : parser.expectKeyword(text)),
      tryParse: (parser) =>
        isMark ? parser.parseOptionalPunctuation(text) : parser.parseOptionalKeyword(text),
      print: (_, sink) => sink.write(written),
    };
  }

  private variable(name: string, offset: number): Step[] | undefined {
    const index = this.data.parameters.findIndex((parameter) => parameter.name === name);
    if (index === -1) {
      const names = this.data.parameters.map((parameter) => parameter.name);
      this.report(`'${name}' is not a parameter${didYouMean(name, names)}`, offset);
      return undefined;
    }
    if (this.seen.has(name)) this.report(`duplicate parameter '${name}'`, offset);
    this.seen.add(name);
    const parameter = this.data.parameters[index];
    const kind = kindOf(parameter, this.scope, this.findHooks);
    const space = this.needsSpace ? ' ' : '';
    // Dimensions stand right in front of the element type: `4x8xf32`.
    this.needsSpace = parameter.kind !== 'shape';
    const { tryParse } = kind;
    return [
      {
        parse: (parser, values) => {
          values[index] =
            parameter.isOptional && tryParse !== undefined ? tryParse(parser) : kind.parse(parser);
        },
        ...(tryParse && {
          tryParse: (parser: AsmParser, values: Parameter[]) => {
            values[index] = tryParse(parser);
            return values[index] !== undefined;
          },
        }),
        print: (values, sink) => {
          if (values[index] === undefined) return;
          if (space !== '') sink.write(space);
          kind.print(values[index], sink);
        },
      },
    ];
  }

  /** `struct(params)`: `name = value` in any order, optional ones left out. */
  private struct(ast: FormatAst & { kind: 'struct' }): Step {
    const names = ast.of.flatMap((argument) => {
      if (argument.kind === 'all' && argument.name === 'params')
        return this.data.parameters.map(({ name }) => name);
      if (argument.kind === 'variable') return [argument.name];
      this.report(`'struct' expects parameters or 'params'`, argument.offset);
      return [];
    });
    const fields = names.flatMap((name) => {
      this.needsSpace = false;
      const steps = this.variable(name, ast.offset);
      const index = this.data.parameters.findIndex((parameter) => parameter.name === name);
      return steps === undefined ? [] : [{ name, index, step: steps[0] }];
    });
    this.needsSpace = true;
    return {
      parse: (parser, values) => {
        do {
          const offset = parser.offset;
          const key = parser.parseAnyKeyword('a parameter name');
          const field = fields.find(({ name }) => name === key);
          if (field === undefined)
            return parser.fail(`unknown parameter '${key}'${didYouMean(key, names)}`, offset);
          if (values[field.index] !== undefined)
            parser.fail(`duplicate parameter '${key}'`, offset);
          parser.expectPunctuation('=');
          field.step.parse(parser, values);
        } while (parser.parseOptionalPunctuation(','));
        for (const { name, index } of fields) {
          if (values[index] === undefined && !this.data.parameters[index].isOptional)
            parser.fail(`expected parameter '${name}'`);
        }
      },
      print: (values, sink) => {
        let isFirst = true;
        for (const { name, index, step } of fields) {
          if (values[index] === undefined) continue;
          sink.write(`${isFirst ? '' : ', '}${name} = `);
          isFirst = false;
          step.print(values, sink);
        }
      },
    };
  }

  private group(ast: FormatAst & { kind: 'group' }): Step | undefined {
    const anchor = ast.then.find((element) => element.isAnchor);
    if (anchor?.kind !== 'variable') {
      this.report(`optional group has no anchor parameter: mark one with '^'`, ast.offset);
      return undefined;
    }
    const index = this.data.parameters.findIndex(({ name }) => name === anchor.name);
    if (index !== -1 && !this.data.parameters[index].isOptional)
      this.report(`the anchor '${anchor.name}' is not an optional parameter`, anchor.offset);
    const steps = this.steps(ast.then);
    const otherwise = this.steps(ast.else);
    const [first, ...rest] = steps;
    if (first?.tryParse === undefined) {
      this.report('the first element of an optional group must be parsable or absent', ast.offset);
      return undefined;
    }
    return {
      parse: (parser, values) => {
        const chosen = first.tryParse!(parser, values) ? rest : otherwise;
        for (const step of chosen) step.parse(parser, values);
      },
      print: (values, sink) => {
        for (const step of values[index] === undefined ? otherwise : steps)
          step.print(values, sink);
      },
    };
  }
}

/** Compiles the format of a declared type or attribute; problems go to `report`. */
export function compileParametricFormat(
  data: ParametricData,
  scope: ConstraintScope,
  findHooks: (name: string) => ParameterHooks | undefined,
  report: ReportFormat,
): ParametricSyntax {
  const compiler = new Compiler(data, scope, findHooks, report);
  const steps = compiler.steps(parseFormat(data.assemblyFormat ?? defaultFormat(data)));
  for (const { name } of data.parameters)
    if (!compiler.seen.has(name)) report(`format is missing reference to parameter '${name}'`, 0);
  return {
    parse: (parser) => {
      const values: Parameter[] = data.parameters.map(() => undefined);
      for (const step of steps) step.parse(parser, values);
      return values;
    },
    print: (values, sink) => {
      for (const step of steps) step.print(values, sink);
    },
  };
}
