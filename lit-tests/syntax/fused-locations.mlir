// Fused locations name each part once and dissolve what says nothing, as upstream's do.
// REQUIRES: mlir-opt
// RUN: %mlir-opt %s --allow-unregistered-dialect --mlir-print-debuginfo --mlir-print-local-scope | sed '/^$/d' > %t.theirs
// RUN: tile-opt %s --allow-unregistered-dialect --mlir-print-debuginfo --mlir-print-local-scope > %t.ours
// RUN: diff %t.theirs %t.ours

module {
  "t.one"() : () -> () loc(fused["a"])
  "t.twice"() : () -> () loc(fused["a", "b", "a"])
  "t.nested"() : () -> () loc(fused[fused["a", "b"], "c"])
  "t.nested_metadata"() : () -> () loc(fused[fused<"m">["a", "b"], "c"])
  "t.same_metadata"() : () -> () loc(fused<"m">[fused<"m">["a", "b"], "c"])
  "t.other_metadata"() : () -> () loc(fused<"n">[fused<"m">["a", "b"], "c"])
  "t.unknown"() : () -> () loc(fused[unknown, "a", unknown])
  "t.all_unknown"() : () -> () loc(fused[unknown, unknown])
  "t.metadata_one"() : () -> () loc(fused<"m">["a"])
  "t.metadata_twice"() : () -> () loc(fused<1 : i32>["a", "a"])
  "t.metadata_unknown"() : () -> () loc(fused<"m">[unknown, "a"])
  "t.call"() : () -> () loc(callsite("a" at callsite("b" at "c":1:2)))
  "t.name"() : () -> () loc("n"("f":1:2))
} loc("m":1:1)
