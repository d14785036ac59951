/** The menu of the status bar item: what can be done, by its name. */
import { commands, type Disposable, type QuickPickItem, window } from 'vscode';

interface Entry extends QuickPickItem {
  readonly command: string;
}

const entries: readonly Entry[] = [
  { label: '$(play) Run Program', command: 'imgql.run' },
  { label: '$(server-process) Run Detached', description: 'goes on when the editor is closed', command: 'imgql.runDetached' },
  { label: '$(output) Show Results', command: 'imgql.showResults' },
  { label: '$(list-tree) Show Nodes', command: 'imgql.nodes.focus' },
  { label: '$(history) Show Runs', command: 'imgql.runs.focus' },
  { label: '$(database) Show Store', command: 'imgql.store.focus' },
  { label: '$(pulse) Doctor', description: 'what was found, and what is missing', command: 'imgql.doctor' },
];

export function registerMenu(): Disposable {
  return commands.registerCommand('imgql.menu', async () => {
    const chosen = await window.showQuickPick(entries, { title: 'VoxLogicA' });
    if (chosen !== undefined) {
      await commands.executeCommand(chosen.command);
    }
  });
}
