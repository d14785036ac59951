/** What there is to know when something is wrong, as one page. It cures nothing by itself. */
import { env, type ExtensionContext, version, workspace } from 'vscode';
import type { LanguageServer } from './client';
import type { Asker } from './views/runs';

interface Report {
  readonly [name: string]: unknown;
}

/** The page, in Markdown; nothing in it names a program or a patient. */
export async function doctorPage(
  context: ExtensionContext,
  server: LanguageServer,
  ask: Asker,
): Promise<string> {
  await server.started();
  const { interpreter, trace } = server.search;
  const report = await ask<Report>('imgql.server.doctor');
  const own = (context.extension.packageJSON as { readonly version: string }).version;
  return [
    '# VoxLogicA: Doctor',
    verdict(server, report),
    '## Search for Python',
    fenced(trace.join('\n')),
    '## Language server',
    report === undefined ? 'It does not answer.' : fenced(JSON.stringify(report, null, 2)),
    '## Editor',
    fenced(
      [
        `Visual Studio Code ${version} (${env.appName}), remote: ${env.remoteName ?? 'no'}`,
        `extension ${own}, workspace ${workspace.isTrusted ? 'trusted' : 'not trusted'}`,
        `${process.platform} ${process.arch}, node ${process.version}`,
        interpreter === undefined ? 'no interpreter' : `${interpreter.program} (${interpreter.source})`,
      ].join('\n'),
    ),
  ].join('\n\n');
}

function verdict(server: LanguageServer, report: Report | undefined): string {
  const { interpreter } = server;
  if (interpreter === undefined) {
    return (
      '**No Python 3.11 or later was found.** Programs are coloured, but not checked or run. ' +
      'Install Python, or set `voxlogica.interpreter`; then *VoxLogicA: Restart Language Server*.'
    );
  }
  if (report === undefined) {
    return '**The language server does not answer.** *VoxLogicA: Show Log* says why.';
  }
  return interpreter.canRun
    ? '**Everything is there**: programs are checked, and can be run.'
    : '**Programs are checked, but cannot be run** by this Python. *VoxLogicA: Set Up Environment ' +
        'for Running* makes one that can; nothing else is changed.';
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
