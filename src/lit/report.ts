/** What a run prints, in lit's form. */

import { fullName, type LitTest } from './discovery.js';
import { isFailure, RESULT_KINDS, type ResultCode, type TestResult } from './result.js';

export interface DisplayOptions {
  readonly quiet: boolean;
  readonly succinct: boolean;
  readonly showOutput: boolean;
  readonly showAllOutput: boolean;
  /** Codes that are not failures and are listed in the summary nonetheless. */
  readonly shownCodes: ReadonlySet<ResultCode>;
  /** Whether a person watches: a line that is overwritten shows the progress. */
  readonly progress: boolean;
}

export class Display {
  private done = 0;
  private barLength = 0;
  private failures = 0;

  constructor(
    private readonly total: number,
    private readonly options: DisplayOptions,
    private readonly write: (text: string) => void,
    private readonly writeProgress: (text: string) => void,
  ) {}

  start(selected: number, discovered: number, workers: number): void {
    const count = selected === discovered ? `${selected}` : `${selected} of ${discovered}`;
    if (!this.options.quiet) this.write(`-- Testing: ${count} tests, ${workers} workers --\n`);
  }

  add(test: LitTest, result: TestResult): void {
    this.done++;
    const { options } = this;
    const failed = isFailure(result.code);
    if (failed) this.failures++;
    const isShown = failed || options.showAllOutput || !(options.quiet || options.succinct);
    if (isShown) {
      this.clearProgress();
      this.write(`${result.code}: ${fullName(test)} (${this.done} of ${this.total})\n`);
      if (options.showAllOutput || (failed && options.showOutput)) {
        if (failed) {
          const stars = '*'.repeat(20);
          this.write(`${stars} TEST '${fullName(test)}' FAILED ${stars}\n`);
        }
        this.write(`${result.output}\n${'*'.repeat(20)}\n`);
      }
    }
    if (options.progress) this.showProgress(test);
  }

  private showProgress(test: LitTest): void {
    const width = 30;
    const filled = Math.round((width * this.done) / this.total);
    const failures = this.failures > 0 ? `, ${this.failures} failed` : '';
    const text =
      `[${'='.repeat(filled)}${' '.repeat(width - filled)}] ${this.done}/${this.total}${failures} ${test.name}`.slice(
        0,
        78,
      );
    this.clearProgress();
    this.writeProgress(text);
    this.barLength = text.length;
  }

  clearProgress(): void {
    if (this.barLength > 0) this.writeProgress(`\r${' '.repeat(this.barLength)}\r`);
    this.barLength = 0;
  }

  /** Lists the failures by kind, then counts all kinds. */
  finish(results: ReadonlyMap<LitTest, TestResult>, elapsed: number): void {
    const { options } = this;
    this.clearProgress();
    const byCode = new Map<ResultCode, LitTest[]>();
    for (const [test, { code }] of results) {
      if (!byCode.has(code)) byCode.set(code, []);
      byCode.get(code)!.push(test);
    }
    for (const { code, label, isFailure: failed } of RESULT_KINDS) {
      const tests = byCode.get(code);
      if (tests === undefined || !(failed || options.shownCodes.has(code))) continue;
      this.write(`${'*'.repeat(20)}\n${label} Tests (${tests.length}):\n`);
      for (const name of tests.map(fullName).sort()) this.write(`  ${name}\n`);
      this.write('\n');
    }
    if (!options.quiet) this.write(`\nTesting Time: ${elapsed.toFixed(2)}s\n`);
    const total = results.size;
    const shown = RESULT_KINDS.filter(
      ({ code, isFailure: failed }) => byCode.has(code) && (failed || !options.quiet),
    );
    this.write(`\nTotal Discovered Tests: ${total}\n`);
    const labelWidth = Math.max(0, ...shown.map(({ label }) => label.length));
    const countWidth = Math.max(
      0,
      ...shown.map(({ code }) => `${byCode.get(code)!.length}`.length),
    );
    for (const { code, label } of shown) {
      const count = byCode.get(code)!.length;
      const percentage = ((count / total) * 100).toFixed(2);
      this.write(
        `  ${label.padEnd(labelWidth)}: ${`${count}`.padStart(countWidth)} (${percentage}%)\n`,
      );
    }
  }
}

/** lit's `-o` file. */
export function jsonReport(
  results: ReadonlyMap<LitTest, TestResult>,
  elapsed: number,
  version: readonly number[],
): string {
  const tests = [...results].map(([test, result]) => ({
    code: result.code,
    elapsed: result.elapsed,
    name: fullName(test),
    output: result.output,
  }));
  return `${JSON.stringify({ __version__: version, elapsed, tests }, null, 2)}\n`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?');
}

/** A report in JUnit's form. */
export function junitReport(results: ReadonlyMap<LitTest, TestResult>, elapsed: number): string {
  const suites = new Map<string, [LitTest, TestResult][]>();
  for (const entry of results) {
    const { name } = entry[0].config;
    if (!suites.has(name)) suites.set(name, []);
    suites.get(name)!.push(entry);
  }
  let xml = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites time="${elapsed.toFixed(2)}">\n`;
  for (const [name, entries] of suites) {
    const failures = entries.filter(([, { code }]) => isFailure(code)).length;
    const isSkipped = (code: ResultCode): boolean =>
      code === 'UNSUPPORTED' || code === 'SKIPPED' || code === 'EXCLUDED';
    const skipped = entries.filter(([, { code }]) => isSkipped(code)).length;
    xml += `<testsuite name="${escapeXml(name)}" tests="${entries.length}" failures="${failures}" skipped="${skipped}">\n`;
    for (const [test, result] of entries) {
      const parts = test.name.split('/');
      const folder = parts.length > 1 ? parts.slice(0, -1).join('.') : name;
      const head = `<testcase classname="${escapeXml(`${name}.${folder}`)}" name="${escapeXml(parts.at(-1)!)}" time="${result.elapsed.toFixed(2)}"`;
      if (isFailure(result.code)) {
        xml += `${head}>\n  <failure>${escapeXml(result.output)}</failure>\n</testcase>\n`;
      } else if (isSkipped(result.code)) {
        const reason =
          result.missingFeatures === undefined
            ? result.code === 'UNSUPPORTED'
              ? 'Unsupported configuration'
              : 'Test not selected or not run'
            : `Missing required feature(s): ${result.missingFeatures.join(', ')}`;
        xml += `${head}>\n  <skipped message="${escapeXml(reason)}"/>\n</testcase>\n`;
      } else {
        xml += `${head}/>\n`;
      }
    }
    xml += '</testsuite>\n';
  }
  return `${xml}</testsuites>\n`;
}

const RESULTDB_STATUS: Readonly<Record<ResultCode, string>> = {
  PASS: 'PASS',
  XPASS: 'PASS',
  FLAKYPASS: 'PASS',
  FAIL: 'FAIL',
  XFAIL: 'FAIL',
  UNSUPPORTED: 'SKIP',
  SKIPPED: 'SKIP',
  EXCLUDED: 'SKIP',
  UNRESOLVED: 'ABORT',
  TIMEOUT: 'ABORT',
};

/** A report in the form that Chromium's ResultDB takes. */
export function resultDbReport(
  results: ReadonlyMap<LitTest, TestResult>,
  elapsed: number,
  version: readonly number[],
): string {
  const artifact = 'artifact-content-in-request';
  const tests = [...results].map(([test, result]) => ({
    artifacts: {
      [artifact]: { contents: Buffer.from(result.output, 'utf8').toString('base64') },
    },
    duration: `${result.elapsed.toFixed(9)}s`,
    expected: !isFailure(result.code),
    start_time: new Date(result.run?.start ?? 0).toISOString(),
    status: RESULTDB_STATUS[result.code],
    summary_html: `<p><text-artifact artifact-id="${artifact}"></p>`,
    testId: fullName(test),
  }));
  return `${JSON.stringify({ __version__: version, elapsed, tests }, null, 2)}\n`;
}

/** When each test ran, as `chrome://tracing` shows it: a row for each of the lanes side by side. */
export function timeTraceReport(results: ReadonlyMap<LitTest, TestResult>): string {
  const ran = [...results].flatMap(([test, result]) =>
    result.run === undefined || result.code === 'UNSUPPORTED'
      ? []
      : [{ test, elapsed: result.elapsed, ...result.run }],
  );
  const first = Math.min(...ran.map(({ start }) => start));
  const traceEvents = ran.map(({ test, elapsed, start, lane }) => ({
    dur: Math.round(elapsed * 1e6),
    name: fullName(test),
    ph: 'X',
    pid: process.pid,
    tid: lane,
    ts: (start - first) * 1000,
  }));
  return `${JSON.stringify({ traceEvents }, null, 2)}\n`;
}
