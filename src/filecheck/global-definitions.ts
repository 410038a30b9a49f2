/** Variables defined on the command line with `-D`. */

import { createDiagnostic, SourceFile, type Diagnostic } from '../support/index.js';
import { PatternError } from './numeric.js';
import { Pattern, type Declarations, type Variables } from './pattern.js';

const NAME = /^\$?[A-Za-z_][A-Za-z0-9_]*$/;
const PLAIN = {
  isLiteral: false,
  matchFullLines: false,
  strictWhitespace: true,
  ignoreCase: false,
};

/** Adds each definition to `variables`, in order: later ones may use earlier ones. */
export function defineVariables(
  definitions: readonly string[],
  declarations: Declarations,
  variables: Variables,
): Diagnostic[] {
  const errors: Diagnostic[] = [];
  definitions.forEach((definition, index) => {
    const lead = `Global define #${index + 1}: `;
    const isNumeric = definition.startsWith('#');
    const equals = definition.indexOf('=');
    const block = isNumeric
      ? `[[${definition.slice(0, equals)}:${definition.slice(equals + 1)}]]`
      : definition;
    const shown = isNumeric ? `${lead}${definition} (parsed as: ${block})` : lead + definition;
    const source = new SourceFile('Global defines', shown);
    const base = isNumeric ? shown.length - 1 - block.length : lead.length;
    const fail = (message: string, offset: number): void => {
      const start = base + offset;
      errors.push(createDiagnostic('error', { source, start, end: start }, message));
    };
    if (equals === -1) {
      errors.push(
        createDiagnostic(
          'error',
          undefined,
          `missing equal sign in command-line definition '-D${definition}'`,
        ),
      );
      return;
    }
    if (!isNumeric) {
      const name = definition.slice(0, equals);
      if (name === '') fail('empty variable name', 0);
      else if (!NAME.test(name)) fail('invalid name in string variable definition', 0);
      else if (declarations.numbers.has(name)) {
        fail(`numeric variable with name '${name}' already exists`, 0);
      } else {
        declarations.strings.add(name);
        variables.strings.set(name, definition.slice(equals + 1));
      }
      return;
    }
    try {
      const value = definition.slice(equals + 1).trim();
      if (value === '') throw new PatternError('missing value in numeric variable definition', 2);
      const pattern = new Pattern(block, 0, PLAIN, declarations);
      // The block's own spelling of the value is the text that it is matched against.
      const text = pattern.describe(variables);
      if (pattern.match(text, 0, text.length, variables).match === undefined) {
        throw new PatternError('unable to substitute variable or numeric expression', 2);
      }
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      fail(error.message, error.offset);
    }
  });
  return errors;
}
