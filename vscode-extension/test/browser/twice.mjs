/**
 * Runs files of tests, and those that fail once more: a workbench in a browser on a busy machine has
 * hiccups that are not ours. What fails twice has failed. It starts nothing by itself.
 */

/**
 * @param {string[]} files
 * @param {(file: string) => boolean} passes runs one file
 * @param {(line: string) => void} say
 * @returns {{again: string[], failed: string[]}} what needed a second run, and what failed that too
 */
export function runTwice(files, passes, say) {
  const again = [];
  const failed = [];
  for (const file of files) {
    if (passes(file)) continue;
    say(`!!! ${file} failed, and is run once more`);
    again.push(file);
    if (!passes(file)) failed.push(file);
  }
  if (again.length > 0) say(`!!! needed a second run: ${again.join(', ')}`);
  if (failed.length > 0) say(`!!! failed twice: ${failed.join(', ')}`);
  return { again, failed };
}
