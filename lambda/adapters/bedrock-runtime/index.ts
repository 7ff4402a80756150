export { bedrockRuntime } from './model-call';
export { sessionCaller } from './session-caller';
