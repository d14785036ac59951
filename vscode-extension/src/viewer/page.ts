/** The page a viewer lives in: its script and its style, and nothing else may be loaded. */
import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';
import { chosenOrientation } from '../settings';

export function page(webview: Webview, extension: Uri, title: string): string {
  const nonce = randomBytes(24).toString('base64');
  const script = webview.asWebviewUri(Uri.joinPath(extension, 'out', 'viewer.js'));
  const style = webview.asWebviewUri(Uri.joinPath(extension, 'out', 'viewer.css'));
  const orientation = chosenOrientation() ?? process.env.VOXLOGICA_ORIENTATION;
  const turned = orientation === 'neurological' ? 'neurological' : 'radiological';
  const rules = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    'img-src data: blob:',
    "form-action 'none'",
    "base-uri 'none'",
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rules.join('; ')}">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body data-orientation="${turned}"><div id="viewer"></div><script type="module" nonce="${nonce}" src="${script}"></script></body>
</html>`;
}
