/** Variables defined on the command line with `-D`. */

import { createDiagnostic, SourceFile, type Diagnostic } from '../support/index.js';
import { PatternError } from './numeric.js';
import { Pattern, type Declarations, type Variables } from './pattern.js';

const PLAIN = {
  isLiteral: false,
  matchFullLines: false,
  strictWhitespace: true,
  ignoreCase: false,
};

/** Adds each definition to `variables`, in order: later ones may use earlier ones; of two for one string the first holds. */
export function defineVariables(
  definitions: readonly string[],
  declarations: Declarations,
  variables: Variables,
): Diagnostic[] {
  const errors: Diagnostic[] = [];
  // Messages show all definitions, one a line.
  const blocks = definitions.map(blockOf);
  const lines = definitions.map(
    (definition, index) =>
      `Global define #${index + 1}: ${definition}` +
      (blocks[index] === undefined ? '' : ` (parsed as: ${blocks[index]})`),
  );
  const source = new SourceFile('Global defines', lines.join('\n'));
  let lineStart = 0;
  definitions.forEach((definition, index) => {
    const block = blocks[index];
    const line = lines[index];
    const base =
      lineStart +
      (block === undefined ? line.length - definition.length : line.length - 1 - block.length);
    lineStart += line.length + 1;
    if (!definition.includes('=')) {
      const message = `missing equal sign in command-line definition '-D${definition}'`;
      errors.push(createDiagnostic('error', undefined, message));
      return;
    }
    try {
      if (block === undefined) defineString(definition, declarations, variables);
      else defineNumber(block, declarations, variables);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const start = base + error.offset;
      errors.push(createDiagnostic('error', { source, start, end: start }, error.message));
    }
  });
  return errors;
}

/** The substitution block that defines a number as `#NAME=VALUE` does. */
function blockOf(definition: string): string | undefined {
  const equals = definition.indexOf('=');
  return definition.startsWith('#') && equals !== -1
    ? `[[${definition.slice(0, equals)}:${definition.slice(equals + 1)}]]`
    : undefined;
}

function defineString(definition: string, declarations: Declarations, variables: Variables): void {
  const equals = definition.indexOf('=');
  const name = definition.slice(0, equals);
  if (name === '') throw new PatternError('empty variable name', 0);
  if (!/^\$?[A-Za-z_]/.test(name)) throw new PatternError('invalid variable name', 0);
  if (!/^\$?\w+$/.test(name)) {
    throw new PatternError(`invalid name in string variable definition '${name}'`, 0);
  }
  if (declarations.numbers.has(name)) {
    throw new PatternError(`numeric variable with name '${name}' already exists`, 0);
  }
  declarations.strings.add(name);
  if (!variables.strings.has(name)) variables.strings.set(name, definition.slice(equals + 1));
}

function defineNumber(block: string, declarations: Declarations, variables: Variables): void {
  const colon = block.indexOf(':');
  if (block.slice(colon + 1, -2).trim() === '') {
    throw new PatternError('missing value in numeric variable definition', 2);
  }
  new Pattern(block, undefined, PLAIN, declarations).define(variables);
}
