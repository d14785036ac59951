/** The row of buttons above the pictures. It decides nothing. */
import type { Comparison } from '../src/viewer/messages';
import { button } from './dom';
import type { Scene } from './scene';

export interface ToolbarDeeds {
  readonly change: (what: Partial<Scene>) => void;
  readonly compare: (how: Comparison) => void;
  readonly savePicture: () => void;
  readonly openOutside: () => void;
}

const names = ['Axial', 'Coronal', 'Sagittal', 'Three planes', '3-D'];

/** `comparison` is undefined where there is no program, and so nothing to compare with. */
export function toolbarElements(scene: Scene, comparison: Comparison | undefined, deeds: ToolbarDeeds): HTMLElement[] {
  const { isRadiological, hasCross } = scene;
  const side = isRadiological ? 'Radiological' : 'Neurological';
  return [
    ...names.map((name, at) => pressed(button(name, `${name} (${at + 1})`, () => deeds.change({ planes: at })), scene.planes === at)),
    pressed(button(side, 'Which side is left (R)', () => deeds.change({ isRadiological: !isRadiological })), isRadiological),
    pressed(button('Cross', 'Cross-hair (C)', () => deeds.change({ hasCross: !hasCross })), hasCross),
    ...(comparison === undefined ? [] : [
      pressed(button('Beside', 'Before the edit, beside (B)', () => deeds.compare('beside')), comparison === 'beside'),
      pressed(button('Flicker', 'Before and after the edit in turn (F)', () => deeds.compare('flicker')), comparison === 'flicker'),
    ]),
    button('Picture', 'Save what is shown as a picture', deeds.savePicture),
    button('Open in …', 'Open in another program', deeds.openOutside),
  ];
}

function pressed(made: HTMLButtonElement, isPressed: boolean): HTMLButtonElement {
  made.setAttribute('aria-pressed', String(isPressed));
  return made;
}
