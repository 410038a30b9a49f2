/** The program as a graph in Graphviz's language: operations are nodes, values are edges, regions are boxes. */

import type { Operation, Region, Value } from '../ir/index.js';
import { definePass } from './pass.js';
import { booleanOption, integerOption } from './pass-options.js';

export const viewOpGraphPass = definePass({
  name: 'view-op-graph',
  title: 'ViewOpGraph',
  summary: 'Print Graphviz visualization of an operation',
  options: {
    'max-label-len': integerOption(20, 'Limit attribute/type length to number of chars', {
      minimum: 1,
    }),
    'print-attrs': booleanOption(true, 'Print attributes of operations'),
    'print-data-flow-edges': booleanOption(true, 'Print data flow edges'),
    'print-control-flow-edges': booleanOption(false, 'Print control flow edges'),
    'print-result-types': booleanOption(true, 'Print result types of operations'),
  },
  run(root, { options, write, markAllAnalysesPreserved }) {
    markAllAnalysesPreserved();
    let next = 1;
    const nodes = new Map<Value, string>();
    const edges: string[] = [];
    const text: string[] = ['digraph G {', '  compound = true;'];
    const clip = (label: string): string =>
      label.length > options['max-label-len']
        ? `${label.slice(0, options['max-label-len'])}...`
        : label;
    const escape = (label: string): string =>
      label.replace(/[\\"{}<>|]/g, '\\$&').replaceAll('\n', '\\n');
    const labelOf = (op: Operation): string => {
      const types =
        options['print-result-types'] && op.results.length > 0
          ? ` : (${op.resultTypes.map((type) => clip(`${type}`)).join(', ')})`
          : '';
      const attributes = options['print-attrs']
        ? [...op.properties.entries(), ...op.attributes.entries()]
            .map(([name, value]) => `\n${name}: ${clip(`${value}`)}`)
            .join('')
        : '';
      return escape(`${op.name}${types}${attributes}`);
    };
    const visitRegion = (region: Region, indent: string): void => {
      for (const block of region.blocks()) {
        text.push(`${indent}subgraph cluster_${next++} {`, `${indent}  label = "";`);
        for (const argument of block.arguments) {
          const node = `v${next++}`;
          nodes.set(argument, node);
          text.push(`${indent}  ${node} [label = "arg${argument.index}", shape = ellipse];`);
        }
        let previous: string | undefined;
        for (const op of block.operations()) previous = visit(op, `${indent}  `, previous);
        text.push(`${indent}}`);
      }
    };
    const visit = (op: Operation, indent: string, previous: string | undefined): string => {
      let node: string;
      if (op.regions.some((region) => !region.isEmpty)) {
        text.push(`${indent}subgraph cluster_${next++} {`);
        node = `v${next++}`;
        text.push(
          `${indent}  ${node} [label = " ", shape = plain];`,
          `${indent}  label = "${labelOf(op)}";`,
        );
        for (const region of op.regions) visitRegion(region, `${indent}  `);
        text.push(`${indent}}`);
      } else {
        node = `v${next++}`;
        text.push(`${indent}${node} [label = "${labelOf(op)}", shape = box];`);
      }
      for (const result of op.results) nodes.set(result, node);
      if (options['print-data-flow-edges'])
        op.operands.forEach((operand, index) => {
          const label = op.operandCount === 1 ? '' : `${index}`;
          edges.push(`  ${nodes.get(operand) ?? 'unknown'} -> ${node} [label = "${label}"];`);
        });
      if (options['print-control-flow-edges'] && previous !== undefined)
        edges.push(`  ${previous} -> ${node} [style = dashed];`);
      return node;
    };
    visit(root, '  ', undefined);
    write([...text, ...edges, '}', ''].join('\n'));
  },
});
