const asyncHooks = require('node:async_hooks');

/**
 * Node's `async_hooks` for one test file, whose storages end with it. Jest makes one for each file, and up to Node 22 every promise hands
 * on all that were ever made and not ended: after a hundred files a promise takes twenty times as long.
 */
module.exports = function ownStorages() {
  const made = [];
  class AsyncLocalStorage extends asyncHooks.AsyncLocalStorage {
    constructor(...args) {
      super(...args);
      made.push(this);
    }
  }
  return {
    module: { ...asyncHooks, AsyncLocalStorage },
    end: () => {
      for (const storage of made) storage.disable();
    },
  };
};
