/** Resources that a file carries behind its operations: `{-# dialect_resources: {...} #-}`. */

import type { Operation } from './operation.js';

/** Group (`dialect_resources`, `external_resources`) -> owner -> key -> value as written (`"0x..."`, `true`). */
export type FileMetadata = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;

const metadata = new WeakMap<Operation, FileMetadata>();

/** The resources of the file that a top-level operation was parsed from. */
export function fileMetadataOf(root: Operation): FileMetadata | undefined {
  return metadata.get(root);
}

export function setFileMetadata(root: Operation, value: FileMetadata): void {
  metadata.set(root, value);
}
