import { expect, test } from 'vitest';
import { defineAnalysis, type Analysis } from '../../src/analysis/index.js';
import { IntegerAttr, i32, type Operation } from '../../src/ir/index.js';
import {
  definePass,
  parsePipeline,
  PassManager,
  registerPass,
  Timing,
  type PassContext,
  type PassDefinition,
} from '../../src/pipelines/index.js';
import { toyContext, toyModule } from '../rewrite/toy-dialect.js';

/** Counts operations, and is counted itself. */
const computed: string[] = [];
const sizeAnalysis = defineAnalysis({
  name: 'Size',
  compute: (op) => {
    computed.push(op.name.text);
    let count = 0;
    op.walk(() => void count++);
    return count;
  },
});
const doubleAnalysis: Analysis<number> = {
  name: 'DoubleSize',
  compute: (_, manager) => 2 * manager.get(sizeAnalysis),
  isInvalidated: (preserved) => !preserved.isPreserved(sizeAnalysis),
};

const seen: unknown[] = [];
function testPass(name: string, run: (op: Operation, pass: PassContext) => void): PassDefinition {
  const pass = definePass({ name: `test-${name}`, summary: 'a test', run });
  registerPass(pass);
  return pass;
}
testPass('ask', (_, pass) => {
  pass.markAllAnalysesPreserved();
  seen.push(pass.getAnalysis(sizeAnalysis));
});
testPass('ask-double', (_, pass) => {
  pass.markAllAnalysesPreserved();
  seen.push(pass.getAnalysis(doubleAnalysis));
});
testPass('cached', (_, pass) => {
  pass.markAllAnalysesPreserved();
  seen.push([pass.getCachedAnalysis(sizeAnalysis), pass.getCachedAnalysis(doubleAnalysis)]);
});
testPass('ask-children', (op, pass) => {
  pass.markAllAnalysesPreserved();
  for (const child of op.regions[0].entryBlock.operations())
    seen.push(pass.getChildAnalysis(sizeAnalysis, child));
});
testPass('ask-parent', (op, pass) => {
  pass.markAllAnalysesPreserved();
  seen.push(pass.getCachedParentAnalysis(sizeAnalysis, op.parentOp!));
});
testPass('change', (op) => op.setAttribute('mark', IntegerAttr.get(1, i32)));
testPass('change-but-keep', (op, pass) => {
  op.setAttribute('mark', IntegerAttr.get(1, i32));
  pass.markAnalysesPreserved(sizeAnalysis);
});
testPass('change-but-keep-double', (op, pass) => {
  op.setAttribute('mark', IntegerAttr.get(1, i32));
  pass.markAnalysesPreserved(doubleAnalysis);
});

function run(pipeline: string): { computed: string[]; seen: unknown[]; timing: Timing } {
  computed.length = 0;
  seen.length = 0;
  const context = toyContext();
  const module = toyModule(context, 1, (builder, [a]) => {
    builder.create('toy.use', { operands: [a] });
    builder.create('toy.return');
  });
  const timing = new Timing();
  const manager = new PassManager(context, parsePipeline(`toy.module(${pipeline})`), {
    instrumentations: [timing],
  });
  expect(manager.run(module)).toBe(true);
  return { computed: [...computed], seen: [...seen], timing };
}

test('an analysis is computed once, until a pass does not preserve it', () => {
  expect(run('test-ask,test-ask')).toMatchObject({ computed: ['toy.module'], seen: [4, 4] });
  expect(run('test-ask,test-change,test-ask').computed).toHaveLength(2);
  expect(run('test-ask,test-change-but-keep,test-ask').computed).toHaveLength(1);
  expect(run('test-ask,test-change,test-cached').seen).toEqual([4, [undefined, undefined]]);
});

test('an analysis goes with those that it was computed from', () => {
  expect(run('test-ask-double,test-cached').seen).toEqual([8, [4, 8]]);
  expect(run('test-ask-double,test-change-but-keep,test-cached').seen[1]).toEqual([4, undefined]);
  expect(run('test-ask-double,test-change-but-keep-double,test-cached').seen[1]).toEqual([
    undefined,
    undefined,
  ]);
});

test('analyses of nested operations live with those of the operation around', () => {
  // What was computed from outside is there for a pass on the nested operation.
  expect(run('test-ask-children,toy.func(test-ask)').computed).toEqual(['toy.func']);
  expect(run('test-ask-children,test-change,toy.func(test-ask)').computed).toHaveLength(2);
  expect(run('test-ask,toy.func(test-ask-parent)').seen).toEqual([4, 4]);
  // A nested pass that changes its operation changes what was known of the one around.
  expect(run('test-ask,toy.func(test-change),test-cached').seen[1]).toEqual([undefined, undefined]);
  expect(run('test-ask,toy.func(test-ask),test-cached').seen[2]).toEqual([4, undefined]);
});

test('timing shows where an analysis was computed', () => {
  const { timing } = run('test-ask,test-ask');
  const report = timing.report('tree', 'text');
  expect(report).toMatch(/ {2}TestAsk\n.* {4}\(A\) Size\n.* {2}TestAsk\n/);
  expect(report.match(/\(A\) Size/g)).toHaveLength(1);
});
