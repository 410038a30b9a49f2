/** The code of a pass whose name and options are in passes.yaml. */
export function register({ ir, passes, rewrite }) {
  passes.implementPass('clock-limit', (op, { options, statistics, context, remark }, patterns) => {
    rewrite.applyPatternsGreedily(op, patterns);
    const rewriter = new rewrite.Rewriter(context);
    op.walk((step) => {
      if (step.name.text !== 'clock.forward') return;
      const hours = step.getAttribute('hours');
      const days = Math.floor(hours.number / options.day);
      if (days === 0 || options.keep.includes(String(hours.number))) return;
      statistics['num-days'] += days;
      if (options.loud) remark(step, 'clock', options.note);
      if (options.mode === 'count') return;
      rewriter.modifyInPlace(step, () =>
        step.setAttribute('hours', ir.IntegerAttr.get(hours.number % options.day, hours.type)),
      );
    });
  });
}
