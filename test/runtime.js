const vm = require('node:vm');
const { default: Runtime } = require('jest-runtime');
const ownStorages = require('./helpers/own-storages');

/** By file: what was compiled, and of which text. */
const compiled = new Map();

/**
 * Compiles each file once in a worker. Jest does it again for each test file that loads it, which for a file that loads the CDK takes
 * longer than most of its tests do. And leaves no storage to the test files after it.
 */
module.exports = class extends Runtime {
  constructor(...args) {
    super(...args);
    const { executor, coreModule } = this;
    const compile = executor.compile.bind(executor);
    executor.compile = (source, file) => {
      const context = executor.environment.getVmContext();
      if (context === null) return null;
      try {
        return compiledOnce(executor.injectedModuleParameters, source, file).runInContext(context);
      } catch {
        // Jest's own says best what is wrong with it.
        return compile(source, file);
      }
    };
    const load = coreModule.require.bind(coreModule);
    this.storages = ownStorages();
    coreModule.require = (name) => (/^(node:)?async_hooks$/.test(name) ? this.storages.module : load(name));
  }

  teardown() {
    super.teardown();
    this.storages.end();
  }
};

function compiledOnce(parameters, source, filename) {
  const head = `(function (${parameters.join(', ')}) {`;
  const known = compiled.get(filename);
  if (known?.source === source && known.head === head) return known.script;
  const script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
  compiled.set(filename, { head, source, script });
  return script;
}
