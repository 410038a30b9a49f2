// Passes that leave valid programs with another meaning.
export function register({ passes, pipelines }) {
  const { definePass } = passes;
  const onAll = (name, change) => (root) => {
    const found = [];
    root.walk((op) => {
      if (op.name.text === name) found.push(op);
    });
    found.forEach(change);
  };
  pipelines.registerPass(
    definePass({
      name: 'test-swap-operands',
      summary: 'swaps the operands of subtractions',
      run: onAll('arith.subf', (op) => {
        const [lhs, rhs] = op.operands;
        op.setOperand(0, rhs);
        op.setOperand(1, lhs);
      }),
    }),
    definePass({
      name: 'test-drop-fills',
      summary: 'removes what sets tiles to zero',
      run: onAll('tile.clear', (op) => op.erase()),
    }),
  );
}
