/** The options of the printer, and what it does with operations whose custom form fails. */

import { describe, expect, test } from 'vitest';
import { printOperation } from '../../src/ir/index.js';
import { parseValid } from '../syntax/test-dialects.js';

const TEXT = `module {
  func.func @f(%n: index) {
    %c = arith.constant 4 : index
    t.loop %i = %n to %c : index {
      %x = arith.addi %i, %n {m = affine_map<(d0) -> (d0)>} : index
    }
    t.loop %i = %n to %c : index {
      %x = arith.addi %i, %n : index
    }
    return
  }
}`;

describe('options', () => {
  const op = parseValid(TEXT);

  test('skipRegions', () => {
    expect(printOperation(op, { skipRegions: true })).toBe('module {...}');
    expect(printOperation(op, { skipRegions: true, generic: true })).toBe(
      '"builtin.module"() ({...}) : () -> ()',
    );
  });

  test('localScope prints no aliases', () => {
    expect(printOperation(op)).toContain('#map = affine_map<(d0) -> (d0)>\nmodule {');
    const local = printOperation(op, { localScope: true });
    expect(local).not.toContain('#map');
    expect(local).toContain('{m = affine_map<(d0) -> (d0)>}');
  });

  test('printUniqueIds', () => {
    const names = printOperation(op, { printUniqueIds: true }).match(/%x\S* =/g)!;
    expect(new Set(names).size).toBe(2);
    expect(printOperation(op).match(/%x =/g)).toHaveLength(2);
  });

  test('useOriginalNames: false gives names as MLIR does', () => {
    const printed = printOperation(op, { useOriginalNames: false });
    expect(printed).toContain('func.func @f(%arg0: index)');
    expect(printed).toContain('%c4 = arith.constant 4 : index');
    expect(printed).toContain('t.loop %arg1 = %arg0 to %c4');
    expect(printed).toContain('%0 = arith.addi %arg1, %arg0');
  });

  test('locations', () => {
    const text = '"a.b"() : () -> () loc(callsite("x"("f.c":1:2) at unknown))';
    const located = parseValid(text);
    expect(printOperation(located, { debugInfo: true, generic: true }).split('\n')).toEqual([
      '"builtin.module"() ({',
      '  "a.b"() : () -> () loc(#loc4)',
      '}) : () -> () loc(#loc)',
      '#loc = loc("test.mlir":1:1)',
      '#loc1 = loc("f.c":1:2)',
      '#loc2 = loc(unknown)',
      '#loc3 = loc("x"(#loc1))',
      '#loc4 = loc(callsite(#loc3 at #loc2))',
    ]);
    expect(printOperation(located, { debugInfo: true, localScope: true })).toContain(
      '"a.b"() : () -> () loc(callsite("x"("f.c":1:2) at unknown))',
    );
    expect(printOperation(located, { debugInfo: true, prettyDebugInfo: true })).toContain(
      '"a.b"() : () -> () "x"(f.c:1:2) at [unknown]',
    );
  });

  test('large elements', () => {
    const values = Array.from({ length: 120 }, (_, index) => index);
    const dense = parseValid(
      `"a.b"() {x = dense<[${values.join(', ')}]> : tensor<120xi8>, y = dense<[1, 2]> : tensor<2xi8>} : () -> ()`,
    );
    const hex = Buffer.from(values).toString('hex').toUpperCase();
    const printed = printOperation(dense);
    expect(printed).toContain(`x = dense<"0x${hex}"> : tensor<120xi8>, y = dense<[1, 2]>`);
    expect(printOperation(parseValid(printed))).toBe(printed);
    expect(printOperation(dense, { hexLargeElements: -1 })).toContain('dense<[0, 1, 2, 3');
    expect(printOperation(dense, { elideLargeElements: 2 })).toContain(
      'x = dense_resource<__elided__> : tensor<120xi8>, y = dense<[1, 2]>',
    );
  });

  test('valueUsers', () => {
    const printed = printOperation(op, { valueUsers: true });
    expect(printed).toContain('// %n is used by');
    expect(printed).toContain('%c = arith.constant 4 : index // users: ');
    expect(printed).toContain(': index // unused');
  });
});

describe('operations that are not valid', () => {
  test('an operation whose custom form throws is printed in generic form', () => {
    const op = parseValid(TEXT);
    op.walk((nested) => {
      if (nested.name.text === 'arith.constant') nested.setAttribute('value', undefined);
      if (nested.name.text === 't.loop') nested.setOperands([]);
    });
    const printed = printOperation(op);
    expect(printed).toContain('%c = "arith.constant"() : () -> index');
    expect(printed).toContain('"t.loop"() ({\n    ^bb0(%i: index):\n');
    // The operations inside and behind keep their own forms.
    expect(printed).toContain('      %x = arith.addi %i, %n');
    expect(printed).toContain('\n    return\n  }\n}');
    expect(printOperation(parseValid(printed))).toBe(printed);
  });

  test('verified: false gives the generic form', () => {
    expect(printOperation(parseValid(TEXT), { verified: false })).toContain('"func.func"() <{');
  });

  test('a detached operation', () => {
    const op = parseValid(TEXT);
    let add: typeof op | undefined;
    op.walk((nested) => {
      if (nested.name.text === 'arith.addi') add = nested;
    });
    expect(printOperation(add!)).toBe('%x = arith.addi %i, %n : index');
    for (const operand of add!.operands) operand.name = undefined;
    expect(printOperation(add!)).toBe(
      '%x = arith.addi <<UNKNOWN SSA VALUE>>, <<UNKNOWN SSA VALUE>> : index',
    );
  });
});
