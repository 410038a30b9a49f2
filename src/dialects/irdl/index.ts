/** The irdl dialect: forms of its lists, and what its operations must agree on. */

import {
  ArrayAttr,
  Block,
  IntegerAttr,
  Region,
  resolveSymbol,
  StringAttr,
  SymbolRefAttr,
  type CustomParameter,
  type Operation,
  type Type,
} from '../../ir/index.js';
import type { UnresolvedOperand } from '../../syntax/asm-parser.js';
import type { CustomDirective } from '../directives.js';
import { IrdlAttributeType, IrdlVariadicityArrayAttr } from '../generated/irdl.js';
import { implement, type DialectHooks, type OperationHooks } from '../hook-types.js';
import { SymbolUserInterface } from '../interfaces.js';

export const VARIADICITIES = ['single', 'optional', 'variadic'] as const;
export type Variadicity = (typeof VARIADICITIES)[number];

/** `[single, optional]`: how often each operand or result may occur. */
export class VariadicityList implements CustomParameter {
  constructor(readonly items: readonly Variadicity[]) {}

  toString(): string {
    // The spaces are the reference tool's.
    return `[${this.items.map((item) => ` ${item}`).join(', ')}]`;
  }
}

/** What `irdl.operands` or `irdl.results` says of each of its values. */
export function variadicitiesOf(op: Operation): readonly Variadicity[] {
  const attribute = op.properties.get('variadicity');
  return attribute instanceof IrdlVariadicityArrayAttr
    ? (attribute.value as VariadicityList).items
    : [];
}

const constraintType = (): Type => IrdlAttributeType.get();

/** values ::= `(` (variadicity? value (`,` variadicity? value)*)? `)` */
const valuesWithVariadicity: CustomDirective = {
  parse: (parser, [values, variadicity]) => {
    const operands: UnresolvedOperand[] = [];
    const items: Variadicity[] = [];
    parser.expectPunctuation('(');
    if (!parser.parseOptionalPunctuation(')')) {
      do {
        items.push(VARIADICITIES.find((word) => parser.parseOptionalKeyword(word)) ?? 'single');
        operands.push(parser.parseOperand());
      } while (parser.parseOptionalPunctuation(','));
      parser.expectPunctuation(')');
    }
    values.operands = operands;
    values.types = operands.map(constraintType);
    variadicity.attribute = IrdlVariadicityArrayAttr.get(new VariadicityList(items));
  },
  print: (printer, [values], op) => {
    const items = variadicitiesOf(op);
    printer.write('(');
    values.operands?.forEach((value, i) => {
      if (i > 0) printer.write(', ');
      if (items[i] !== undefined && items[i] !== 'single') printer.write(`${items[i]} `);
      printer.writeOperand(value);
    });
    printer.write(')');
  },
};

/** values ::= (`{` (string `=` value (`,` string `=` value)*)? `}`)? */
const namedValues: CustomDirective = {
  parse: (parser, [values, names]) => {
    const operands: UnresolvedOperand[] = [];
    const keys: StringAttr[] = [];
    if (parser.parseOptionalPunctuation('{') && !parser.parseOptionalPunctuation('}')) {
      do {
        keys.push(StringAttr.get(parser.parseString()));
        parser.expectPunctuation('=');
        operands.push(parser.parseOperand());
      } while (parser.parseOptionalPunctuation(','));
      parser.expectPunctuation('}');
    }
    values.operands = operands;
    names.attribute = ArrayAttr.get(keys);
  },
  print: (printer, [values, names]) => {
    if (!(names.attribute instanceof ArrayAttr) || names.attribute.elements.length === 0) return;
    printer.write('{');
    names.attribute.elements.forEach((name, i) => {
      printer.write(`${i > 0 ? ', ' : ''}${name} = `);
      printer.writeOperand(values.operands![i]);
    });
    printer.write('}');
  },
};

/** A body that need not be written where nothing is in it. */
const singleBlockRegion: CustomDirective = {
  *parse(_, [body]) {
    const region = new Region();
    body.regions = [region];
    yield { region, isOptional: true };
    if (region.isEmpty) region.append(new Block());
  },
  *print(_, [body]) {
    const [region] = body.regions ?? [];
    if ((region?.firstBlock?.firstOp ?? null) !== null) yield { region };
  },
};

/** What an operation's declaration says at most once. */
const AT_MOST_ONCE = ['irdl.operands', 'irdl.results', 'irdl.attributes', 'irdl.regions'];

function verifyOperation(op: Operation): boolean {
  const seen = new Set<string>();
  for (const child of op.regions[0].firstBlock?.operations() ?? []) {
    const name = child.name.text;
    if (AT_MOST_ONCE.includes(name) && seen.has(name))
      return op.emitError(
        `failed to verify AtMostOneChildOf trait: the operation contains at least two operations of type ${name}`,
        [child.note('see the second one')],
      );
    seen.add(name);
  }
  return true;
}

const verifyVariadicities: OperationHooks = {
  verify: (op) => {
    const count = variadicitiesOf(op).length;
    return (
      count === op.operandCount ||
      op.emitOpError(
        `the number of operands and their variadicities must be the same, but got ${op.operandCount} and ${count} respectively`,
      )
    );
  },
};

/** Checks that the reference in a property names a type or attribute. */
function verifyReference(op: Operation, property: string): boolean {
  const reference = op.properties.get(property);
  if (!(reference instanceof SymbolRefAttr)) return true;
  const target = resolveSymbol(op, reference);
  if (target === undefined) return op.emitOpError(`symbol '${reference}' not found`);
  return (
    ['irdl.type', 'irdl.attribute'].includes(target.name.text) ||
    op.emitOpError(
      `symbol '${reference}' does not refer to a type or attribute definition (refers to '${target.name}')`,
      [target.note('refers to this')],
    )
  );
}

const needsArgument: OperationHooks = {
  verify: (op) => op.operandCount > 0 || op.emitOpError('expected 1 or more operands, but found 0'),
};

export const irdlHooks: DialectHooks = {
  operations: {
    dialect: {
      verify: (op) =>
        /^[A-Za-z_][\w$]*$/.test((op.properties.get('sym_name') as StringAttr).value) ||
        op.emitOpError('invalid dialect name'),
    },
    operation: { verifyRegions: verifyOperation },
    operands: verifyVariadicities,
    results: verifyVariadicities,
    attributes: {
      verify: (op) => {
        const names = (op.properties.get('attributeValueNames') as ArrayAttr).elements.length;
        return (
          names === op.operandCount ||
          op.emitOpError(
            `the number of attribute names and their constraints must be the same but got ${names} and ${op.operandCount} respectively`,
          )
        );
      },
    },
    any_of: needsArgument,
    all_of: needsArgument,
    base: {
      verify: (op) => {
        const name = op.properties.get('base_name');
        if ((name === undefined) === !op.properties.has('base_ref'))
          return op.emitOpError(
            'the base type or attribute should be specified by either a name or a reference',
          );
        return (
          !(name instanceof StringAttr) ||
          /^[!#]/.test(name.value) ||
          op.emitOpError("the base type or attribute name should start with '!' or '#'")
        );
      },
      interfaces: [
        implement(SymbolUserInterface, {
          verifySymbolUses: (op) => verifyReference(op, 'base_ref'),
        }),
      ],
    },
    parametric: {
      interfaces: [
        implement(SymbolUserInterface, {
          verifySymbolUses: (op) => verifyReference(op, 'base_type'),
        }),
      ],
    },
    region: {
      verify: (op) => {
        const count = op.properties.get('numberOfBlocks');
        return (
          !(count instanceof IntegerAttr) ||
          count.value >= 1n ||
          op.emitOpError(`the number of blocks is expected to be >= 1 but got ${count.value}`)
        );
      },
    },
  },
  directives: {
    ValuesWithVariadicity: valuesWithVariadicity,
    NamedValues: namedValues,
    SingleBlockRegion: singleBlockRegion,
  },
  parameters: {
    Variadicities: {
      parse: (parser) => {
        const items: Variadicity[] = [];
        parser.expectPunctuation('[');
        if (!parser.parseOptionalPunctuation(']')) {
          do {
            const offset = parser.offset;
            const word = parser.parseAnyKeyword('a variadicity');
            const item = VARIADICITIES.find((it) => it === word);
            items.push(item ?? parser.fail(`expected one of: ${VARIADICITIES.join(', ')}`, offset));
          } while (parser.parseOptionalPunctuation(','));
          parser.expectPunctuation(']');
        }
        return new VariadicityList(items);
      },
    },
  },
};
