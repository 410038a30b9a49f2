/** The products of warpgroups (wgmma) as wrappers: one instruction for each width and element type, written from a table. */

import type { Wrapper } from './wrappers.js';

interface Family {
  /** Element types as wrappers call them and as PTX does. */
  readonly d: 'f32' | 'f16' | 'i32';
  readonly ab: string;
  readonly ptx: { readonly d: string; readonly ab: string };
  readonly k: number;
  /** Type and number of the registers that hold the left operand. */
  readonly left: readonly [type: string, count: number];
}

const families: readonly Family[] = [
  { d: 'f32', ab: 'f16', ptx: { d: 'f32', ab: 'f16' }, k: 16, left: ['f16', 8] },
  { d: 'f32', ab: 'bf16', ptx: { d: 'f32', ab: 'bf16' }, k: 16, left: ['bf16', 8] },
  { d: 'f16', ab: 'f16', ptx: { d: 'f16', ab: 'f16' }, k: 16, left: ['f16', 8] },
  { d: 'f32', ab: 'tf32', ptx: { d: 'f32', ab: 'tf32' }, k: 8, left: ['f32', 4] },
  { d: 'f32', ab: 'f8E4M3FN', ptx: { d: 'f32', ab: 'e4m3' }, k: 32, left: ['f8E4M3FN', 16] },
  { d: 'f32', ab: 'f8E5M2', ptx: { d: 'f32', ab: 'e5m2' }, k: 32, left: ['f8E5M2', 16] },
  { d: 'i32', ab: 'i8', ptx: { d: 's32', ab: 's8' }, k: 32, left: ['i8', 16] },
];

/** Every multiple of 8 up to 256; integers only 8, 24 and multiples of 16. */
function hasWidth({ d }: Family, n: number): boolean {
  return d !== 'i32' || n === 8 || n === 24 || n % 16 === 0;
}

function wrapperOf(family: Family, n: number): Wrapper {
  const name = `wgmma_m64n${n}k${family.k}_${family.d}_${family.ab}`;
  return {
    name,
    requires: ['types', ...(family.ab.startsWith('f8') ? ['f8'] : [])],
    since: 'sm_90a',
    only: true,
    doc: 'd = a b (+ d where `accumulate`) by a warpgroup; operands in shared memory by descriptors, a also in registers.',
    // Written when a kernel uses it: there are hundreds.
    get text() {
      return [false, true].map((isLeftInRegisters) => body(family, n, isLeftInRegisters)).join('');
    },
  };
}

function body({ d, ab, ptx, k, left }: Family, n: number, isLeftInRegisters: boolean): string {
  const [leftType, leftCount] = left;
  const canTranspose = ab === 'f16' || ab === 'bf16';
  // f16 sums are two to a machine register.
  const registers = d === 'f16' ? n / 4 : n / 2;
  const leftRegisters = isLeftInRegisters ? 4 : 1;
  const constraint = d === 'f32' ? '+f' : '+r';
  const sums = Array.from({ length: registers }, (_, i) => i);
  const list = (first: number, count: number): string =>
    Array.from({ length: count }, (_, i) => `%${first + i}`).join(', ');
  const b = registers + leftRegisters;
  const scales = d === 'i32' ? '' : ', 1, 1';
  const transposes = !canTranspose
    ? ''
    : isLeftInRegisters
      ? `, %${b + 2}`
      : `, %${b + 2}, %${b + 3}`;
  const a = isLeftInRegisters ? `{${list(registers, 4)}}` : `%${registers}`;
  const parameters = isLeftInRegisters ? `const Registers<${leftType}, ${leftCount}>& a` : 'u64 a';
  const inputs = [
    ...(isLeftInRegisters ? [0, 1, 2, 3].map((i) => `"r"(left[${i}])`) : ['"l"(a)']),
    '"l"(b)',
    '"r"(int(accumulate))',
    ...(!canTranspose
      ? []
      : isLeftInRegisters
        ? ['"n"(TransposeB)']
        : ['"n"(TransposeA)', '"n"(TransposeB)']),
  ];
  const type = d === 'f32' ? 'f32' : d === 'i32' ? 'i32' : 'u32';
  return `template <${isLeftInRegisters ? '' : 'int TransposeA = 0, '}int TransposeB = 0>
TILEWRIGHT_DEVICE void wgmma_m64n${n}k${k}_${d}_${ab}(Registers<${d}, ${n / 2}>& d, ${parameters}, u64 b, bool accumulate) {
  ${type}* const sums = reinterpret_cast<${type}*>(&d);
${isLeftInRegisters ? '  const u32* const left = reinterpret_cast<const u32*>(&a);\n' : ''}  asm volatile(
      "{\\n.reg .pred p;\\nsetp.ne.b32 p, %${b + 1}, 0;\\n"
      "wgmma.mma_async.sync.aligned.m64n${n}k${k}.${ptx.d}.${ptx.ab}.${ptx.ab} "
      "{${list(0, registers)}}, ${a}, %${b}, p${scales}${transposes};\\n}"
      : ${sums.map((i) => `"${constraint}"(sums[${i}])`).join(', ')}
      : ${inputs.join(', ')});
}
`;
}

/** All of them. */
export function wgmmaWrappers(): Wrapper[] {
  const widths = Array.from({ length: 32 }, (_, i) => 8 * (i + 1));
  return families.flatMap((family) =>
    widths.filter((n) => hasWidth(family, n)).map((n) => wrapperOf(family, n)),
  );
}
