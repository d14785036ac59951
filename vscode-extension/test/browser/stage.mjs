/** Reads the page of the viewer: what is drawn, which pixels, which values. It asserts nothing. */
/** Software draws, on a machine that may be busy. */
const SLOW_MS = 120_000;

/** The frame of the viewer, once it is there. */
export async function viewerFrame({ page }) {
  return say(async () => {
    for (const frame of page.frames()) {
      const isOurs = await frame.evaluate(() => document.querySelector('#viewer .toolbar') !== null).catch(() => false);
      if (isOurs && !frame.isDetached()) return frame;
    }
    return undefined;
  }, 'the viewer');
}

/** The layers that are drawn, as `name@node name@node`, once they are as wanted. */
export async function drawn(workbench, wanted, timeout = SLOW_MS) {
  const isWanted = typeof wanted === 'function' ? wanted : (text) => wanted.test(text);
  return say(async () => {
    const frame = await viewerFrame(workbench);
    const text = await frame.evaluate(() => document.body.dataset.drawn ?? '').catch(() => '');
    return isWanted(text) ? text : undefined;
  }, `layers ${wanted}`, timeout);
}

/** How many pixels of a canvas are orange, and how many grey but not black. */
export async function pictureCounts(workbench, selector = 'canvas.now') {
  const frame = await viewerFrame(workbench);
  const png = await frame.locator(selector).screenshot({ animations: 'disabled' });
  const other = await workbench.page.context().browser().newPage();
  try {
    return await other.evaluate(countPixels, png.toString('base64'));
  } finally {
    await other.close();
  }
}

/** The values under the cross-hair by layer, and the indices of the voxel. */
export async function readouts(workbench) {
  const frame = await viewerFrame(workbench);
  const place = await frame.locator('.place').innerText();
  const lines = await frame.locator('.readout').allInnerTexts();
  const values = Object.fromEntries(lines.map((line) => line.split(' = ')));
  return { ...values, voxel: place.match(/voxel (\d+), (\d+), (\d+)/).slice(1) };
}

/** What a question answers, once that is something. */
export async function say(question, what, timeout = SLOW_MS) {
  const limit = Date.now() + timeout;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > limit) throw new Error(`wanted: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Runs in a page: counts the pixels of a PNG. */
async function countPixels(png) {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, picture.width, picture.height);
  let [orange, grey] = [0, 0];
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3);
    if (red > 90 && red - blue > 60 && green > blue && red > green) orange += 1;
    else if (red > 30 && Math.abs(red - green) < 8 && Math.abs(green - blue) < 8) grey += 1;
  }
  return { orange, grey };
}
