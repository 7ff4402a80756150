// Required before the CDK CLI's own code: it waits five seconds from one look at a stack or a change set to the next, and both take
// the local AWS about one. Only what waits is cut short: a time-out of as long has a callback of its own.
const { promisify } = require('node:util');

const CLI_MS = 5_000;
const OWN_MS = 200;
const setTimer = globalThis.setTimeout;
const resolves = (callback) => Function.prototype.toString.call(callback).endsWith('{ [native code] }');

globalThis.setTimeout = (callback, ms, ...more) =>
  setTimer(callback, ms === CLI_MS && resolves(callback) ? OWN_MS : ms, ...more);
globalThis.setTimeout[promisify.custom] = setTimer[promisify.custom];
