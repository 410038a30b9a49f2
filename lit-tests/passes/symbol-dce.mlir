// RUN: tile-opt %s --symbol-dce | filecheck %s --implicit-check-not=@unused

// CHECK: func.func private @used
func.func private @used() {
  return
}
// Two that only refer to each other are dead.
func.func private @unused_one() {
  func.call @unused_two() : () -> ()
  return
}
func.func private @unused_two() {
  func.call @unused_one() : () -> ()
  return
}
// CHECK: func.func @visible
func.func @visible() {
  func.call @used() : () -> ()
  return
}
