/** The flags that say how IR is printed, shared by the tools. */

import type { PrintOptions } from '../ir/index.js';
import { optionGroup, type OptionReader, type OptionSpec } from './command-line.js';

const { flag, value } = optionGroup('Printing');

export const PRINT_OPTIONS: readonly OptionSpec[] = [
  flag('mlir-print-op-generic', 'print the generic form of every operation'),
  flag('mlir-print-no-properties', 'print properties of the generic form among the attributes', [
    'print-no-properties',
  ]),
  flag('mlir-print-debuginfo', 'print locations'),
  flag('mlir-pretty-debuginfo', 'print locations for people; such text cannot be parsed'),
  flag('mlir-print-local-scope', 'print without aliases'),
  flag('mlir-print-value-users', 'print the users of values as comments'),
  flag('mlir-print-unique-ssa-ids', 'give no two values the same name'),
  flag('mlir-print-skip-regions', 'print regions as {...}'),
  flag('mlir-print-assume-verified', 'print custom forms of operations that were not verified'),
  flag('mlir-use-nameloc-as-prefix', 'accepted; names of authors are always kept'),
  value(
    'mlir-elide-elementsattrs-if-larger',
    '<n>',
    'print larger elements attributes as dense_resource<__elided__>',
  ),
  value(
    'mlir-elide-resource-strings-if-larger',
    '<n>',
    'leave resources with longer texts out of the metadata',
  ),
  value(
    'mlir-print-elementsattrs-with-hex-if-larger',
    '<n>',
    'print larger elements attributes as hexadecimal bytes, -1 for never',
  ),
];

/** What the flags ask for. */
export function printOptions(options: OptionReader): PrintOptions {
  return {
    generic: options.flag('mlir-print-op-generic'),
    noProperties: options.flag('mlir-print-no-properties'),
    prettyDebugInfo: options.flag('mlir-pretty-debuginfo'),
    debugInfo: options.flag('mlir-print-debuginfo') || options.flag('mlir-pretty-debuginfo'),
    localScope: options.flag('mlir-print-local-scope'),
    valueUsers: options.flag('mlir-print-value-users'),
    printUniqueIds: options.flag('mlir-print-unique-ssa-ids'),
    skipRegions: options.flag('mlir-print-skip-regions'),
    elideLargeElements: options.integer('mlir-elide-elementsattrs-if-larger'),
    elideLargeResources: options.integer('mlir-elide-resource-strings-if-larger'),
    hexLargeElements: options.integer('mlir-print-elementsattrs-with-hex-if-larger'),
  };
}
