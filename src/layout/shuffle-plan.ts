/** Exchanges of registers within warps: which lane sends which register to whom, and what each does with what it gets. */

/** A set of lanes of a warp, as a mask with bit `l` for lane `l`. */
export type LaneSet = bigint;

/** One of a lane's registers, in some of the lanes. */
export interface RegisterChoice {
  readonly register: number;
  readonly lanes: LaneSet;
}

/** Whose value a lane gets: its own, that of the lane that differs in `mask`, or that of the lane in a table (-1: none). */
export type ShuffleSource =
  | { readonly kind: 'own' }
  | { readonly kind: 'xor'; readonly mask: number }
  | { readonly kind: 'indexed'; readonly lanes: readonly number[] };

/** One exchange: every lane sends one register and keeps what it gets in one register, or drops it. */
export interface ShuffleRound {
  readonly source: ShuffleSource;
  /** Lanes in no choice send anything. */
  readonly send: readonly RegisterChoice[];
  readonly receive: readonly RegisterChoice[];
}

export interface ShufflePlan {
  readonly rounds: readonly ShuffleRound[];
  /** Exchanges between lanes that one thread carries out. */
  readonly shuffles: number;
  /** Choices between two registers by lane. */
  readonly selects: number;
}

/** For destination register `r` of lane `l`, at `r * lanes + l`: the lane and register that hold its element, or -1. */
export interface LaneSources {
  readonly lanes: number;
  readonly registers: number;
  readonly lane: Int32Array;
  readonly register: Int32Array;
}

/** A round that is being put together. */
class RoundBuilder {
  readonly send: number[];
  readonly receive: number[];
  readonly from: number[];

  constructor(lanes: number) {
    this.send = new Array<number>(lanes).fill(-1);
    this.receive = new Array<number>(lanes).fill(-1);
    this.from = new Array<number>(lanes).fill(-1);
  }

  /** Whether `lane` may get `register` of `from` in this round too. */
  accepts(lane: number, from: number, register: number): boolean {
    const sent = this.send[from];
    return this.receive[lane] === -1 && (sent === -1 || sent === register);
  }

  add(lane: number, from: number, register: number, into: number): void {
    this.send[from] = register;
    this.receive[lane] = into;
    this.from[lane] = from;
  }

  build(): ShuffleRound {
    return {
      source: sourceOf(this.from),
      send: choicesOf(this.send),
      receive: choicesOf(this.receive),
    };
  }
}

function choicesOf(registers: readonly number[]): RegisterChoice[] {
  const sets = new Map<number, LaneSet>();
  registers.forEach((register, lane) => {
    if (register !== -1) sets.set(register, (sets.get(register) ?? 0n) | (1n << BigInt(lane)));
  });
  return [...sets]
    .map(([register, lanes]) => ({ register, lanes }))
    .sort((a, b) => a.register - b.register);
}

function sourceOf(from: readonly number[]): ShuffleSource {
  const masks = new Set(from.flatMap((source, lane) => (source === -1 ? [] : [source ^ lane])));
  if (masks.size > 1) return { kind: 'indexed', lanes: [...from] };
  const [mask] = masks;
  return mask === 0 ? { kind: 'own' } : { kind: 'xor', mask };
}

/**
 * Destination register by destination register: one round fills one register in every lane, unless two lanes want
 * different registers of one lane. The best where lanes read what one lane holds (broadcasts, indexed moves).
 */
function gatherRounds({ lanes, registers, lane, register }: LaneSources): RoundBuilder[] {
  const all: RoundBuilder[] = [];
  for (let into = 0; into < registers; into += 1) {
    const rounds: RoundBuilder[] = [];
    for (let at = 0; at < lanes; at += 1) {
      const from = lane[into * lanes + at];
      if (from === -1) continue;
      const wanted = register[into * lanes + at];
      let round = rounds.find((candidate) => candidate.accepts(at, from, wanted));
      if (round === undefined) rounds.push((round = new RoundBuilder(lanes)));
      round.add(at, from, wanted, into);
    }
    all.push(...rounds);
  }
  return all;
}

/**
 * Distance by distance: pairs of lanes that differ in one mask exchange as many registers as they have for each other.
 * The best for transpositions among lanes, where as many rounds suffice as there are registers.
 */
function exchangeRounds({ lanes, registers, lane, register }: LaneSources): RoundBuilder[] {
  const all: RoundBuilder[] = [];
  for (let mask = 0; mask < lanes; mask += 1) {
    const rounds: RoundBuilder[] = [];
    for (let at = 0; at < lanes; at += 1) {
      let round = 0;
      for (let into = 0; into < registers; into += 1) {
        if (lane[into * lanes + at] !== (at ^ mask)) continue;
        rounds[round] ??= new RoundBuilder(lanes);
        rounds[round].add(at, at ^ mask, register[into * lanes + at], into);
        round += 1;
      }
    }
    all.push(...rounds);
  }
  return all;
}

function planOf(rounds: readonly ShuffleRound[]): ShufflePlan {
  const contributions = new Map<number, number>();
  let [shuffles, selects] = [0, 0];
  for (const { source, send, receive } of rounds) {
    if (source.kind !== 'own') shuffles += 1;
    selects += send.length - 1;
    for (const { register } of receive)
      contributions.set(register, (contributions.get(register) ?? 0) + 1);
  }
  for (const count of contributions.values()) selects += count - 1;
  return { rounds, shuffles, selects };
}

/** A shuffle occupies the data path to shared memory for as long as two selects occupy the arithmetic units. */
function weightOf({ shuffles, selects }: ShufflePlan): number {
  return 2 * shuffles + selects;
}

/**
 * The rounds that give every lane what it wants: those of the cheaper of two ways.
 *
 * Law: after all rounds, destination register `r` of lane `l` holds source register `register[r, l]` of lane `lane[r, l]`.
 */
export function planShuffles(sources: LaneSources): ShufflePlan {
  const plans = [gatherRounds(sources), exchangeRounds(sources)].map((rounds) =>
    planOf(rounds.map((round) => round.build())),
  );
  return weightOf(plans[1]) < weightOf(plans[0]) ? plans[1] : plans[0];
}
