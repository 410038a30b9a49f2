/** Indented lines of emitted text. */

export class TextWriter {
  private readonly lines: string[] = [];
  private depth = 0;

  line(text = ''): void {
    this.lines.push(text === '' ? '' : `${'  '.repeat(this.depth)}${text}`);
  }

  /** A preprocessor line, which stands at the left margin. */
  directive(text: string): void {
    this.lines.push(text);
  }

  indented(body: () => void): void {
    this.depth++;
    body();
    this.depth--;
  }

  /** Number of lines so far. */
  get length(): number {
    return this.lines.length;
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

/** Names in use, C++ keywords among them; hands out the nearest free one. */
export class NameTable {
  private readonly used: Set<string>;

  constructor(reserved: Iterable<string>) {
    this.used = new Set(reserved);
  }

  /** An identifier as close to the wanted name as possible. */
  unique(wanted: string): string {
    let base = wanted.replace(/[^A-Za-z0-9_]/g, '_');
    if (!/^[A-Za-z_]/.test(base)) base = `v${base}`;
    let name = base;
    for (let suffix = 2; this.used.has(name); suffix++) name = `${base}_${suffix}`;
    this.used.add(name);
    return name;
  }
}

/** Names that emitted text must not give to its own variables. */
export const RESERVED_NAMES: readonly string[] = (
  'alignas auto bool break case catch char class const constexpr continue default delete do double else enum explicit ' +
  'extern false float for friend goto if inline int long mutable namespace new noexcept nullptr operator private ' +
  'protected public register return short signed sizeof static struct switch template this throw true try typedef ' +
  'typename union unsigned using virtual void volatile while and or not xor bitand bitor compl ' +
  'threadIdx blockIdx blockDim gridDim warpSize warp_size dim3 stream_t Registers fill convert load store ' +
  'f16 bf16 f32 f64 i1 i8 i16 i32 i64 u8 u16 u32 u64'
).split(' ');
