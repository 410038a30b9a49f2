/** The mutation test: mutants of many kernels for many targets, and how many of them were noticed, by class. */

import type { Target } from '../../targets/target.js';
import { kernelName } from '../interpreter/index.js';
import { createRandom } from '../run/random.js';
import { MutationSubject, parseKernels, type Fate } from './judge.js';
import { mutationClasses, type Mutant, type MutationClass } from './mutants.js';

export interface MutationProgram {
  readonly file: string;
  readonly text: string;
  /** Values of scalars and shapes of tensors that the inputs cannot be drawn without. */
  readonly sizes?: ReadonlyMap<string, number | readonly number[]>;
}

export interface MutationOptions {
  readonly programs: readonly MutationProgram[];
  readonly targets: readonly Target[];
  /** Mutants that are drawn of each class, kernel and target; all where there are not more. */
  readonly perClass: number;
  readonly seed: number;
  readonly schedules: number;
  /** Names of kernels to take; all where it is left out. */
  readonly kernels?: readonly string[];
  readonly classes?: readonly MutationClass[];
  readonly onMutant?: (judged: JudgedMutant) => void;
}

export interface JudgedMutant {
  readonly kernel: string;
  readonly target: string;
  readonly mutant: Mutant;
  readonly fate: Fate;
}

export interface ClassResult {
  /** Mutants that the kernels have, and how many of them were drawn. */
  readonly sites: number;
  readonly tried: number;
  readonly caught: number;
  readonly equivalent: number;
  /** Mutants that read something else on which no result depends. */
  readonly dead: number;
  readonly missed: readonly JudgedMutant[];
}

/** Caught mutants of those that make a difference; 1 where there are none. */
export function catchRate({ caught, missed }: ClassResult): number {
  const real = caught + missed.length;
  return real === 0 ? 1 : caught / real;
}

type MutableResult = { -readonly [K in keyof ClassResult]: ClassResult[K] } & {
  missed: JudgedMutant[];
};

export function runMutations(options: MutationOptions): Map<MutationClass, ClassResult> {
  const results = new Map<MutationClass, MutableResult>();
  for (const name of Object.keys(mutationClasses) as MutationClass[])
    results.set(name, { sites: 0, tried: 0, caught: 0, equivalent: 0, dead: 0, missed: [] });
  for (const { file, text, sizes } of options.programs) {
    for (const target of options.targets) {
      const { module, kernels } = parseKernels(text, file);
      for (const kernel of kernels) {
        if (options.kernels?.includes(kernelName(kernel)) === false) continue;
        const subject = new MutationSubject(module, kernel, target, { ...options, sizes });
        for (const [mutationClass, mutants] of byClass(subject.mutants)) {
          if (options.classes?.includes(mutationClass) === false) continue;
          const result = results.get(mutationClass)!;
          result.sites += mutants.length;
          const drawn = draw(mutants, options, `${subject.name} ${target.name} ${mutationClass}`);
          for (const mutant of drawn) {
            const fate = subject.judge(mutant);
            const judged = { kernel: subject.name, target: target.name, mutant, fate };
            result.tried++;
            if (fate.kind === 'caught') result.caught++;
            else if (fate.kind === 'missed') result.missed.push(judged);
            else result[fate.kind]++;
            options.onMutant?.(judged);
          }
        }
      }
    }
  }
  return results;
}

function byClass(mutants: readonly Mutant[]): Map<MutationClass, Mutant[]> {
  const groups = new Map<MutationClass, Mutant[]>();
  for (const mutant of mutants) {
    const group = groups.get(mutant.mutationClass) ?? [];
    group.push(mutant);
    groups.set(mutant.mutationClass, group);
  }
  return groups;
}

/** A sample without repetition, in program order. */
function draw(
  mutants: readonly Mutant[],
  { perClass, seed }: MutationOptions,
  name: string,
): readonly Mutant[] {
  if (mutants.length <= perClass) return mutants;
  const random = createRandom(seed, name);
  const keyed = mutants.map((mutant, order) => ({ mutant, order, key: random() }));
  keyed.sort((a, b) => a.key - b.key);
  return keyed
    .slice(0, perClass)
    .sort((a, b) => a.order - b.order)
    .map(({ mutant }) => mutant);
}
