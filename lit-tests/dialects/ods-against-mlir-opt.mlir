// Formats, constraints and traits declared in YAML as upstream declares them for its own tests: the same text in both
// forms, and each tool reads what the other prints.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --load-dialect=%S/Inputs/ods.yaml --split-input-file --allow-unregistered-dialect > %t.mlir
// RUN: %mlir-opt %t.mlir --split-input-file --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --split-input-file --allow-unregistered-dialect > %t.theirs
// RUN: diff %t.theirs %t.ours
// RUN: tile-opt %t.theirs --load-dialect=%S/Inputs/ods.yaml --split-input-file --allow-unregistered-dialect --mlir-print-op-generic > %t.generic.mlir
// RUN: %mlir-opt %t.generic.mlir --split-input-file --allow-unregistered-dialect > %t.again
// RUN: diff %t.theirs %t.again

test.format_literal_op keyword_$. -> :, = <> () []( )? + * {
} {foo.some_attr}
// -----
test.format_attr_op 10
// -----
test.format_attr_op 10 {foo = 2}
// -----
"test.format_opt_attr_op_a"() {opt_attr = 1 : i64} : () -> ()
// -----
"test.format_opt_attr_op_b"() {opt_attr = 1 : i64} : () -> ()
// -----
test.format_opt_attr_op_a(10)
test.format_opt_attr_op_a
test.format_opt_attr_op_b 10
test.format_opt_attr_op_b
// -----
test.format_symbol_name_attr_op @name
// -----
test.format_opt_symbol_name_attr_op @name
test.format_opt_symbol_name_attr_op
// -----
test.format_opt_symbol_ref_attr_op @name::@b
test.format_opt_symbol_ref_attr_op
// -----
test.format_attr_dict_w_keyword attributes {attr = 10 : i64}
test.format_attr_dict_w_keyword attributes {attr = 10 : i64, opt_attr = 10 : i64}
// -----
test.format_region_a_op { "test.return"() : () -> () }
// -----
test.format_region_b_op { "test.return"() : () -> () }
// -----
test.format_region_c_op region { "test.return"() : () -> () }
test.format_region_c_op
// -----
test.format_variadic_region_a_op { "test.return"() : () -> () }, { "test.return"() : () -> () }
// -----
test.format_variadic_region_b_op { "test.return"() : () -> () }, { "test.return"() : () -> () } found_regions
test.format_variadic_region_b_op
// -----
%ignored_a:2 = test.format_result_a_op memref<f32>
// -----
%ignored_a:2 = test.format_result_b_op i64, memref<f32>
// -----
%ignored_a:2 = test.format_result_c_op (i64) -> memref<f32>
// -----
test.format_variadic_result : i64, i64, i64
// -----
%r:3 = test.format_variadic_result : i64, i64, i64
// -----
%r:5 = test.format_multiple_variadic_results : (i64, i64, i64), (i32, i32)
// -----
%0:2 = "test.op"() : () -> (i64, memref<1xf64>)
test.format_operand_a_op %0#0, %0#1 : i64, memref<1xf64>
test.format_operand_b_op %0#0, %0#1 : memref<1xf64>
test.format_operand_c_op %0#0, %0#1 : i64, memref<1xf64>
test.format_operand_d_op %0#0, %0#1 : memref<1xf64>
test.format_operand_e_op %0#0, %0#1 : i64, memref<1xf64>
// -----
%0:2 = "test.op"() : () -> (i64, i64)
test.format_variadic_operand %0#0, %0#1, %0#0 : i64, i64, i64
test.format_variadic_of_variadic_operand (%0#0, %0#1), (), (%0#0) : (i64, i64), (), (i64)
// -----
%0:2 = "test.op"() : () -> (i64, i32)
test.format_multiple_variadic_operands (%0#0, %0#0), (%0#1 : i32)
// -----
"test.one_region_op"() ({
 test.format_successor_a_op ^bb1 {attr}
^bb1:
 test.format_successor_a_op ^bb1, ^bb1 {attr}
}) : () -> ()
// -----
test.format_optional_unit_attribute is_optional
test.format_optional_unit_attribute
// -----
test.format_optional_enum_attr case5
test.format_optional_enum_attr
// -----
%i64 = "test.op"() : () -> i64
test.format_optional_operand_result_a_op(%i64 : i64) : i64
test.format_optional_operand_result_a_op( : ) : i64
test.format_optional_operand_result_a_op(%i64 : i64) : i64 [%i64, %i64]
// -----
%i64 = "test.op"() : () -> i64
test.format_optional_operand_result_b_op(%i64 : i64) : i64
test.format_optional_operand_result_b_op : i64
// -----
test.format_optional_result_b_op : i64 -> i64, i64
// -----
test.format_optional_result_c_op : (i64) -> (i64, i64)
test.format_optional_result_c_op
// -----
test.format_optional_result_d_op : f80
test.format_optional_result_d_op
// -----
test.format_optional_else then
test.format_optional_else else
// -----
test.format_literal_following_optional_group(5 : i32) : i32 {a}
test.format_literal_following_optional_group : i32 {a}
// -----
test.format_optional_default_attrs "foo"
test.format_optional_default_attrs "default" @default case5
test.format_optional_default_attrs "foo" @foo case10
test.format_optional_default_attrs
// -----
test.oilist_with_keywords_only keyword
test.oilist_with_keywords_only otherKeyword
test.oilist_with_keywords_only keyword otherKeyword
test.oilist_with_keywords_only otherKeyword keyword
test.oilist_with_keywords_only thirdKeyword
test.oilist_with_keywords_only
// -----
%a = "test.op"() : () -> i32
test.oilist_with_simple_args keyword %a : i32
test.oilist_with_simple_args otherKeyword %a : i32 keyword %a : i32 thirdKeyword %a : i32
test.oilist_variadic_with_parens keyword(%a, %a : i32, i32) thirdKeyword(%a : i32)
// -----
"test.type_array_attr"() {attr = [i32, memref<2xf32>]} : () -> ()
// -----
%0:3 = "test.op"() : () -> (tensor<*xf32>, tensor<f32>, tensor<f32>)
"test.mixed_normal_variadic_operand"(%0#0, %0#1, %0#2) : (tensor<*xf32>, tensor<f32>, tensor<f32>) -> ()
