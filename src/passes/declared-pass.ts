/** Passes that dialect files declare: the YAML has the name, options, statistics and patterns; code comes from a plugin. */

import type { PassData, PassOptionData } from '../dialects/schema.js';
import type { Operation } from '../ir/index.js';
import { patternsOfDialect, type RewritePattern } from '../rewrite/index.js';
import { rewriteToFixpoint } from './apply-patterns.js';
import {
  booleanOption,
  enumOption,
  integerOption,
  listOption,
  stringOption,
  type OptionDefinition,
} from './pass-options.js';
import type { PassContext, PassDefinition } from './pass.js';

/**
 * What a declared pass does with an operation; the patterns are those that the file names for the pass. Returns false
 * where it failed, having reported why.
 */
export type PassImplementation = (
  op: Operation,
  pass: PassContext,
  patterns: readonly RewritePattern[],
) => boolean | void;

const implementations = new Map<string, PassImplementation>();

/** Gives the code of a pass that a dialect file declares; a later one for the same name replaces it. */
export function implementPass(name: string, run: PassImplementation): void {
  implementations.set(name, run);
}

function optionOf(data: PassOptionData): OptionDefinition<unknown> {
  switch (data.type) {
    case 'boolean':
      return booleanOption(data.default === true, data.summary);
    case 'integer':
      return integerOption(Number(data.default ?? 0), data.summary, data);
    case 'string':
      return stringOption(String(data.default ?? ''), data.summary);
    case 'list':
      return listOption(data.summary);
    case 'enum': {
      const cases = data.cases ?? [];
      return enumOption(cases, String(data.default ?? cases[0]), data.summary);
    }
  }
}

/** The pass that a dialect's file declares. Without code from a plugin it applies its patterns until none applies. */
export function declaredPass(data: PassData, dialectName: string): PassDefinition {
  const { name, summary, description, anchor, requires } = data;
  return {
    name,
    summary,
    description,
    anchor,
    requires,
    options: Object.fromEntries(data.options.map((option) => [option.name, optionOf(option)])),
    statistics: data.statistics,
    run(op, pass) {
      const dialect = pass.context.dialects.get(dialectName);
      const patterns =
        dialect === undefined
          ? []
          : patternsOfDialect(dialect, pass.context)
              .map(({ pattern }) => pattern)
              .filter((pattern) => data.patterns.includes(pattern.name));
      const implementation = implementations.get(name);
      if (implementation !== undefined) return implementation(op, pass, patterns);
      if (data.patterns.length === 0)
        return op.emitOpError(
          `cannot be given to pass '${name}': its declaration names no patterns, and no plugin implements it`,
        );
      return rewriteToFixpoint(op, patterns, pass);
    },
  };
}
