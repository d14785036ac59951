/** Tasks: the command line in a terminal of the editor, and its findings among the problems. */
const assert = require('node:assert/strict');
const vscode = require('vscode');
const { diagnostics, eventually, openFile } = require('./programs.js');

async function ended(task) {
  let registration;
  const code = new Promise((resolve) => {
    registration = vscode.tasks.onDidEndTaskProcess((event) => event.execution.task.name === task.name && resolve(event.exitCode));
  });
  await vscode.tasks.executeTask(task);
  return code.finally(() => registration.dispose());
}

const offered = () => vscode.tasks.fetchTasks({ type: 'voxlogica' });

module.exports = {
  'the program in front can be checked and run by tasks': async () => {
    await openFile('wrong.imgql');
    const tasks = await eventually(offered, ({ length }) => length === 2, 'two tasks');
    assert.deepEqual(tasks.map(({ name }) => name).sort(), ['check wrong.imgql', 'run wrong.imgql']);
    assert.equal(tasks.find(({ name }) => name.startsWith('check')).group, vscode.TaskGroup.Build);
  },

  'what the command line finds in a terminal stands among the problems': async () => {
    const { document } = await openFile('wrong.imgql');
    const check = (await offered()).find(({ name }) => name.startsWith('check'));
    assert.equal(await ended(check), 2);
    const found = await eventually(
      () => diagnostics(document.uri).filter(({ code }) => code === 'unbound-name'),
      ({ length }) => length === 1,
      'a problem that the task found',
    );
    const { range, message, severity } = found[0];
    assert.match(message, /nobody/);
    assert.equal(severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.lineAt(range.start.line).text, 'print "wrong" nobody');
    assert.equal(range.start.character, 'print "wrong" '.length);
  },

  'a program without errors runs by a task': async () => {
    await openFile('quick.imgql');
    const run = await eventually(offered, (tasks) => tasks.some(({ name }) => name === 'run quick.imgql'), `a task for ${vscode.window.activeTextEditor?.document.uri}`);
    assert.equal(await ended(run.find(({ name }) => name === 'run quick.imgql')), 0);
  },
};
