import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** A folder may import itself and the folders before it: dependencies point one way. */
const order = [
  ['support'],
  ['layout'],
  ['ir'],
  ['syntax'],
  ['dialects'],
  ['rewrite'],
  ['analysis'],
  ['targets'],
  ['passes', 'conversions'],
  ['pipelines'],
  ['runtime', 'frontend'],
  ['opt'],
  ['filecheck'],
  ['lit'],
];
const zones = [];
order.forEach((level, index) => {
  const later = order.slice(index + 1).flat();
  for (const folder of level) {
    if (later.length > 0) {
      zones.push({
        target: `./src/${folder}`,
        from: later.map((name) => `./src/${name}`),
        message: `src/${folder} may only depend on folders that come before it (see ARCHITECTURE.md)`,
      });
    }
  }
});
zones.push({
  target: './src',
  from: './tools',
  message: 'tools are thin mains; nothing depends on them',
});
// The layout algebra is pure mathematics and FileCheck is pure text: neither may know the IR.
for (const folder of ['layout', 'filecheck']) {
  zones.push({
    target: `./src/${folder}`,
    from: ['ir', 'syntax', 'dialects', 'rewrite', 'passes'].map((name) => `./src/${name}`),
    message: `src/${folder} knows no IR`,
  });
}

export default tseslint.config(
  { ignores: ['dist', '**/generated', 'node_modules'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['warn', { max: 500, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
    },
  },
);
