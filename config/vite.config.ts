import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type InlineConfig, type Plugin } from 'vite';

/**
 * The pages that we serve: each has its `index.html` in `folder` and is built into `dist/<out>`, to be served under
 * `base`. Everything is bundled; nothing is loaded from elsewhere at run time.
 */
const pages = {
  sandbox: { folder: 'src/sandbox/page', base: '/sandbox/', out: 'sandbox-page' },
  console: { folder: 'src/console', base: '/console/', out: 'console', compressed: true },
} satisfies Record<string, Page>;

interface Page {
  folder: string;
  base: string;
  out: string;
  /** Whether scripts and styles stand in `assets` as `.br` and `.gz` too, for a server that hands those out. */
  compressed?: boolean;
}

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

function configOf({ folder, base, out, compressed = false }: Page): InlineConfig {
  return {
    configFile: false,
    root: at(folder),
    base,
    plugins: compressed ? [react(), thenCompress(at(`dist/${out}/assets`))] : [react()],
    build: { outDir: at(`dist/${out}`), emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  };
}

function thenCompress(assets: string): Plugin {
  return {
    name: 'then-compress-assets',
    apply: 'build',
    async writeBundle() {
      for (const name of await readdir(assets)) {
        if (!/\.(js|css)$/.test(name)) continue;
        const content = await readFile(join(assets, name));
        await writeFile(join(assets, `${name}.br`), brotliCompressSync(content));
        await writeFile(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** Builds the rest when the first page is done, so that one `vite build` builds everything. */
function thenBuild(others: readonly InlineConfig[]): Plugin {
  return {
    name: 'then-build-the-rest',
    apply: 'build',
    async closeBundle() {
      for (const config of others) await build(config);
    },
  };
}

/** `dist/verify-export.js`: one file that verifies a package on any machine with Node. */
const verifier: InlineConfig = {
  configFile: false,
  root: at('.'),
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: at('src/verify-export/main.ts'),
    outDir: at('dist'),
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: 'verify-export.js' } },
  },
};

/** `vite build` builds every page and the verifier; `--mode sandbox` (or the name of another) only that one. */
export default defineConfig(({ mode }) => {
  const wanted = Object.entries(pages).filter(([name]) => !(mode in pages) || name === mode);
  const [first, ...others] = wanted.map(([, page]) => page);
  if (first === undefined) throw new Error('there is no page to build');
  const { configFile: _none, ...config } = configOf(first);
  const rest = [...others.map(configOf), ...(mode in pages ? [] : [verifier])];
  return { ...config, plugins: [...(config.plugins ?? []), thenBuild(rest)] };
});
