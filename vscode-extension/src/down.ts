/** Says that the language server does not run where something was asked that needs it. */
import { commands, window } from 'vscode';

const restart = 'Restart';
const doctor = 'Doctor';

export async function tellDown(): Promise<void> {
  const answer = await window.showErrorMessage('The language server of VoxLogicA does not run.', restart, doctor);
  if (answer !== undefined) {
    await commands.executeCommand(answer === restart ? 'imgql.restartServer' : 'imgql.doctor');
  }
}
