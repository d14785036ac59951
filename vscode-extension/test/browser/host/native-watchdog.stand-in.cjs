/**
 * Stands in for the native module native-watchdog: ends this process soon after its parent ended.
 */
exports.start = function start(parent) {
  setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch {
      process.exit(87);
    }
  }, 1000).unref();
};

exports.exit = function exit(code) {
  process.exit(code ?? 0);
};
