/** How names of the dialect files become names of TypeScript. */

/** `launch_func` to `LaunchFunc`. */
export function pascalCase(name: string): string {
  return name
    .split(/[_.]+/)
    .filter((part) => part !== '')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** `launch_func` to `launchFunc`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** Class of an operation: `arith.addi` to `ArithAddiOp`. */
export function operationClass(name: string): string {
  return `${pascalCase(name)}Op`;
}

export function typeClass(dialect: string, mnemonic: string): string {
  return `${pascalCase(dialect)}${pascalCase(mnemonic)}Type`;
}

export function attributeClass(dialect: string, mnemonic: string): string {
  return `${pascalCase(dialect)}${pascalCase(mnemonic)}Attr`;
}

/** Type of an enum's cases: `arith.cmpi_predicate` to `ArithCmpiPredicate`. */
export function enumType(dialect: string, name: string): string {
  const type = `${pascalCase(dialect)}${pascalCase(name)}`;
  // Names in `Op` are operation classes.
  return type.endsWith('Op') ? `${type}Kind` : type;
}

/** A text as a TypeScript string literal. */
export function literal(text: string): string {
  return JSON.stringify(text);
}
