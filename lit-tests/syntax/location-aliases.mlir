// Aliases of locations are numbered and placed as by mlir-opt: inner ones first, those of block arguments in front.
// REQUIRES: mlir-opt
// RUN: tile-opt --mlir-print-debuginfo %s | tile-opt > %t.plain
// RUN: tile-opt --mlir-print-debuginfo %s | filecheck %s
// RUN: mlir-opt-19 --mlir-print-debuginfo %s | filecheck %s
// RUN: tile-opt --mlir-print-debuginfo --mlir-print-local-scope %s | filecheck %s --check-prefix=LOCAL

// CHECK: #loc2 = loc("arg")
// CHECK-NEXT: #loc9 = loc("bbarg")
// CHECK: addi {{.*}} loc(#loc13)
// CHECK-NEXT: addi {{.*}} loc(#loc11)
// CHECK-NEXT: addi {{.*}} loc(#loc12)
// CHECK-NEXT: addi {{.*}} loc(#loc7)
// CHECK: return {{.*}} loc(#loc4)
// CHECK: #loc3 = loc("g":3:4)
// CHECK-NEXT: #loc4 = loc("f":1:2)
// CHECK: #loc7 = loc(unknown)
// CHECK: #loc10 = loc("x"(#loc3))
// CHECK-NEXT: #loc11 = loc(fused<"meta">[#loc5, #loc4])
// CHECK-NEXT: #loc12 = loc(fused[#loc5, #loc6])
// CHECK-NEXT: #loc13 = loc(callsite(#loc10 at #loc4))
// LOCAL-NOT: #loc
// LOCAL: loc(callsite("x"("g":3:4) at "f":1:2))
#l = loc("f":1:2)
module {
  func.func @f(%arg0: i32 loc("arg")) -> i32 {
    %0 = arith.addi %arg0, %arg0 : i32 loc(callsite("x"("g":3:4) at #l))
    %1 = arith.addi %0, %arg0 : i32 loc(fused<"meta">["a", #l])
    %2 = arith.addi %1, %arg0 : i32 loc(fused["a", "b"])
    %3 = arith.addi %2, %arg0 : i32 loc(unknown)
    cf.br ^bb1(%3 : i32)
  ^bb1(%4: i32 loc("bbarg")):
    return %4 : i32 loc(#l)
  } loc("func")
}
