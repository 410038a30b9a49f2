/** Makes a failing program smaller while it fails in the same way. */

import {
  bodiesOf,
  type Kernel,
  type Program,
  type ScalarOperation,
  type Statement,
} from './program.js';

/** Whether a candidate still fails as the original did. */
export type StillFails = (program: Program) => boolean;

export interface ReduceOptions {
  /** Candidates to try at most; each costs a compilation. */
  readonly attempts?: number;
}

/** Tries simplifications, the coarse ones first, until none of them keeps the failure. */
export function reduceProgram(
  program: Program,
  stillFails: StillFails,
  { attempts = 400 }: ReduceOptions = {},
): Program {
  let best = program;
  let left = attempts;
  for (let improved = true; improved && left > 0;) {
    improved = false;
    const seen = new Set([JSON.stringify(best)]);
    // A success restarts the list: what it holds was made from the larger program.
    search: for (const simplify of simplifications) {
      for (const candidate of simplify(best)) {
        const key = JSON.stringify(candidate);
        if (seen.has(key)) continue;
        seen.add(key);
        if (left-- <= 0) break search;
        if (!stillFails(candidate)) continue;
        best = candidate;
        improved = true;
        break search;
      }
    }
  }
  return best;
}

type Simplification = (program: Program) => Generator<Program>;

/** All ways to change one statement of a body into a list of others. */
function* rewrites(
  body: readonly Statement[],
  change: (statement: Statement) => Generator<readonly Statement[]>,
): Generator<Statement[]> {
  for (const [i, statement] of body.entries()) {
    const splice = (by: readonly Statement[]): Statement[] => [
      ...body.slice(0, i),
      ...by,
      ...body.slice(i + 1),
    ];
    for (const by of change(statement)) yield splice(by);
    if (statement.kind !== 'loop' && statement.kind !== 'if') continue;
    for (const inner of rewrites(statement.body, change))
      yield splice([{ ...statement, body: inner }]);
    if (statement.kind === 'if' && statement.otherwise !== undefined)
      for (const inner of rewrites(statement.otherwise, change))
        yield splice([{ ...statement, otherwise: inner }]);
  }
}

function onStatements(
  change: (statement: Statement) => Generator<readonly Statement[]>,
): Simplification {
  return onKernels(function* (kernel) {
    for (const body of rewrites(kernel.body, change)) yield { ...kernel, body };
  });
}

/** All ways to change one kernel. */
function onKernels(change: (kernel: Kernel) => Generator<Kernel>): Simplification {
  return function* (program) {
    const { kernels } = program;
    for (const [i, kernel] of kernels.entries())
      for (const changed of change(kernel))
        yield { ...program, kernels: kernels.map((each, at) => (at === i ? changed : each)) };
  };
}

function* removeKernels(program: Program): Generator<Program> {
  const { kernels } = program;
  if (kernels.length === 1) return;
  for (const removed of kernels)
    yield { ...program, kernels: kernels.filter((kernel) => kernel !== removed) };
}

function* simplifySchedule(program: Program): Generator<Program> {
  for (const setting of program.schedule)
    yield { ...program, schedule: program.schedule.filter((each) => each !== setting) };
}

/** Loops end at constants. */
function withoutSize(statement: Statement): Statement {
  if (statement.kind === 'loop')
    return { ...statement, size: undefined, body: statement.body.map(withoutSize) };
  if (statement.kind !== 'if') return statement;
  const [body, otherwise] = bodiesOf(statement).map((each) => each.map(withoutSize));
  return { ...statement, body, otherwise };
}

/** Run-time extents become constants, all at once or without facts. */
const simplifyExtents = onKernels(function* (kernel) {
  if (kernel.sizes.length === 0 && kernel.tensors.every(({ sizes }) => sizes === undefined)) return;
  const fixed: Kernel = { ...kernel, gridSizes: undefined, body: kernel.body.map(withoutSize) };
  const tensors = kernel.tensors.map(({ name, shape, type }) => ({ name, shape, type }));
  yield { ...fixed, sizes: [], tensors };
  if (kernel.sizes.some(({ facts }) => facts.length > 0))
    yield { ...kernel, sizes: kernel.sizes.map((size) => ({ ...size, facts: [] })) };
});

const simplifyTiles = onKernels(function* (kernel) {
  for (const tile of kernel.tiles) {
    if (tile.layout === undefined) continue;
    const tiles = kernel.tiles.map((each) =>
      each === tile ? { ...each, layout: undefined } : each,
    );
    yield { ...kernel, tiles };
  }
});

const removeStatements = onStatements(function* () {
  yield [];
});

const unwrap = onStatements(function* (statement) {
  if (statement.kind === 'if') {
    yield statement.body;
    if (statement.otherwise !== undefined) {
      yield statement.otherwise;
      yield [{ ...statement, otherwise: undefined }];
    }
  }
  if (statement.kind === 'loop') {
    const { variable, from, body } = statement;
    yield [{ kind: 'let', variable, value: from }, ...body];
  }
});

const simplifyLoops = onStatements(function* (statement) {
  if (statement.kind !== 'loop') return;
  const { from, to, step, stages, form, body } = statement;
  for (const trips of [1, 2, 3]) {
    if (from + trips * step < to) yield [{ ...statement, to: from + trips * step }];
  }
  if (from > 0) yield [{ ...statement, from: 0, to: to - from }];
  if (stages > 1) yield [{ ...statement, stages: stages - 1 }];
  if (form !== 'for') yield [{ ...statement, form: 'for' }];
  if (statement.size !== undefined) yield [{ ...statement, size: undefined }];
  if (body.some(({ placements }) => placements !== undefined))
    yield [{ ...statement, body: body.map((each) => ({ ...each, placements: undefined })) }];
});

/** An operation of a parallel body goes away; what used its result uses another value of its type. */
const simplifyBodies = onStatements(function* (statement) {
  if (statement.kind !== 'parallel') return;
  const { body } = statement;
  for (const [i, op] of body.entries()) {
    const rest = body.filter((each) => each !== op);
    if (op.result === undefined) {
      yield [{ ...statement, body: rest }];
      continue;
    }
    const isUsed = rest.some(({ text }) => uses(text, op.result!));
    if (!isUsed) {
      yield [{ ...statement, body: rest }];
      continue;
    }
    const others = body.slice(0, i).filter(({ type }) => type === op.type);
    for (const other of others.slice(-2)) {
      const renamed = rest.map((each): ScalarOperation => ({
        ...each,
        text: each.text.replace(name(op.result!), `%${other.result}`),
      }));
      yield [{ ...statement, body: renamed }];
    }
  }
});

const name = (result: string): RegExp => new RegExp(`%${result}\\b`, 'g');
const uses = (text: string, result: string): boolean => name(result).test(text);

const simplifyIndices = onStatements(function* (statement) {
  if (statement.kind !== 'copy') return;
  for (const side of ['from', 'to'] as const) {
    const place = statement[side];
    for (const [i, index] of (place.indices ?? []).entries()) {
      const replace = (by: typeof index): Statement => ({
        ...statement,
        [side]: { ...place, indices: place.indices!.map((each, at) => (at === i ? by : each)) },
      });
      if (index.constant !== 0) yield [replace({ ...index, constant: 0 })];
      for (const term of index.terms)
        yield [replace({ ...index, terms: index.terms.filter((each) => each !== term) })];
    }
  }
});

/** Attributes that say how something is done, not what. */
const OPTIONAL_ATTRIBUTE = /^(policy|order|mode|in_bounds)/;

const simplifyAttributes = onStatements(function* (statement) {
  if (!('attributes' in statement) || statement.attributes === undefined) return;
  for (const attribute of statement.attributes) {
    if (!OPTIONAL_ATTRIBUTE.test(attribute)) continue;
    const attributes = statement.attributes.filter((each) => each !== attribute);
    yield [{ ...statement, attributes }];
  }
});

const shrinkGrid = onKernels(function* (kernel) {
  for (const [i, extent] of kernel.grid.entries()) {
    if (extent > 1) yield { ...kernel, grid: kernel.grid.map((each, at) => (at === i ? 1 : each)) };
  }
  for (const threads of [32, 64, 128]) if (threads < kernel.threads) yield { ...kernel, threads };
});

/** A copy with another number in place of one, except for threads. */
function replaceNumbers(value: unknown, from: number, to: number): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((each) => replaceNumbers(each, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === 'threads' ? each : replaceNumbers(each, from, to),
    ]),
  );
}

/** One extent becomes smaller wherever it occurs: in tiles, loops over them, tensors and steps alike. */
function* shrinkExtents(program: Program): Generator<Program> {
  const tiles = program.kernels.flatMap((kernel) => kernel.tiles);
  const extents = new Set(tiles.flatMap(({ shape }) => shape));
  for (const extent of [...extents].sort((a, b) => b - a)) {
    const targets = [1, 2, 8, 16, 32, 64, Math.floor(extent / 2)];
    for (const target of new Set(targets.filter((each) => each > 0 && each < extent))) {
      const shrunk = replaceNumbers(program, extent, target) as Program;
      const kernels = shrunk.kernels.map((kernel, i) => ({
        ...kernel,
        grid: program.kernels[i].grid,
      }));
      yield { ...shrunk, kernels };
    }
  }
}

/** A tensor has one shape in all kernels. */
function* shrinkTensors(program: Program): Generator<Program> {
  const tensors = new Map(
    program.kernels.flatMap((kernel) => kernel.tensors.map((tensor) => [tensor.name, tensor])),
  );
  for (const tensor of tensors.values()) {
    for (const [dimension, extent] of tensor.shape.entries()) {
      const tile = [16, 32, 64, 128, 8, 1].find((each) => each < extent);
      for (const target of new Set([tile, Math.ceil(extent / 2)])) {
        if (target === undefined || target >= extent || tensor.sizes?.[dimension] !== undefined)
          continue;
        const shape = tensor.shape.map((each, at) => (at === dimension ? target : each));
        const kernels = program.kernels.map((kernel) => ({
          ...kernel,
          tensors: kernel.tensors.map((each) =>
            each.name === tensor.name ? { ...each, shape } : each,
          ),
        }));
        yield { ...program, kernels };
      }
    }
  }
}

const simplifications: readonly Simplification[] = [
  removeKernels,
  simplifySchedule,
  simplifyExtents,
  removeStatements,
  unwrap,
  shrinkGrid,
  simplifyLoops,
  shrinkExtents,
  simplifyBodies,
  simplifyIndices,
  simplifyAttributes,
  simplifyTiles,
  shrinkTensors,
];
