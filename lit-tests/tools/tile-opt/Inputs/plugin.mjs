// A plugin with passes that go wrong in every way a pass can, and one that works.
export function register({ passes, pipelines, rewrite }) {
  const { definePass } = passes;
  pipelines.registerPass(
    definePass({ name: 'test-fail', summary: 'fails', run: () => false }),
    definePass({
      name: 'test-crash',
      summary: 'breaks',
      run: () => {
        throw new TypeError('out of luck');
      },
    }),
    definePass({
      name: 'test-remark',
      summary: 'says something about each constant',
      run: (root, pass) => {
        root.walk((op) => {
          if (op.name.isConstantLike) pass.remark(op, 'vectorize', 'cannot be wider');
        });
      },
    }),
    definePass({
      name: 'test-pattern',
      summary: 'applies two patterns, one of which never does',
      run: (root) => {
        rewrite.applyPatternsGreedily(
          root,
          [
            rewrite.pattern('arith.addi', { name: 'test-never', benefit: 2 }, (op, rewriter) =>
              rewriter.notifyMatchFailure(op, 'it never does'),
            ),
            rewrite.pattern('arith.addi', { name: 'test-to-mul' }, (op, rewriter) => {
              rewriter.replaceOpWithNew(op, 'arith.muli', {
                operands: op.operands,
                resultTypes: op.resultTypes,
              });
            }),
          ],
          { fold: false },
        );
      },
    }),
  );
  pipelines.registerPipeline({
    name: 'test-pipeline',
    summary: 'two steps',
    options: { rounds: passes.integerOption(4, 'iterations', { minimum: 1 }) },
    build: ({ rounds }) => [
      { pass: 'canonicalize', options: { 'max-iterations': rounds }, reason: 'for a test' },
      { pass: 'cse', reason: 'for a test' },
    ],
  });
}
