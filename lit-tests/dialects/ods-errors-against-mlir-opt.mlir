// What upstream's checks say of operations declared in YAML, word for word.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --load-dialect=%S/Inputs/ods.yaml --split-input-file --allow-unregistered-dialect --verify-diagnostics > %t
// RUN: %mlir-opt %s --split-input-file --allow-unregistered-dialect --verify-diagnostics > %t

// expected-error@+1 {{expected operation name in quotes}}
test.format_attr_op 10 : i32
// -----
// expected-error@+1 {{'test.format_attr_op' op requires attribute 'attr'}}
"test.format_attr_op"() : () -> ()
// -----
// expected-error@+1 {{'test.format_attr_op' op attribute 'attr' failed to satisfy constraint: 64-bit signless integer attribute}}
"test.format_attr_op"() {attr = 1 : i32} : () -> ()
// -----
// expected-error@+1 {{expected attribute value}}
test.format_opt_attr_op_a(
// -----
// expected-error@+1 {{'test.format_attr_dict_w_keyword' op requires attribute 'attr'}}
test.format_attr_dict_w_keyword
// -----
// expected-error@+3 {{use of value '%i64' expects different type than prior uses: 'i64' vs 'i32'}}
// expected-note@+1 {{prior use here}}
%i64 = "test.op"() : () -> i32
test.format_buildable_type_op %i64
// -----
// expected-error@+1 {{operation defines 1 results but was provided 2 to bind}}
%ignored_a:2 = test.format_result_b_op i64
// -----
// expected-error@+1 {{operation defines 2 results but was provided 3 to bind}}
%ignored_a:3 = test.format_result_b_op i64, memref<f32>
// -----
// expected-error@+2 {{1 operands present, but expected 2}}
%0:2 = "test.op"() : () -> (i64, memref<1xf64>)
test.format_operand_a_op %0#0 : i64, memref<1xf64>
// -----
// expected-error@+2 {{2 operands present, but expected 1}}
%0:2 = "test.op"() : () -> (i64, memref<1xf64>)
test.format_operand_a_op %0#0, %0#1 : i64
// -----
// expected-error@+3 {{use of value '%0' expects different type than prior uses: 'i32' vs 'i64'}}
// expected-note@+1 {{prior use here}}
%0:2 = "test.op"() : () -> (i64, memref<1xf64>)
test.format_operand_a_op %0#0, %0#1 : i32, memref<1xf64>
// -----
// expected-error@+2 {{3 operands present, but expected 2}}
%0:2 = "test.op"() : () -> (i64, i64)
test.format_variadic_operand %0#0, %0#1, %0#0 : i64, i64
// -----
// expected-error@+1 {{custom op 'case6' is unknown (tried 'builtin.case6' as well)}}
test.format_optional_enum_attr case6
// -----
// expected-error@+1 {{'test.format_optional_enum_attr' op attribute 'attr' failed to satisfy constraint: allowed 64-bit signless integer cases: 5, 10}}
"test.format_optional_enum_attr"() {attr = 7 : i64} : () -> ()
// -----
// expected-error@+2 {{'test.format_all_types_match_var' op failed to verify that all of {value1, value2, result} have same type}}
%i64 = "test.op"() : () -> i64
%0 = "test.format_all_types_match_var"(%i64, %i64) : (i64, i64) -> i32
// -----
// expected-error@+2 {{'test.format_types_match_var' op failed to verify that result type matches operand}}
%i64 = "test.op"() : () -> i64
%0 = "test.format_types_match_var"(%i64) : (i64) -> i32
// -----
// expected-error@+1 {{`keyword` clause can appear at most once in the expansion of the oilist directive}}
test.oilist_with_keywords_only keyword keyword
// -----
// expected-error@+2 {{`keyword` clause can appear at most once in the expansion of the oilist directive}}
%a = "test.op"() : () -> i32
test.oilist_with_simple_args keyword %a : i32 keyword %a : i32
// -----
// expected-error@+2 {{'test.operands_have_same_rank' op failed to verify that all of {x, y} have same rank}}
%0:2 = "test.op"() : () -> (tensor<1x2xf32>, tensor<1xf32>)
"test.operands_have_same_rank"(%0#0, %0#1) : (tensor<1x2xf32>, tensor<1xf32>) -> ()
// -----
// expected-error@+2 {{'test.operands_and_result_have_same_rank' op operands don't have matching ranks}}
%0:2 = "test.op"() : () -> (tensor<1x2xf32>, tensor<1xf32>)
%1 = "test.operands_and_result_have_same_rank"(%0#0, %0#1) : (tensor<1x2xf32>, tensor<1xf32>) -> tensor<4xf32>
// -----
// expected-error@+2 {{'test.operand0_and_result_have_same_rank' op failed to verify that all of {x, res} have same rank}}
%0:2 = "test.op"() : () -> (tensor<1x2xf32>, tensor<1xf32>)
%1 = "test.operand0_and_result_have_same_rank"(%0#0, %0#1) : (tensor<1x2xf32>, tensor<1xf32>) -> tensor<4xf32>
// -----
// expected-error@+2 {{'test.operand0_and_result_have_same_shape' op failed to verify that all of {x, res} have same shape}}
%0:2 = "test.op"() : () -> (tensor<1x2xf32>, tensor<1xf32>)
%1 = "test.operand0_and_result_have_same_shape"(%0#0, %0#1) : (tensor<1x2xf32>, tensor<1xf32>) -> tensor<4xf32>
// -----
// expected-error@+2 {{'test.operand0_and_result_have_same_element_type' op failed to verify that all of {x, res} have same element type}}
%0:2 = "test.op"() : () -> (tensor<1x2xf32>, tensor<1xf32>)
%1 = "test.operand0_and_result_have_same_element_type"(%0#0, %0#1) : (tensor<1x2xf32>, tensor<1xf32>) -> tensor<4xi32>
// -----
// expected-error@+2 {{'test.operand0_and_result_have_same_element_count' op failed to verify that all of {x, res} have same element count}}
%0:2 = "test.op"() : () -> (tensor<1x2xf32>, tensor<1xf32>)
%1 = "test.operand0_and_result_have_same_element_count"(%0#0, %0#1) : (tensor<1x2xf32>, tensor<1xf32>) -> tensor<4xi32>
// -----
// expected-error@+2 {{'test.operands_have_same_element_type' op failed to verify that all of {x, y} have same element type}}
%0:2 = "test.op"() : () -> (tensor<1x2xf32>, tensor<1xi32>)
"test.operands_have_same_element_type"(%0#0, %0#1) : (tensor<1x2xf32>, tensor<1xi32>) -> ()
// -----
// expected-error@+2 {{'test.operands_have_same_type' op failed to verify that all of {x, y} have same type}}
%0:2 = "test.op"() : () -> (i32, i64)
"test.operands_have_same_type"(%0#0, %0#1) : (i32, i64) -> ()
// -----
// expected-error@+2 {{'test.operand0_and_result_have_same_type' op failed to verify that all of {x, res} have same type}}
%0:2 = "test.op"() : () -> (i32, i64)
%1 = "test.operand0_and_result_have_same_type"(%0#0, %0#1) : (i32, i64) -> f32
// -----
// expected-error@+2 {{'test.same_operand_element_type' op requires the same element type for all operands}}
%0:2 = "test.op"() : () -> (tensor<2xi32>, tensor<2xf32>)
%1 = "test.same_operand_element_type"(%0#0, %0#1) : (tensor<2xi32>, tensor<2xf32>) -> tensor<1xf32>
// -----
// expected-error@+2 {{'test.same_operand_and_result_element_type' op requires the same element type for all operands and results}}
%0:2 = "test.op"() : () -> (tensor<2xi32>, tensor<2xf32>)
%1 = "test.same_operand_and_result_element_type"(%0#0) : (tensor<2xi32>) -> tensor<1xf32>
// -----
// expected-error@+1 {{'test.same_operand_and_result_element_type' op expected 1 or more operands, but found 0}}
"test.same_operand_and_result_element_type"() : () -> ()
// -----
// expected-error@+1 {{'test.same_operand_and_result_element_type' op expected 1 or more operands, but found 0}}
%1 = "test.same_operand_and_result_element_type"() : () -> i32
// -----
// expected-error@+2 {{'test.same_operand_shape' op requires the same shape for all operands}}
%0:2 = "test.op"() : () -> (tensor<2xi32>, tensor<2x3xi32>)
"test.same_operand_shape"(%0#0, %0#1) : (tensor<2xi32>, tensor<2x3xi32>) -> ()
// -----
// expected-error@+1 {{'test.same_operand_shape' op expected 1 or more operands, but found 0}}
"test.same_operand_shape"() : () -> ()
// -----
// expected-error@+2 {{'test.same_operand_and_result_shape' op requires the same shape for all operands and results}}
%0:2 = "test.op"() : () -> (tensor<2xi32>, tensor<2x3xi32>)
%1 = "test.same_operand_and_result_shape"(%0#0) : (tensor<2xi32>) -> tensor<3xi32>
// -----
// expected-error@+1 {{'test.same_operand_and_result_shape' op expected 1 or more operands, but found 0}}
"test.same_operand_and_result_shape"() : () -> ()
// -----
// expected-error@+2 {{'test.same_operand_and_result_type' op requires the same type for all operands and results}}
%0:2 = "test.op"() : () -> (tensor<2xi32>, tensor<2x3xi32>)
%1 = "test.same_operand_and_result_type"(%0#0) : (tensor<2xi32>) -> tensor<3xi32>
// -----
// expected-error@+2 {{'test.broadcastable' op operands don't have broadcast-compatible shapes}}
%0:2 = "test.op"() : () -> (tensor<2xi32>, tensor<3xi32>)
%1 = "test.broadcastable"(%0#0, %0#1) : (tensor<2xi32>, tensor<3xi32>) -> tensor<3xi32>
// -----
// expected-error@+2 {{'test.broadcastable' op result type '2x3' not broadcast compatible with broadcasted operands's shapes '4x3'}}
%0:2 = "test.op"() : () -> (tensor<4x3xi32>, tensor<3xi32>)
%1 = "test.broadcastable"(%0#0, %0#1) : (tensor<4x3xi32>, tensor<3xi32>) -> tensor<2x3xi32>
// -----
// expected-error@+2 {{'test.elementwise_mappable' op all non-scalar operands/results must have the same shape and base type}}
%0:2 = "test.op"() : () -> (tensor<4xi32>, vector<4xi32>)
%1 = "test.elementwise_mappable"(%0#0, %0#1) : (tensor<4xi32>, vector<4xi32>) -> tensor<4xi32>
// -----
// expected-error@+2 {{'test.elementwise_mappable' op if a result is non-scalar, then at least one operand must be non-scalar}}
%0:2 = "test.op"() : () -> (tensor<4xi32>, i32)
%1 = "test.elementwise_mappable"(%0#1) : (i32) -> tensor<4xi32>
// -----
// expected-error@+2 {{'test.elementwise_mappable' op all non-scalar operands/results must have the same shape and base type}}
%0:2 = "test.op"() : () -> (tensor<4xi32>, tensor<5xi32>)
%1 = "test.elementwise_mappable"(%0#0, %0#1) : (tensor<4xi32>, tensor<5xi32>) -> tensor<4xi32>
// -----
// expected-error@+2 {{'test.elementwise_mappable' op if an operand is non-scalar, then there must be at least one non-scalar result}}
%0:2 = "test.op"() : () -> (tensor<4xi32>, i32)
%1 = "test.elementwise_mappable"(%0#0) : (tensor<4xi32>) -> i32
// -----
// expected-error@+1 {{'test.sized_region_op' op region #0 ('my_region') failed to verify constraint: region with 2 blocks}}
"test.sized_region_op"() ({ ^bb0: "test.x"() : () -> () }, {}) : () -> ()
// -----
// expected-error@+1 {{'test.sized_region_op' op expected 2 regions}}
"test.sized_region_op"() ({ ^bb0: "test.br"()[^bb1] : () -> () ^bb1: "test.return"() : () -> () }) : () -> ()
// -----
// expected-error@+1 {{'test.sized_region_op' op expected 2 regions}}
"test.sized_region_op"() : () -> ()
// -----
// expected-error@+1 {{'test.one_region_op' op requires one region}}
"test.one_region_op"() ({}, {}) : () -> ()
// -----
// expected-error@+1 {{'test.two_region_op' op expected 2 regions}}
"test.two_region_op"() ({}) : () -> ()
// -----
// expected-error@+2 {{'test.attr_sized_operands' op operand count (2) does not match with the total size (3) specified in attribute 'operandSegmentSizes'}}
%0 = "test.op"() : () -> i32
"test.attr_sized_operands"(%0, %0) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (i32, i32) -> ()
// -----
// expected-error@+2 {{'test.attr_sized_operands' op operand count (2) does not match with the total size (0) specified in attribute 'operandSegmentSizes'}}
%0 = "test.op"() : () -> i32
"test.attr_sized_operands"(%0, %0) : (i32, i32) -> ()
// -----
// expected-error@+2 {{'test.attr_sized_operands' op 'operandSegmentSizes' attribute cannot have negative elements}}
%0 = "test.op"() : () -> i32
"test.attr_sized_operands"(%0, %0) {operandSegmentSizes = array<i32: 3, 0, -1, 0>} : (i32, i32) -> ()
// -----
// expected-error@+2 {{'test.attr_sized_operands' op operand count (2) does not match with the total size (3) specified in attribute 'operandSegmentSizes'}}
%0 = "test.op"() : () -> i32
"test.attr_sized_operands"(%0, %0) <{operandSegmentSizes = array<i32: 1, 1, 1, 0>}> : (i32, i32) -> ()
// -----
// expected-error@+1 {{'test.attr_sized_results' op result count (2) does not match with the total size (3) specified in attribute 'resultSegmentSizes'}}
%0:2 = "test.attr_sized_results"() {resultSegmentSizes = array<i32: 1, 1, 1, 0>} : () -> (i32, i32)
// -----
// expected-error@+1 {{'test.attr_sized_results' op result count (2) does not match with the total size (0) specified in attribute 'resultSegmentSizes'}}
%0:2 = "test.attr_sized_results"() : () -> (i32, i32)
// -----
// expected-error@+1 {{'test.child' op expects parent op 'test.parent'}}
"test.child"() : () -> ()
// -----
// expected-error@+1 {{'test.child_with_parent_one_of' op expects parent op to be one of 'test.parent, test.parent1'}}
"test.child_with_parent_one_of"() : () -> ()
// -----
// expected-error@+1 {{'test.non_negative_int_attr' op attribute 'i32attr' failed to satisfy constraint: 32-bit signless integer attribute whose value is non-negative}}
"test.non_negative_int_attr"() {i32attr = -5 : i32, i64attr = 10 : i64} : () -> ()
// -----
// expected-error@+1 {{'test.non_negative_int_attr' op attribute 'i64attr' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
"test.non_negative_int_attr"() {i32attr = 5 : i32, i64attr = -10 : i64} : () -> ()
// -----
// expected-error@+1 {{'test.positive_int_attr' op attribute 'i32attr' failed to satisfy constraint: 32-bit signless integer attribute whose value is positive}}
"test.positive_int_attr"() {i32attr = 0 : i32, i64attr = 10 : i64} : () -> ()
// -----
// expected-error@+1 {{'test.int_attrs' op attribute 'index_attr' failed to satisfy constraint: index attribute}}
"test.int_attrs"() {any_i32_attr = 5 : i32, index_attr = 7 : i32, ui32_attr = 9 : ui32, si32_attr = 1 : si32} : () -> ()
// -----
// expected-error@+1 {{'test.int_attrs' op attribute 'ui32_attr' failed to satisfy constraint: 32-bit unsigned integer attribute}}
"test.int_attrs"() {any_i32_attr = 5 : i32, index_attr = 7 : index, ui32_attr = 9 : i32, si32_attr = 1 : si32} : () -> ()
// -----
// expected-error@+1 {{'test.int_attrs' op attribute 'si32_attr' failed to satisfy constraint: 32-bit signed integer attribute}}
"test.int_attrs"() {any_i32_attr = 5 : i32, index_attr = 7 : index, ui32_attr = 9 : ui32, si32_attr = 1 : ui32} : () -> ()
// -----
// expected-error@+1 {{'test.type_array_attr' op attribute 'attr' failed to satisfy constraint: type array attribute}}
"test.type_array_attr"() {attr = [1]} : () -> ()
// -----
// expected-error@+1 {{'test.dense_array_attr' op attribute 'emptyattr' failed to satisfy constraint: i32 dense array attribute}}
"test.dense_array_attr"() {i1attr = array<i1: true>, i8attr = array<i8: 2, 3>, i16attr = array<i16: 4>, i32attr = array<i32: 6>, i64attr = array<i64: 10>, f32attr = array<f32: 1.0>, f64attr = array<f64: 1.1>, emptyattr = array<i16>} : () -> ()
// -----
// expected-error@+1 {{'test.dense_array_attr' op attribute 'i8attr' failed to satisfy constraint: i8 dense array attribute}}
"test.dense_array_attr"() {i1attr = array<i1: true>, i8attr = array<i16: 2, 3>, i16attr = array<i16: 4>, i32attr = array<i32: 6>, i64attr = array<i64: 10>, f32attr = array<f32: 1.0>, f64attr = array<f64: 1.1>, emptyattr = array<i32>} : () -> ()
// -----
// expected-error@+1 {{'test.mixed_normal_variadic_result' op expected 1 or more results}}
"test.mixed_normal_variadic_result"() : () -> ()
// -----
// expected-error@+2 {{'test.takes_static_memref' op operand #0 must be statically shaped memref of any type values, but got 'memref<?xf32>'}}
%0 = "test.op"() : () -> memref<?xf32>
"test.takes_static_memref"(%0) : (memref<?xf32>) -> ()
// -----
// expected-error@+1 {{'test.rank_less_than_2_I8_F32_memref' op result #0 must be 0D/1D memref of 8-bit signless integer or 32-bit float values, but got 'memref<1x2x3xf32>'}}
%0 = "test.rank_less_than_2_I8_F32_memref"() : () -> memref<1x2x3xf32>
// -----
// expected-error@+1 {{'test.rank_less_than_2_I8_F32_memref' op result #0 must be 0D/1D memref of 8-bit signless integer or 32-bit float values, but got 'memref<1xi16>'}}
%0 = "test.rank_less_than_2_I8_F32_memref"() : () -> memref<1xi16>
// -----
// expected-error@+1 {{'test.i32_enum_attr' op attribute 'attr' failed to satisfy constraint: allowed 32-bit signless integer cases: 5, 10}}
%0 = "test.i32_enum_attr"() {attr = 6 : i32} : () -> i32
// -----
// expected-error@+1 {{'test.i32_enum_attr' op attribute 'attr' failed to satisfy constraint: allowed 32-bit signless integer cases: 5, 10}}
%0 = "test.i32_enum_attr"() {attr = 5 : i64} : () -> i32
// -----
// expected-error@+1 {{'test.i32_enum_attr' op attribute 'attr' failed to satisfy constraint: allowed 32-bit signless integer cases: 5, 10}}
%0 = "test.i32_enum_attr"() {attr = "x"} : () -> i32
