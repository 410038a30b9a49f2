// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "arith.constant"}
// CHECK: %a = arith.constant 42 : i32
"test.begin"() {name = "arith.constant"} : () -> ()
%a = arith.constant 42 : i32
%b = arith.constant 1.500000e+00 : f16
%c = arith.constant dense<0> : vector<4xi32>
%t = arith.constant true

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.addi"}
// CHECK: %b = arith.addi %a, %a : i32
"test.begin"() {name = "arith.addi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.addi %a, %a : i32
%c = arith.addi %a, %a overflow<nsw, nuw> : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.subi"}
// CHECK: %b = arith.subi %a, %a : i32
"test.begin"() {name = "arith.subi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.subi %a, %a : i32
%c = arith.subi %a, %a overflow<nsw, nuw> : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.muli"}
// CHECK: %b = arith.muli %a, %a : i32
"test.begin"() {name = "arith.muli"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.muli %a, %a : i32
%c = arith.muli %a, %a overflow<nsw, nuw> : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.addui_extended"}
// CHECK: %s, %o = arith.addui_extended %a, %a : i32, i1
"test.begin"() {name = "arith.addui_extended"} : () -> ()
%a = arith.constant 7 : i32
%s, %o = arith.addui_extended %a, %a : i32, i1

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.mulsi_extended"}
// CHECK: %l, %h = arith.mulsi_extended %a, %a : i32
"test.begin"() {name = "arith.mulsi_extended"} : () -> ()
%a = arith.constant 7 : i32
%l, %h = arith.mulsi_extended %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.mului_extended"}
// CHECK: %l, %h = arith.mului_extended %a, %a : i32
"test.begin"() {name = "arith.mului_extended"} : () -> ()
%a = arith.constant 7 : i32
%l, %h = arith.mului_extended %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.divui"}
// CHECK: %b = arith.divui %a, %a : i32
"test.begin"() {name = "arith.divui"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.divui %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.divsi"}
// CHECK: %b = arith.divsi %a, %a : i32
"test.begin"() {name = "arith.divsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.divsi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.ceildivui"}
// CHECK: %b = arith.ceildivui %a, %a : i32
"test.begin"() {name = "arith.ceildivui"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.ceildivui %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.ceildivsi"}
// CHECK: %b = arith.ceildivsi %a, %a : i32
"test.begin"() {name = "arith.ceildivsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.ceildivsi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.floordivsi"}
// CHECK: %b = arith.floordivsi %a, %a : i32
"test.begin"() {name = "arith.floordivsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.floordivsi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.remui"}
// CHECK: %b = arith.remui %a, %a : i32
"test.begin"() {name = "arith.remui"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.remui %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.remsi"}
// CHECK: %b = arith.remsi %a, %a : i32
"test.begin"() {name = "arith.remsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.remsi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.andi"}
// CHECK: %b = arith.andi %a, %a : i32
"test.begin"() {name = "arith.andi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.andi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.ori"}
// CHECK: %b = arith.ori %a, %a : i32
"test.begin"() {name = "arith.ori"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.ori %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.xori"}
// CHECK: %b = arith.xori %a, %a : i32
"test.begin"() {name = "arith.xori"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.xori %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.shli"}
// CHECK: %b = arith.shli %a, %a : i32
"test.begin"() {name = "arith.shli"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.shli %a, %a : i32
%c = arith.shli %a, %a overflow<nsw, nuw> : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.shrui"}
// CHECK: %b = arith.shrui %a, %a : i32
"test.begin"() {name = "arith.shrui"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.shrui %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.shrsi"}
// CHECK: %b = arith.shrsi %a, %a : i32
"test.begin"() {name = "arith.shrsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.shrsi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.maxsi"}
// CHECK: %b = arith.maxsi %a, %a : i32
"test.begin"() {name = "arith.maxsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.maxsi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.maxui"}
// CHECK: %b = arith.maxui %a, %a : i32
"test.begin"() {name = "arith.maxui"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.maxui %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.minsi"}
// CHECK: %b = arith.minsi %a, %a : i32
"test.begin"() {name = "arith.minsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.minsi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.minui"}
// CHECK: %b = arith.minui %a, %a : i32
"test.begin"() {name = "arith.minui"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.minui %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.negf"}
// CHECK: %b = arith.negf %a : f32
"test.begin"() {name = "arith.negf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.negf %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.addf"}
// CHECK: %b = arith.addf %a, %a : f32
"test.begin"() {name = "arith.addf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.addf %a, %a : f32
%c = arith.addf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.subf"}
// CHECK: %b = arith.subf %a, %a : f32
"test.begin"() {name = "arith.subf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.subf %a, %a : f32
%c = arith.subf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.maximumf"}
// CHECK: %b = arith.maximumf %a, %a : f32
"test.begin"() {name = "arith.maximumf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.maximumf %a, %a : f32
%c = arith.maximumf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.maxnumf"}
// CHECK: %b = arith.maxnumf %a, %a : f32
"test.begin"() {name = "arith.maxnumf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.maxnumf %a, %a : f32
%c = arith.maxnumf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.minimumf"}
// CHECK: %b = arith.minimumf %a, %a : f32
"test.begin"() {name = "arith.minimumf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.minimumf %a, %a : f32
%c = arith.minimumf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.minnumf"}
// CHECK: %b = arith.minnumf %a, %a : f32
"test.begin"() {name = "arith.minnumf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.minnumf %a, %a : f32
%c = arith.minnumf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.mulf"}
// CHECK: %b = arith.mulf %a, %a : f32
"test.begin"() {name = "arith.mulf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.mulf %a, %a : f32
%c = arith.mulf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.divf"}
// CHECK: %b = arith.divf %a, %a : f32
"test.begin"() {name = "arith.divf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.divf %a, %a : f32
%c = arith.divf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.remf"}
// CHECK: %b = arith.remf %a, %a : f32
"test.begin"() {name = "arith.remf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.remf %a, %a : f32
%c = arith.remf %a, %a fastmath<nnan,contract> : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.extui"}
// CHECK: %b = arith.extui %a : i32 to i64
"test.begin"() {name = "arith.extui"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.extui %a : i32 to i64

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.extsi"}
// CHECK: %b = arith.extsi %a : i32 to i64
"test.begin"() {name = "arith.extsi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.extsi %a : i32 to i64

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.extf"}
// CHECK: %b = arith.extf %a : f16 to f32
"test.begin"() {name = "arith.extf"} : () -> ()
%a = arith.constant 1.5 : f16
%b = arith.extf %a : f16 to f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.trunci"}
// CHECK: %b = arith.trunci %a : i64 to i32
"test.begin"() {name = "arith.trunci"} : () -> ()
%a = arith.constant 7 : i64
%b = arith.trunci %a : i64 to i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.truncf"}
// CHECK: %b = arith.truncf %a : f32 to f16
"test.begin"() {name = "arith.truncf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.truncf %a : f32 to f16

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.uitofp"}
// CHECK: %b = arith.uitofp %a : i32 to f32
"test.begin"() {name = "arith.uitofp"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.uitofp %a : i32 to f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.sitofp"}
// CHECK: %b = arith.sitofp %a : i32 to f32
"test.begin"() {name = "arith.sitofp"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.sitofp %a : i32 to f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.fptoui"}
// CHECK: %b = arith.fptoui %a : f32 to i32
"test.begin"() {name = "arith.fptoui"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.fptoui %a : f32 to i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.fptosi"}
// CHECK: %b = arith.fptosi %a : f32 to i32
"test.begin"() {name = "arith.fptosi"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.fptosi %a : f32 to i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.index_cast"}
// CHECK: %b = arith.index_cast %a : index to i32
"test.begin"() {name = "arith.index_cast"} : () -> ()
%a = arith.constant 7 : index
%b = arith.index_cast %a : index to i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.index_castui"}
// CHECK: %b = arith.index_castui %a : index to i32
"test.begin"() {name = "arith.index_castui"} : () -> ()
%a = arith.constant 7 : index
%b = arith.index_castui %a : index to i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.bitcast"}
// CHECK: %b = arith.bitcast %a : f32 to i32
"test.begin"() {name = "arith.bitcast"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.bitcast %a : f32 to i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.cmpi"}
// CHECK: %b = arith.cmpi slt, %a, %a : i32
"test.begin"() {name = "arith.cmpi"} : () -> ()
%a = arith.constant 7 : i32
%b = arith.cmpi slt, %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.cmpf"}
// CHECK: %b = arith.cmpf olt, %a, %a : f32
"test.begin"() {name = "arith.cmpf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = arith.cmpf olt, %a, %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "arith.select"}
// CHECK: %b = arith.select %c, %a, %a : i32
"test.begin"() {name = "arith.select"} : () -> ()
%c = arith.constant true
%a = arith.constant 7 : i32
%b = arith.select %c, %a, %a : i32
