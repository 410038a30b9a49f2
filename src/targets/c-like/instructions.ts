/**
 * Target operations as text, from the templates that their dialects declare under `emit`:
 * `$name` or `${name}` is an operand or attribute, `{name:text}` is `text` where the operand or attribute `name` is present. An operand
 * with a sibling `name_indices` (or `name_index`) is the place in memory that both name together.
 */

import { DeclaredOperation } from '../../dialects/operation-definition.js';
import { operandValues } from '../../dialects/entities.js';
import { IntegerAttr, StringAttr, UnitAttr, type Operation, type Value } from '../../ir/index.js';
import type { Target } from '../target.js';
import type { Expression } from './expression.js';

export type EmitKind = 'cuda' | 'hip';

export interface InstructionValues {
  expression(value: Value): Expression;
  /** An address in global or shared memory, or the registers that an instruction takes. */
  reference(memref: Value, indices: readonly Value[]): Expression;
}

/** The call that a target operation is; undefined where its dialect declares none for this kind of text. */
export function instructionText(
  op: Operation,
  kind: EmitKind,
  target: Target,
  values: InstructionValues,
): string | undefined {
  const { definition } = op.name;
  if (!(definition instanceof DeclaredOperation)) return undefined;
  const template = definition.data.emit?.[kind];
  if (template === undefined) return undefined;
  const { operands } = definition.data;
  const group = (name: string): Value[] | undefined => {
    const position = operands.findIndex((operand) => operand.name === name);
    return position === -1 ? undefined : operandValues(op, definition.data, position);
  };
  const fill = (text: string): string =>
    text
      .replace(/(?<!\$)\{(\w+):([^}]*)\}/g, (_, name: string, then: string) => {
        const isPresent = op.hasAttribute(name) || (group(name)?.length ?? 0) > 0;
        return isPresent ? fill(then) : '';
      })
      .replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, bare: string) => {
        const name = braced ?? bare;
        const found = group(name);
        return found === undefined
          ? attributeText(op, name, target)
          : operandTextOf(found, group, name);
      });
  const operandTextOf = (
    found: readonly Value[],
    find: (name: string) => Value[] | undefined,
    name: string,
  ): string => {
    const indices = find(`${name}_indices`) ?? find(`${name}_index`);
    if (indices === undefined)
      return found.map((value) => values.expression(value).text).join(', ');
    return values.reference(found[0], indices).text;
  };
  return fill(template);
}

function attributeText(op: Operation, name: string, target: Target): string {
  const attribute = op.getAttribute(name);
  if (attribute instanceof IntegerAttr) return `${attribute.value}`;
  if (attribute instanceof StringAttr) {
    const instruction = target.matrix_instructions.find(
      (candidate) => candidate.name === attribute.value,
    );
    return instruction?.wrapper ?? attribute.value;
  }
  return attribute instanceof UnitAttr ? name : '';
}
