// Lowered kernels in the interpreter: every library kernel means for every target what it meant as tiles.
import { describe, expect, it } from 'vitest';
import { f32 } from '../../src/ir/index.js';
import {
  findAnyKernels,
  findKernels,
  interpret,
  kernelName,
} from '../../src/runtime/interpreter/index.js';
import { compareTensors } from '../../src/runtime/run/compare.js';
import { prepareInputs } from '../../src/runtime/run/inputs.js';
import { lowerCopy } from '../../src/runtime/run/lowering.js';
import { defaultTolerance } from '../../src/runtime/run/tolerance.js';
import { findTarget } from '../../src/targets/target.js';
import { parseProgram, smallPrograms } from '../kernels/kernel-files.js';
import { errorOf, output, run, tensor } from './run-kernel.js';

const programs = smallPrograms();

describe.each(programs)('$file', ({ file, text, sizes }) => {
  const module = parseProgram(text, file);
  const given = new Map(
    [...sizes]
      .filter(([, size]) => typeof size === 'number')
      .map(([name, size]) => [name, `${size as number}`]),
  );
  const shapes = new Map(
    [...sizes].filter(([, size]) => typeof size !== 'number') as [string, readonly number[]][],
  );
  const references = findKernels(module).map((kernel) => {
    const { values } = prepareInputs(kernel, { values: given, shapes, seed: 3 });
    const name = kernelName(kernel);
    const result = interpret(module, { kernel: name, arguments: values });
    return { name, values, result, tolerance: defaultTolerance(kernel) };
  });

  // The other targets have the same lowering but for the instructions, which all have products of every type.
  const targets = /^(gemm|softmax)\.mlir|bf16/.test(file)
    ? ['sm_80', 'sm_89', 'gfx90a', 'gfx942']
    : ['sm_80', 'gfx942'];
  it.each(targets)('%s', (arch) => {
    const lowered = lowerCopy(module, findTarget(arch)!)!;
    expect(findAnyKernels(lowered)).toHaveLength(references.length);
    for (const { name, values, result, tolerance } of references) {
      expect(errorOf(result)).toEqual([]);
      const found = interpret(lowered, { kernel: name, arguments: values });
      expect(errorOf(found)).toEqual([]);
      for (const [argument, expected] of result.tensors) {
        const { isEqual, first, errorNorm } = compareTensors(
          found.tensors.get(argument)!,
          expected,
          tolerance,
        );
        expect([argument, isEqual, isEqual || first, isEqual || errorNorm]).toEqual([
          argument,
          true,
          true,
          true,
        ]);
      }
    }
  });
});

const kernel = (body: string, attributes = ''): string => `
gpu.module @m {
  gpu.func @k(%A: memref<64xf32>, %B: memref<64xf32>) kernel
      attributes {known_block_size = array<i32: 64, 1, 1>, known_grid_size = array<i32: 1, 1, 1>, tile.arch = "sm_80", tile.shared_bytes = 1024 : i64${attributes}} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %t = gpu.thread_id x
    %x = memref.load %A[%t] : memref<64xf32>
${body}
    gpu.return
  }
}`;
const A = tensor(f32, [64], (index) => index);

describe('threads in step', () => {
  it('exchange values by shuffles of every mode', () => {
    const modes = ['xor', 'up', 'down', 'idx'].map((mode) => {
      const text = kernel(`    %o = arith.constant 3 : i32
    %w = arith.constant 16 : i32
    %r, %p = gpu.shuffle ${mode} %x, %o, %w : f32
    %z = arith.constant -1.0 : f32
    %v = arith.select %p, %r, %z : f32
    memref.store %v, %B[%t] : memref<64xf32>`);
      return output(run(text, { A }, { kernel: 'k' }), 'B').slice(0, 34);
    });
    const lanes = Array.from({ length: 34 }, (_, i) => i);
    expect(modes).toEqual([
      lanes.map((i) => i ^ 3),
      lanes.map((i) => (i % 16 < 3 ? -1 : i - 3)),
      lanes.map((i) => (i % 16 > 12 ? -1 : i + 3)),
      lanes.map((i) => i - (i % 16) + 3),
    ]);
  });

  it('reduce over the block and over subgroups', () => {
    const text = kernel(`    %s = gpu.subgroup_reduce maximumf %x : (f32) -> f32
    %a = gpu.all_reduce add %x uniform {
    } : (f32) -> f32
    %v = arith.addf %s, %a : f32
    memref.store %v, %B[%t] : memref<64xf32>`);
    const values = output(run(text, { A }, { kernel: 'k' }), 'B');
    expect([values[0], values[40]]).toEqual([31 + 2016, 63 + 2016]);
  });

  it('leave loops and branches at different times', () => {
    const text = kernel(`    %n = arith.remui %t, %c4 : index
    %sum = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> (f32) {
      %next = arith.addf %s, %s : f32
      scf.yield %next : f32
    }
    %even = arith.cmpi eq, %n, %c0 : index
    %r = scf.if %even -> (f32) {
      %m = arith.negf %sum : f32
      scf.yield %m : f32
    } else {
      scf.yield %sum : f32
    }
    memref.store %r, %B[%t] : memref<64xf32>`).replace(
      '%c1 =',
      '%c4 = arith.constant 4 : index\n    %c1 =',
    );
    const values = output(run(text, { A }, { kernel: 'k' }), 'B');
    expect([...values.slice(4, 8)]).toEqual([-4, 10, 24, 56]);
  });

  it('hand vectors through shared memory of other element types', () => {
    const text =
      kernel(`    %smem = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
    %tile = memref.view %smem[%c0][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<64xf32, #gpu.address_space<workgroup>>
    memref.store %x, %tile[%t] : memref<64xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %halves = memref.view %smem[%c0][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<128xf16, #gpu.address_space<workgroup>>
    %c2 = arith.constant 2 : index
    %at = arith.muli %t, %c2 : index
    %pair = vector.load %halves[%at] : memref<128xf16, #gpu.address_space<workgroup>>, vector<2xf16>
    %high = vector.extract %pair[1] : f16 from vector<2xf16>
    %wide = arith.extf %high : f16 to f32
    memref.store %wide, %B[%t] : memref<64xf32>`);
    const bits = new DataView(new ArrayBuffer(4));
    const expected = Array.from({ length: 64 }, (_, i) => {
      bits.setFloat32(0, i);
      const high = bits.getUint16(0);
      const exponent = (high >> 10) & 31;
      return exponent === 0
        ? (high & 1023) * 2 ** -24
        : (1024 + (high & 1023)) * 2 ** (exponent - 25);
    });
    expect([...output(run(text, { A }, { kernel: 'k' }), 'B')]).toEqual(expected);
  });

  it.each([
    [
      'a barrier that some do not come to',
      `    %half = arith.cmpi ult, %t, %c1 : index
    scf.if %half {
      gpu.barrier
    }`,
      "1 of the block's 64 threads come to 'gpu.barrier'; expected all",
    ],
    [
      'a barrier of a group that half of it comes to',
      `    %c32 = arith.constant 32 : index
    %half = arith.cmpi ult, %t, %c32 : index
    scf.if %half {
      nv.group_barrier %c0 of 2 {first = 1 : i64, threads = 64 : i64}
    }`,
      "32 threads of group 0 come to 'nv.group_barrier'; expected 64",
    ],
    [
      'a barrier of a group that there is not',
      '    nv.group_barrier %c1 of 1 {first = 1 : i64, threads = 64 : i64}',
      'thread 0 is of group 1; expected 0 to 0',
    ],
    [
      'a barrier of a warp that one lane comes to',
      `    %first = arith.cmpi eq, %t, %c0 : index
    scf.if %first {
      nv.warp_barrier
    }`,
      "1 of the 32 threads of subgroup 0 come to 'nv.warp_barrier'; expected all",
    ],
    [
      'shared memory that nobody has written',
      `    %smem = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
    %tile = memref.view %smem[%c0][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<64xf32, #gpu.address_space<workgroup>>
    %v = memref.load %tile[%t] : memref<64xf32, #gpu.address_space<workgroup>>`,
      "element [0] of '%tile' is read but was never written",
    ],
    [
      'a vector that leaves its memref',
      '    %v = vector.load %A[%t] : memref<64xf32>, vector<4xf32>',
      "4 elements from [61] are outside of '%A', whose shape is 64",
    ],
    [
      'a view that leaves shared memory',
      `    %smem = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
    %tile = memref.view %smem[%c1][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<1024xi8, #gpu.address_space<workgroup>>`,
      "the view ends at byte 1025, outside of '%smem'",
    ],
    [
      'a shuffle with a thread that is elsewhere',
      `    %o = arith.constant 1 : i32
    %w = arith.constant 32 : i32
    %first = arith.cmpi eq, %t, %c0 : index
    scf.if %first {
      %r, %p = gpu.shuffle xor %x, %o, %w : f32
    }`,
      'thread 0 reads a value of thread 1, which does not take part',
    ],
  ])('report %s', (_, body, message) => {
    expect(run(kernel(body), { A }, { kernel: 'k' }).diagnostics[0].message).toBe(message);
  });

  it('round registers to tf32, ties away from zero', () => {
    const text = kernel(`    %r = memref.alloca() : memref<1xf32, #gpu.address_space<private>>
    memref.store %x, %r[%c0] : memref<1xf32, #gpu.address_space<private>>
    nv.round_tf32 %r : memref<1xf32, #gpu.address_space<private>>
    %v = memref.load %r[%c0] : memref<1xf32, #gpu.address_space<private>>
    memref.store %v, %B[%t] : memref<64xf32>`);
    const input = tensor(f32, [64], (i) => (i % 2 === 0 ? 1 : -1) * (1 + i * 2 ** -11));
    const values = output(run(text, { A: input }, { kernel: 'k' }), 'B');
    expect([...values.slice(0, 4)]).toEqual([1, -(1 + 2 ** -10), 1 + 2 ** -10, -(1 + 2 ** -9)]);
  });
});
