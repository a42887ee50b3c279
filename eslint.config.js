import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "node_modules/",
      ".venv/",
      ".fetched/",
      "notebooks/",
      "src/formats/proto/tensorflow_pb.ts",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      // Indexing is checked by noUncheckedIndexedAccess; a "!" there states an invariant in place.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // An `import` of TypeScript takes three times as long: Node first searches its nine megabytes for exports.
      "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportDeclaration[source.value='typescript'][importKind='value']",
          message: 'Write: import ts = require("typescript")',
        },
      ],
    },
  },
  {
    files: ["**/*.mjs", "**/*.cjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        performance: "readonly",
        Buffer: "readonly",
        console: "readonly",
        URL: "readonly",
        AbortController: "readonly",
        setTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        fetch: "readonly",
        require: "readonly",
        module: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
