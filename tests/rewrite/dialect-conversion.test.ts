import { expect, test } from 'vitest';
import { i32, i64, type Operation } from '../../src/ir/index.js';
import {
  applyAnalysisConversion,
  applyFullConversion,
  applyPartialConversion,
  CAST_NAME,
  conversionPattern,
  ConversionTarget,
  pattern,
  TypeConverter,
} from '../../src/rewrite/index.js';
import { formatPosition, type Diagnostic } from '../../src/support/index.js';
import { binary, show, toyContext, toyModule } from './toy-dialect.js';

function program(): { module: Operation; diagnostics: Diagnostic[] } {
  const context = toyContext();
  const diagnostics: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => diagnostics.push(diagnostic));
  const module = toyModule(context, 2, (builder, [a, b]) => {
    const sum = binary(builder, 'toy.a', a, b);
    builder.create('toy.use', { operands: [sum] });
    builder.create('toy.return');
  });
  return { module, diagnostics };
}

const aToB = pattern('toy.a', { name: 'a-to-b' }, (op, rewriter) => {
  rewriter.replaceOpWithNew(op, 'toy.b', { operands: op.operands, resultTypes: [i32] });
});
const bToAdd = pattern('toy.b', { name: 'b-to-add' }, (op, rewriter) => {
  rewriter.replaceOpWithNew(op, 'toy.add', { operands: op.operands, resultTypes: [i32] });
});

test('goes through several patterns to a legal operation', () => {
  const { module } = program();
  const target = new ConversionTarget().addIllegalOp('toy.a', 'toy.b').addLegalOp('toy.add');
  expect(applyPartialConversion(module, target, [aToB, bToAdd])).toBe(true);
  expect(show(module)).toContain('toy.add(%0, %1)');
});

test('a failure names the operation and each pattern with its reason, and changes nothing', () => {
  const { module, diagnostics } = program();
  const before = show(module);
  const never = pattern('toy.a', { name: 'a-never', benefit: 3 }, (op, rewriter) =>
    rewriter.notifyMatchFailure(op, 'operand #0 is not constant'),
  );
  const target = new ConversionTarget().addIllegalOp('toy.a', 'toy.b');
  expect(applyPartialConversion(module, target, [aToB, never])).toBe(false);
  expect(show(module)).toBe(before);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0].message).toBe(
    "failed to legalize operation 'toy.a' that was explicitly marked illegal",
  );
  expect(diagnostics[0].notes.map((note) => note.message)).toEqual([
    "pattern 'a-never' on 'toy.a': operand #0 is not constant",
    "pattern 'a-to-b' on 'toy.a': generated operation 'toy.b' that could not be legalized",
  ]);
  expect(formatPosition(diagnostics[0].position)).toBeUndefined();
});

test('full conversion leaves nothing that is not known to be legal', () => {
  const { module, diagnostics } = program();
  const target = new ConversionTarget().addLegalOp('toy.module', 'toy.func', 'toy.return', 'toy.a');
  expect(applyFullConversion(module, target, [])).toBe(false);
  expect(diagnostics[0].message).toBe("failed to legalize operation 'toy.use'");
  expect(diagnostics[0].notes[0].message).toBe("no pattern starts from 'toy.use'");
});

const widen = new TypeConverter()
  .addConversion((type) => type)
  .addConversion((type) => (type === i32 ? i64 : undefined));

const convertSignature = conversionPattern(
  'toy.func',
  { name: 'func-types' },
  (op, _, rewriter) => {
    rewriter.modifyInPlace(op, () => undefined);
    rewriter.convertRegionTypes(op.regions[0], widen);
  },
);
const convertA = conversionPattern(
  'toy.a',
  { name: 'widen-a', typeConverter: widen },
  (op, converted, rewriter) => {
    rewriter.replaceOpWithNew(op, 'toy.a', { operands: converted.operands, resultTypes: [i64] });
  },
);
const convertUse = conversionPattern(
  'toy.use',
  { name: 'widen-use', typeConverter: widen },
  (op, converted, rewriter) => {
    rewriter.modifyInPlace(op, () => op.setOperand(0, converted.one(op.operand(0))));
  },
);

const widened = (): ConversionTarget =>
  new ConversionTarget()
    .addDynamicallyLegalOp('toy.a', (op) => widen.isLegalOp(op))
    .addDynamicallyLegalOp('toy.use', (op) => widen.isLegalOp(op))
    .addDynamicallyLegalOp('toy.func', (op) => widen.isLegalSignature(op));

test('converts types throughout and leaves no casts where all users follow', () => {
  const { module } = program();
  expect(applyPartialConversion(module, widened(), [convertSignature, convertA, convertUse])).toBe(
    true,
  );
  expect(show(module)).not.toContain(CAST_NAME);
  module.walk((op) =>
    expect([...op.operands, ...op.results].every((value) => value.type === i64)).toBe(true),
  );
});

test('a user that stays behind needs a materialization', () => {
  const { module, diagnostics } = program();
  const target = new ConversionTarget().addDynamicallyLegalOp('toy.a', (op) => widen.isLegalOp(op));
  expect(applyPartialConversion(module, target, [convertA])).toBe(false);
  expect(diagnostics[0].message).toMatch(
    /failed to legalize unresolved materialization from \('i(32|64)'\) to \('i(32|64)'\) that remained live after conversion/,
  );
  const left = program();
  expect(
    applyPartialConversion(left.module, target, [convertA], { buildMaterializations: false }),
  ).toBe(true);
  expect(show(left.module)).toContain(CAST_NAME);
});

test('one value may become several, and none', () => {
  const { module } = program();
  const split = new TypeConverter()
    .addConversion((type) => type)
    .addConversion((type) => (type === i32 ? [i64, i64] : undefined));
  const splitFunc = conversionPattern('toy.func', { name: 'split-func' }, (op, _, rewriter) => {
    rewriter.convertRegionTypes(op.regions[0], split);
  });
  const splitA = conversionPattern(
    'toy.a',
    { name: 'split-a', typeConverter: split },
    (op, converted, rewriter) => {
      expect(converted.all(op.operand(0))).toHaveLength(2);
      const built = rewriter.create('toy.a', { operands: converted.operands, resultTypes: [i64] });
      rewriter.replaceOpWithMultiple(op, [[built.results[0], built.results[0]]]);
    },
  );
  const splitUse = conversionPattern(
    'toy.use',
    { name: 'split-use', typeConverter: split },
    (op, converted, rewriter) => {
      rewriter.replaceOpWithNew(op, 'toy.use', { operands: converted.operands });
    },
  );
  const legal = (op: Operation): boolean => split.isLegalOp(op);
  const target = new ConversionTarget()
    .addDynamicallyLegalOp('toy.a', legal)
    .addDynamicallyLegalOp('toy.use', legal)
    .addDynamicallyLegalOp('toy.func', (op) => split.isLegalSignature(op));
  expect(applyPartialConversion(module, target, [splitFunc, splitA, splitUse])).toBe(true);
  expect(show(module)).toContain('%4 = toy.a(%0, %1, %2, %3)\ntoy.use(%4, %4)');
  expect(show(module)).not.toContain(CAST_NAME);
});

test('analysis mode tells what could be converted, and changes nothing', () => {
  const context = toyContext();
  const diagnostics: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => diagnostics.push(diagnostic));
  const module = toyModule(context, 2, (builder, [a, b]) => {
    const sum = binary(builder, 'toy.a', a, b);
    const other = binary(builder, 'toy.load', sum, sum);
    binary(builder, 'toy.add', other, b);
    builder.create('toy.return');
  });
  const before = show(module);
  const target = new ConversionTarget().addIllegalOp('toy.a', 'toy.b', 'toy.load');
  target.addLegalOp('toy.add', 'toy.return');
  const found = applyAnalysisConversion(module, target, [aToB, bToAdd]);
  // `toy.a` through two patterns, `toy.add` as it is; nothing leads from `toy.load`, and nothing was said of functions.
  expect([...found].map((op) => op.name.text)).toEqual(['toy.a', 'toy.add', 'toy.return']);
  expect([...found].every((op) => op.parentBlock !== null)).toBe(true);
  expect(show(module)).toBe(before);
  expect(diagnostics).toEqual([]);
  // Without the second pattern the first leads nowhere.
  expect(applyAnalysisConversion(module, target, [aToB]).size).toBe(2);
});
