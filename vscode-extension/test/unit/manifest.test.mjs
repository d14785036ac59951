/** The manifest keeps its promises: what it names is there, and nobody is surprised. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const { contributes } = manifest;
const sources = readdirSync(fileURLToPath(new URL('src', root)), { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(new URL(`src/${name}`, root), 'utf8'))
  .join('\n');
const declared = new Set(contributes.commands.map(({ command }) => command));

test('every command is carried out by somebody', () => {
  for (const command of declared) assert.ok(sources.includes(`'${command}'`), command);
});

test('menus, keys, welcome texts and walkthroughs name commands that are declared', () => {
  const named = [
    ...Object.values(contributes.menus).flat().map(({ command }) => command),
    ...contributes.keybindings.map(({ command }) => command),
    ...[...JSON.stringify(contributes).matchAll(/command:(imgql\.\w+)/g)].map(([, command]) => command),
  ];
  assert.ok(named.length > 30);
  for (const command of named) assert.ok(declared.has(command), command);
});

test('commands of the extension and of the server differ', () => {
  for (const command of declared) assert.ok(!command.startsWith('imgql.server.'), command);
});

test('files that are named are there', () => {
  const paths = [...JSON.stringify(contributes).matchAll(/"(?:path|icon|light|dark|configuration|markdown)":"([^"$#]+\.\w+)"/g)];
  assert.ok(paths.length > 6);
  for (const [, name] of paths) {
    const place = name.includes('out/imgql') ? '../grammars/imgql.tmLanguage.json' : name;
    assert.ok(existsSync(new URL(place, root)), name);
  }
});

test('it starts with a program, a viewer that was open before, and with nothing else', () => {
  assert.deepEqual(manifest.activationEvents, ['onLanguage:imgql', 'onWebviewPanel:voxlogica.viewer']);
});

test('it runs where the files are: in a container, over SSH, in WSL', () => {
  assert.deepEqual(manifest.extensionKind, ['workspace']);
});

test('a workspace that is not trusted runs nothing and chooses no program to start', () => {
  const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
  assert.equal(untrustedWorkspaces.supported, 'limited');
  assert.equal(virtualWorkspaces.supported, 'limited');
  assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, ['voxlogica.interpreter', 'voxlogica.store', 'voxlogica.externalViewer']);
  // To run is refused in words; what else runs programs or changes files is not offered.
  for (const { command, enablement } of contributes.commands) {
    if (/^imgql\.(setUp|trim|clear|export|openOutside|sweep)/.test(command)) {
      assert.match(enablement, /isWorkspaceTrusted/, command);
    }
  }
});

test('every command can be reached by the keyboard', () => {
  const { commandPalette, ...others } = contributes.menus;
  const hidden = new Set(commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command));
  const inMenus = new Set(Object.values(others).flat().map(({ command }) => command));
  // The menu itself is what the item in the status bar opens.
  const unreachable = [...hidden].filter((name) => !inMenus.has(name) && name !== 'imgql.menu');
  assert.deepEqual(unreachable, []);
});

test('keys differ, so that none hides another', () => {
  const keys = contributes.keybindings.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test('each list says what to do while it is empty', () => {
  for (const { id } of contributes.views.voxlogica) {
    const texts = contributes.viewsWelcome.filter(({ view }) => view === id);
    assert.ok(texts.length > 0, id);
    for (const { contents } of texts) assert.doesNotMatch(contents, /`/, 'signs of Markdown would be shown as they are');
  }
});

test('ports of our processes, which Dask opens on this machine, are announced to nobody', () => {
  const [[pattern, { onAutoForward }]] = Object.entries(contributes.configurationDefaults['remote.portsAttributes']);
  assert.equal(onAutoForward, 'ignore');
  for (const name of ['voxlogica_server.runner.process 7 8 99', 'voxlogica_server.runner.detached', 'voxlogica_core run a.imgql']) {
    assert.match(`/usr/bin/python3 -P -m ${name}`, new RegExp(pattern));
  }
  assert.doesNotMatch('/usr/bin/python3 /home/me/voxlogica_server/mine.py', new RegExp(pattern));
});

test('settings have a type, a default, a scope and a description', () => {
  for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
    assert.ok(setting.type && 'default' in setting && setting.scope, name);
    assert.ok((setting.markdownDescription ?? setting.description).length > 20, name);
  }
});

test('every colour has a value for each kind of theme', () => {
  for (const { id, defaults } of contributes.colors) {
    assert.deepEqual(Object.keys(defaults), ['dark', 'light', 'highContrast', 'highContrastLight'], id);
  }
});

test('nothing is sent over a network', () => {
  assert.doesNotMatch(sources, /\bfetch\(|from 'node:(https?|net|dgram|tls)'|TelemetryLogger|XMLHttpRequest/);
});

test('the problem matcher reads what the command line prints', () => {
  const [{ pattern: [head, place] }] = contributes.problemMatchers;
  const found = new RegExp(head.regexp).exec('error[unbound-name]: `zz` is not defined; did you mean `z`?');
  assert.deepEqual([found[1], found[2]], ['error', 'unbound-name']);
  const where = new RegExp(place.regexp).exec(' --> /data/first.imgql:5:32');
  assert.deepEqual(where.slice(1), ['/data/first.imgql', '5', '32']);
});
