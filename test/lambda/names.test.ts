import { names } from '../../lambda/env';

test.each([
  [
    ['app', 'batch'],
    ['app', 'batch'],
  ],
  [[], []],
  ['', []],
  [' ', []],
  [',', []],
  ['app', ['app']],
  ['app,batch', ['app', 'batch']],
  [' app , batch ', ['app', 'batch']],
  ['app,batch,', ['app', 'batch']],
  ['app,,batch', ['app', 'batch']],
])('%j is %j: nobody is called by an empty name', (given, expected) => {
  expect(names.parse(given)).toEqual(expected);
});

test.each([[['']], [[1]], [1], [null], [undefined], [{}]])('%j is refused', (given) => {
  expect(names.safeParse(given).success).toBe(false);
});
