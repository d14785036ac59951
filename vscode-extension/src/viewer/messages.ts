/** What extension and viewer tell each other. Types only. */

export interface Statistics {
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly not_finite: number;
  readonly histogram: { readonly low: number; readonly high: number; readonly counts: readonly number[] } | null;
  readonly voxels: number;
  readonly volume: number;
}

export interface ShownImage {
  readonly form: 'image';
  readonly kind: 'image' | 'mask' | 'labels' | 'colour';
  /** A path, where the extension runs; the viewer asks for its bytes. */
  readonly file: string;
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  /** None for files opened as they are. */
  readonly statistics: Statistics | null;
  /** A small PNG in Base64. */
  readonly picture: string | null;
}

export type Shown =
  | ShownImage
  | { readonly form: 'sequence'; readonly items: readonly Shown[]; readonly count: number }
  | { readonly form: 'value'; readonly value: unknown }
  | { readonly form: 'failed'; readonly message: string };

export interface Place {
  readonly line: number;
  readonly character: number;
}

/** What is shown of one expression. */
export interface Layer {
  readonly id: number;
  readonly title: string;
  readonly document: string;
  readonly place: Place;
  readonly type: string;
  readonly node: string;
  readonly status: string;
  readonly isBusy: boolean;
  /** The text means another value than the one that is shown. */
  readonly isStale: boolean;
  readonly message: string;
  /** Nodes that were computed for what is shown; the store had the others. */
  readonly computed: number;
  readonly shown: Shown | null;
  /** What was shown before the last edit. */
  readonly earlier: Shown | null;
}

/** A number of the text that can be turned. */
export interface NumberControl {
  readonly text: string;
  readonly near: readonly string[];
  readonly line: number;
}

/** One picture of a film strip. */
export interface Frame {
  readonly text: string;
  readonly isChosen: boolean;
  readonly shown: Shown | null;
}

/** A piece of a file, or why there is none. */
export interface Slice {
  readonly kind: 'slice';
  readonly request: number;
  readonly from: number;
  /** Bytes of the whole file. */
  readonly total: number;
  readonly bytes: ArrayBuffer;
  readonly problem: string;
}

export type Comparison = 'off' | 'beside' | 'flicker';

export type ToViewer =
  | { readonly kind: 'layers'; readonly layers: readonly Layer[] }
  | { readonly kind: 'number'; readonly number: NumberControl | null }
  | { readonly kind: 'sweep'; readonly title: string; readonly frames: readonly Frame[] }
  | { readonly kind: 'compare'; readonly how: Comparison }
  | Slice;

export type FromViewer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'read'; readonly request: number; readonly file: string; readonly from: number }
  | { readonly kind: 'compare'; readonly how: Comparison }
  | { readonly kind: 'remove'; readonly layer: number }
  | { readonly kind: 'compute'; readonly layer: number }
  | { readonly kind: 'reveal'; readonly layer: number }
  | { readonly kind: 'export'; readonly layer: number; readonly item: number }
  | { readonly kind: 'external' }
  | { readonly kind: 'picture'; readonly png: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'step'; readonly steps: number }
  | { readonly kind: 'choose'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string };

/** What a viewer remembers over a reload of the window. */
export interface Remembered {
  readonly layers: readonly { readonly document: string; readonly place: Place }[];
}
