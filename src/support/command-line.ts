/** Parsing of command lines with `commander`. Not part of the index: tools that do not parse with it start without it. */

import { CommanderError, type Command } from 'commander';
import type { ToolIO } from './tool-io.js';

/**
 * Parses the arguments into `command` and writes help, version and errors, which begin with the tool's name.
 *
 * @returns the exit status where the tool ends with that: 0 after help and version, 2 for a wrong command line
 */
export function parseCommandLine(
  command: Command,
  args: readonly string[],
  io: ToolIO,
): number | undefined {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.writeStdout(text),
    writeErr: (text) => io.writeStderr(text.replace(/^error: /, `${command.name()}: error: `)),
  });
  try {
    command.parse([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
