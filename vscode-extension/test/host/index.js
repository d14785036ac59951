/**
 * Runs inside the extension host: each test in turn, and a line about each. It knows no language.
 */
const path = require('node:path');
const { readdirSync } = require('node:fs');

exports.run = async function run() {
  const names = readdirSync(__dirname).filter((name) => name.endsWith('.test.js')).sort();
  const failures = [];
  for (const name of names) {
    for (const [sentence, act] of Object.entries(require(path.join(__dirname, name)))) {
      const begun = performance.now();
      try {
        await act();
        console.log(`✔ ${sentence} (${Math.round(performance.now() - begun)} ms)`);
      } catch (error) {
        failures.push(sentence);
        console.log(`✖ ${sentence}\n${error.stack}`);
      }
    }
  }
  if (failures.length > 0) throw new Error(`${failures.length} failed: ${failures.join('; ')}`);
};
