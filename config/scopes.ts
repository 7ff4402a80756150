import { regions } from './regions';

/**
 * From which Regions the ids of a scope are called, by the names that AWS gives its geographies
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html, read 2026-11-28). Single models
 * are offered in fewer: where a model card lists its Regions, the catalogue has them, and they count instead.
 */
const SCOPES: Readonly<Record<string, RegExp>> = {
  us: /^us-(east|west)-/,
  eu: /^eu-/,
  apac: /^ap-/,
  jp: /^ap-northeast-[13]$/,
  au: /^ap-southeast-[246]$/,
  ca: /^ca-/,
  in: /^ap-south-/,
  'us-gov': /^us-gov-/,
};

/**
 * Source Regions outside the geography: AWS charges the rate of the source Region there, and the price library has one rate a
 * profile. (Model cards of Claude and Nova, read 2026-11-23.)
 */
const AT_ANOTHER_RATE: Readonly<Record<string, RegExp>> = { us: /^ca-/, eu: /^il-/ };

/** Nearest first: a country before its continent. `global` is not here, as nobody is sent round the world unasked. */
const BY_NEARNESS = ['jp', 'au', 'in', 'ca', 'us-gov', 'us', 'eu', 'apac'];

/** Whether ids of a scope can be called from a Region; `unknown` for a scope that AWS has added since. */
export function isCalledFrom(scope: string, region: string): boolean | 'atAnotherRate' | 'unknown' {
  if (scope === 'global') return regions[region]?.partition === 'aws';
  if (AT_ANOTHER_RATE[scope]?.test(region)) return 'atAnotherRate';
  return SCOPES[scope]?.test(region) ?? 'unknown';
}

/** The scopes of a Region's own geography, nearest first. */
export function scopesOf(region: string): readonly string[] {
  return BY_NEARNESS.filter((scope) => SCOPES[scope]?.test(region));
}
