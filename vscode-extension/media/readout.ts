/** Values of voxels, from the bytes of the file alone: no interpolation, no reordering. Pure. */

/** As much of a volume as is needed to look up a voxel. */
export interface Voxels {
  readonly affine: readonly (readonly number[])[];
  readonly size: readonly number[];
  readonly data: ArrayLike<number>;
  readonly slope: number;
  readonly intercept: number;
  /** Values of one voxel beside each other: 3 for colours. */
  readonly components: number;
}

/** The indices of the voxel that holds a point, in the order of the file; undefined outside. */
export function voxelAt({ affine, size }: Voxels, mm: readonly number[]): number[] | undefined {
  const [a, b, c] = affine as [number[], number[], number[]];
  const right = [0, 1, 2].map((row) => mm[row]! - affine[row]![3]!);
  const determinant = det(a, b, c);
  const index = [0, 1, 2].map((column) => {
    const [p, q, r] = [a, b, c].map((row, at) => row.slice(0, 3).with(column, right[at]!)) as [number[], number[], number[]];
    return Math.round(det(p, q, r) / determinant);
  });
  return index.every((at, axis) => at >= 0 && at < (size[axis] ?? 1)) ? index : undefined;
}

/** The value of the voxel that holds a point: one number, or three for colours. */
export function valueAt(voxels: Voxels, mm: readonly number[]): number[] | undefined {
  const at = voxelAt(voxels, mm);
  if (at === undefined) {
    return undefined;
  }
  const [x, y, z] = at as [number, number, number];
  const [nx = 1, ny = 1] = voxels.size;
  const first = (x + nx * (y + ny * z)) * voxels.components;
  return Array.from({ length: voxels.components }, (_, n) =>
    voxels.data[first + n]! * voxels.slope + voxels.intercept);
}

/** A value as it is told, exactly as a float32 can be told. */
export function told(value: readonly number[] | undefined, kind: string): string {
  if (value === undefined) {
    return 'outside';
  }
  if (kind === 'mask') {
    return value[0] === 0 ? 'false' : 'true';
  }
  return value.map((number) => (Number.isInteger(number) ? String(number) : String(Number(number.toPrecision(7))))).join(', ');
}

/** A point in words: how far to the right or left, front or back, up or down. */
export function placeInWords(mm: readonly number[]): string {
  const letters = [['R', 'L'], ['A', 'P'], ['S', 'I']] as const;
  return letters.map(([plus, minus], axis) => `${mm[axis]! < 0 ? minus : plus} ${Math.abs(mm[axis]!).toFixed(1)}`).join('  ') + ' mm';
}

function det(a: readonly number[], b: readonly number[], c: readonly number[]): number {
  return a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!)
    - a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!)
    + a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!);
}
