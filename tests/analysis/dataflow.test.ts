import { expect, test } from 'vitest';
import {
  ConstantPropagation,
  DataFlowSolver,
  DeadCodeAnalysis,
  DenseBackwardAnalysis,
  DenseForwardAnalysis,
  IntegerRangeAnalysis,
  LivenessAnalysis,
  type Lattice,
} from '../../src/analysis/index.js';
import type { Operation, Value } from '../../src/ir/index.js';
import { parseOk } from '../dialects/helpers.js';

/** Operations with an attribute `tag`, by that tag. */
function tagged(root: Operation): (tag: string) => Operation {
  const byTag = new Map<string, Operation>();
  root.walk((op) => {
    const tag = op.getAttribute('tag');
    if (tag !== undefined) byTag.set(String(tag).replaceAll('"', ''), op);
  });
  return (tag) => {
    const op = byTag.get(tag);
    if (op === undefined) throw new Error(`no operation is tagged '${tag}'`);
    return op;
  };
}

/** Sets of tags, for analyses of what may have happened. */
type Tags = ReadonlySet<string>;
const union: Lattice<Tags> = {
  join: (a, b) => ([...b].every((tag) => a.has(tag)) ? a : new Set([...a, ...b])),
};
const tagOf = (op: Operation): string | undefined => {
  const tag = op.getAttribute('tag');
  return tag === undefined ? undefined : String(tag).replaceAll('"', '');
};

/** The stores that may have been the last one. */
class LastStores extends DenseForwardAnalysis<Tags> {
  protected readonly lattice = union;
  protected entryFact(): Tags {
    return new Set(['outside']);
  }
  protected transfer(op: Operation, before: Tags): Tags {
    return op.name.text === 'memref.store' ? new Set([tagOf(op)!]) : before;
  }
  protected override externalCall(): Tags {
    return new Set(['unknown']);
  }
}

/** The stores that may come next. */
class NextStores extends DenseBackwardAnalysis<Tags> {
  protected readonly lattice = union;
  protected exitFact(): Tags {
    return new Set(['outside']);
  }
  protected transfer(op: Operation, after: Tags): Tags {
    return op.name.text === 'memref.store' ? new Set([tagOf(op)!]) : after;
  }
  protected override externalCall(): Tags {
    return new Set(['unknown']);
  }
}

const STORES = `
func.func private @callee(%m: memref<i32>, %v: i32) {
  "test.here"() {tag = "in callee"} : () -> ()
  memref.store %v, %m[] {tag = "callee"} : memref<i32>
  return
}
func.func private @external(memref<i32>)
func.func private @never(%m: memref<i32>, %v: i32) {
  memref.store %v, %m[] {tag = "never"} : memref<i32>
  return
}
func.func @f(%c: i1, %m: memref<i32>, %v: i32, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  "test.here"() {tag = "start"} : () -> ()
  memref.store %v, %m[] {tag = "a"} : memref<i32>
  scf.if %c {
    memref.store %v, %m[] {tag = "then"} : memref<i32>
  }
  "test.here"() {tag = "after if"} : () -> ()
  scf.for %i = %c0 to %n step %c1 {
    "test.here"() {tag = "in loop"} : () -> ()
    memref.store %v, %m[] {tag = "loop"} : memref<i32>
  }
  "test.here"() {tag = "after loop"} : () -> ()
  func.call @callee(%m, %v) : (memref<i32>, i32) -> ()
  "test.here"() {tag = "after call"} : () -> ()
  func.call @external(%m) : (memref<i32>) -> ()
  "test.here"() {tag = "after external"} : () -> ()
  cf.cond_br %c, ^one, ^two
^one:
  memref.store %v, %m[] {tag = "one"} : memref<i32>
  cf.br ^two
^two:
  "test.here"() {tag = "two"} : () -> ()
  return
}`;

test('a dense analysis goes with control: blocks, regions, calls', () => {
  const module = parseOk(STORES);
  const solver = new DataFlowSolver();
  const analysis = solver.load(LastStores);
  solver.run(module);
  const at = tagged(module);
  const before = (tag: string): string => [...analysis.before(at(tag))!].sort().join(' ');
  expect(before('start')).toBe('outside');
  expect(before('after if')).toBe('a then');
  expect(before('in loop')).toBe('a loop then');
  expect(before('after loop')).toBe('a loop then');
  expect(before('in callee')).toBe('a loop then');
  expect(before('after call')).toBe('callee');
  expect(before('after external')).toBe('unknown');
  expect(before('two')).toBe('one unknown');
  // A private function that nobody calls is never reached.
  expect(analysis.before(at('never'))).toBeUndefined();
});

test('a dense backward analysis goes against control', () => {
  const module = parseOk(STORES);
  const solver = new DataFlowSolver();
  const analysis = solver.load(NextStores);
  solver.run(module);
  const at = tagged(module);
  const after = (tag: string): string => [...analysis.after(at(tag))!].sort().join(' ');
  expect(after('start')).toBe('a');
  expect([...analysis.after(at('a'))!].sort().join(' ')).toBe('callee loop then');
  expect(after('after if')).toBe('callee loop');
  expect(after('after loop')).toBe('callee');
  expect([...analysis.after(at('callee'))!]).toEqual(['unknown']);
  expect(after('after external')).toBe('one outside');
  expect(after('two')).toBe('outside');
});

test('dead code: constants decide which blocks and regions can run', () => {
  const module = parseOk(`
func.func @f(%x: i32) -> i32 {
  %true = arith.constant true
  %c1 = arith.constant 1 : i32
  cf.cond_br %true, ^a, ^b
^a:
  %r = scf.if %true -> i32 {
    scf.yield {tag = "then"} %c1 : i32
  } else {
    "test.here"() {tag = "else"} : () -> ()
    scf.yield %x : i32
  }
  "test.here"() {tag = "a"} : () -> ()
  return %r : i32
^b:
  "test.here"() {tag = "b"} : () -> ()
  return %x : i32
}`);
  const solver = new DataFlowSolver();
  const constants = solver.load(ConstantPropagation);
  const deadCode = solver.find(DeadCodeAnalysis)!;
  solver.run(module);
  const at = tagged(module);
  expect(deadCode.canRun(at('a'))).toBe(true);
  expect(deadCode.canRun(at('b'))).toBe(false);
  expect(deadCode.canRun(at('else'))).toBe(false);
  expect(constants.lookup(at('a').previousOp!.results[0])).toMatchObject({
    value: expect.objectContaining({ value: 1n }),
  });
  // Without constants every way counts.
  const other = new DataFlowSolver();
  other.load(DeadCodeAnalysis);
  other.run(module);
  expect(other.find(DeadCodeAnalysis)!.canRun(at('b'))).toBe(true);
});

test('integer ranges: loops end by widening, and calls hand ranges on', () => {
  const module = parseOk(`
func.func private @callee(%i: index) -> index {
  %c2 = arith.constant 2 : index
  %r = arith.muli %i, %c2 {tag = "double"} : index
  return %r : index
}
func.func @f(%n: index) -> (index, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c10 = arith.constant 10 : index
  %z = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %limit = arith.constant 100 : i32
  %r:2 = scf.for %i = %c0 to %c10 step %c1 iter_args(%a = %c0, %s = %z) -> (index, i32) {
    %d = func.call @callee(%i) {tag = "call"} : (index) -> index
    %t = arith.addi %s, %one : i32
    %u = arith.minsi %t, %limit {tag = "clamp"} : i32
    scf.yield %d, %u : index, i32
  }
  %m = arith.addi %r#0, %c0 {tag = "out"} : index
  return %m, %r#1 : index, i32
}`);
  const solver = new DataFlowSolver();
  const analysis = solver.load(IntegerRangeAnalysis);
  solver.run(module);
  const at = tagged(module);
  const range = (value: Value): [bigint, bigint] => {
    const { min, max } = analysis.lookup(value)!.signed;
    return [min, max];
  };
  expect(range(at('double').result)).toEqual([0n, 18n]);
  expect(range(at('call').result)).toEqual([0n, 18n]);
  expect(range(at('out').result)).toEqual([0n, 18n]);
  expect(range(at('clamp').result)[1]).toBe(100n);
});

test('liveness: through iterations, results of regions and calls; effects are what counts', () => {
  const module = parseOk(`
func.func private @callee(%used: i32, %unused: i32) -> (i32, i32) {
  %a = arith.addi %used, %used {tag = "returned"} : i32
  %b = arith.addi %unused, %unused {tag = "returned for nobody"} : i32
  return %a, %b : i32, i32
}
func.func @f(%x: i32, %y: i32, %n: index, %m: memref<i32>) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %p = arith.addi %x, %y {tag = "argument"} : i32
  %q = arith.muli %x, %y {tag = "argument for nobody"} : i32
  %s:2 = func.call @callee(%p, %q) : (i32, i32) -> (i32, i32)
  %bound = arith.addi %n, %c1 {tag = "bound"} : index
  %dead_bound = arith.addi %n, %n {tag = "bound of nothing"} : index
  %r:2 = scf.for %i = %c0 to %bound step %c1 iter_args(%a = %x, %b = %x) -> (i32, i32) {
    %e = arith.addi %a, %s#0 {tag = "carried"} : i32
    %d = arith.addi %b, %b {tag = "carried for nobody"} : i32
    scf.yield %e, %d : i32, i32
  }
  %z = scf.for %i = %c0 to %dead_bound step %c1 iter_args(%a = %y) -> i32 {
    scf.yield %a : i32
  }
  memref.store %r#0, %m[] : memref<i32>
  return %x : i32
}`);
  const solver = new DataFlowSolver();
  const analysis = solver.load(LivenessAnalysis);
  solver.run(module);
  const at = tagged(module);
  const live = (tag: string): boolean => analysis.isLive(at(tag).result);
  expect(['returned', 'argument', 'bound', 'carried'].map(live)).toEqual([true, true, true, true]);
  expect(
    ['returned for nobody', 'argument for nobody', 'bound of nothing', 'carried for nobody'].map(
      live,
    ),
  ).toEqual([false, false, false, false]);
});

test('a thousand nested and chained regions take no recursion and little time', () => {
  const depth = 500;
  const open = Array.from({ length: depth }, (_, i) =>
    i === 0 ? '%v0 = scf.if %c -> i32 {' : `%v${i} = scf.if %c -> i32 {`,
  ).join('\n');
  let close = '';
  for (let i = depth - 1; i >= 0; i--)
    close += `scf.yield %${i === depth - 1 ? 'one' : `v${i + 1}`} : i32\n} else {\nscf.yield %one : i32\n}\n`;
  const module = parseOk(`func.func @f(%c: i1) -> i32 {
    %one = arith.constant 1 : i32
    ${open}
    ${close}
    return {tag = "end"} %v0 : i32
  }`);
  const solver = new DataFlowSolver();
  const constants = solver.load(ConstantPropagation);
  solver.run(module);
  expect(constants.lookup(tagged(module)('end').operand(0))).toMatchObject({
    value: expect.objectContaining({ value: 1n }),
  });
});
