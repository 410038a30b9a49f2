/** Makes a failing program smaller while it fails in the same way. */

import type { Program, ScalarOperation, Statement } from './program.js';

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
  }
}

function onStatements(
  change: (statement: Statement) => Generator<readonly Statement[]>,
): Simplification {
  return function* (program) {
    for (const body of rewrites(program.body, change)) yield { ...program, body };
  };
}

const removeStatements = onStatements(function* () {
  yield [];
});

const unwrap = onStatements(function* (statement) {
  if (statement.kind === 'if') yield statement.body;
  if (statement.kind === 'loop') {
    const { variable, from, body } = statement;
    yield [{ kind: 'let', variable, value: from }, ...body];
  }
});

const simplifyLoops = onStatements(function* (statement) {
  if (statement.kind !== 'loop') return;
  const { from, to, step, stages, form } = statement;
  for (const trips of [1, 2, 3]) {
    if (from + trips * step < to) yield [{ ...statement, to: from + trips * step }];
  }
  if (from > 0) yield [{ ...statement, from: 0, to: to - from }];
  if (stages > 1) yield [{ ...statement, stages: stages - 1 }];
  if (form === 'pipelined') yield [{ ...statement, form: 'for' }];
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

const simplifyGemms = onStatements(function* (statement) {
  if (statement.kind === 'gemm' && statement.policy !== undefined)
    yield [{ ...statement, policy: undefined }];
});

function* shrinkGrid(program: Program): Generator<Program> {
  for (const [i, extent] of program.grid.entries()) {
    if (extent > 1)
      yield { ...program, grid: program.grid.map((each, at) => (at === i ? 1 : each)) };
  }
  for (const threads of [32, 64, 128]) if (threads < program.threads) yield { ...program, threads };
}

/** One extent becomes smaller wherever it occurs: in tiles, loops over them, tensors and steps alike. */
function* shrinkExtents(program: Program): Generator<Program> {
  const extents = new Set(program.tiles.flatMap(({ shape }) => shape));
  for (const extent of [...extents].sort((a, b) => b - a)) {
    const targets = [1, 2, 8, 16, 32, 64, Math.floor(extent / 2)];
    for (const target of new Set(targets.filter((each) => each > 0 && each < extent))) {
      const text = JSON.stringify(program, (key, value: unknown) =>
        value === extent && key !== 'threads' ? target : value,
      );
      const shrunk = JSON.parse(text) as Program;
      yield { ...shrunk, grid: program.grid };
    }
  }
}

function* shrinkTensors(program: Program): Generator<Program> {
  for (const [i, tensor] of program.tensors.entries()) {
    for (const [dimension, extent] of tensor.shape.entries()) {
      const tile = [16, 32, 64, 128, 8, 1].find((each) => each < extent);
      for (const target of new Set([tile, Math.ceil(extent / 2)])) {
        if (target === undefined || target >= extent) continue;
        const shape = tensor.shape.map((each, at) => (at === dimension ? target : each));
        yield {
          ...program,
          tensors: program.tensors.map((each, at) => (at === i ? { ...tensor, shape } : each)),
        };
      }
    }
  }
}

const simplifications: readonly Simplification[] = [
  removeStatements,
  unwrap,
  shrinkGrid,
  simplifyLoops,
  shrinkExtents,
  simplifyBodies,
  simplifyIndices,
  simplifyGemms,
  shrinkTensors,
];
