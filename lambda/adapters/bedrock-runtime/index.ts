export { bedrockRuntime } from './model-call';
