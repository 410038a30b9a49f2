/** The host function that checks arguments and launches a kernel. */

import { storageType } from '../element-bytes.js';
import {
  isDense,
  type KernelArgument,
  type KernelMetadata,
  type SizeExpression,
} from './launch-metadata.js';
import { TextWriter } from './text-writer.js';

/** Kernels compute offsets in 32 bits. */
const LARGEST_TENSOR = 0x7fffffff;

/** Largest extents of a grid along x, y and z. */
const LARGEST_GRID = [0x7fffffff, 65535, 65535];

const GRID_NAMES = ['grid_x', 'grid_y', 'grid_z'];

export function parameterText(
  { kind, name, elementType, access }: KernelArgument,
  isKernel: boolean,
): string {
  const type = storageType(elementType);
  if (kind === 'scalar') return `${type} ${name}`;
  const pointer = `${access === 'read' ? 'const ' : ''}${type}*`;
  return `${pointer} ${isKernel ? '__restrict__ ' : ''}${name}`;
}

/** An expression of sizes in C++, in 64 bits. Sizes are not negative, so that machine division rounds down. */
function sizeText(expression: SizeExpression): string {
  if (typeof expression === 'number') return `${expression}`;
  if (typeof expression === 'string') return `i64(${expression})`;
  const [operator, lhs, rhs] = expression;
  const [a, b] = [sizeText(lhs), sizeText(rhs)];
  switch (operator) {
    case '+':
      return typeof rhs === 'number' && rhs < 0 ? `(${a} - ${-rhs})` : `(${a} + ${b})`;
    case '*':
      return rhs === -1 ? `-(${a})` : `${a} * ${b}`;
    case 'mod':
      return `(${a}) % ${b}`;
    case 'floordiv':
      return `(${a}) / ${b}`;
    case 'ceildiv':
      return typeof rhs === 'number' ? `(${a} + ${rhs - 1}) / ${b}` : `(${a} + ${b} - 1) / (${b})`;
  }
}

/** The condition under which a tensor reaches too far; undefined where its extents and strides are constants. */
function isTooLarge(tensor: KernelArgument): string | undefined {
  const { shape, strides } = tensor;
  const sizes = [...shape, ...strides];
  if (sizes.every((size) => typeof size === 'number') || sizes.includes('?')) return undefined;
  if (isDense(tensor)) return `${shape.map(sizeText).join(' * ')} > ${LARGEST_TENSOR}`;
  const reach = shape.map((extent, dimension) => {
    const stride = strides[dimension];
    return stride === 1 ? sizeText(extent) : `${sizeText(extent)} * ${sizeText(stride)}`;
  });
  return `${reach.join(' + ')} > ${LARGEST_TENSOR}`;
}

export function emitLauncher(kernel: KernelMetadata): string {
  const writer = new TextWriter();
  const parameters = kernel.arguments.map((argument) => parameterText(argument, false));
  const names = kernel.arguments.map(({ name }) => name);
  const tensors = kernel.arguments.filter((argument) => argument.kind === 'tensor');
  const refuseIf = (conditions: readonly string[], error: string): void => {
    if (conditions.length > 0) writer.line(`if (${conditions.join(' || ')}) return ${error};`);
  };
  writer.line(`extern "C" int ${kernel.entry}(${[...parameters, 'stream_t stream'].join(', ')}) {`);
  writer.indented(() => {
    refuseIf(
      tensors.map(({ name, alignment }) => `!is_aligned(${name}, ${alignment})`),
      'error_misaligned_pointer',
    );
    const { conditions = [] } = kernel;
    refuseIf(
      conditions.map(({ expression, relation }) =>
        relation === '== 0' ? `${sizeText(expression)} != 0` : `${sizeText(expression)} < 0`,
      ),
      'error_invalid_argument',
    );
    refuseIf(
      tensors.map(isTooLarge).filter((condition) => condition !== undefined),
      'error_invalid_argument',
    );
    const grid = kernel.grid.map((extent, dimension) => {
      if (typeof extent === 'number') return `${extent}`;
      const name = GRID_NAMES[dimension];
      writer.line(`const i64 ${name} = ${sizeText(extent)};`);
      return name;
    });
    const computed = grid.filter((extent) => GRID_NAMES.includes(extent));
    if (computed.length > 0) {
      writer.line(`if (${computed.map((name) => `${name} < 1`).join(' || ')}) return 0;`);
      refuseIf(
        computed.map((name) => `${name} > ${LARGEST_GRID[GRID_NAMES.indexOf(name)]}`),
        'error_invalid_argument',
      );
    }
    const extents = grid.map((extent) =>
      GRID_NAMES.includes(extent) ? `unsigned(${extent})` : extent,
    );
    const launch = [
      kernel.name,
      `dim3(${extents.join(', ')})`,
      `dim3(${kernel.block[0]})`,
      `${kernel.sharedBytes}`,
      'stream',
      ...names,
    ];
    writer.line(`return launch_kernel(${launch.join(', ')});`);
  });
  writer.line('}');
  writer.line(`TILEWRIGHT_ENTRY(${kernel.entry})`);
  return writer.toString();
}
