// Identifiers that emitted text must not declare: an emitter renames kernels, arguments and locals that have them.
import { elementBytes } from './element-bytes.js';
import { loadWrappers } from './wrappers.js';

const keywords =
  'alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl ' +
  'concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete ' +
  'do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable ' +
  'namespace new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast ' +
  'requires return short signed sizeof static static_assert static_cast struct switch template this thread_local throw ' +
  'true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq';

const builtins =
  'Registers Vector bits_as word vector_alignment warp_size stream_t error_misaligned_pointer error_invalid_argument is_aligned launch_kernel launch_cluster_kernel ' +
  'tilewright tilewright_shared_memory threadIdx blockIdx blockDim gridDim warpSize dim3 main assert printf NULL ' +
  'hipError_t cudaError_t half size_t';

/** Functions of the C library that the device headers or the simulator declare, without their `f` and `l` variants. */
const cFunctions =
  'abs labs acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh cospi div ldiv erf erfc erfcinv erfinv exp ' +
  'exp10 exp2 expm1 fabs fdim floor fma fmax fmin fmod frexp hypot ilogb isfinite isinf isnan j0 j1 jn ldexp lgamma ' +
  'llrint llround log log10 log1p log2 logb lrint lround max min modf nan nearbyint nextafter norm normcdf pow rcbrt ' +
  'remainder remquo rint round rsqrt scalbn signbit sin sincos sinh sinpi sqrt tan tanh tgamma trunc y0 y1 yn memcpy ' +
  'memset malloc free clock time';

let reserved: Set<string> | undefined;

/**
 * Whether a name means something else already: a keyword, a wrapper of either target, an element type, a built-in
 * variable, a function of the C library, or one of the forms that C++ keeps for itself (`__x`, `_X`, `TILEWRIGHT_X`).
 */
export function isReservedName(name: string): boolean {
  if (!reserved) {
    reserved = new Set([keywords, builtins].flatMap((text) => text.split(' ')));
    for (const name of cFunctions.split(' '))
      for (const end of ['', 'f', 'l']) reserved.add(name + end);
    for (const name of Object.keys(elementBytes)) reserved.add(name);
    for (const target of ['cuda', 'hip'] as const) {
      for (const name of loadWrappers(target).wrappers.keys()) reserved.add(name);
    }
  }
  return reserved.has(name) || /^_[A-Z_]|__|^TILEWRIGHT_|^tilewright_/.test(name);
}
