/** How operations are printed. */

export interface PrintOptions {
  /** Generic form for every operation. */
  readonly generic?: boolean;
  /** Whether the operation passed the verifier (default). If not, the generic form is used: custom forms rely on it. */
  readonly verified?: boolean;
  /** Print locations. */
  readonly debugInfo?: boolean;
  /** Print locations for people: `file:line:column`; such a text cannot be parsed. */
  readonly prettyDebugInfo?: boolean;
  /** No aliases. */
  readonly localScope?: boolean;
  /** Keep the author's names of values and blocks (default). */
  readonly useOriginalNames?: boolean;
  /** Elements attributes with more elements than this print as `dense_resource<__elided__>`. */
  readonly elideLargeElements?: number;
  /** Elements attributes with more elements than this print as hexadecimal bytes. Default 100; -1 for never. */
  readonly hexLargeElements?: number;
  /** Resources whose text is longer than this are left out of the file's metadata. */
  readonly elideLargeResources?: number;
  /** Print properties among the attributes of the generic form. */
  readonly noProperties?: boolean;
  /** Print regions as `{...}`. */
  readonly skipRegions?: boolean;
  /** No two values share a name, even in regions side by side. */
  readonly printUniqueIds?: boolean;
  /** Comments that list the users of each value. */
  readonly valueUsers?: boolean;
}
