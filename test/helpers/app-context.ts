import cdkJson from '../../cdk.json';

/** As `cdk` gives it, but for a trace of where each element was made: Jest maps every line of them to its source. */
export const CONTEXT = { ...cdkJson.context, 'aws:cdk:disable-creation-stack-traces': true };
