/** A function that patterns in YAML name: whether a value is used an even number of times. */
export function register({ dialects }) {
  dialects.registerPatternFunctions({
    predicates: { even: (value) => [...value.uses()].length % 2 === 0 },
  });
}
