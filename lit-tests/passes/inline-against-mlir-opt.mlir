// The same text as upstream, for all options.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --inline | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline='default-pipeline=' | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline='default-pipeline=' > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline=max-iterations=1 | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline=max-iterations=1 > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline=max-iterations=0 | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline=max-iterations=0 > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline=inlining-threshold=40 | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline=inlining-threshold=40 > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline=inlining-threshold=100 | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline=inlining-threshold=100 > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline=inlining-threshold=0 | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline=inlining-threshold=0 > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline='op-pipelines=func.func(cse)' | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline='op-pipelines=func.func(cse)' > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline=default-pipeline=cse,canonicalize | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline=default-pipeline=cse,canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %s --inline='op-pipelines=func.func(canonicalize,cse),gpu.func(cse) max-iterations=2' | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --inline='op-pipelines=func.func(canonicalize,cse),gpu.func(cse) max-iterations=2' > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func private @leaf(%a: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %x = arith.addi %a, %c0 : i32
  %y = arith.muli %x, %a : i32
  return %y : i32
}
func.func private @odd(%a: i32) -> i32 {
  %x = call @even(%a) : (i32) -> i32
  %y = call @leaf(%x) : (i32) -> i32
  return %y : i32
}
func.func private @even(%a: i32) -> i32 {
  %x = call @odd(%a) : (i32) -> i32
  %z = arith.addi %x, %a : i32
  return %z : i32
}
func.func @main(%a: i32) -> i32 {
  %x = call @even(%a) : (i32) -> i32
  %l = call @leaf(%a) : (i32) -> i32
  %b = call @blocks(%l) : (i32) -> i32
  %y = call @self(%b) : (i32) -> i32
  %r = arith.addi %x, %y : i32
  return %r : i32
}
func.func private @self(%a: i32) -> i32 {
  %x = call @self(%a) : (i32) -> i32
  return %x : i32
}
func.func private @blocks(%a: i32) -> i32 {
  %c = arith.constant 5 : i32
  %k = arith.cmpi slt, %a, %c : i32
  cf.cond_br %k, ^x, ^y
^x:
  return %c : i32
^y:
  %m = call @leaf(%a) : (i32) -> i32
  return %m : i32
}
func.func @nested(%c: i1, %a: i32) -> i32 {
  %r = scf.if %c -> i32 {
    %m = func.call @blocks(%a) : (i32) -> i32
    scf.yield %m : i32
  } else {
    %m = func.call @leaf(%a) : (i32) -> i32
    scf.yield %m : i32
  }
  return %r : i32
}
