/**
 * Shows read-only pages that the server writes (`workspace/textDocumentContent` of LSP 3.18, which
 * the client library does not know yet). Which schemes there are, the server says.
 */
import { type Disposable, EventEmitter, Uri, workspace } from 'vscode';
import type {
  ClientCapabilities,
  FeatureState,
  LanguageClient,
  ServerCapabilities,
  StaticFeature,
} from 'vscode-languageclient/node';

interface ContentCapability {
  readonly textDocumentContent?: { readonly schemes?: readonly string[] };
}

export class VirtualDocuments implements StaticFeature {
  readonly #client: LanguageClient;
  readonly #disposables: Disposable[] = [];

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const content = { textDocumentContent: { dynamicRegistration: false } };
    capabilities.workspace = Object.assign(capabilities.workspace ?? {}, content);
  }

  initialize(capabilities: ServerCapabilities): void {
    const offered = capabilities.workspace as ContentCapability | undefined;
    const changes = new Map<string, EventEmitter<Uri>>();
    for (const scheme of offered?.textDocumentContent?.schemes ?? []) {
      const changed = new EventEmitter<Uri>();
      changes.set(scheme, changed);
      const provider = {
        onDidChange: changed.event,
        provideTextDocumentContent: (uri: Uri) => this.#content(uri),
      };
      this.#disposables.push(changed, workspace.registerTextDocumentContentProvider(scheme, provider));
    }
    this.#disposables.push(
      this.#client.onRequest('workspace/textDocumentContent/refresh', (parameters: { uri: string }) => {
        const uri = Uri.parse(parameters.uri);
        changes.get(uri.scheme)?.fire(uri);
      }),
    );
  }

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {
    for (const disposable of this.#disposables.splice(0)) {
      disposable.dispose();
    }
  }

  async #content(uri: Uri): Promise<string> {
    const answer = await this.#client.sendRequest<{ text: string }>(
      'workspace/textDocumentContent',
      { uri: this.#client.code2ProtocolConverter.asUri(uri) },
    );
    return answer.text;
  }
}
