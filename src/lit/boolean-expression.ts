/** Boolean expressions over the available features. */

import { EreSyntaxError, Regex } from '../filecheck/index.js';
import { parse, SyntaxError as GrammarError } from './generated/boolean-expression.js';

type ExpressionNode =
  | { readonly type: 'or' | 'and'; readonly left: ExpressionNode; readonly right: ExpressionNode }
  | { readonly type: 'not'; readonly operand: ExpressionNode }
  | {
      readonly type: 'feature';
      readonly parts: readonly { readonly text: string; readonly isRegex: boolean }[];
    };

/** An expression that is not well formed; the message is two lines in lit's words. */
export class BooleanExpressionError extends Error {}

/** Whether `expression` holds of `features`, to which 'true' always belongs. @throws BooleanExpressionError */
export function evaluateBoolean(expression: string, available: ReadonlySet<string>): boolean {
  const features = new Set([...available, 'true']);
  let tree: ExpressionNode;
  try {
    tree = parse(expression) as ExpressionNode;
  } catch (error) {
    const context = `in expression: '${expression}'`;
    if (error instanceof GrammarError) {
      const rest = expression.slice(error.location.start.offset);
      const problem =
        rest === '' ? 'unexpected end of expression' : `couldn't parse text: '${rest}'`;
      throw new BooleanExpressionError(`${problem}\n${context}`);
    }
    if (error instanceof RangeError) {
      throw new BooleanExpressionError(`expression is nested too deeply\n${context}`);
    }
    throw error;
  }
  const evaluate = (node: ExpressionNode): boolean => {
    switch (node.type) {
      case 'or':
      case 'and': {
        // Both, so that a wrong regex is found wherever it stands.
        const [left, right] = [evaluate(node.left), evaluate(node.right)];
        return node.type === 'or' ? left || right : left && right;
      }
      case 'not':
        return !evaluate(node.operand);
      case 'feature':
        return hasFeature(node.parts);
    }
  };
  const hasFeature = (parts: Extract<ExpressionNode, { type: 'feature' }>['parts']): boolean => {
    if (parts.every(({ isRegex }) => !isRegex)) {
      return features.has(parts.map(({ text }) => text).join(''));
    }
    const source = parts
      .map(({ text, isRegex }) => (isRegex ? `(${text})` : text.replace(/[.+]/g, '\\$&')))
      .join('');
    let regex: Regex;
    try {
      regex = new Regex(`^(${source})$`);
    } catch (error) {
      if (!(error instanceof EreSyntaxError)) throw error;
      throw new BooleanExpressionError(
        `invalid regular expression '${source}': ${error.message}\nin expression: '${expression}'`,
      );
    }
    return [...features].some((feature) => regex.search(feature) !== undefined);
  };
  return evaluate(tree);
}

/** Splits a comma-separated list of expressions. */
export function splitExpressions(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The names of features that an expression speaks of, for `--show-used-features`. */
export function featureNames(expression: string): string[] {
  return expression.match(/(?:[-+=._a-zA-Z0-9]|\{\{.*?\}\}+)+/g) ?? [];
}
