/** The sign of each status in lists: shape and theme colour. */
import { ThemeColor, ThemeIcon } from 'vscode';
import type { Shape } from '../outlook';

const icons: Readonly<Record<Shape, string>> = {
  known: 'check',
  todo: 'circle-large',
  queued: 'clock',
  running: 'sync',
  failed: 'error',
  blocked: 'circle-slash',
  unneeded: 'dash',
};

export function sign(shape: Shape | undefined): ThemeIcon {
  return shape === undefined
    ? new ThemeIcon('question')
    : new ThemeIcon(icons[shape], new ThemeColor(`imgql.${shape}Foreground`));
}
