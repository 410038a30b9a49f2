// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --verify-diagnostics

func.func @f(%a: index) {
  // expected-error@+1 {{dimension or symbol index mismatch}}
  %x = affine.apply affine_map<(d0, d1) -> (d0)>(%a)
  return
}

// -----

func.func @f(%a: index) {
  // expected-error@+1 {{'affine.apply' op mapping must produce one value}}
  %x = "affine.apply"(%a) {map = affine_map<(d0) -> (d0, d0)>} : (index) -> index
  return
}
