/** How often each value occurs, and the window of values between black and white. */
import type { Statistics } from '../src/viewer/messages';
import { element } from './dom';

const WIDTH = 220;
const HEIGHT = 56;

/** Draws a histogram; dragging over it chooses a window. */
export function histogramElement(
  { histogram }: Statistics,
  window: readonly [number, number],
  choose: (low: number, high: number) => void,
): HTMLElement {
  if (histogram === null) {
    return element('div');
  }
  const { low, high, counts } = histogram;
  const canvas = element('canvas', { width: String(WIDTH), height: String(HEIGHT), class: 'histogram', title: 'Drag to choose window and level' });
  const span = high - low || 1;
  const draw = ([from, to]: readonly [number, number]): void => {
    const pen = canvas.getContext('2d')!;
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.fillStyle = 'rgb(86 180 233 / 0.25)';
    pen.fillRect(((from - low) / span) * WIDTH, 0, Math.max(1, ((to - from) / span) * WIDTH), HEIGHT);
    pen.fillStyle = getComputedStyle(document.body).color;
    const most = Math.log1p(Math.max(...counts));
    counts.forEach((count, at) => {
      const height = (Math.log1p(count) / most) * (HEIGHT - 2);
      pen.fillRect((at * WIDTH) / counts.length, HEIGHT - height, WIDTH / counts.length - 0.5, height);
    });
  };
  draw(window);
  let start: number | undefined;
  const value = (event: PointerEvent): number =>
    low + (Math.min(Math.max(event.offsetX / canvas.clientWidth, 0), 1)) * span;
  canvas.addEventListener('pointerdown', (event) => {
    start = value(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (start !== undefined) {
      draw([Math.min(start, value(event)), Math.max(start, value(event))]);
    }
  });
  canvas.addEventListener('pointerup', (event) => {
    if (start !== undefined && start !== value(event)) {
      choose(Math.min(start, value(event)), Math.max(start, value(event)));
    }
    start = undefined;
  });
  return canvas;
}
