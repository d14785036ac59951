/** Loads a source of the extension that needs no editor. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function loaded(name) {
  const source = fileURLToPath(new URL(`../../src/${name}`, import.meta.url));
  const options = { bundle: true, format: 'esm', platform: 'node', external: ['vscode'], write: false };
  const bundle = await build({ entryPoints: [source], ...options });
  return import(`data:text/javascript,${encodeURIComponent(bundle.outputFiles[0].text)}`);
}
