/** Verifies what a declaration says of an operation: counts, attributes, operand and result types, regions, traits. */

import { DenseArrayAttr, i32, type Operation } from '../ir/index.js';
import type { AttributeConstraint } from './attribute-constraint.js';
import {
  divide,
  entityRegions,
  hasTrait,
  OPERAND_SEGMENTS,
  operandRange,
  RESULT_SEGMENTS,
} from './entities.js';
import type { CompiledConstraints } from './compiled.js';
import type { Arity, EntityData, OperationData } from './schema.js';
import { SignatureSet } from './signature-set.js';
import { TRAITS, type TraitContext } from './traits.js';
import type { TypeConstraint } from './type-constraint.js';

interface Words {
  readonly none: string;
  readonly one: string;
  readonly exactly: (wanted: number, found: number) => string;
  readonly atLeast: (wanted: number, found: number) => string;
}

const OPERAND_WORDS: Words = {
  none: 'requires zero operands',
  one: 'requires a single operand',
  exactly: (wanted, found) => `expected ${wanted} operands, but found ${found}`,
  atLeast: (wanted, found) => `expected ${wanted} or more operands, but found ${found}`,
};
const RESULT_WORDS: Words = {
  none: 'requires zero results',
  one: 'requires one result',
  exactly: (wanted) => `expected ${wanted} results`,
  atLeast: (wanted) => `expected ${wanted} or more results`,
};
const REGION_WORDS: Words = {
  none: 'requires zero regions',
  one: 'requires one region',
  exactly: (wanted) => `expected ${wanted} regions`,
  atLeast: (wanted) => `expected ${wanted} or more regions`,
};
const SUCCESSOR_WORDS: Words = {
  none: 'requires 0 successors but found ',
  one: 'requires 1 successor but found ',
  exactly: (wanted, found) => `requires ${wanted} successors but found ${found}`,
  atLeast: (wanted, found) => `requires at least ${wanted} successors but found ${found}`,
};

function verifyCount(
  op: Operation,
  entities: readonly EntityData[],
  found: number,
  words: Words,
): boolean {
  const fixed = entities.filter((entity) => entity.arity === 'single').length;
  if (fixed !== entities.length) {
    return found >= fixed || op.emitOpError(words.atLeast(fixed, found));
  }
  if (found === fixed) return true;
  const text = fixed === 0 ? words.none : fixed === 1 ? words.one : words.exactly(fixed, found);
  return op.emitOpError(text.endsWith(' ') ? `${text}${found}` : text);
}

function verifySegments(
  op: Operation,
  kind: 'operand' | 'result',
  entities: readonly EntityData[],
  count: number,
): boolean {
  const name = kind === 'operand' ? OPERAND_SEGMENTS : RESULT_SEGMENTS;
  const segments = op.properties.get(name);
  if (segments === undefined) return op.emitOpError(`requires attribute '${name}'`);
  const isOfNumbers = segments instanceof DenseArrayAttr && segments.elementType === i32;
  if (!isOfNumbers)
    return op.emitOpError(
      `attribute '${name}' failed to satisfy constraint: i32 dense array attribute`,
    );
  const { values } = segments;
  if (values.length !== entities.length) {
    return op.emitOpError(
      `'${name}' attribute for specifying ${kind} segments must have ${entities.length} elements, but got ${values.length}`,
    );
  }
  if (values.some((size) => size < 0))
    return op.emitOpError(`'${name}' attribute cannot have negative elements`);
  const total = values.reduce((a, b) => a + b, 0);
  if (total !== count) {
    return op.emitOpError(
      `${kind} count (${count}) does not match with the total size (${total}) specified in attribute '${name}'`,
    );
  }
  return true;
}

/** The lists of an operand that is a list of lists divide its operands exactly. */
function verifyNestedSegments(op: Operation, data: OperationData): boolean {
  for (let i = 0; i < data.operands.length; i++) {
    const { name, segments } = data.operands[i];
    if (segments === undefined) continue;
    const sizes = (op.properties.get(segments) as { values?: readonly number[] } | undefined)
      ?.values;
    const total = (sizes ?? []).reduce((a, b) => a + b, 0);
    const { count } = operandRange(op, data, i);
    if (total === count && !sizes?.some((size) => size < 0)) continue;
    return op.emitOpError(
      `number of operands in '${name}' (${count}) does not match with the total size (${total}) specified in attribute '${segments}'`,
    );
  }
  return true;
}

function groupSizeProblem(arity: Arity, count: number): string | undefined {
  if (arity === 'optional' && count > 1) return `0 or 1 element, but found ${count}`;
  return arity === 'single' && count !== 1 ? `1 element, but found ${count}` : undefined;
}

function verifyTypes(
  op: Operation,
  kind: 'operand' | 'result',
  entities: readonly EntityData[],
  constraints: readonly TypeConstraint[],
): boolean {
  const isOperand = kind === 'operand';
  const count = isOperand ? op.operandCount : op.results.length;
  const segments = op.properties.get(isOperand ? OPERAND_SEGMENTS : RESULT_SEGMENTS);
  const ranges = divide(entities, count, segments);
  if (ranges === undefined) {
    return op.emitOpError(`${kind} count (${count}) does not divide among its ${kind} groups`);
  }
  for (let at = 0; at < entities.length; at++) {
    const { start, count: size } = ranges[at];
    const { arity } = entities[at];
    const problem = groupSizeProblem(arity, size);
    if (problem !== undefined)
      return op.emitOpError(`${kind} group starting at #${start} requires ${problem}`);
    const constraint = constraints[at];
    for (let i = start; i < start + size; i++) {
      const type = isOperand ? op.operand(i).type : op.results[i].type;
      if (constraint.accepts(type)) continue;
      const must = arity === 'variadic' ? `variadic of ${constraint.summary}` : constraint.summary;
      return op.emitOpError(`${kind} #${i} must be ${must}, but got '${type}'`);
    }
  }
  return true;
}

function verifyAttributes(
  op: Operation,
  entities: readonly EntityData[],
  constraints: readonly AttributeConstraint[],
): boolean {
  for (let i = 0; i < entities.length; i++) {
    const { name, arity } = entities[i];
    const value = op.properties.get(name);
    if (value === undefined) {
      // A unit attribute is its presence.
      if (arity !== 'single' || constraints[i].form.kind === 'unit') continue;
      return op.emitOpError(`requires attribute '${name}'`);
    }
    if (!constraints[i].accepts(value)) {
      return op.emitOpError(
        `attribute '${name}' failed to satisfy constraint: ${constraints[i].summary}`,
      );
    }
  }
  return true;
}

/** What a region must look like; the summary stands after `failed to verify constraint:`. */
export interface RegionConstraint {
  readonly summary: string;
  readonly accepts: (blockCount: number) => boolean;
}

function verifyRegions(
  op: Operation,
  data: OperationData,
  constraints: readonly RegionConstraint[],
): boolean {
  for (let i = 0; i < data.regions.length; i++) {
    for (const region of entityRegions(op, data, i)) {
      let blocks = 0;
      for (let block = region.firstBlock; block !== null; block = block.nextBlock) blocks++;
      if (constraints[i].accepts(blocks)) continue;
      const { name } = data.regions[i];
      return op.emitOpError(
        `region #${op.regions.indexOf(region)} ('${name}') failed to verify constraint: ${constraints[i].summary}`,
      );
    }
  }
  return true;
}

/**
 * The check of everything a declaration implies, in the order in which MLIR reports it. What it says of attributes and
 * types is looked at once for each combination that occurs: programs repeat a few of them, and looking one up takes a
 * tenth of the time of checking it.
 */
export function declarationVerifier(
  data: OperationData,
  compiled: CompiledConstraints,
  context: TraitContext,
): (op: Operation) => boolean {
  const hasOperandSegments = hasTrait(data, 'AttrSizedOperandSegments');
  const hasNestedSegments = data.operands.some(({ segments }) => segments !== undefined);
  const hasResultSegments = hasTrait(data, 'AttrSizedResultSegments');
  const traits = data.traits.flatMap(({ name, args }) => {
    const rule = Object.hasOwn(TRAITS, name) ? TRAITS[name] : undefined;
    return rule?.verify === undefined ? [] : [{ verify: rule.verify, args, rule }];
  });
  const verifyAll = (op: Operation): boolean =>
    verifyCount(op, data.regions, op.regions.length, REGION_WORDS) &&
    verifyCount(op, data.results, op.results.length, RESULT_WORDS) &&
    verifyCount(op, data.successors, op.successors.length, SUCCESSOR_WORDS) &&
    verifyCount(op, data.operands, op.operandCount, OPERAND_WORDS) &&
    (!hasOperandSegments || verifySegments(op, 'operand', data.operands, op.operandCount)) &&
    (!hasResultSegments || verifySegments(op, 'result', data.results, op.results.length)) &&
    verifyAttributes(op, data.attributes, compiled.attributes) &&
    (!hasNestedSegments || verifyNestedSegments(op, data)) &&
    verifyTypes(op, 'operand', data.operands, compiled.operands) &&
    verifyTypes(op, 'result', data.results, compiled.results) &&
    verifyRegions(op, data, compiled.regions) &&
    traits.every(({ verify, args }) => verify(op, args, data, context));

  const surroundings = traits.filter(({ rule }) => rule.looksAround === true);
  const accepted = new SignatureSet();
  return (op) => {
    if (!accepted.has(op)) {
      if (!verifyAll(op)) return false;
      accepted.add(op);
      return true;
    }
    if (op.regions.length > 0 && !verifyRegions(op, data, compiled.regions)) return false;
    for (const { verify, args } of surroundings) if (!verify(op, args, data, context)) return false;
    return true;
  };
}
