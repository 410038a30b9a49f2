/** Makes the passes of dialect files known: `tile-opt --load-dialect=my.yaml --my-pass`. */

import { readFileSync } from 'node:fs';
import { readDeclaredPasses } from '../dialects/load.js';
import { declaredPass } from '../passes/index.js';
import { registerPass } from '../pipelines/index.js';
import { DiagnosticError, renderDiagnostic, resolvePath, type ToolIO } from '../support/index.js';
import { ToolError } from './tool-session.js';

/**
 * Registers the passes that a file declares. A file that cannot be opened, or is wrong in parts, is reported where the
 * dialect is loaded.
 * @throws ToolError where the file is no YAML
 */
export function registerDeclaredPasses(path: string, io: ToolIO): void {
  let text: string;
  try {
    text = readFileSync(resolvePath(io, path), 'utf8');
  } catch {
    return;
  }
  try {
    const { dialect, passes } = readDeclaredPasses(text, path);
    registerPass(...passes.map((pass) => declaredPass(pass, dialect)));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const [where] = renderDiagnostic(error.diagnostic).split('\n');
    throw new ToolError(`cannot load dialect: ${where}`);
  }
}
