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
  ['schedule'],
  ['pipelines'],
  ['runtime', 'frontend', 'estimate'],
  ['opt'],
  ['reduce'],
  ['filecheck'],
  ['lit'],
];

/** The layout algebra is pure mathematics and FileCheck is pure text: neither may know the IR. */
const withoutIr = ['layout', 'filecheck'];
const ir = ['ir', 'syntax', 'dialects', 'rewrite', 'passes'];

/** Imports of the tools and of the given folders are errors. */
function forbid(folder, names, message) {
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/tools/**'], message: 'tools are thin mains; nothing depends on them' },
            ...(names.length === 0
              ? []
              : [{ group: names.map((name) => `**/${name}/**`), message }]),
          ],
        },
      ],
    },
  };
}

const boundaries = order.flatMap((level, index) =>
  level.map((folder) => {
    const later = order.slice(index + 1).flat();
    const names = withoutIr.includes(folder) ? [...new Set([...later, ...ir])] : later;
    return forbid(
      folder,
      names,
      `src/${folder} may only depend on folders that come before it (see ARCHITECTURE.md)`,
    );
  }),
);

export default tseslint.config(
  {
    ignores: [
      'dist',
      '**/generated',
      'node_modules',
      '.tilewright-cache',
      'demo-output',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['warn', { max: 500, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
    },
  },
  ...boundaries,
  {
    files: ['vitest.config.ts'],
    // vitest reads the default export.
    rules: { 'no-restricted-exports': 'off' },
  },
);
