import { expect, test } from 'vitest';
import { i32, IntegerAttr, StringAttr, type Context, type Operation } from '../../src/ir/index.js';
import {
  definePass,
  FailureTracker,
  formatPipeline,
  formatReproducer,
  formatStatistics,
  History,
  integerOption,
  parsePipeline,
  parseReproducer,
  PassCrash,
  PassManager,
  passElement,
  registerPass,
  Timing,
  type PassDefinition,
  type Pipeline,
} from '../../src/pipelines/index.js';
import { Rewriter } from '../../src/rewrite/index.js';
import type { Diagnostic } from '../../src/support/index.js';
import { show, toyContext, toyModule } from '../rewrite/toy-dialect.js';

function program(): { context: Context; module: Operation; diagnostics: Diagnostic[] } {
  const context = toyContext();
  const diagnostics: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => diagnostics.push(diagnostic));
  const module = toyModule(context, 1, (builder, [a]) => {
    builder.create('toy.use', { operands: [a] });
    builder.create('toy.return');
  });
  return { context, module, diagnostics };
}

const onModule = (...passes: PassDefinition[]): Pipeline => ({
  anchor: 'toy.module',
  elements: passes.map((pass) => passElement(pass)),
});

const mark = definePass({
  name: 'test-mark',
  summary: 'sets an attribute on functions',
  options: { value: integerOption(1, 'what to set') },
  statistics: { 'num-marked': 'Number of functions marked' },
  run(op, { options, statistics, context }) {
    const rewriter = new Rewriter(context);
    op.walk((one) => {
      if (one.name.text !== 'toy.func') return;
      rewriter.setAttribute(one, 'mark', IntegerAttr.get(options.value, i32));
      statistics['num-marked']++;
    });
  },
});
const fail = definePass({ name: 'test-fail', summary: 'fails', run: () => false });
const crash = definePass({
  name: 'test-crash',
  summary: 'breaks',
  run: () => {
    throw new Error('out of luck');
  },
});
const unorder = definePass({
  name: 'test-break-ir',
  summary: 'leaves a program that does not verify',
  run: (op) => {
    op.walk((one) => {
      if (one.name.text === 'toy.return') one.moveBefore(one.parentBlock!.firstOp!);
    });
  },
});
registerPass(mark, fail, crash, unorder);

test('runs passes in order, nested ones on each matching operation, and counts', () => {
  const { context, module } = program();
  const pipeline = parsePipeline('toy.module(test-mark{value=2},toy.func(test-mark{value=3}))');
  const manager = new PassManager(context, pipeline);
  expect(manager.run(module)).toBe(true);
  const func = module.regions[0].entryBlock.firstOp!;
  expect(String(func.getAttribute('mark'))).toBe('3 : i32');
  expect(formatStatistics(manager, 'pipeline')).toContain(
    "TestMark\n  (S) 1 num-marked - Number of functions marked\n'toy.func' Pipeline\n  TestMark\n    (S) 1 num-marked",
  );
  expect(formatStatistics(manager, 'list')).toContain('TestMark\n  (S) 2 num-marked');
});

test('a pass that fails without a word is named, and later passes do not run', () => {
  const { context, module, diagnostics } = program();
  expect(new PassManager(context, onModule(fail, mark)).run(module)).toBe(false);
  expect(diagnostics.map(({ message }) => message)).toEqual(["pass 'test-fail' failed"]);
  expect(module.regions[0].entryBlock.firstOp!.hasAttribute('mark')).toBe(false);
});

test('a program that does not verify after a pass is the fault of that pass', () => {
  const { context, module, diagnostics } = program();
  expect(new PassManager(context, onModule(unorder)).run(module)).toBe(false);
  expect(diagnostics[0].message).toBe(
    "'toy.return' op must be the last operation in the parent block",
  );
  expect(diagnostics[0].notes[0].message).toBe("found after pass 'test-break-ir'");
  expect(context.errorCount).toBe(1);
  const other = program();
  expect(
    new PassManager(other.context, onModule(unorder), { verifyEach: false }).run(other.module),
  ).toBe(true);
});

test('the contract of a level is checked', () => {
  const { context, module, diagnostics } = program();
  const lower = definePass({
    name: 'test-lower',
    summary: 'x',
    leaves: ['gpu'],
    run: () => undefined,
  });
  const needs = definePass({
    name: 'test-needs',
    summary: 'x',
    requires: ['nv'],
    run: () => undefined,
  });
  const takes = definePass({
    name: 'test-takes',
    summary: 'x',
    accepts: ['arith'],
    run: () => undefined,
  });
  expect(new PassManager(context, onModule(lower)).run(module)).toBe(false);
  expect(new PassManager(context, onModule(needs)).run(module)).toBe(false);
  expect(new PassManager(context, onModule(takes)).run(module)).toBe(false);
  const messages = diagnostics.map(({ message }) => message);
  expect(messages).toContain(
    "'toy.use' op is left by pass 'test-lower', which may leave only 'gpu'",
  );
  expect(messages).toContain("pass 'test-needs' needs dialect 'nv', which is not loaded");
  expect(messages).toContain(
    "'toy.module' op is not accepted by pass 'test-takes', which takes only 'arith'",
  );
});

test('a bug in a pass surfaces as a crash that knows the pass', () => {
  const { context, module } = program();
  const tracker = new FailureTracker();
  const pipeline = parsePipeline('toy.module(test-mark,toy.func(test-crash))');
  const manager = new PassManager(context, pipeline, { instrumentations: [tracker] });
  expect(() => manager.run(module)).toThrow(PassCrash);
  expect(formatPipeline(tracker.failingPipeline('toy.module'))).toBe(
    'toy.module(toy.func(test-crash))',
  );
});

test('the anchor must be the operation it runs on', () => {
  const { context, module, diagnostics } = program();
  expect(new PassManager(context, parsePipeline('toy.func(test-mark)')).run(module)).toBe(false);
  expect(diagnostics[0].message).toBe("can't run 'toy.func' pass manager on 'toy.module' op");
});

test('history keeps every state and shares what a pass left alone', () => {
  const { context, module } = program();
  const other = module.regions[0].entryBlock.firstOp!;
  other.setAttribute('sym_name', StringAttr.get('f'));
  const history = new History();
  const before = show(module);
  const erase = definePass({
    name: 'test-erase-uses',
    summary: 'x',
    run: (op) => {
      op.walk((one) => {
        if (one.name.text === 'toy.use') one.erase();
      });
    },
  });
  const idle = definePass({ name: 'test-idle', summary: 'x', run: () => undefined });
  const manager = new PassManager(context, onModule(idle, erase, mark), {
    instrumentations: [history],
  });
  expect(manager.run(module)).toBe(true);
  expect(history.steps.map(({ pass, changed }) => [pass, changed])).toEqual([
    ['test-idle', []],
    ['test-erase-uses', ['@f']],
    ['test-mark', ['@f']],
  ]);
  expect(show(history.materialize(history.stateAt(0)))).toBe(before);
  expect(show(history.materialize(history.stateAt(1)))).toBe(before);
  expect(history.stateAt(0).table.get('@f')).toBe(history.stateAt(1).table.get('@f'));
  expect(show(history.materialize(history.stateAt(2)))).not.toContain('toy.use');
  expect(show(history.materialize(history.current))).toBe(show(module));
});

test('timing reports each pass once, nested below its pipeline', () => {
  const { context, module } = program();
  const timing = new Timing();
  const pipeline = parsePipeline('toy.module(test-mark,toy.func(test-mark))');
  new PassManager(context, pipeline, { instrumentations: [timing] }).run(module);
  const tree = timing.report('tree', 'text');
  expect(tree).toMatch(
    /\n {4}\d\.\d{4} \( *\d+\.\d%\) {2}TestMark\n.*'toy.func' Pipeline\n.* {4}TestMark\n.*Rest\n.*100\.0%\) {2}Total\n$/,
  );
  const json = JSON.parse(timing.report('tree', 'json')) as { name: string }[];
  expect(json.map(({ name }) => name)).toEqual([
    'TestMark',
    "'toy.func' Pipeline",
    'Rest',
    'Total',
  ]);
});

test('a reproducer reads back, with the lines of the program where they were', () => {
  const text = 'module {\n}\n';
  const settings = { pipeline: 'builtin.module(a{b="x"})', verifyEach: false };
  const file = formatReproducer(text, settings);
  expect(file).toContain('external_resources: {\n    mlir_reproducer: {\n      pipeline: "');
  const back = parseReproducer(file)!;
  expect(back.settings).toEqual(settings);
  expect(back.program.trimEnd()).toBe(text.trimEnd());
  expect(parseReproducer(text)).toBeUndefined();
  expect(formatReproducer(file, settings)).toBe(file);
});
