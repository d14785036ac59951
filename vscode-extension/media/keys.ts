/** Which key does what. Pure. */
import type { Look } from './scene';

export type KeyDeed =
  | { readonly kind: 'planes'; readonly index: number }
  | { readonly kind: 'radiological' | 'cross' | 'layer' }
  | { readonly kind: 'compare'; readonly how: 'beside' | 'flicker' }
  | { readonly kind: 'step'; readonly steps: number }
  | { readonly kind: 'move'; readonly by: readonly [number, number, number] }
  | { readonly kind: 'look'; readonly change: (look: Look) => Partial<Look> };

const opacity = (by: number): KeyDeed => ({
  kind: 'look',
  change: (look) => ({ opacity: Math.min(1, Math.max(0, look.opacity + by)) }),
});

const deeds: Readonly<Record<string, KeyDeed>> = {
  1: { kind: 'planes', index: 0 },
  2: { kind: 'planes', index: 1 },
  3: { kind: 'planes', index: 2 },
  4: { kind: 'planes', index: 3 },
  5: { kind: 'planes', index: 4 },
  r: { kind: 'radiological' },
  c: { kind: 'cross' },
  b: { kind: 'compare', how: 'beside' },
  f: { kind: 'compare', how: 'flicker' },
  '+': { kind: 'step', steps: 1 },
  '=': { kind: 'step', steps: 1 },
  '-': { kind: 'step', steps: -1 },
  '[': opacity(-0.1),
  ']': opacity(0.1),
  ' ': { kind: 'look', change: (look) => ({ isVisible: !look.isVisible }) },
  0: { kind: 'look', change: () => ({ window: undefined }) },
  '.': { kind: 'look', change: (look) => ({ item: look.item + 1 }) },
  ',': { kind: 'look', change: (look) => ({ item: Math.max(0, look.item - 1) }) },
  n: { kind: 'layer' },
  ArrowLeft: { kind: 'move', by: [-1, 0, 0] },
  ArrowRight: { kind: 'move', by: [1, 0, 0] },
  ArrowDown: { kind: 'move', by: [0, -1, 0] },
  ArrowUp: { kind: 'move', by: [0, 1, 0] },
  PageDown: { kind: 'move', by: [0, 0, -1] },
  PageUp: { kind: 'move', by: [0, 0, 1] },
};

export function keyDeed(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): KeyDeed | undefined {
  return event.ctrlKey || event.metaKey || event.altKey ? undefined : deeds[event.key];
}
