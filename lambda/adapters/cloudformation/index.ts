export { CloudFormationResponse } from './response';
export { cloudFormationOutputs } from './stack-outputs';
