#!/usr/bin/env node
require('./on-node.js');
// What npm calls must be plain JavaScript: tsx compiles the rest as it is loaded, and keeps what it compiled.
require('tsx/cjs');
require('./spend-guard.ts');
