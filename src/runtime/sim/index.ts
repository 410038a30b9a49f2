// The simulator: executes emitted CUDA and HIP text on the host, stricter than the hardware.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../process.js';
import { buildSimulator } from './build.js';
import { scalarBytes } from './scalar.js';
import type {
  Counters,
  LineProfile,
  SimulatorProfile,
  SimulatorReport,
  SimulatorRequest,
  SimulatorResult,
  SimulatorTrace,
} from './types.js';
import { elementBytes } from './types.js';

export { findHostCompiler, simulatorVersion, type HostCompiler } from './build.js';
export { formatReport, reportFacts } from './format.js';
export * from './types.js';

/** How many times its processor time a run may take: the machine may be busy. */
const PATIENCE = 10;

/** Contents of report.json as engine.cpp writes it. */
interface EngineReport {
  result: number;
  schedules: number;
  seconds: number;
  reports: SimulatorReport[];
  trace?: SimulatorTrace;
  profile: { launches: number; blocks: number; barriers: number; lines: LineProfile[] };
}

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
  const folder = mkdtempSync(join(tmpdir(), 'tilewright-sim-'));
  try {
    writeRequest(request, folder);
    const seconds = request.limits?.seconds ?? 60;
    const run = runProcess(built.engine, [built.library, folder], {
      seconds: seconds * PATIENCE,
    });
    const reportPath = join(folder, 'report.json');
    if (!existsSync(reportPath)) {
      const why = run.timedOut
        ? 'the simulator did not end'
        : `the simulator ended with status ${run.status}`;
      return { status: 'rejected', diagnostics: run.errors.trim() || why };
    }
    const report = JSON.parse(readFileSync(reportPath, 'utf8')) as EngineReport;
    return {
      status: 'ran',
      launcherResult: report.result,
      outputs: readOutputs(request, folder),
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the request itself, if anything. */
function checkRequest(request: SimulatorRequest): string | undefined {
  for (const argument of request.arguments) {
    const bytes = elementBytes[argument.type];
    if (bytes === undefined)
      return `argument '${argument.name}': unknown element type '${argument.type}'`;
    if (argument.kind === 'buffer' && argument.data.length % bytes !== 0) {
      return `argument '${argument.name}': ${argument.data.length} bytes are no whole number of ${argument.type}`;
    }
  }
  return undefined;
}

/** Writes request.txt and the contents of the buffers; the format is described at `read_request` in engine.cpp. */
function writeRequest(request: SimulatorRequest, folder: string): void {
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
  request.arguments.forEach((argument, index) => {
    const name = argument.name.replace(/\s/g, '_');
    if (argument.kind === 'scalar') {
      lines.push(`scalar ${Buffer.from(scalarBytes(argument)).toString('hex')} ${name}`);
      return;
    }
    const file = argument.access === 'write' ? '-' : `in${index}.bin`;
    if (file !== '-') writeFileSync(join(folder, file), argument.data);
    const { type, access, data } = argument;
    lines.push(`buffer ${elementBytes[type]} ${data.length} ${access} ${type} ${file} ${name}`);
    if (argument.place !== undefined) {
      const { shape, strides, offset } = argument.place;
      const dimensions = shape.map((extent, dimension) => `${extent} ${strides[dimension]}`);
      lines.push(`place ${[offset, ...dimensions].join(' ')}`);
    }
  });
  writeFileSync(join(folder, 'request.txt'), `${lines.join('\n')}\n`);
}

function readOutputs(request: SimulatorRequest, folder: string): Map<string, Uint8Array> {
  const outputs = new Map<string, Uint8Array>();
  request.arguments.forEach((argument, index) => {
    if (argument.kind === 'scalar' || argument.access === 'read') return;
    outputs.set(argument.name, new Uint8Array(readFileSync(join(folder, `out${index}.bin`))));
  });
  return outputs;
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
