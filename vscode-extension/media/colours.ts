/** Colours of layers: seven that everyone can tell apart (Okabe and Ito, 2008), then again. */
import type { Niivue } from '@niivue/niivue';

export const layerColours: readonly (readonly [number, number, number])[] = [
  [230, 159, 0], [86, 180, 233], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0], [204, 121, 167],
];

/** Greys first, the rest for maps of distances, likelihoods and the like. */
export const greyMaps = ['gray', 'inferno', 'viridis', 'hot', 'cool', 'bone', 'plasma', 'turbo'] as const;

export function css(index: number): string {
  return `rgb(${colour(index).join(' ')})`;
}

/** Tells NiiVue of a colour map for masks of each colour. */
export function addMaskColours(niivue: Niivue): void {
  layerColours.forEach(([r, g, b], index) => {
    niivue.addColormap(maskMap(index), {
      R: [0, r], G: [0, g], B: [0, b], A: [0, 255], I: [0, 255],
    } as never);
  });
}

export function maskMap(index: number): string {
  return `layer${index % layerColours.length}`;
}

/** One colour a label; 0 is nothing. */
export function labelColours(largest: number) {
  const labels = Array.from({ length: Math.min(largest, 65535) + 1 }, (_, label) => label);
  const part = (component: 0 | 1 | 2) =>
    labels.map((label) => (label === 0 ? 0 : colour(label - 1)[component]));
  return {
    R: part(0), G: part(1), B: part(2), A: labels.map((label) => (label === 0 ? 0 : 255)),
    I: labels, labels: labels.map(String),
  };
}

function colour(index: number): readonly [number, number, number] {
  return layerColours[index % layerColours.length]!;
}
