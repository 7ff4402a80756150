/** What S3 refuses, each in its own words (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, read 2026-11-29). */
const RULES: readonly (readonly [(name: string) => boolean, string])[] = [
  [(name) => name.length < 3 || name.length > 63, 'has 3 to 63 characters'],
  [(name) => !/^[a-z0-9.-]*$/.test(name), 'consists of small letters, digits, dots and hyphens'],
  [(name) => !/^[a-z0-9]/.test(name) || !/[a-z0-9]$/.test(name), 'begins and ends with a letter or a digit'],
  [(name) => name.includes('..'), 'has no two dots in a row'],
  [(name) => /^\d{1,3}(\.\d{1,3}){3}$/.test(name), 'is no IP address'],
  [(name) => /^(xn--|sthree-|amzn-s3-demo-)/.test(name), 'does not begin with xn--, sthree- or amzn-s3-demo-'],
  [
    (name) => /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name),
    'does not end in -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3',
  ],
];

/** The first rule of S3's that a name breaks; undefined where it breaks none. */
export function brokenRule(name: string): string | undefined {
  return RULES.find(([isBroken]) => isBroken(name))?.[1];
}
