/** What long sweeps have found out, kept in a file so that a run that was broken off goes on where it was. */

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Facts by key, one JSON array to a line. Several processes may add to one file; the last line of a key holds. */
export class SweepStore {
  private readonly facts = new Map<string, unknown>();

  /** @param path the file; undefined keeps facts for this process only. */
  constructor(private readonly path?: string) {
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      // The last line may have been cut off in the middle.
      if (!line.endsWith(']')) continue;
      const [key, fact] = JSON.parse(line) as [string, unknown];
      this.facts.set(key, fact);
    }
  }

  get<Fact>(key: string): Fact | undefined {
    return this.facts.get(key) as Fact | undefined;
  }

  set(key: string, fact: unknown): void {
    this.facts.set(key, fact);
    if (this.path !== undefined) appendFileSync(this.path, `${JSON.stringify([key, fact])}\n`);
  }
}
