// The simulator: executes emitted CUDA and HIP text on the host, stricter than the hardware.
import { runProcess } from '../process.js';
import { buildSimulator } from './build.js';
import { scalarBytes } from './scalar.js';
import type {
  Counters,
  LineProfile,
  SimulatorBuffer,
  SimulatorProfile,
  SimulatorReport,
  SimulatorRequest,
  SimulatorResult,
  SimulatorTrace,
} from './types.js';
import { bytesOf } from './types.js';

export { findHostCompiler, simulatorVersion, withoutTarget, type HostCompiler } from './build.js';
export { formatReport, reportFacts } from './format.js';
export * from './types.js';

/** How many times its processor time a run may take: the machine may be busy. */
const PATIENCE = 10;

/** The report as engine.cpp writes it. */
interface EngineReport {
  result: number;
  schedules: number;
  seconds: number;
  reports: SimulatorReport[];
  trace?: SimulatorTrace;
  profile: { launches: number; blocks: number; barriers: number; lines: LineProfile[] };
}

/** Bytes that a report, or what a kernel prints, may have. */
const MAX_TEXT_BYTES = 1 << 26;

/**
 * Compiles (or takes from the cache) and runs one launcher of an emitted file.
 *
 * Never throws for what is wrong with the text or the request: see {@link SimulatorResult}.
 */
export function simulate(request: SimulatorRequest): SimulatorResult {
  const start = performance.now();
  const problem = checkRequest(request);
  if (problem) return { status: 'rejected', diagnostics: problem };
  const fileName = request.fileName ?? (request.target === 'cuda' ? 'kernel.cu' : 'kernel.hip');
  const built = buildSimulator(request.text, {
    waveSize: request.waveSize,
    isQuick: request.isQuickBuild === true,
    fileName,
  });
  if (built.kind === 'unavailable') return { status: 'unavailable', reason: built.reason };
  if (built.kind === 'failed') return { status: 'rejected', diagnostics: built.diagnostics };
  const seconds = request.limits?.seconds ?? 60;
  const run = runProcess(built.engine, [built.library], {
    input: requestBytes(request),
    seconds: seconds * PATIENCE,
    maxBytes: MAX_TEXT_BYTES + outputsOf(request).reduce((sum, { data }) => sum + data.length, 0),
  });
  const endOfReport = run.answer.indexOf(0);
  if (endOfReport < 0) {
    const why = run.timedOut
      ? 'the simulator did not end'
      : `the simulator ended with status ${run.status}`;
    return { status: 'rejected', diagnostics: run.errors.trim() || why };
  }
  const report = JSON.parse(
    new TextDecoder().decode(run.answer.subarray(0, endOfReport)),
  ) as EngineReport;
  return {
    status: 'ran',
    launcherResult: report.result,
    outputs: readOutputs(request, run.answer.subarray(endOfReport + 1)),
    reports: report.reports,
    printed: run.output.split('\n').slice(0, -1),
    profile: withTotals(report.profile),
    trace: report.trace,
    schedules: report.schedules,
    seconds: {
      compile: built.compileSeconds,
      run: report.seconds,
      total: (performance.now() - start) / 1000,
    },
  };
}

/** The buffers that a launch may write. */
function outputsOf(request: SimulatorRequest): SimulatorBuffer[] {
  return request.arguments.filter(
    (argument): argument is SimulatorBuffer =>
      argument.kind === 'buffer' && argument.access !== 'read',
  );
}

/** What is wrong with the request itself, if anything. */
function checkRequest(request: SimulatorRequest): string | undefined {
  for (const argument of request.arguments) {
    const bytes = bytesOf(argument.type, 1);
    if (bytes === undefined)
      return `argument '${argument.name}': unknown element type '${argument.type}'`;
    if (argument.kind === 'buffer' && argument.data.length % bytes !== 0) {
      return `argument '${argument.name}': ${argument.data.length} bytes are no whole number of ${argument.type}`;
    }
  }
  return undefined;
}

/** The request in the form that is described at `read_request` in engine.cpp. */
function requestBytes(request: SimulatorRequest): Uint8Array {
  const limits = request.limits ?? {};
  const lines = [
    `entry ${request.entry}`,
    `seed ${request.seed}`,
    `schedules ${request.schedules ?? 1}`,
    `max-reports ${limits.reports ?? 20}`,
    `max-steps ${limits.steps ?? 2e9}`,
    `max-seconds ${limits.seconds ?? 60}`,
    `shared-limit ${limits.sharedBytes ?? (request.target === 'cuda' ? 232448 : 65536)}`,
    ...(request.trace === true ? ['trace 1'] : []),
    ...(request.races === false ? ['races 0'] : []),
  ];
  for (const { name, offset, bytes } of request.sharedTiles ?? [])
    lines.push(`shared-tile ${offset} ${bytes} ${name.replace(/\s/g, '_')}`);
  const contents: Uint8Array[] = [];
  for (const argument of request.arguments) {
    const name = argument.name.replace(/\s/g, '_');
    if (argument.kind === 'scalar') {
      lines.push(`scalar ${Buffer.from(scalarBytes(argument)).toString('hex')} ${name}`);
      continue;
    }
    const { type, access, data } = argument;
    lines.push(`buffer ${bytesOf(type, 1)} ${data.length} ${access} ${type} ${name}`);
    if (argument.place !== undefined) {
      const { shape, strides, offset } = argument.place;
      const dimensions = shape.map((extent, dimension) => `${extent} ${strides[dimension]}`);
      lines.push(`place ${[offset, ...dimensions].join(' ')}`);
    }
    if (access !== 'write') contents.push(data);
  }
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), ...contents]);
}

/** The outputs by name, of which the bytes follow each other. */
function readOutputs(request: SimulatorRequest, bytes: Uint8Array): Map<string, Uint8Array> {
  let at = 0;
  return new Map(
    outputsOf(request).map(({ name, data }) => {
      const end = at + data.length;
      // Copied, so that it begins where an array of any element type may begin.
      const copy = new Uint8Array(bytes.subarray(at, end));
      at = end;
      return [name, copy];
    }),
  );
}

function withTotals(profile: EngineReport['profile']): SimulatorProfile {
  const totals: { -readonly [K in keyof Counters]: number } = {
    requests: 0,
    sharedBytes: 0,
    sharedWavefronts: 0,
    sharedConflicts: 0,
    globalBytes: 0,
    globalSectors: 0,
    globalUsefulBytes: 0,
    flop: 0,
    copies: 0,
    copyDistance: 0,
  };
  for (const line of profile.lines) {
    for (const key of Object.keys(totals) as (keyof Counters)[]) totals[key] += line[key];
  }
  const lines = [...profile.lines].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { ...profile, lines, totals };
}
