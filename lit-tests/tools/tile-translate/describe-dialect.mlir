// A dialect is described as a reference in Markdown and as IRDL that mlir-opt loads and checks with.
// RUN: tile-translate --dialect-to-markdown=tile | filecheck %s --check-prefix=MARKDOWN
// RUN: tile-translate --dialect-to-irdl=tile > %t.irdl.mlir
// RUN: filecheck %s --check-prefix=IRDL --input-file=%t.irdl.mlir
// RUN: %if mlir-opt %{ %mlir-opt %t.irdl.mlir -o /dev/null %}
// RUN: %if mlir-opt %{ %mlir-opt --irdl-file=%t.irdl.mlir %s -o /dev/null %}
// RUN: not tile-translate --dialect-to-markdown=tyle 2>&1 | filecheck %s --check-prefix=UNKNOWN

// MARKDOWN: # 'tile' dialect
// MARKDOWN: ### `tile.copy`
// IRDL: irdl.dialect @tile
// IRDL: irdl.operation @copy
// UNKNOWN: error: no dialect 'tyle' is loaded; did you mean 'tile'?
module {}
