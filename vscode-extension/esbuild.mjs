/** Bundles the extension into out/ and puts the shared grammar beside it. */
import { build } from 'esbuild';
import { copyFile, mkdir, rm } from 'node:fs/promises';

const isProduction = process.argv.includes('--production');

await rm('out', { recursive: true, force: true });
await mkdir('out', { recursive: true });
await copyFile('../grammars/imgql.tmLanguage.json', 'out/imgql.tmLanguage.json');
await build({
  entryPoints: ['src/extension.ts'],
  outfile: 'out/extension.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  minify: isProduction,
  sourcemap: !isProduction,
  logLevel: 'warning',
});
// The page of the viewer, with NiiVue in it; nothing of it is loaded from elsewhere.
await build({
  entryPoints: { viewer: 'media/main.ts' },
  outdir: 'out',
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'chrome118',
  minify: isProduction,
  sourcemap: false,
  logLevel: 'warning',
});
await copyFile('media/viewer.css', 'out/viewer.css');
