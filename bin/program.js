// tsx compiles what is loaded from here on, and keeps what it compiled. In the package that apps install all of it is JavaScript already.
require('tsx/cjs');
require('./spend-guard.ts');
