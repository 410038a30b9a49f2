/** Texts that between them use every construct of the language; the test dialects understand the custom forms. */

/** In generic form, or forms that mlir-opt knows too: what the differential tests send to it. */
export const GENERIC: Readonly<Record<string, string>> = {
  results: `%a, %b:2, %c = "t.many"() : () -> (i1, i2, i3, i4)
"t.use"(%a, %b#1, %b#0, %c) : (i1, i3, i2, i4) -> ()
%0:3 = "t.three"() : () -> (i32, i32, i32)
"t.use"(%0#2) : (i32) -> ()`,
  blocks: `"t.region"() ({
  %c, %v = "t.def"() : () -> (i32, f32)
  "t.br"(%c, %v)[^second] : (i32, f32) -> ()
^third(%r: i32):
  "t.br"(%later, %r)[^third, ^fourth] : (i32, i32) -> ()
^second(%x: i32, %y: f32):
  %later = "t.def"(%x) : (i32) -> i32
  "t.br"()[^third] : () -> ()
^fourth:
  "t.end"() : () -> ()
^unreachable:
  "t.end"(%y) : (f32) -> ()
}, {
}, {
^only(%z: index):
}) : () -> ()`,
  attributes: `"t.attributes"() <{p = 1 : i8, q}> {
  unit, "quoted name" = unit, bool = true, int = -5, wide = 123456789012345678901234567890 : i128,
  hex = 0xFF : i32, si = -3 : si8, ui = 255 : ui8, index = 7 : index,
  f64 = 1.5, f32 = 0.1 : f32, bits = 0x7F800000 : f32, nan = 0x7E00 : f16, tiny = 4.9e-324,
  string = "tab\\t quote\\" newline\\n back\\\\ bytes\\00\\FF\\C3\\A9", typed = "x" : i32,
  array = [1, 2 : i8, [], [[]], 1.5, 123456789.0], dict = {a = 1, b = {}}, ref = @a::@"b c"::@d, type = memref<4xf32>,
  dense = dense<[[1, 2], [3, -4]]> : tensor<2x2xi8>, splat = dense<1.5> : vector<4xf16>,
  raw = dense<"0x01020304"> : tensor<4xi8>, none = dense<> : tensor<0x3xi32>, bools = dense<[true, false]> : tensor<2xi1>,
  list = array<i64: 1, -2>, floats = array<f32: 1.0, 0x7F800000>, flags = array<i1: true, false>, empty = array<i8>,
  map = affine_map<(d0, d1)[s0] -> (d0 + d1 * 2 - 1, d0 floordiv 3, (d0 + s0) mod 4, -d1, d1 ceildiv s0)>,
  nothing = affine_map<() -> ()>, set = affine_set<(d0)[s0] : (d0 - s0 >= 0, d0 == 3)>,
  strided = strided<[4, ?], offset: ?>, loc = loc("f.c":1:2), resource = dense_resource<blob> : tensor<4xf32>,
  opaque = #other.attr<"a>b", [x]>, raw_opaque = #other<some -> "text">, function = (i32, () -> ()) -> (f32, f64)
} : () -> ()`,
  types: `"t.types"() {types = [
  i1, si4, ui128, index, none, bf16, f16, tf32, f32, f64, f80, f128, f8E4M3FN, f8E5M2, f8E4M3FNUZ, f8E5M2FNUZ,
  tensor<4x?xf32>, tensor<*xi8>, tensor<f32>, tensor<2xf32, "encoding">, memref<4x?xf32>, memref<*xf32, 3>,
  memref<4xf32, strided<[?], offset: 2>>, memref<4x4xf32, affine_map<(d0, d1) -> (d1, d0)>, 1 : i32>, memref<2xf32, "space">,
  vector<4xf32>, vector<[4]x2xi1>, vector<f32>, complex<f64>, tuple<>, tuple<i32, tuple<f32>>,
  () -> (), (i32) -> f32, (i32) -> (i32, i32), () -> (() -> ()), !other.type<4x4, #x>, !other<a b c>,
  memref<2xmemref<2xi8>>, tensor<2xvector<2xf32>>, tensor<0xi32>
]} : () -> ()`,
  aliases: `#map = affine_map<(d0) -> (d0 * 2)>
#inner = [1, 2]
#outer = {a = #inner, m = #map}
!tuple = tuple<i32, f32>
"t.a"() {x = #outer, y = #map, z = !tuple, w = memref<4xf32, #map>} : () -> !tuple`,
  locations: `#first = loc("a.c":1:2)
%0 = "t.a"() : () -> i32 loc(#first)
"t.b"() ({
^bb0(%x: i32 loc(#last), %y: i32 loc(unknown)):
  "t.c"() : () -> () loc(callsite("name"("b.c":3:4) at fused<"meta">[#first, "c.c":5:6]))
}) : () -> () loc(#last)
#last = loc("last"(#first))`,
  metadata: `"t.a"() {x = dense_resource<blob> : tensor<2xi32>} : () -> ()
{-#
  dialect_resources: {
    builtin: {
      blob: "0x040000000100000002000000"
    }
  }
#-}`,
  shadows: `"t.isolated"() ({
  %x = "t.x"() : () -> i32
  "t.y"() ({
    %y = "t.x"() : () -> f32
    "t.use"(%y, %x) : (f32, i32) -> ()
  }, {
    %y = "t.x"() : () -> i64
    "t.use"(%y) : (i64) -> ()
  }) : () -> ()
  %y = "t.x"() : () -> i1
}) : () -> ()`,
};

/** In the custom forms of the test dialects. */
export const CUSTOM: Readonly<Record<string, string>> = {
  functions: `module @m attributes {t.x = 1 : i8} {
  func.func @f(%acc: i32, %n: index) -> (i32, i32) attributes {t.y} {
    %c = arith.constant 4 : i32
    %0 = arith.constant 4 : i32
    %1 = arith.constant 1.5 : f32
    %sum = arith.addi %acc, %c {t.flag} : i32
    t.loop %i = %n to %n : index {
      %t = arith.addi %i, %n : index
      %v = t.load [%i + %n * 2 - 1, symbol(%n) floordiv 4] : index
      t.loop %j = %i to %v : index {
      } {inner}
    }
    %t = "x.y"(%sum) {z = !t.tile<2x?xf16, some (note)>} : (i32) -> index
    cf.br ^next(%t : index)
  ^next(%q: index):
    return %sum, %c : i32, i32
  }
  module { func.func @"odd name"(%n: i1) { return {t.z} } }
}`,
  aliases: `#l = #t.layout<4x8xf32, (4,8):(8,1)>
func.func @f(%a: !t.tile<4xf32>) {
  "t.use"(%a) {l = #l, m = [#l, #t.layout<2xf32>]} : (!t.tile<4xf32>) -> ()
  return
}`,
  names: `func.func @names(%a: index, %b: index) {
  t.loop %i = %a to %b : index {
    %x = arith.addi %i, %i : index
    t.loop %i2 = %a to %b : index {
      %x3 = arith.addi %i, %x : index
    }
  }
  t.loop %i = %a to %b : index {
    %x = arith.addi %i, %i : index
  }
  %x = arith.addi %a, %b : index
  return
}`,
};
