/** Programs and schedules for the tests of schedules. */

import { createContext } from '../../src/dialects/index.js';
import { printOperation, verifyOperation, type Operation } from '../../src/ir/index.js';
import { applySchedule, schedulePoint } from '../../src/schedule/index.js';
import { readSchedule } from '../../src/schedule/schedule-file.js';
import { renderDiagnostic, SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

export interface Scheduled {
  readonly module: Operation;
  /** The program, or nothing where it failed. */
  readonly text: string;
  /** Rendered errors. */
  readonly errors: string;
}

/** Parses a program and applies the first point of a schedule to it. */
export function schedule(program: string, yaml: string): Scheduled {
  const context = createContext();
  let errors = '';
  context.addDiagnosticHandler((found) => {
    if (found.severity === 'error') errors += renderDiagnostic(found);
  });
  const module = parseModule(new SourceFile('program.mlir', program), context);
  if (module === undefined || !verifyOperation(module)) throw new Error(errors);
  const space = readSchedule(yaml, 'schedule.yaml');
  const isOk =
    applySchedule(module, schedulePoint(space, 0).schedule, space.positions) &&
    verifyOperation(module);
  return { module, text: isOk ? printOperation(module) : '', errors };
}

/** A product of odd extents with a bias, in blocks of 32 x 64 and steps of 16. */
export const GEMM = `
tile.kernel @gemm(%A: memref<70x50xf16>, %B: memref<50x90xf16>, %bias: memref<90xf32>, %C: memref<70x90xf32>)
    blocks(%bx, %by) = (2, 3) threads(64) {
  %As = tile.alloc : !tile.shared<32x16xf16>
  %Bs = tile.alloc : !tile.shared<16x64xf16>
  %acc = tile.alloc : !tile.fragment<32x64xf32>
  tile.clear %acc : !tile.fragment<32x64xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 32)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  tile.pipelined %k = 0 to 50 step 16 stages(2) {
    tile.copy %A[%m, %k] to %As : memref<70x50xf16> to !tile.shared<32x16xf16>
    tile.copy %B[%k, %n] to %Bs : memref<50x90xf16> to !tile.shared<16x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<32x16xf16>, !tile.shared<16x64xf16>, !tile.fragment<32x64xf32>
  }
  tile.parallel (%i, %j) in (32, 64) {
    %column = arith.addi %n, %j : index
    %x = tile.load %acc[%i, %j] : !tile.fragment<32x64xf32>
    %b = tile.load %bias[%column] : memref<90xf32>
    %sum = arith.addf %x, %b : f32
    tile.store %sum, %acc[%i, %j] : !tile.fragment<32x64xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<32x64xf32> to memref<70x90xf32>
}
`;
