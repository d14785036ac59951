/**
 * Stands in for the native module node-pty: terminals of the program `script`, which every Debian
 * has. They are real ones, but keep the size they were made with.
 */
const { spawn: start } = require('node:child_process');
const { EventEmitter } = require('node:events');
const { existsSync } = require('node:fs');

const quoted = (word) => `'${String(word).replaceAll("'", "'\\''")}'`;

class Terminal {
  #child;
  #events = new EventEmitter();

  constructor(file, words, { cols = 80, rows = 30, cwd, env }) {
    Object.assign(this, { cols, rows, process: file, handleFlowControl: false });
    if (file.startsWith('/') && !existsSync(file)) throw new Error(`there is no ${file}`);
    const line = `stty cols ${cols} rows ${rows}; exec ${[file, ...words].map(quoted).join(' ')}`;
    this.#child = start('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], { cwd, env });
    this.pid = this.#child.pid;
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => this.#events.emit('data', text));
    }
    this.#child.on('close', (code, signal) => this.#events.emit('exit', { exitCode: code ?? 1, signal: signal ? 9 : 0 }));
  }

  onData = (listener) => this.#listen('data', listener);
  onExit = (listener) => this.#listen('exit', listener);

  #listen(name, listener) {
    this.#events.on(name, listener);
    return { dispose: () => this.#events.off(name, listener) };
  }

  resize() {}
  clear() {}
  write(text) { this.#child.stdin.write(text); }
  kill(signal) { this.#child.kill(signal); }
  pause() { this.#child.stdout.pause(); }
  resume() { this.#child.stdout.resume(); }
}

exports.spawn = (file, words, options) => new Terminal(file, words, options);
