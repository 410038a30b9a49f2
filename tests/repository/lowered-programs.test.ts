/** Every kernel at every step of its lowering: reads back, is accepted by mlir-opt, and is the same text every time. */

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { printOperation, type Operation } from '../../src/ir/index.js';
import { PassManager, parsePipeline } from '../../src/pipelines/index.js';
import { findTarget } from '../../src/targets/target.js';
import { compileProgram, kernelFiles, parseProgram, readKernel } from '../kernels/kernel-files.js';

const mlirOpt = ['mlir-opt-19', 'mlir-opt'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

const architectures = ['sm_80', 'gfx90a', 'gfx942'];

/** The program before the first pass and after each. */
function stagesOf(file: string, arch: string): { pass: string; module: Operation }[] {
  // Compiling makes the passes known.
  compileProgram(readKernel(file), arch, file);
  const kind = findTarget(arch)!.vendor === 'nvidia' ? 'cuda' : 'hip';
  const pipeline = parsePipeline(`builtin.module(tile-to-${kind}{arch=${arch}})`);
  const stages = [{ pass: 'parser', module: parseProgram(readKernel(file), file) }];
  pipeline.elements.forEach((element, i) => {
    const module = parseProgram(readKernel(file), file);
    const part = { ...pipeline, elements: pipeline.elements.slice(0, i + 1) };
    expect(new PassManager(module.context, part).run(module)).toBe(true);
    stages.push({ pass: element.kind === 'pass' ? element.pass.name : element.anchor, module });
  });
  return stages;
}

/**
 * mlir-opt demands that an allocation is inside of an operation that it knows to free it, which no operation that it does
 * not know can be: between the two steps, registers of a `tile.kernel` are given to it under another name.
 */
function forMlirOpt(generic: string): string {
  return generic.includes('"tile.kernel"')
    ? generic.replaceAll('"memref.alloca"', '"tile.registers"')
    : generic;
}

describe.each(architectures)('%s', (arch) => {
  test.for(kernelFiles)('%s', (file, { skip }) => {
    const stages = stagesOf(file, arch);
    const generic: string[] = [];
    for (const { pass, module } of stages) {
      const custom = printOperation(module);
      const again = printOperation(parseProgram(custom, pass));
      expect(again, `custom form after ${pass}`).toBe(custom);
      const text = printOperation(module, { generic: true });
      expect(
        printOperation(parseProgram(text, pass), { generic: true }),
        `generic form after ${pass}`,
      ).toBe(text);
      generic.push(forMlirOpt(text));
    }
    if (mlirOpt === undefined) return skip('mlir-opt is not installed; our own forms were checked');
    const { status, stderr } = spawnSync(
      mlirOpt,
      ['--allow-unregistered-dialect', '--split-input-file', '-o', '/dev/null'],
      { input: generic.join('\n// -----\n'), encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test.for(kernelFiles)('%s gives the same text every time', (file) => {
    const first = compileProgram(readKernel(file), arch, file);
    const second = compileProgram(readKernel(file), arch, file);
    expect(second.text).toBe(first.text);
    const line = /^\/\/ launch metadata: (.*)$/m.exec(first.text)?.[1] ?? '';
    expect(JSON.parse(line)).toEqual(first.metadata);
    for (const { name, entry } of first.metadata.kernels) {
      expect(first.text).toContain(`TILEWRIGHT_ENTRY(${entry})`);
      expect(first.text).toMatch(new RegExp(`^${name}\\(`, 'm'));
    }
  });
});
