/** Reproducers: a program with the pipeline that fails on it, in one file that `--run-reproducer` runs. */

import { formatString } from '../ir/index.js';

export interface ReproducerSettings {
  readonly pipeline: string;
  readonly verifyEach: boolean;
}

const METADATA = /^\{-#[\s\S]*?^#-\}\s*$/m;

/** The text of a reproducer file. File metadata that the program has already is replaced. */
export function formatReproducer(program: string, settings: ReproducerSettings): string {
  return `${program.replace(METADATA, '').trimEnd()}

{-#
  external_resources: {
    mlir_reproducer: {
      pipeline: ${formatString(settings.pipeline)},
      disable_threading: true,
      verify_each: ${settings.verifyEach}
    }
  }
#-}
`;
}

/** The settings in a reproducer file and the program without them; undefined where it is no reproducer. */
export function parseReproducer(
  text: string,
): { readonly program: string; readonly settings: ReproducerSettings } | undefined {
  const block = /mlir_reproducer\s*:\s*\{([\s\S]*?)\n\s*\}/.exec(text)?.[1];
  const pipeline =
    block === undefined ? undefined : /\bpipeline\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(block)?.[1];
  if (block === undefined || pipeline === undefined) return undefined;
  return {
    // Newlines stay, so that positions in diagnostics are those of the file.
    program: text.replace(METADATA, (metadata) => metadata.replace(/[^\n]/g, '')),
    settings: {
      pipeline: unescapeString(pipeline),
      verifyEach: !/\bverify_each\s*:\s*false/.test(block),
    },
  };
}

function unescapeString(text: string): string {
  return text.replace(
    /\\(?:([0-9A-Fa-f]{2})|(.))/g,
    (_, hex: string | undefined, other: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      return other === 'n' ? '\n' : other === 't' ? '\t' : other;
    },
  );
}
