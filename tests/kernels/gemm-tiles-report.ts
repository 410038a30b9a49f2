/** What became of the points of the sweep over products, and tables of it. */

import { tileProgram, type TargetPoint } from './gemm-tiles.js';
import type { KernelJudge, KernelVerdict, Reported } from './judge-kernels.js';

/** What the lowering of a product may report; `docs/products.md` explains each with an example. */
export const documentedDiagnostics = {
  'too much shared memory': {
    severity: 'error',
    message: /^'tile\.kernel' op needs \d+ bytes of shared memory, but \w+ has \d+ per block$/,
  },
  'no such element type': {
    severity: 'error',
    message: /^'tile\.kernel' op uses element type '\w+', but \w+ has (no 8-bit floats|.+ and .+)$/,
  },
  'no instruction': {
    severity: 'remark',
    message:
      /^product is computed by scalar multiply-adds: \w+ has no matrix instruction for \w+ x \w+ -> \w+, only for .+$/,
  },
  'no division': {
    severity: 'remark',
    message:
      /^product is computed by scalar multiply-adds: \d+ warps cannot divide \d+x\d+x\d+ into instructions: the part of one warp must be divisible in .+$/,
  },
  'converted operand': {
    severity: 'remark',
    message:
      /^operand [AB] is converted to \w+ in registers: \w+ has no matrix instruction for \w+ x \w+ -> \w+$/,
  },
  'staged operand': {
    severity: 'remark',
    message: /^operand [AB] goes through shared memory: .+$/,
  },
  registers: {
    severity: 'remark',
    message:
      /^keeps fragments of \d+ registers in each thread through a loop, but \w+ has \d+: the rest goes to memory$/,
  },
  'bank conflicts': {
    severity: 'remark',
    message: /^'tile\.(gemm|copy)' on this tile meets a \d+-way bank conflict$/,
  },
  'not overlapped': {
    severity: 'remark',
    message:
      /^(loop is not pipelined: its body has no copy from global to shared memory|loop is pipelined through registers: .+|copies do not overlap the computation: holding them would take \d+ registers of each thread, and only \d+ are free of operands and addresses)$/,
  },
  'one version': {
    severity: 'remark',
    message:
      /^loop has one version of each buffer and a second barrier: two versions need \d+ bytes of shared memory, \w+ has \d+$/,
  },
  'single elements': {
    severity: 'remark',
    message: /^copy moves single elements: .+$/,
  },
  'element by element': {
    severity: 'remark',
    message:
      /^'tile\.copy' transposes this tile element by element: \d+ threads do not divide it into blocks$/,
  },
  'barrier of some warps': {
    severity: 'remark',
    message:
      /^barrier of (each \d+ threads, '.*', instead of the block's \d+|the block(, though only threads of a group '.*' meet in .*|: of \d+ others too few are left for \d+ groups))/,
  },
  'free choice': {
    severity: 'remark',
    message:
      /^takes (single elements|vectors of \d+ elements): the cheapest of \d+ layouts, about \d+ cycles of a block less than the dearest$/,
  },
} as const satisfies Record<string, { severity: Reported['severity']; message: RegExp }>;

export type DocumentedName = keyof typeof documentedDiagnostics;

/** The documented diagnostic that one is, if it is one. */
export function documentedName({ severity, message }: Reported): DocumentedName | undefined {
  const names = Object.keys(documentedDiagnostics) as DocumentedName[];
  return names.find((name) => {
    const documented = documentedDiagnostics[name];
    return documented.severity === severity && documented.message.test(message);
  });
}

export interface JudgedPoint {
  readonly point: TargetPoint;
  readonly verdict: KernelVerdict;
}

function isTooLarge({ diagnostics }: KernelVerdict): boolean {
  return diagnostics.some((diagnostic) => documentedName(diagnostic) === 'too much shared memory');
}

/** Judges points of one target: as pipelines of two stages, or of one where shared memory is too small for two. */
export function judgePoints(judge: KernelJudge, points: readonly TargetPoint[]): JudgedPoint[] {
  const judgeWith = (stages: 1 | 2, own: readonly TargetPoint[]): KernelVerdict[] =>
    judge.judge(own.map((point) => tileProgram(point, point.types, stages)));
  const verdicts = judgeWith(2, points);
  const tooLarge = points.filter((_, i) => isTooLarge(verdicts[i]));
  const again = new Map(judgeWith(1, tooLarge).map((verdict, i) => [tooLarge[i], verdict]));
  return points.map((point, i) => ({ point, verdict: again.get(point) ?? verdicts[i] }));
}

/** Those of the points that were judged before, as {@link judgePoints} does. */
export function recallPoints(judge: KernelJudge, points: readonly TargetPoint[]): JudgedPoint[] {
  const recall = (stages: 1 | 2, point: TargetPoint): KernelVerdict | undefined =>
    judge.recall(tileProgram(point, point.types, stages));
  return points.flatMap((point) => {
    let verdict = recall(2, point);
    if (verdict !== undefined && isTooLarge(verdict)) verdict = recall(1, point);
    return verdict === undefined ? [] : [{ point, verdict }];
  });
}

/** What is wrong with a point: a diagnostic that is not documented, another result, text that does not compile. */
export function problemsOf({ point: { target }, verdict }: JudgedPoint): string[] {
  const { name, diagnostics, difference, compiled } = verdict;
  const unknown = diagnostics.filter((diagnostic) => documentedName(diagnostic) === undefined);
  const hasError = diagnostics.some(({ severity }) => severity === 'error');
  return [
    ...unknown.map(({ severity, message }) => `${severity} that is not documented: ${message}`),
    ...(difference === undefined && !hasError ? ['refused without a diagnostic'] : []),
    ...(difference ? [`other result: ${difference}`] : []),
    ...(compiled?.problem === undefined ? [] : [`not compiled cleanly: ${compiled.problem}`]),
  ].map((problem) => `${target} ${name}: ${problem}`);
}

type Column = readonly [heading: string, counts: (judged: JudgedPoint) => boolean];

const said =
  (...names: readonly DocumentedName[]) =>
  ({ verdict }: JudgedPoint): boolean =>
    verdict.diagnostics.some((diagnostic) => names.includes(documentedName(diagnostic)!));
const isEqual = ({ verdict }: JudgedPoint): boolean => verdict.difference === '';
const isCompiled = ({ verdict: { compiled } }: JudgedPoint): boolean =>
  compiled !== undefined && compiled.problem === undefined;
const isRefused = ({ verdict }: JudgedPoint): boolean => verdict.difference === undefined;
const hasSpilled = ({ verdict }: JudgedPoint): boolean => (verdict.compiled?.spilled ?? 0) > 0;
const hasFailed = (judged: JudgedPoint): boolean => problemsOf(judged).length > 0;

const verdictColumns: readonly Column[] = [
  ['points', () => true],
  ['equal', isEqual],
  ['compiled', isCompiled],
  ['failed', hasFailed],
];

/** Verdicts by target and element type, with what the lowering said. */
export function tableOfTypes(judged: readonly JudgedPoint[]): string {
  return table(judged, ['target', 'types'], ({ point }) => [point.target, point.types], [
    ...verdictColumns,
    ['registers', said('registers')],
    ['bank conflicts', (each) => isEqual(each) && said('bank conflicts')(each)],
    ['spilled beside', (each) => hasSpilled(each) && !said('registers')(each)],
    ['no instruction', (each) => isEqual(each) && said('no instruction')(each)],
    ['no division', (each) => isEqual(each) && said('no division')(each)],
    ['too much shared memory', said('too much shared memory')],
    ['no such element type', said('no such element type')],
  ]);
}

/** Verdicts by target, place of the operands and storage order. */
export function tableOfOperands(judged: readonly JudgedPoint[]): string {
  return table(
    judged,
    ['target', 'operands', 'order'],
    ({ point }) => [point.target, point.operands.toUpperCase(), point.order.toUpperCase()],
    [...verdictColumns, ['refused', isRefused]],
  );
}

function table(
  judged: readonly JudgedPoint[],
  headings: readonly string[],
  keyOf: (judged: JudgedPoint) => readonly string[],
  columns: readonly Column[],
): string {
  const groups = new Map<string, JudgedPoint[]>();
  for (const each of judged) {
    const key = keyOf(each).join(' | ');
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;
  const rows = [...groups].map(([key, own]) =>
    row([key, ...columns.map(([, counts]) => own.filter(counts).length)]),
  );
  return [
    row([...headings, ...columns.map(([heading]) => heading)]),
    row([...headings.map(() => '---'), ...columns.map(() => '---:')]),
    ...rows,
  ].join('');
}
