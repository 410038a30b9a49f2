/** Makes the operations' locations point into a file that holds the program as it is now. */

import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FileLocation,
  fuseLocations,
  NameLocation,
  printWithOffsets,
  type Location,
  type Operation,
} from '../ir/index.js';
import { definePass } from './pass.js';
import { stringOption } from './pass-options.js';

export const snapshotOpLocationsPass = definePass({
  name: 'snapshot-op-locations',
  title: 'LocationSnapshot',
  summary: 'Generate new locations from the current IR',
  description:
    'Writes the program to a file, and gives each operation its place in that file as location: diagnostics of later passes then show the lowered program. With a tag the location before is kept beside the new one. Columns count from zero, as upstream counts them.',
  options: {
    filename: stringOption('', 'the file to write; a temporary one where empty', '<file>'),
    tag: stringOption(
      '',
      'a name under which new locations are fused with the old ones; empty for replacing them',
    ),
  },
  run(root, { options, writeFile, markAllAnalysesPreserved }) {
    markAllAnalysesPreserved();
    const file =
      options.filename === ''
        ? join(tmpdir(), `mlir_snapshot-${randomUUID().slice(0, 6)}.tmp.mlir`)
        : options.filename;
    const { text, offsets } = printWithOffsets(root);
    writeFile(file, `${text}\n`);
    const locations = new Map<Operation, Location>();
    let line = 1;
    let lineStart = 0;
    for (const [op, offset] of [...offsets].sort(([, a], [, b]) => a - b)) {
      for (
        let end = text.indexOf('\n', lineStart);
        end !== -1 && end < offset;
        end = text.indexOf('\n', lineStart)
      ) {
        line++;
        lineStart = end + 1;
      }
      locations.set(op, new FileLocation(file, line, offset - lineStart));
    }
    root.walk((op) => {
      // What is not printed is where the operation around it is.
      let place: Operation | null = op;
      while (place !== null && !locations.has(place)) place = place.parentOp;
      const location = place === null ? undefined : locations.get(place);
      if (location === undefined) return;
      op.location =
        options.tag === ''
          ? location
          : fuseLocations([op.location, new NameLocation(options.tag, location)]);
    }, 'pre');
  },
});
