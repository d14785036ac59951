/**
 * The last part of `npm run pictures`: puts screenshots that the browser test has just made where
 * the README and the pages under docs/ show them. It makes none itself.
 */
import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const place = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The picture under docs/images, and the step of the browser test that it shows. */
const chosen = {
  editor: 'hover-after-run',
  status: 'status-edited',
  viewer: 'viewer/chosen',
  compare: 'viewer/compare',
};

for (const [picture, step] of Object.entries(chosen)) {
  await copyFile(place(`output/screenshots/${step}.png`), place(`docs/images/${picture}.png`));
  console.log(`docs/images/${picture}.png`);
}
