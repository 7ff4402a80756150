// Loaded by every program before all else, and by what is older than the rest can be: plain JavaScript of long ago.
const engines = require('../package.json').engines;

/** Of a version, or of a range: the first there is. */
const majorOf = (text) => Number(/\d+/.exec(text)[0]);

// One that is only older than the tests want is told by `spend-guard doctor`, and may do.
if (majorOf(process.version) < majorOf(engines.node)) {
  process.stderr.write(
    `Node ${process.version} is too old: this needs ${engines.node}; see https://nodejs.org/en/download\n`,
  );
  process.exit(1);
}

/*
 * The SDK that is pinned here runs on every Node that gets this far; `spend-guard doctor` says until when. Whoever wants the
 * SDK's own words sets the variable to something else. Programs alone do this: an application with the client package has its
 * own SDK, and should hear of it.
 */
const SILENCED = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
if (process.env[SILENCED] === undefined) process.env[SILENCED] = 'true';
