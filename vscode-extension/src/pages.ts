/** The commands that hovers link to: copy the id of a node, open a page about it. */
import { commands, type Disposable, env, Uri, window } from 'vscode';
import { isNodeId, isTopic, pageName } from './pageNames';
import { openPreview } from './previews';

export const copyNodeId = 'imgql.copyNodeId';
export const openPage = 'imgql.openPage';

/** Commands that a hover of the server may link to. */
export const linkedCommands: readonly string[] = [copyNodeId, openPage];

export function registerPages(program: () => string | undefined): Disposable[] {
  return [
    commands.registerCommand(copyNodeId, async (node: unknown) => {
      if (isNodeId(node)) {
        await env.clipboard.writeText(node);
        window.setStatusBarMessage(`Copied ${node.slice(0, 12)}…`, 3000);
      }
    }),
    commands.registerCommand(openPage, async (topic: unknown, node: unknown) => {
      const document = program();
      if (isTopic(topic) && isNodeId(node) && document !== undefined) {
        await openPreview(Uri.parse(pageName(topic, node, document)));
      }
    }),
  ];
}
