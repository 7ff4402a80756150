export { type BuiltAsset, type BuiltTemplate, buildTemplate, TEMPLATE_FILE, type TemplateOptions } from './build';
export { brokenRule } from './bucket-name';
export { parseOptions, type ReleaseOptions } from './options';
export { MOST_IN_BUCKET, quickCreateLink, releaseLines } from './say';
