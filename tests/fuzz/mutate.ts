/** Deterministic damage to texts: the same seed gives the same text, so that a failing case is its number. */

/** A small generator of pseudo-random numbers (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<Element>(list: readonly Element[]): Element {
    return list[this.below(list.length)];
  }
}

const TOKEN = /[A-Za-z_$][\w$.-]*|%[\w$.]+|\d+|"[^"\n]*"|->|::|[^\s\w]/g;

/** Texts to start from and the tokens found in them. */
export class Corpus {
  private readonly tokens: readonly string[];

  constructor(readonly texts: readonly string[]) {
    this.tokens = [...new Set(texts.flatMap((text) => text.slice(0, 20_000).match(TOKEN) ?? []))];
  }

  /** One text of the corpus with one to six changes. */
  mutate(random: Random): string {
    let text = random.pick(this.texts);
    for (let left = 1 + random.below(6); left > 0; left--) text = this.change(text, random);
    return text;
  }

  private change(text: string, random: Random): string {
    const at = random.below(text.length + 1);
    const length = random.below(4) === 0 ? random.below(200) : random.below(12);
    const cut = (middle: string, removed = 0): string =>
      text.slice(0, at) + middle + text.slice(at + removed);
    switch (random.below(12)) {
      case 0:
        return cut('', length);
      case 1:
        return cut(text.slice(at, at + length));
      case 2:
        return cut(` ${random.pick(this.tokens)} `);
      case 3:
        return this.replaceToken(text, random);
      case 4:
        return this.swapTokens(text, random);
      case 5:
        return text.slice(0, at);
      case 6:
        return cut(
          String.fromCharCode(random.below(3) === 0 ? random.below(0x500) : 32 + random.below(95)),
        );
      case 7:
        return cut(
          random
            .pick([
              '(',
              '[',
              '{',
              '<',
              '"',
              '`',
              '({',
              '<{',
              '%',
              '#',
              '!',
              '^',
              '@',
              '\\',
              '*',
              '?',
            ])
            .repeat(1 + random.below(random.below(8) === 0 ? 3000 : 4)),
        );
      case 8: {
        const other = random.pick(this.texts);
        const from = random.below(other.length + 1);
        return cut(other.slice(from, from + random.below(300)));
      }
      case 9:
        return text.replace(/\d+/g, (digits) =>
          random.below(12) === 0
            ? random.pick(['0', '1', '-1', '65536', '99999999999999999999', '0x10', '3.5'])
            : digits,
        );
      case 10: {
        const lines = text.split('\n');
        lines.splice(random.below(lines.length), 1);
        return lines.join('\n');
      }
      default: {
        const lines = text.split('\n');
        lines.splice(random.below(lines.length), 0, random.pick(lines));
        return lines.join('\n');
      }
    }
  }

  private replaceToken(text: string, random: Random): string {
    const found = [...text.matchAll(TOKEN)];
    if (found.length === 0) return text;
    const match = random.pick(found);
    return (
      text.slice(0, match.index) +
      random.pick(this.tokens) +
      text.slice(match.index + match[0].length)
    );
  }

  private swapTokens(text: string, random: Random): string {
    const found = [...text.matchAll(TOKEN)];
    if (found.length < 2) return text;
    let [a, b] = [random.pick(found), random.pick(found)];
    if (a.index > b.index) [a, b] = [b, a];
    if (a.index + a[0].length > b.index) return text;
    return (
      text.slice(0, a.index) +
      b[0] +
      text.slice(a.index + a[0].length, b.index) +
      a[0] +
      text.slice(b.index + b[0].length)
    );
  }
}
