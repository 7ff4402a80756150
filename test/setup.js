// aws-cdk-lib validates every template in every process, 2.5-3.5 s each; `.ci/run` keeps one validated synth instead.
process.env.CDK_VALIDATION = 'false';
// No test may reach a real account by accident.
process.env.AWS_REGION = 'us-east-1';
process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';
delete process.env.AWS_PROFILE;
delete process.env.AWS_ENDPOINT_URL;
// Node 20 is supported with the pinned SDK; its notice about later ones would stand in every test file's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
